"""A line across the window for what a user must see: what happened, where, and what to do. It blocks nothing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolBar, QWidget


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
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton("Dismiss")
        self.button.setProperty("link", True)
        self.button.clicked.connect(self._clicked)
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.button)
        self.addWidget(frame)
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
        self.show()

    def _clicked(self) -> None:
        if self._busy:
            self.cancelled.emit()
        self.hide()
