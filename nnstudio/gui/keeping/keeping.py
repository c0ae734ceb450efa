"""All that keeps a window's work, wired: it lives as long as the window."""

from PySide6.QtCore import QObject

from nnstudio.gui.main_window import MainWindow

from .changed_file import ChangedFile
from .keeper import Keeper
from .picture import Pictures
from .recovery import Recovery


class Keeping(QObject):
    """`look` offers what a crash has left over."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.keeper = Keeper(window.context, window.projects, window.files, Pictures(window), self)
        self.keeper.failed.connect(window.banner.show_error)
        window.closing.connect(self.keeper.close)
        self.keeper.held.connect(window.files.leave)
        self.changed_file = ChangedFile(window, self)
        self.recovery = Recovery(window, self.keeper, self)

    def look(self) -> None:
        self.recovery.look()
