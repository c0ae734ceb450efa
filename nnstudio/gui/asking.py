"""Asking a network as it stands about many rows: at once where that is quick, else a copy, off the window's thread."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from nnstudio.engine.model import Model

from .background import BackgroundTask

_AT_ONCE = 50_000_000
"""So many products are made at once."""
_LEAST_A_ROW = 100
"""What is done with a row besides takes as long as so many products."""


class Asking(QObject):
    """`answered` carries the answer to the last question; one that was asked before it is not waited for."""

    answered = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: BackgroundTask | None = None

    @property
    def at_work(self) -> bool:
        return self._task is not None

    def ask(self, model: Model, rows: int, question: Callable[[Model], object]) -> None:
        """Put a question about so many rows to a network, in place of what was asked before."""
        self.cancel()
        if rows * max(model.spec.network.parameters, _LEAST_A_ROW) <= _AT_ONCE:
            self.answered.emit(question(model))
            return
        copy = Model(model.spec)
        copy.copy_fitting_parameters(model)
        self._task = BackgroundTask(partial(question, copy))
        self._task.done.connect(self._done)
        self._task.start()

    def cancel(self) -> None:
        """The answer is not wanted any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _done(self, answer: object) -> None:
        self._task = None
        self.answered.emit(answer)
