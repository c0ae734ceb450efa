"""After a crash: what was kept is offered, opened exactly as it was kept last, and discarded only when it is asked for
or is in the new working copy."""

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox

from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.main_window import MainWindow
from nnstudio.project import Opened, ProjectError, Recoverable

from .keeper import Keeper
from .left_over import offered
from .recovery_dialog import RecoveryDialog

_log = logging.getLogger(__name__)


class Recovery(QObject):
    """Of one window. `looked` says how much there is to recover, `changed_since` by what the file was known of which
    it was the copy, where that is another now."""

    looked = Signal(int)
    changed_since = Signal(object)

    def __init__(self, window: MainWindow, keeper: Keeper, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._keeper = window, keeper
        self._task: BackgroundTask | None = None
        self._dialog: RecoveryDialog | None = None
        self._asked = False
        self._taken: Recoverable | None = None
        """What has been opened, until it is in the window's own working copy."""
        window.recovery_requested.connect(self._look_again)
        window.banner.cancelled.connect(self.cancel)
        window.closing.connect(self.cancel)
        keeper.kept.connect(self._kept)

    def look(self) -> None:
        """See what is left over, and offer it."""
        self._begin(BackgroundTask(offered), self._offer, self._failed)

    def cancel(self) -> None:
        """Give up looking or reading; what was kept stays."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _look_again(self) -> None:
        """The person asks, and gets an answer also where there is nothing."""
        self._asked = True
        self.look()

    def _begin(self, task: BackgroundTask, done: object, failed: object) -> None:
        self.cancel()
        self._task = task
        task.done.connect(done)
        task.failed.connect(failed)
        task.start()

    def _offer(self, found: tuple[Recoverable, ...]) -> None:
        self._task = None
        if self._dialog is not None:
            self._dialog.close()
        if found:
            self._dialog = dialog = RecoveryDialog(found, self._window)
            dialog.open_requested.connect(self._open)
            dialog.discard_requested.connect(self._ask_to_discard)
            dialog.finished.connect(self._closed)
            dialog.open()
        elif self._asked:
            self._window.context.session.message.emit("There is no unsaved work to recover")
        self._asked = False
        self.looked.emit(len(found))

    def _open(self, found: Recoverable) -> None:
        self._window.files.ask_then(partial(self._read, found))

    def _read(self, found: Recoverable, located: Path | None = None) -> None:
        self._window.banner.show_busy(f"Opening {found.name} …")
        task = BackgroundTask(partial(found.open, located=located))
        self._begin(task, partial(self._show, found), partial(self._not_read, found))

    def _show(self, found: Recoverable, opened: Opened) -> None:
        self._end_reading()
        self._window.files.show_recovered(opened, found.origin)
        self._taken = None if opened.problems else found  # a damaged one stays: it may be mended
        self._remove(found)
        if self._dialog is not None:
            self._dialog.close()
        self._keeper.keep_anew()
        if found.seen is not None and self._window.context.document.path == found.origin:
            self.changed_since.emit(found.seen)

    def _kept(self) -> None:
        taken, self._taken = self._taken, None
        if taken is not None:
            self._discard(taken)

    def _ask_to_discard(self, found: Recoverable) -> None:
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._dialog or self._window)
        box.setObjectName("discard_recovered")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Discard what was recovered of “{found.name}”?")
        box.setInformativeText("It cannot be brought back. What was saved to a file stays.")
        box.setStandardButtons(buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(partial(self._discard_answered, found))
        box.open()

    def _discard_answered(self, found: Recoverable, answer: int) -> None:
        if answer == QMessageBox.StandardButton.Discard and self._discard(found):
            self._remove(found)

    def _discard(self, found: Recoverable) -> bool:
        try:
            found.discard()
        except ProjectError as error:
            self._window.banner.show_error(f"Not discarded: {error}")
            return False
        return True

    def _remove(self, found: Recoverable) -> None:
        if self._dialog is not None:
            self._dialog.remove(found)

    def _not_read(self, found: Recoverable, error: Exception) -> None:
        """Where its data are gone, they may be elsewhere."""
        self._end_reading()

        def again(follow: bool = True, located: Path | None = None) -> None:
            self._read(found, located)

        if not self._window.files.places.ask(found.name, error, again):
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self._end_reading()
        if not isinstance(error, ProjectError):
            _log.error("recovering failed", exc_info=error)
        reason = str(error) if isinstance(error, ProjectError) else "Help › Open the log has the details"
        self._window.banner.show_error(f"Not recovered: {reason}")

    def _end_reading(self) -> None:
        self._task = None
        self._window.banner.show_busy("")

    def _closed(self, _result: int) -> None:
        self._dialog = None
