"""A field for a whole number. Typing 128 is one entry, not three; Esc takes it back; the wheel is left to the panel."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget

from nnstudio.explain.numbers import count, parse

_HEIGHT = 26  # as high as the other fields, which a style sheet makes no spin box


class CountField(QSpinBox):
    """`entered` carries a number that a user entered; `rejected` says why another cannot be."""

    entered = Signal(int)
    rejected = Signal(str)

    def __init__(self, name: str, what: str, least: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(what)
        self._what = what
        self.setRange(least, most)
        self.setKeyboardTracking(False)
        self.setFixedHeight(_HEIGHT)
        self.lineEdit().setTextMargins(7, 0, 7, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self.entered)

    def show_value(self, value: int, most: int | None = None) -> None:
        """Show the document's number, saying nothing."""
        blocker = QSignalBlocker(self)
        if most is not None:
            self.setMaximum(max(most, value))
        self.setValue(value)
        self.lineEdit().setText(self._least_said() or self.textFromValue(value))
        blocker.unblock()

    def textFromValue(self, value: int) -> str:
        return count(value)

    def valueFromText(self, text: str) -> int:
        number = parse(text)
        if number is None:
            return self.minimum() if self._says_least(text) else self.value()
        return int(number)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Anything may be typed; what is no number in the range is refused on Enter, with the reason."""
        number = parse(text)
        fits = number is not None and number == int(number) and self.minimum() <= number <= self.maximum()
        return (
            QValidator.State.Acceptable if fits or self._says_least(text) else QValidator.State.Intermediate,
            text,
            position,
        )

    def fixup(self, text: str) -> str:
        """Called on Enter for what does not fit: say why, and go back."""
        self.rejected.emit(
            f"{self._what} cannot be {text.strip() or 'empty'}; "
            f"give a whole number from {count(self.minimum())} to {count(self.maximum())}"
        )
        return self._least_said() or self.textFromValue(self.value())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.show_value(self.value())
            self.selectAll()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _least_said(self) -> str:
        """The word that stands for the least number, where the field is at it and has one."""
        return self.specialValueText() if self.value() == self.minimum() else ""

    def _says_least(self, text: str) -> bool:
        return bool(text.strip()) and text.strip() == self.specialValueText()
