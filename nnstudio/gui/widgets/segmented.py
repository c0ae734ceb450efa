"""A row of choices of which one is on: Cost | Accuracy | Gradients."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QMenu, QToolButton, QWidget


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
            button = _Segment(self)
            button.setCheckable(True)
            self._call(button, text)
            self._group.addButton(button)
            self._layout.addWidget(button)
        self.choose(current if current in texts else texts[0])

    def offer(self, position: int, menu: QMenu) -> None:
        """Let a segment stand for several things: the arrow beside its text, or the Down key, opens them."""
        button = self._group.buttons()[position]
        assert isinstance(button, QToolButton)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)

    def rename(self, position: int, text: str) -> None:
        """Another text for a segment, which stays as it is otherwise."""
        self._call(self._group.buttons()[position], text)

    def choose(self, text: str) -> None:
        for button in self._group.buttons():
            if button.text() == text:
                button.setChecked(True)

    @property
    def position(self) -> int:
        """Which segment is on, from the left."""
        return [button.isChecked() for button in self._group.buttons()].index(True)

    def choose_at(self, position: int) -> None:
        self._group.buttons()[position].setChecked(True)

    def _call(self, button: QAbstractButton, text: str) -> None:
        if button.text() != text:
            button.setText(text)
            button.setAccessibleName(f"{self._name}: {text}")

    def _toggled(self, button: QToolButton, on: bool) -> None:
        if on:
            self.chosen.emit(button.text())


class _Segment(QToolButton):
    """Its menu, where it has one, opens by the Down key too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.menu() is not None:
            self.showMenu()
        else:
            super().keyPressEvent(event)
