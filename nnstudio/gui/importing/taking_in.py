"""Reading a whole table in the background and making an experiment on it; what is open is not touched by it."""

from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Signal

from nnstudio.data.progress import Cancelled, Progress
from nnstudio.experiment.importing.draft import ImportDraft
from nnstudio.experiment.open import open_table
from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.document import Content
from nnstudio.training.run import validate


class TakingIn(QObject):
    """Something that works in the background (`widgets.progress_line.Work`)."""

    changed = Signal()
    done = Signal(object)
    """The content for the document."""
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

    def start(self, draft: ImportDraft) -> None:
        """Read the file of this draft as it is shown there."""
        self.cancel()
        self.share, self._stop = 0.0, Event()
        task = BackgroundTask(partial(_content, draft, partial(self._note, self._stop)))
        self._task = task
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

    def _done(self, content: Content) -> None:
        self._task = None
        self.changed.emit()
        self.done.emit(content)

    def _failed(self, error: Exception) -> None:
        self._task = None
        self.changed.emit()
        self.failed.emit(error)


def _content(draft: ImportDraft, progress: Progress) -> Content:
    opened = open_table(draft.path, draft.reading, draft.shown, progress)
    validate(opened.experiment, opened.data)
    return Content(opened.experiment, opened.table, opened.data)
