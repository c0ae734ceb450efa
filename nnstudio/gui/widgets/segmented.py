"""A row of choices of which one is on: Cost | Accuracy | Gradients."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QToolButton, QWidget


class Segmented(QFrame):
    """`chosen` carries the text of the segment that a user (or `choose`) switched on."""

    chosen = Signal(str)

    def __init__(self, texts: Sequence[str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("segmented")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(self._toggled)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._name = name
        self.set_texts(texts)

    @property
    def current(self) -> str:
        button = self._group.checkedButton()
        return button.text() if button else ""

    def set_texts(self, texts: Sequence[str]) -> None:
        """Other segments; the chosen one stays chosen where it is still there."""
        if [button.text() for button in self._group.buttons()] == list(texts):
            return
        current = self.current
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.deleteLater()
        for text in texts:
            button = QToolButton(self)
            button.setText(text)
            button.setCheckable(True)
            button.setAccessibleName(f"{self._name}: {text}")
            self._group.addButton(button)
            self._layout.addWidget(button)
        self.choose(current if current in texts else texts[0])

    def choose(self, text: str) -> None:
        for button in self._group.buttons():
            if button.text() == text:
                button.setChecked(True)

    def _toggled(self, button: QToolButton, on: bool) -> None:
        if on:
            self.chosen.emit(button.text())
