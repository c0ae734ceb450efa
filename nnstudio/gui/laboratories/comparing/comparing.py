"""A crew at work for a laboratory. The window asks it now and then what has come, and never waits for it."""

import logging
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from nnstudio.data.errors import DataError
from nnstudio.engine.spec import SpecError
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.errors import ExperimentError
from nnstudio.gui import sharing
from nnstudio.gui.wording import plain
from nnstudio.training.comparisons.crew import Crew
from nnstudio.training.comparisons.task import Task

_log = logging.getLogger(__name__)
_FRAME_MILLISECONDS = 33
_REFUSALS = (DataError, SpecError, ExperimentError)


class Comparing(QObject):
    """One crew at a time. `problem` says why the last one came to nothing."""

    came = Signal(int, object)
    """The number of a task, and a report of it."""
    frame_ended = Signal()
    """All reports of a frame have come."""
    changed = Signal()
    """It has begun, come to its end, or been given up."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._crew: Crew | None = None
        self._timer = QTimer(self, interval=_FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._collect)
        self.problem = ""
        self.experiment: Experiment | None = None
        """What was compared last."""

    @property
    def at_work(self) -> bool:
        return self._crew is not None

    @property
    def crew(self) -> Crew | None:
        """Who is at work."""
        return self._crew

    def start(self, experiment: Experiment, tasks: Sequence[Task], workers: int | None = None) -> None:
        """Begin these tasks, giving up what is at work."""
        self._end()
        self.problem, self.experiment = "", experiment
        sharing.begin(self)
        self._crew = Crew(experiment, tasks, workers=workers)
        self._timer.start()
        self.changed.emit()

    def cancel(self) -> None:
        """Give up what is at work, at once."""
        if self.at_work:
            self._end()
            self.changed.emit()

    def _end(self) -> None:
        if self._crew is not None:
            self._crew.end()
            self._crew = None
            self._timer.stop()
            sharing.end(self)

    def _collect(self) -> None:
        crew = self._crew
        assert crew is not None
        try:
            reports = crew.collect()
        except Exception as error:  # the border to the worker: its error is the user's to know
            self._fail(error)
            return
        for number, report in reports:
            self.came.emit(number, report)
        if reports:
            self.frame_ended.emit()
        if crew is self._crew and not crew.at_work:
            self._end()
            self.changed.emit()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, _REFUSALS):
            self.problem = plain(str(error))
        else:
            _log.error("a comparison failed", exc_info=error)
            self.problem = (
                f"The comparison was stopped by an error in the program ({type(error).__name__}); "
                "Help › Open the log has the details."
            )
        self._end()
        self.changed.emit()
