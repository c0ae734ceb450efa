"""A field for a short text. Enter or leaving it enters what was typed; Esc takes it back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


class TextField(QLineEdit):
    """`entered` carries another text than the one that is shown."""

    entered = Signal(str)

    def __init__(self, name: str, what: str, text: str = "") -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setAccessibleName(what)
        self._known = text
        self.editingFinished.connect(self._finish)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._known)
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def _finish(self) -> None:
        text = self.text().strip()
        if text != self._known:
            self._known = text
            self.entered.emit(text)
