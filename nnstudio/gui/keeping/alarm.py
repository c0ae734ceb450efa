"""An error that nobody handled: the work is kept first, and then a dialog says what happened.

One dialog at a time, and one for each place in the program: what goes wrong at every painting is told once.
"""

import logging

from PySide6.QtCore import QObject, Qt

from nnstudio.gui.log import Reports
from nnstudio.gui.main_window import MainWindow

from .crash_dialog import CrashDialog
from .crash_report import crash_report
from .keeper import Keeper

_log = logging.getLogger(__name__)
_KEPT = "Your work has been kept: it would be there even after a crash."
_NOT_KEPT = "Your work is still open here, but it could not be kept for the next start: save it now."


class Alarm(QObject):
    """Of one window."""

    def __init__(self, window: MainWindow, keeper: Keeper, reports: Reports, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._keeper = window, keeper
        self._dialog: CrashDialog | None = None
        self._told: set[str] = set()
        self._what = ""
        """What is to be told as soon as the work has been kept, or cannot be."""
        keeper.kept.connect(self._kept)
        keeper.not_kept.connect(self._not_kept)
        reports.raised.connect(self._raised, Qt.ConnectionType.QueuedConnection)

    def _raised(self, what: str, where: str) -> None:
        if where in self._told or self._what or self._dialog is not None:
            return
        self._told.add(where)
        self._what = what
        try:
            self._window.projects.when_owned(self._keeper.keep_anew)
        except Exception:  # what went wrong may go wrong here again
            _log.exception("keeping the work failed")
            self._not_kept()
            return
        if self._keeper.at_rest:
            self._not_kept()  # as while a lesson is on: what is open now belongs to no file

    def _kept(self) -> None:
        self._show(_KEPT)

    def _not_kept(self) -> None:
        self._show(_NOT_KEPT)

    def _show(self, work: str) -> None:
        what, self._what = self._what, ""
        if not what:
            return
        self._dialog = dialog = CrashDialog(work, crash_report(what), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.save_requested.connect(self._save)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _save(self) -> None:
        self._window.files.save_as()

    def _closed(self, _result: int) -> None:
        self._dialog = None
