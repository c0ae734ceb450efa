"""Looking at a file off the window's thread: what comes of it is a draft of its import."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from nnstudio.data.preview import preview
from nnstudio.data.spec import Reading
from nnstudio.experiment.importing.choices import Choices
from nnstudio.experiment.importing.draft import ImportDraft
from nnstudio.gui.background import BackgroundTask


class Looking(QObject):
    """One look at a time; a new one ends the one before."""

    seen = Signal(object)
    """The draft."""
    failed = Signal(object)
    """The error that says why there is nothing to see."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: BackgroundTask | None = None

    @property
    def at_work(self) -> bool:
        return self._task is not None

    def look(self, path: Path, wished: Reading, choices: Choices) -> None:
        """See what the file is like in this reading; what was chosen of its columns stays chosen."""
        self.cancel()
        self._task = BackgroundTask(partial(_draft, path, wished, choices))
        self._task.done.connect(self._seen)
        self._task.failed.connect(self._failed)
        self._task.start()

    def cancel(self) -> None:
        """What is not seen by now is not wanted any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _seen(self, draft: ImportDraft) -> None:
        self._task = None
        self.seen.emit(draft)

    def _failed(self, error: Exception) -> None:
        self._task = None
        self.failed.emit(error)


def _draft(path: Path, wished: Reading, choices: Choices) -> ImportDraft:
    return ImportDraft(preview(path, wished), wished, choices)
