"""A field for a number that need not be there: empty, it reads "off"."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from nnstudio.explain.numbers import parse

from .number_field import Step, step_in_decades, written


class OptionalField(QLineEdit):
    """`entered` carries the number that a user entered, None where the field was emptied; `rejected` says why what was
    typed is none. Up, in an empty field, begins at `first`. A `whole` field takes whole numbers, and gives ints."""

    entered = Signal(object)
    rejected = Signal(str)

    def __init__(
        self,
        name: str,
        what: str,
        first: float,
        step: Step = step_in_decades,
        *,
        whole: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(what)
        self.setPlaceholderText("off")
        self._what, self._first, self._step, self._whole = what, first, step, whole
        self._value: float | None = None
        self.editingFinished.connect(self._finish)

    def show_value(self, value: float | None) -> None:
        """Show the document's number, or that there is none, saying nothing."""
        self._value = value
        text = self._written()
        if self.text() != text:
            self.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._step_by(1 if key == Qt.Key.Key_Up else -1)
        elif key == Qt.Key.Key_Escape:
            self.setText(self._written())
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def _step_by(self, direction: int) -> None:
        if self._value is None:
            if direction > 0:
                self.entered.emit(self._number(self._first))
            return
        self._enter(self._step(self._value, direction))

    def _finish(self) -> None:
        text = self.text().strip()
        if text == self._written():
            return
        typed = parse(text)
        self.setText(self._written())
        if not text:
            self.entered.emit(None)
        elif typed is None or (self._whole and typed % 1):
            wanted = "a whole number" if self._whole else "a number, such as 0.01 or 1e-3"
            self.rejected.emit(f"{self._what} cannot be “{text}”; write {wanted}, or leave it empty for none")
        else:
            self._enter(typed)

    def _enter(self, value: float) -> None:
        if value != self._value:
            self.entered.emit(self._number(value))

    def _number(self, value: float) -> float:
        return round(value) if self._whole else value

    def _written(self) -> str:
        return "" if self._value is None else written(self._value)
