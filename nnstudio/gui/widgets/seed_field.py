"""A field for a seed: a whole number from 0 to 2⁶³ − 1, more than a spin box or a float can hold."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class SeedField(QLineEdit):
    """`entered` carries a seed that a user entered (a Python int); `rejected` says why what was typed is none."""

    entered = Signal(object)
    rejected = Signal(str)

    def __init__(self, name: str, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(what)
        self._what = what
        self._value = 0
        self.editingFinished.connect(self._finish)

    @property
    def value(self) -> int:
        return self._value

    def show_value(self, value: int) -> None:
        """Show the document's seed, saying nothing."""
        self._value = value
        if self.text() != str(value):
            self.setText(str(value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            seed = self._value + (1 if key == Qt.Key.Key_Up else -1)
            if seed >= 0:
                self.entered.emit(seed)
        elif key == Qt.Key.Key_Escape:
            self.setText(str(self._value))
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def _finish(self) -> None:
        text = self.text().strip()
        if text == str(self._value):
            return
        self.setText(str(self._value))
        if text.isascii() and text.isdigit() and len(text) < 20:
            if int(text) != self._value:
                self.entered.emit(int(text))
        else:
            self.rejected.emit(f"{self._what} cannot be “{text}”; write a whole number from 0 on")
