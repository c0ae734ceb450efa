"""A field for a number of any size: ',' or '.', 1e-3; Up and Down go through 1, 2, 5, 10, 20, 50 …

For numbers between 0 and 1 that live near 1 (momentum, decays) the steps are those of the distance to 1:
0.8, 0.9, 0.95, 0.98, 0.99.
"""

from collections.abc import Callable
from math import floor, log10

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from nnstudio.explain.numbers import parse

Step = Callable[[float, int], float]
_SMALLEST = 1e-6


def step_in_decades(value: float, direction: int) -> float:
    """The next of … 0.01, 0.02, 0.05, 0.1 … above or below; below the smallest is 0."""
    if value <= 0:
        return 10 * _SMALLEST if direction > 0 else 0.0
    exponent = floor(log10(value) + 1e-9)
    ladder = [float(f"{digit}e{exponent + shift}") for shift in (-1, 0, 1) for digit in (1, 2, 5)]
    if direction > 0:
        return next(rung for rung in ladder if rung > value * (1 + 1e-9))
    below = next(rung for rung in reversed(ladder) if rung < value * (1 - 1e-9))
    return below if below >= _SMALLEST else 0.0


def step_towards_one(value: float, direction: int) -> float:
    """The next number whose distance to 1 is one of 1, 0.5, 0.2, 0.1, 0.05 …; never 1 itself, never below 0."""
    distance = min(max(1 - value, _SMALLEST), 1.0)
    stepped = step_in_decades(distance, -direction)
    return min(max(round(1 - stepped, 12), 0.0), 1 - _SMALLEST)


def written(value: float) -> str:
    """As short as it is exact: 0.12, 1e-08."""
    return f"{value:.12g}"


class NumberField(QLineEdit):
    """`entered` carries a number that a user entered; `rejected` says why what was typed is none."""

    entered = Signal(float)
    rejected = Signal(str)

    def __init__(self, name: str, what: str, step: Step = step_in_decades, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(what)
        self._what = what
        self._step = step
        self._value = 0.0
        self.editingFinished.connect(self._finish)

    @property
    def value(self) -> float:
        return self._value

    def show_value(self, value: float) -> None:
        """Show the document's number, saying nothing."""
        self._value = value
        if self.text() != written(value):
            self.setText(written(value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._step_by(1 if key == Qt.Key.Key_Up else -1)
        elif key == Qt.Key.Key_Escape:
            self.setText(written(self._value))
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def _step_by(self, direction: int) -> None:
        typed = parse(self.text())
        stepped = self._step(self._value if typed is None else typed, direction)
        if stepped != self._value:
            self.entered.emit(stepped)

    def _finish(self) -> None:
        text = self.text().strip()
        if text == written(self._value):
            return
        typed = parse(text)
        self.setText(written(self._value))
        if typed is None:
            self.rejected.emit(f"{self._what} cannot be “{text}”; write a number, such as 0.01 or 1e-3")
        elif typed != self._value:
            self.entered.emit(typed)
