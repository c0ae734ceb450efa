"""The file that is open, moved, deleted or changed by another program: it is noticed when it happens, when the window
gets the focus, and before anything is saved over it. The person says whether to save elsewhere, reload, or keep theirs.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QFileSystemWatcher, QObject, Qt, QTimer
from PySide6.QtWidgets import QMessageBox

from nnstudio.experiment.differences import differences
from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.document import Content
from nnstudio.gui.files import read_file
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.moment_words import moment_words
from nnstudio.project import FilePrint, Opened, holder_of
from nnstudio.training.debugger import Debugger

_SETTLE_MILLISECONDS = 300
_MOST_TOLD = 8


class ChangedFile(QObject):
    """Of one window."""

    def __init__(self, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._files, self._document = window, window.files, window.context.document
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._settle)
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._path: Path | None = None
        self._known: FilePrint | None = None
        self._others: dict[Path, FilePrint | None] = {}
        """By what the files were known that what is open belonged to before: it may belong to one of them again."""
        self._box: QMessageBox | None = None
        self._task: BackgroundTask | None = None
        self._files.opened.connect(self._know)
        self._files.saved.connect(self._know)
        self._document.title_changed.connect(self._follow)
        self._files.may_save = self._may_save
        window.installEventFilter(self)
        window.closing.connect(self._end)
        self._know()

    def look(self) -> None:
        """See whether it is the file that it was, and ask if not. What is put aside for a lesson is not looked at."""
        if self._path is None or self._path != self._document.path or self._asking or self._files.writing:
            return
        if self._known is not None and not self._known.fits(self._path):
            self._ask(self._path)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            self._settle()
        return super().eventFilter(watched, event)

    @property
    def _asking(self) -> bool:
        return self._box is not None or self._task is not None

    def _settle(self, _path: str = "") -> None:
        """Another program may still be writing it."""
        self._timer.start()

    def _know(self, _path: Path | None = None) -> None:
        """The file as it is now is the one that is open."""
        self._path = self._document.path
        self._known = None if self._path is None else FilePrint.of(self._path)
        if watched := self._watcher.files():
            self._watcher.removePaths(watched)
        if self._path is not None and self._known is not None and self._known.is_there:
            self._watcher.addPath(str(self._path))

    def expect(self, known: FilePrint) -> None:
        """The file that is open should be the one that is known by this."""
        self._known = known
        self._settle()

    def _follow(self) -> None:
        """An import puts a file aside, and undone the document belongs to it again; so does a lesson."""
        path = self._document.path
        if path == self._path:
            return
        if self._path is not None:
            self._others[self._path] = self._known
        self._know()
        if path is not None and (known := self._others.get(path)) is not None:
            self.expect(known)

    def _may_save(self, path: Path) -> bool:
        if path != self._path or self._known is None:
            return self._is_free(path)
        if self._asking:
            return False  # about this very file
        if self._known.fits(path) or not FilePrint.of(path).is_there:
            return True  # there is nothing that would be lost
        self._ask(path)
        return False

    def _is_free(self, path: Path) -> bool:
        """Whether no other window has a file, which would go on writing it."""
        holder = holder_of(path)
        if holder is None or holder.owner.is_here:
            return True
        self._files.failed.emit(f"Not saved: another window has {path.name} open ({holder.owner}); choose another name")
        return False

    def _ask(self, path: Path) -> None:
        self._know()
        self._document.note_no_file_has_it()
        if self._known is None or not self._known.is_there:
            self._show(f"{path.name} is not there any more", "It was moved, deleted or is on a disk that is gone. "
                       "All of it is still open here.", there=False)  # fmt: skip
            return
        self._task = BackgroundTask(partial(read_file, path))
        self._task.done.connect(partial(self._compared, path))
        self._task.failed.connect(partial(self._unreadable, path))
        self._task.start()

    def _compared(self, path: Path, there: Content | Opened) -> None:
        """Say what differs, once the machine can be asked where it stands."""
        self._window.projects.when_owned(partial(self._tell, path, there))

    def _tell(self, path: Path, there: Content | Opened) -> None:
        self._task = None
        experiment = there.experiment if isinstance(there, Content) else there.project.experiment
        lines = differences(self._document.experiment, experiment)
        more = f"\nand {len(lines) - _MOST_TOLD} more" if len(lines) > _MOST_TOLD else ""
        told = "\n".join(lines[:_MOST_TOLD]) + more if lines else "The experiment is the same."
        if isinstance(there, Opened):
            here = self._window.context.session.debugger
            told += f"\n\nIts run stands at {_stand(there.debugger)}, the one here at {_stand(here)}."
        self._show(_changed(path), told, there=True)

    def _unreadable(self, path: Path, error: Exception) -> None:
        self._task = None
        self._show(_changed(path), f"What is in it now cannot be opened: {error}", there=False)

    def _show(self, text: str, more: str, *, there: bool) -> None:
        self._box = box = QMessageBox(self._window)
        box.setObjectName("changed_file")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        box.setInformativeText(more)
        roles = QMessageBox.ButtonRole
        elsewhere = box.addButton("Save as…", roles.AcceptRole)
        keep = box.addButton("Keep mine", roles.RejectRole)
        keep.setToolTip("Go on; Save then writes over what is there")
        elsewhere.clicked.connect(self._save_as)
        if there:
            box.addButton("Reload", roles.DestructiveRole).clicked.connect(self._files.reload)
        box.setDefaultButton(elsewhere)
        box.setEscapeButton(keep)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._answered)
        box.open()

    def _save_as(self) -> None:
        self._files.save_as()

    def _answered(self, _result: int) -> None:
        self._box = None

    def _end(self) -> None:
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()


def _stand(debugger: Debugger) -> str:
    return moment_words(debugger.timeline.here, debugger.machine.batches.per_epoch)


def _changed(path: Path) -> str:
    return f"{path.name} was changed by another program"
