"""Asking the network about every row: at once where that is quick, else of a copy, off the window's thread."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from nnstudio.engine.model import Model
from nnstudio.gui.background import BackgroundTask
from nnstudio.training.run import Run
from nnstudio.training.verdicts import verdicts

_AT_ONCE = 50_000_000
"""So many products are made at once."""


class Asking(QObject):
    """`answered` carries the verdicts."""

    answered = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: BackgroundTask | None = None

    @property
    def at_work(self) -> bool:
        return self._task is not None

    def ask(self, run: Run) -> None:
        """Ask the network of a run as it stands, in place of what was asked before."""
        self.cancel()
        rows = sum(len(run.data.part(part).X) for part in run.data.parts)
        if rows * run.model.spec.network.parameters <= _AT_ONCE:
            self.answered.emit(verdicts(run.model, run.data))
            return
        copy = Model(run.model.spec)
        copy.copy_fitting_parameters(run.model)
        self._task = BackgroundTask(partial(verdicts, copy, run.data))
        self._task.done.connect(self._done)
        self._task.start()

    def cancel(self) -> None:
        """The answer is not wanted any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _done(self, found: object) -> None:
        self._task = None
        self.answered.emit(found)
