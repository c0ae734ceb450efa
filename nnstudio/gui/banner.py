"""A line across the window for what a user must see: what happened, where, and what to do. It blocks nothing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolBar, QWidget

_AIR = 8
_AROUND = 64
"""Margins and gaps beside the text, with some to spare."""


class Banner(QToolBar):
    """Shows an error until it is dismissed, or something at work that can be cancelled."""

    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Messages", parent)
        self.setObjectName("banner_bar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        frame = QFrame()
        frame.setObjectName("banner")
        frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.label = QLabel()
        self.label.setObjectName("banner_text")
        self.label.setAccessibleName("Message")
        self.label.setTextFormat(Qt.TextFormat.PlainText)  # it may tell what stands in a file
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton("Dismiss")
        self.button.setProperty("link", True)
        self.button.clicked.connect(self._clicked)
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.button)
        self.addWidget(frame)
        self._frame = frame
        self._busy = False

    @property
    def text(self) -> str:
        return self.label.text() if not self.isHidden() else ""

    def show_error(self, text: str) -> None:
        self._show(text, "Dismiss", busy=False)

    def show_refusal(self, reason: str) -> None:
        """An edit that cannot work, and why."""
        self.show_error(f"Not changed: {reason}")

    def show_busy(self, text: str) -> None:
        """Something is at work; an empty text ends it."""
        if text:
            self._show(text, "Cancel", busy=True)
        elif self._busy:
            self.hide()

    def dismiss(self) -> None:
        """Hide an error; what is at work stays."""
        if not self._busy:
            self.hide()

    def _show(self, text: str, button: str, *, busy: bool) -> None:
        self._busy = busy
        self.label.setText(text)
        self.button.setText(button)
        self._fit_height()
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        """As high as the text at this width: a tool bar would give a wrapped label room for many short lines."""
        room = self.width() - self.button.sizeHint().width() - _AROUND
        height = self.label.heightForWidth(max(room, _AROUND)) + 2 * _AIR
        if height != self._frame.minimumHeight():
            self._frame.setFixedHeight(height)

    def _clicked(self) -> None:
        if self._busy:
            self.cancelled.emit()
        self.hide()
