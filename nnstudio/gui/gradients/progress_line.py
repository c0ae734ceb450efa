"""How far a check is, with a way to give it up; seen only once it takes long."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from .checking import GradientChecking

_SOON_MILLISECONDS = 300
_FRAME_MILLISECONDS = 50


class ProgressLine(QWidget):
    def __init__(self, checking: GradientChecking, parent: QWidget) -> None:
        super().__init__(parent)
        self._checking = checking
        self._bar = QProgressBar()
        self._bar.setObjectName("gradient_progress")
        self._bar.setAccessibleName("How much has been checked")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._cancel = QPushButton("Cancel")
        self._cancel.setObjectName("gradient_cancel")
        self._cancel.setProperty("link", True)
        self._cancel.setAutoDefault(False)
        self._cancel.clicked.connect(checking.cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(QLabel("Measuring slopes"))
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MILLISECONDS)
        self._soon.timeout.connect(self._appear)
        self._frame = QTimer(self, interval=_FRAME_MILLISECONDS)
        self._frame.timeout.connect(self._refresh)
        checking.changed.connect(self._follow)
        self.hide()

    def _follow(self) -> None:
        if not self._checking.at_work:
            self._soon.stop()
            self._frame.stop()
            self.hide()
        elif self.isHidden() and not self._soon.isActive():
            self._soon.start()

    def _appear(self) -> None:
        self._refresh()
        self._frame.start()
        self.show()

    def _refresh(self) -> None:
        self._bar.setValue(round(1000 * self._checking.share))
