"""New, open, save: the document's way in and out, with the questions that go with it.

No question blocks: each dialog is opened and answers by signal. What is open stays as it was until the new one has
been read completely.
"""

import logging
import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from nnstudio.data.readers import PATTERNS
from nnstudio.experiment.file import SUFFIX
from nnstudio.experiment.open import WELCOME, open_file, open_sample

from .background import BackgroundTask
from .document import REFUSALS, Content, Document
from .interlude import Interlude
from .settings import Settings

_log = logging.getLogger(__name__)
_FILTER = f"Experiments and tables ({' '.join(('*.nns.json', '*.json', *PATTERNS))});;All files (*)"
_BACKGROUND_BYTES = 2_000_000
_LONGEST_NAME = 80


class Files(QObject):
    """Opens and saves the document of one window."""

    opened = Signal()
    busy = Signal(str)
    """What is being read, empty when it is done."""
    failed = Signal(str)

    def __init__(self, document: Document, settings: Settings, interlude: Interlude, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._settings, self._window = document, settings, window
        self._interlude = interlude
        self._task: BackgroundTask | None = None

    def new(self) -> None:
        self.open_sample(WELCOME)

    def open_sample(self, name: str) -> None:
        """Open the experiment of a sample, after asking about unsaved changes."""
        self.ask_then(partial(self._open_sample, name))

    def open(self) -> None:
        self.ask_then(self._choose_file)

    def open_pictures(self) -> None:
        """Open a folder of pictures, which no dialog lets one choose beside files."""
        self.ask_then(self._choose_folder)

    def open_path(self, path: Path) -> None:
        """Open an experiment or a table, after asking about unsaved changes."""
        self.ask_then(partial(self._read, path))

    def save(self) -> None:
        if self._document.path is None:
            self.save_as()
        else:
            self._save_to(self._document.path)

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        dialog = QFileDialog(self._window, "Save the experiment")
        dialog.setObjectName("save_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"Experiments (*{SUFFIX})")
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))  # so that it asks before a file of that name is replaced
        dialog.setDirectory(str(self._document.folder or Path.cwd()))
        dialog.selectFile(f"{_file_name(self._document.experiment.name)}{SUFFIX}")
        self._then = then
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._save_chosen)
        dialog.open()

    def save_path(self, path: Path) -> bool:
        """Save to `path`; false, with the reason shown, if it cannot be written."""
        return self._save_to(path)

    def cancel(self) -> None:
        """Give up reading; what is open stays."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.busy.emit("")

    def ask_then(self, action: Callable[[], object]) -> None:
        """Do `action`, after asking what to do with unsaved changes: the user's own, which an interlude gives back."""
        self._interlude.end()
        if not self._document.modified:
            action()
            return
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._window)
        box.setObjectName("unsaved_changes")
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(f"Save the changes to “{self._document.experiment.name}”?")
        box.setInformativeText("Otherwise they are lost.")
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._action = action
        box.finished.connect(self._answered)
        box.open()

    def _answered(self, answer: int) -> None:
        action = self._action
        if answer == QMessageBox.StandardButton.Discard:
            action()
        elif answer == QMessageBox.StandardButton.Save:
            if self._document.path is None:
                self.save_as(then=action)
            elif self._save_to(self._document.path):
                action()

    def _choose_file(self) -> None:
        dialog = self._dialog("Open an experiment or a data set", "open_dialog", QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(_FILTER)
        dialog.open()

    def _choose_folder(self) -> None:
        title = "Open a folder of pictures, with a folder for each class"
        self._dialog(title, "open_pictures_dialog", QFileDialog.FileMode.Directory).open()

    def _dialog(self, title: str, name: str, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = QFileDialog(self._window, title, str(self._document.folder or Path.cwd()))
        dialog.setObjectName(name)
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._file_chosen)
        return dialog

    def _file_chosen(self, name: str) -> None:
        self._read(Path(name))

    def _save_chosen(self, name: str) -> None:
        path = Path(name)
        if not path.name.endswith(".json"):
            path = path.with_name(path.name + SUFFIX)
        if self._save_to(path) and self._then is not None:
            self._then()

    def _save_to(self, path: Path) -> bool:
        try:
            self._document.save(path)
        except REFUSALS as error:
            self.failed.emit(str(error))
            return False
        self._settings.remember(path)
        return True

    def _open_sample(self, name: str) -> None:
        self.cancel()
        self._document.replace(Content.load(open_sample(name), None), None)
        self.opened.emit()

    def _read(self, path: Path) -> None:
        """Read a small file at once, a large one or a folder in the background, where it can be cancelled."""
        self.cancel()
        work = partial(_content_of, path)
        if os.path.isdir(path) or _size(path) > _BACKGROUND_BYTES:
            self._path = path
            self._task = BackgroundTask(work)
            self._task.done.connect(self._read_done)
            self._task.failed.connect(self._read_failed)
            self.busy.emit(f"Reading {path.name} …")
            self._task.start()
            return
        try:
            content = work()
        except REFUSALS as error:
            self._refuse(path, error)
            return
        self._show(path, content)

    def _read_done(self, content: Content) -> None:
        self._task = None
        self.busy.emit("")
        self.ask_then(partial(self._show, self._path, content))  # there may be changes since it was asked for

    def _read_failed(self, error: Exception) -> None:
        self._task = None
        self.busy.emit("")
        self._refuse(self._path, error)

    def _refuse(self, path: Path, error: Exception) -> None:
        self._settings.forget(path)
        if isinstance(error, REFUSALS):
            self.failed.emit(f"Not opened: {error}")
            return
        _log.error("reading %s failed", path, exc_info=error)
        reason = (
            "there is not enough memory for it; take a part of it"
            if isinstance(error, MemoryError)
            else f"an error in the program ({type(error).__name__}); Help › Open the log has the details"
        )
        self.failed.emit(f"Not opened: {path.name}: {reason}")

    def _show(self, path: Path, content: object) -> None:
        assert isinstance(content, Content)
        own = path.name.endswith(".json")
        self._document.replace(content, path if own else None, path.parent)
        self._settings.remember(path)
        self.opened.emit()


def _size(path: Path) -> int:
    """How many bytes, 0 where that cannot be told: reading it will say why."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def _file_name(name: str) -> str:
    """An experiment's name as that of a file."""
    return re.sub(r'[\x00-\x1f/\\:*?"<>|]+', " ", name).strip(" .")[:_LONGEST_NAME] or "Untitled"


def _content_of(path: Path) -> Content:
    return Content.load(open_file(path), path.parent)
