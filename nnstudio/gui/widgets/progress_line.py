"""How far work in the background is, with a way to give it up; seen only once it takes long."""

from typing import Protocol

from PySide6.QtCore import QTimer, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

_SOON_MILLISECONDS = 300
_FRAME_MILLISECONDS = 50


class Work(Protocol):
    """Something that works in the background at times."""

    @property
    def changed(self) -> SignalInstance:
        """It has begun, ended or been given up."""
        ...

    @property
    def at_work(self) -> bool: ...

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        ...

    def cancel(self) -> None: ...


class ProgressLine(QWidget):
    """`words` say what it does, `name` begins the names of the bar and of the button."""

    def __init__(self, work: Work, words: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._work = work
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}_progress")
        self._bar.setAccessibleName(f"{words}: how much is done")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._cancel = QPushButton("Cancel")
        self._cancel.setObjectName(f"{name}_cancel")
        self._cancel.setProperty("link", True)
        self._cancel.setAutoDefault(False)
        self._cancel.clicked.connect(work.cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(QLabel(words))
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MILLISECONDS)
        self._soon.timeout.connect(self._appear)
        self._frame = QTimer(self, interval=_FRAME_MILLISECONDS)
        self._frame.timeout.connect(self._refresh)
        work.changed.connect(self._follow)
        self.hide()

    def _follow(self) -> None:
        if not self._work.at_work:
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
        self._bar.setValue(round(1000 * self._work.share))
