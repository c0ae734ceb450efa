"""Runs the run again to find what moved a parameter: at once where that is quick, else in the background.

The run of the session stays where it is, and is free to go on. What has been run again is kept, so that after a step
there is one iteration to add, and another parameter costs nothing.
"""

import logging
import time
from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Signal

from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.session import Session
from nnstudio.training.course import Course, Retracing

_log = logging.getLogger(__name__)
_AT_ONCE_SECONDS = 0.05


class CourseFinder(QObject):
    """`course` is that of the parameter asked for last, None until it is found; `problem` says why it cannot be."""

    changed = Signal()
    """It has begun, ended or been given up."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._retracing: Retracing | None = None
        self._task: BackgroundTask | None = None
        self._stop = Event()
        self.course: Course | None = None
        self.given_up = False
        """Whether it was cancelled, and waits to be asked to `go_on`."""
        self.problem = ""

    @property
    def at_work(self) -> bool:
        return self._task is not None

    @property
    def share(self) -> float:
        """How much of the run has been run again."""
        way = self._retracing
        return way.done / way.total if way is not None and way.total else 0.0

    def ask(self, slot: str, index: tuple[int, ...]) -> None:
        """Find the course of a parameter up to where the run stands; it must be paused."""
        timeline = self._session.debugger.timeline
        self.course = None
        if self.at_work or self.problem:
            self._let_go_of_another(slot, index)
            return
        way = self._retracing
        if way is None or not way.leads_to(timeline, slot, index):
            way = self._retracing = Retracing(timeline, slot, index)
            self.given_up = False
        else:
            way.follow(timeline, slot, index)
        if self.given_up:
            return
        begun = time.perf_counter()
        if way.arrived or way.advance(lambda: time.perf_counter() - begun > _AT_ONCE_SECONDS):
            self.course = way.course(slot, index)
        else:
            self._begin(way)

    def go_on(self) -> None:
        """After it was given up."""
        self.given_up, self.problem = False, ""
        self.changed.emit()

    def cancel(self) -> None:
        """Give it up; what has been run again is kept."""
        if self.at_work:
            self.given_up = True
            self._stop.set()

    def rest(self) -> None:
        """Let the computer be free for something else; it goes on when it is asked again."""
        self._stop.set()

    def forget(self) -> None:
        """There is another run."""
        self._stop.set()
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.changed.emit()
        self._retracing, self.course = None, None
        self.given_up, self.problem = False, ""

    def _let_go_of_another(self, slot: str, index: tuple[int, ...]) -> None:
        """Stop if what is at work does not write down what is asked for."""
        if self._retracing is not None and not self._retracing.records(slot, index):
            self._stop.set()

    def _begin(self, way: Retracing) -> None:
        self._stop = Event()
        self._task = task = BackgroundTask(partial(way.advance, self._stop.is_set))
        task.done.connect(self._ended)
        task.failed.connect(self._failed)
        task.start()
        self.changed.emit()

    def _ended(self, _arrived: object) -> None:
        self._task = None
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        _log.error("the run could not be run again", exc_info=error)
        self._task, self._retracing = None, None
        self.problem = (
            f"Running the run again was stopped by an error in the program ({type(error).__name__}); "
            "Help › Open the log has the details."
        )
        self.changed.emit()
