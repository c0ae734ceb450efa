"""Importing a table: look at the file, let a person choose, read it, and learn from it as one step to undo."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from nnstudio.data.excerpt import Excerpt
from nnstudio.data.places import Place
from nnstudio.data.readers.files import shown
from nnstudio.data.spec import RECOGNIZED, Reading
from nnstudio.experiment.importing.choices import AS_PROPOSED
from nnstudio.experiment.importing.draft import ImportDraft
from nnstudio.gui.context import Context
from nnstudio.gui.document import Content
from nnstudio.gui.refusing import reason_of

from .dialog import ImportDialog
from .finding import Finding
from .looking import Looking
from .taking_in import TakingIn


class Importing(QObject):
    """One import at a time. Until it is done, what is open is as it was."""

    busy = Signal(str)
    """What is being looked at, empty when it is done."""
    failed = Signal(str)

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._looking = Looking(self)
        self._looking.seen.connect(self._seen)
        self._looking.failed.connect(self._unseen)
        self._work = TakingIn(self)
        self._work.done.connect(self._take)
        self._work.failed.connect(self._not_taken)
        self._finding = Finding(self)
        self._finding.done.connect(self._found)
        self._finding.failed.connect(self._not_found)
        self._path = Path()
        self.dialog: ImportDialog | None = None
        """The dialog that is open."""

    def open(self, path: Path) -> None:
        """Look at the table in a file and show what may be made of it."""
        self.cancel()
        self._path = path
        self.busy.emit(f"Looking at {shown(path.name)} …")
        self._looking.look(path, RECOGNIZED, AS_PROPOSED)

    def show(self, draft: ImportDraft) -> None:
        """Show what may be made of a file that was looked at already."""
        self._path = draft.path
        theme = self._context.appearance.theme
        self.dialog = dialog = ImportDialog(draft, self._work, self._finding, theme, self._window)
        dialog.wished.connect(self._look_again)
        dialog.import_requested.connect(self._start)
        dialog.place_wanted.connect(self._find)
        dialog.finished.connect(self._closed)
        dialog.open()

    def cancel(self) -> None:
        """Give it up."""
        self._looking.cancel()
        self.busy.emit("")
        if self.dialog is not None:
            self.dialog.reject()

    def _look_again(self, wished: Reading) -> None:
        assert self.dialog is not None
        self._looking.look(self._path, wished, self.dialog.draft.choices)

    def _seen(self, draft: ImportDraft) -> None:
        self.busy.emit("")
        if self.dialog is None:
            self.show(draft)
        else:
            self.dialog.show_draft(draft)

    def _unseen(self, error: Exception) -> None:
        self.busy.emit("")
        reason = reason_of(error, self._path)
        if self.dialog is not None:
            self.dialog.show_refused_reading(reason)
            return
        self._context.settings.forget(self._path)
        self.failed.emit(f"Not opened: {reason}")

    def _start(self) -> None:
        if self.dialog is not None and not self._looking.at_work:
            self._work.start(self.dialog.draft)

    def _take(self, content: Content) -> None:
        context, name = self._context, shown(self._path.name)
        if self.dialog is not None:
            self.dialog.accept()
        context.interlude.end()
        context.document.begin_anew(content, self._path.parent, f"Import {name}")
        context.settings.remember(self._path)

    def _not_taken(self, error: Exception) -> None:
        if self.dialog is not None:
            self.dialog.show_failure(reason_of(error, self._path))

    def _find(self, place: Place) -> None:
        if self.dialog is not None:
            self._finding.find(self.dialog.draft, place)

    def _found(self, excerpt: Excerpt) -> None:
        if self.dialog is not None:
            self.dialog.show_excerpt(excerpt)

    def _not_found(self, error: Exception) -> None:
        if self.dialog is not None:
            self.dialog.show_problem(reason_of(error, self._path))

    def _closed(self) -> None:
        self._looking.cancel()
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
