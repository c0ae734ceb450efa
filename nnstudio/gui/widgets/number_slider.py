"""A slider for a real number, with a field beside it that takes any number. Both say it as it changes."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from .number_field import NumberField

_STEPS = 200
_FIELD_WIDTH = 80


class NumberSlider(QWidget):
    """From `low` to `high` by sliding; the field takes what lies beyond, too. `changed` carries each number on the way,
    `rejected` says why what was typed is none."""

    changed = Signal(float)
    rejected = Signal(str)

    def __init__(self, name: str, what: str, low: float, high: float) -> None:
        super().__init__()
        self._low, self._high = low, high
        self._slider = _Slider(Qt.Orientation.Horizontal)
        self._slider.setObjectName(f"{name}_slider")
        self._slider.setAccessibleName(what)
        self._slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._slider.setRange(0, _STEPS)
        self._slider.setPageStep(_STEPS // 10)
        self._slider.setMinimumWidth(56)
        self.field = NumberField(name, what, self._stepped)
        self.field.setFixedWidth(_FIELD_WIDTH)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._slider.valueChanged.connect(self._slid)
        self.field.entered.connect(self._enter)
        self.field.rejected.connect(self.rejected)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._slider, 1)
        layout.addWidget(self.field)
        self.setFocusProxy(self._slider)
        self.show_value(0.0)

    @property
    def value(self) -> float:
        return self.field.value

    def set_range(self, low: float, high: float) -> None:
        """Other ends; the number stays."""
        self._low, self._high = low, high
        self.show_value(self.value)

    def show_value(self, value: float) -> None:
        """Show a number, saying nothing."""
        self.field.show_value(value)
        blocker = QSignalBlocker(self._slider)
        share = (value - self._low) / (self._high - self._low)
        self._slider.setValue(round(min(max(share, 0.0), 1.0) * _STEPS))
        blocker.unblock()

    def _slid(self, place: int) -> None:
        value = round(self._low + place / _STEPS * (self._high - self._low), 10)
        self.field.show_value(value)
        self.changed.emit(value)

    def _enter(self, value: float) -> None:
        self.show_value(value)
        self.changed.emit(value)

    def _stepped(self, value: float, direction: int) -> float:
        return round(value + direction * (self._high - self._low) / _STEPS, 10)


class _Slider(QSlider):
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only one that has the focus turns; else the panel scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
