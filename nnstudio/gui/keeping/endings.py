"""Asked to end by the system (SIGTERM) or from the terminal (SIGINT): the work is kept for the next start, nobody is
asked anything, and the program leaves with 0. Where there is no room to keep it, it is rescued into a project in
another folder; where that cannot be done either the program says so, and leaves with 1.

A signal comes at any moment, in the middle of anything. All that is done then is to write its number into a socket;
Qt reads that when it is about to do something else, and the rest is done as if a button had been pressed.
"""

import contextlib
import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from nnstudio.gui.main_window import MainWindow

from .keeper import Keeper
from .rescue import rescue

_ENDINGS = (signal.SIGTERM, signal.SIGINT)


class Endings(QObject):
    """Of the program's one window, from the main thread. They are as they were when it has closed."""

    def __init__(self, window: MainWindow, keeper: Keeper, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._keeper = window, keeper
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._told)
        self._before_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _nothing) for number in _ENDINGS}
        window.closing.connect(self._put_back)

    def _told(self) -> None:
        with contextlib.suppress(BlockingIOError):  # nothing was written after all
            if set(self._reader.recv(64)) & set(_ENDINGS):
                QTimer.singleShot(0, self._leave)

    def _leave(self) -> None:
        kept = False
        try:
            self._window.context.interlude.end()
            kept = self._keeper.keep_until_written() or rescue(self._window)
            self._keeper.close(keep=True)
            self._window.close_for_good()
        finally:  # whatever happens there: who was asked to end ends
            QApplication.exit(0 if kept else 1)

    def _put_back(self) -> None:
        if not self._before:
            return
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before_fd)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
        self._reader.close()
        self._writer.close()


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Python itself need not do anything."""
