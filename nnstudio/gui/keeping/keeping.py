"""All that keeps a window's work, wired: it lives as long as the window."""

from PySide6.QtCore import QObject

from nnstudio.gui.log import Reports
from nnstudio.gui.main_window import MainWindow

from .alarm import Alarm
from .changed_file import ChangedFile
from .endings import Endings
from .keeper import Keeper
from .picture import Pictures
from .recovery import Recovery


class Keeping(QObject):
    """`look` offers what a crash has left over."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.keeper = Keeper(window.context, window.projects, window.files, Pictures(window), self)
        self.keeper.failed.connect(window.banner.show_error)
        window.closing.connect(self.keeper.close)
        self.keeper.held.connect(window.files.leave)
        self.changed_file = ChangedFile(window, self)
        self.recovery = Recovery(window, self.keeper, self)
        self.recovery.changed_since.connect(self.changed_file.expect)

    def look(self) -> None:
        self.recovery.look()

    def watch_over(self, reports: Reports) -> None:
        """Tell of errors that nobody handles, and end in order when the system says so: what a program has once."""
        Alarm(self._window, self.keeper, reports, self)
        Endings(self._window, self.keeper, self)
