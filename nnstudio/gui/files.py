"""New, open, save: the document's way in and out, with the questions that go with it.

No question blocks: each dialog is opened and answers by signal. What is open stays as it was until the new one has
been read completely.
"""

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from nnstudio.data.readers import PATTERNS
from nnstudio.experiment.file import SUFFIX
from nnstudio.experiment.open import PROJECT_SUFFIX, WELCOME, is_project, is_table, open_file, open_sample
from nnstudio.replacing import shortened

from .background import BackgroundTask
from .context import Context
from .data_places import DataPlaces
from .document import REFUSALS, Content
from .project.projects import Projects
from .project.saving import Saving
from .refusing import reason_of
from .widgets.save_dialog import save_dialog
from .wording import titled

if TYPE_CHECKING:
    from nnstudio.project import Opened

_FILTER = (
    f"Projects, experiments and tables ({' '.join(('*.nnstudio', '*.nns.json', '*.json', *PATTERNS))});;All files (*)"
)
_BACKGROUND_BYTES = 2_000_000
_LONGEST_NAME = 160  # bytes
_PROBLEMS_TOLD = 3


class Files(QObject):
    """Opens and saves the document of one window."""

    begun = Signal()
    """A file is about to be read or written: what was told of the one before is past."""
    opened = Signal()
    saved = Signal(Path)
    """What is open is in this file now."""
    busy = Signal(str)
    """What is being read, empty when it is done."""
    failed = Signal(str)
    table_chosen = Signal(Path)
    """A table is to be imported, which is another's affair."""

    def __init__(self, context: Context, projects: Projects, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._settings, self._window = context.document, context.settings, window
        self._interlude, self._projects = context.interlude, projects
        self._saving = Saving(context.document, projects, self)
        self._saving.saved.connect(self._saved)
        self._saving.busy.connect(self.busy)
        self._saving.failed.connect(self.failed)
        self._saving.told.connect(self.failed)
        self._then: Callable[[], object] | None = None
        self._untouched: tuple[Path, str] | None = None
        """A file that nobody saves over, and why: it is damaged, or another has it."""
        self.may_save: Callable[[Path], bool] | None = None
        """Asked before a file is written; who says no tells why, or asks."""
        self._task: BackgroundTask | None = None
        self.places = DataPlaces(context.document, window)
        """Asks where the data of a project are."""

    def new(self) -> None:
        self.open_sample(WELCOME)

    def open_sample(self, name: str) -> None:
        """Open the experiment of a sample, after asking about unsaved changes."""
        self.ask_then(partial(self._open_sample, name))

    def open(self) -> None:
        dialog = self._dialog("Open an experiment or a data set", "open_dialog", QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(_FILTER)
        dialog.open()

    def open_pictures(self) -> None:
        """Open a folder of pictures, which no dialog lets one choose beside files."""
        title = "Open a folder of pictures, with a folder for each class"
        self._dialog(title, "open_pictures_dialog", QFileDialog.FileMode.Directory).open()

    def open_chosen(self, path: Path) -> None:
        """Open what a person pointed at: a table is looked at first, and what is open stays until it is imported."""
        if is_table(path):
            self.table_chosen.emit(path)
        else:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a project, an experiment or a table as it is proposed, after asking about unsaved changes."""
        self.ask_then(partial(self._read, path))

    def save(self) -> None:
        if self._document.path is None:
            self.save_as()
        else:
            self._then = None
            self._save_to(self._document.path)

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        kinds = {"Projects": PROJECT_SUFFIX, "Experiments": SUFFIX}
        dialog = save_dialog(self._window, "Save the project", kinds, self._suggested)
        dialog.setObjectName("save_dialog")
        self._then = then
        dialog.fileSelected.connect(self._save_chosen)
        dialog.open()

    def export(self) -> None:
        """Write the experiment alone to a file that it does not belong to."""
        dialog = save_dialog(self._window, "Export the experiment", {"Experiments": SUFFIX}, self._suggested)
        dialog.setObjectName("export_dialog")
        dialog.fileSelected.connect(self._export_chosen)
        dialog.open()

    def save_path(self, path: Path) -> bool:
        """Save to `path`; false, with the reason shown, if it cannot be written. What takes long is still being written
        then, and `busy` says so."""
        self._then = None
        return self._save_to(path)

    def cancel(self) -> None:
        """Give up reading; what is open stays."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.busy.emit("")

    def ask_then(self, action: Callable[[], object]) -> None:
        """Do `action`, after asking what to do with unsaved changes: the user's own, which an interlude gives back."""
        self._saving.when_taken(partial(self._ask_then, action))

    def _ask_then(self, action: Callable[[], object]) -> None:
        self._interlude.end()
        if not self._document.modified:
            action()
            return
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._window)
        box.setObjectName("unsaved_changes")
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Save the changes to “{self._document.experiment.name}”?")
        box.setInformativeText(f"Otherwise they are lost.{self._only_project}")
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
            if self._document.path is None or self._projects.homeless:
                self.save_as(then=action)
            else:
                self._then = action
                self._save_to(self._document.path)

    def _dialog(self, title: str, name: str, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = QFileDialog(self._window, title, str(self._document.folder or here()))
        dialog.setObjectName(name)
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._file_chosen)
        return dialog

    def _file_chosen(self, name: str) -> None:
        self.open_chosen(Path(name))

    @property
    def _only_project(self) -> str:
        kept = self._projects.homeless
        return f"\n{titled(kept)} can be kept in a project alone." if kept else ""

    @property
    def _suggested(self) -> Path:
        return (self._document.folder or here()) / file_name(self._document.experiment.name)

    def _save_chosen(self, name: str) -> None:
        path = Path(name)
        if is_table(path):
            path = path.with_name(path.name + PROJECT_SUFFIX)
            if path.exists():  # nobody has been asked about that one
                self.failed.emit(f"Not saved: {path.name} is there already; choose it by its whole name")
                return
        self._save_to(path)

    def _export_chosen(self, name: str) -> None:
        path = Path(name)
        if path.suffix.lower() != ".json":
            path = path.with_name(path.name + SUFFIX)
        own = self._document.path
        if own is not None and os.path.realpath(path) == os.path.realpath(own):
            self._save_to(own)
            return
        try:
            self._document.export(path)
        except REFUSALS as error:
            self.failed.emit(str(error))

    def _save_to(self, path: Path) -> bool:
        self.begun.emit()
        if self._untouched is not None and os.path.realpath(path) == os.path.realpath(self._untouched[0]):
            self.failed.emit(f"Not saved: {self._untouched[1]}; save it under another name")
            return False
        if self.may_save is not None and not self.may_save(path):
            return False
        return self._saving.save(path)

    def _saved(self, path: Path) -> None:
        """It is on the disk."""
        then, self._then = self._then, None
        self._settings.remember(path)
        self.saved.emit(path)
        if then is not None:
            self.ask_then(then)  # there may be what this file does not hold

    def _open_sample(self, name: str) -> None:
        self.cancel()
        self._untouched = None
        self._document.replace(Content.load(open_sample(name), None), None)
        self._projects.forget()
        self.opened.emit()

    def _read(self, path: Path, follow: bool = False, located: Path | None = None) -> None:
        """Read a small file at once, a large one or a folder in the background, where it can be cancelled."""
        self.cancel()
        self.begun.emit()
        work = partial(read_file, path, follow, located)
        if os.path.isdir(path) or _size(path) > _BACKGROUND_BYTES or located is not None:
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

    def _read_done(self, content: "Content | Opened") -> None:
        self._task = None
        self.busy.emit("")
        self.ask_then(partial(self._show, self._path, content))  # there may be changes since it was asked for

    def _read_failed(self, error: Exception) -> None:
        self._task = None
        self.busy.emit("")
        self._refuse(self._path, error)

    def _refuse(self, path: Path, error: Exception) -> None:
        if self.places.ask(path.name, error, partial(self._read, path)):
            return
        self._settings.forget(path)
        self.failed.emit(f"Not opened: {reason_of(error, path)}")

    def _show(self, path: Path, content: "Content | Opened") -> None:
        if isinstance(content, Content):
            self._untouched = None
            own = not is_table(path)
            self._document.replace(content, path if own else None, path.parent)
            self._projects.forget()
        else:
            self.show_project(content, path)
        self._settings.remember(path)
        self.opened.emit()

    def show_project(self, opened: "Opened", path: Path) -> None:
        """Put a project in place of what is open, and say what is damaged."""
        self._untouched = _damaged(opened, path)
        self._projects.show(opened, path)
        if opened.moved:
            self._document.note_no_file_has_it()
        if opened.problems:
            self.failed.emit(f"{path.name} is damaged and opens read-only: {_told(opened.problems)}")
        elif opened.notes:
            self.failed.emit(_told(opened.notes))

    @property
    def read_only(self) -> bool:
        """Whether what is open came from a file that nobody saves over."""
        return self._untouched is not None and self._document.path is None

    @property
    def writing(self) -> bool:
        """Whether a file is being saved."""
        return self._saving.at_work

    def reload(self) -> None:
        """Read the file of the document anew; what is not saved is lost."""
        if self._document.path is not None:
            self._read(self._document.path)

    def leave(self, path: Path, reason: str) -> None:
        """What is open came from this file, which belongs to another now: it is read-only."""
        if path == self._document.path:
            self._untouched = path, reason
            self._document.path = None
            self._document.title_changed.emit()
            self.failed.emit(f"Read-only: {reason}; save it under another name to keep what you do here")

    def show_recovered(self, opened: "Opened", path: Path | None) -> None:
        """Put what was recovered in place of what is open: there is something to save, to the file it was meant for
        unless something is missing."""
        self._untouched = _damaged(opened, path)
        own = path if is_project(path) else None
        self._projects.show(opened, own)
        self._document.note_no_file_has_it()
        self.opened.emit()
        if opened.problems:
            self.failed.emit(f"What was recovered is damaged; this can be used of it. {_told(opened.problems)}")


def _damaged(opened: "Opened", path: Path | None) -> tuple[Path, str] | None:
    if path is None or not opened.read_only:
        return None
    return path, f"{path.name} is damaged, and saving over it would lose what is missing here"


def _told(problems: tuple[str, ...]) -> str:
    said = list(dict.fromkeys(problems))
    more = f" (and {len(said) - _PROBLEMS_TOLD} more)" if len(said) > _PROBLEMS_TOLD else ""
    return "; ".join(said[:_PROBLEMS_TOLD]) + more


def _size(path: Path) -> int:
    """How many bytes, 0 where that cannot be told: reading it will say why."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def file_name(name: str) -> str:
    """An experiment's name as that of a file."""
    return shortened(re.sub(r'[\x00-\x1f/\\:*?"<>|]+', " ", name).strip(" ."), _LONGEST_NAME).strip() or "Untitled"


def here() -> Path:
    """The folder to begin in where no file says one; that which the program was started in may be gone."""
    try:
        return Path.cwd()
    except OSError:
        return Path.home()


def read_file(path: Path, follow: bool = False, located: Path | None = None) -> "Content | Opened":
    """What is in a file; a project's data wherever it says they are if `follow`, or where they are `located`."""
    if not is_project(path):
        return Content.load(open_file(path), path.parent)
    from nnstudio.project import open_project  # not needed to start

    return open_project(path, follow=lambda _path: follow, located=located)
