"""Reading a file in the background, as far as it is wanted."""

from collections.abc import Callable
from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Signal

from nnstudio.data.progress import Cancelled, Progress
from nnstudio.gui.background import BackgroundTask


class FileWork(QObject):
    """Something that works in the background (`widgets.progress_line.Work`)."""

    changed = Signal()
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: BackgroundTask | None = None
        self._stop = Event()
        self.share = 0.0
        """How much is read; written by the thread it runs on."""

    @property
    def at_work(self) -> bool:
        return self._task is not None

    def begin(self, work: Callable[[Progress], object]) -> None:
        """Do this in place of what is being done; `done` carries what comes of it."""
        self.cancel()
        self.share, self._stop = 0.0, Event()
        self._task = task = BackgroundTask(partial(work, partial(self._note, self._stop)))
        task.done.connect(self._done)
        task.failed.connect(self._failed)
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

    def _done(self, made: object) -> None:
        self._task = None
        self.changed.emit()
        self.done.emit(made)

    def _failed(self, error: Exception) -> None:
        self._task = None
        self.changed.emit()
        self.failed.emit(error)
