"""Looking at every column of a large table in the background, before the explorer shows any."""

from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Signal

from nnstudio.data.progress import Cancelled
from nnstudio.gui.background import BackgroundTask

from .survey import Survey


class Surveying(QObject):
    """Something that works in the background (`widgets.progress_line.Work`)."""

    changed = Signal()
    done = Signal()
    """The survey knows all that it was asked for."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: BackgroundTask | None = None
        self._stop = Event()
        self.share = 0.0
        """How many of the columns are looked at; written by the thread it runs on."""

    @property
    def at_work(self) -> bool:
        return self._task is not None

    def start(self, survey: Survey) -> None:
        self.cancel()
        self.share, self._stop = 0.0, Event()
        self._task = task = BackgroundTask(partial(survey.look, partial(self._note, self._stop)))
        task.done.connect(self._done)
        task.start()
        self.changed.emit()

    def cancel(self) -> None:
        """Give it up."""
        if self._task is not None:
            self._stop.set()
            self._task.cancel()
            self._task = None
            self.changed.emit()

    def _note(self, stop: Event, share: float | None) -> None:
        """On the thread of the background."""
        if stop.is_set():
            raise Cancelled
        if share is not None:
            self.share = share

    def _done(self, _nothing: object) -> None:
        self._task = None
        self.changed.emit()
        self.done.emit()
