"""A slider for how many there are, in steps of like ratio, with a field beside it that takes any number."""

from math import log

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from .count_field import CountField
from .live_slider import LiveSlider

_STEPS = 100
_FIELD_WIDTH = 72


class CountSlider(QWidget):
    """From `least` to `usual` by sliding, up to `most` in the field. `entered` carries a number that is entered, `slid`
    each one on the way of a drag, `rejected` why another cannot be."""

    entered = Signal(int)
    slid = Signal(int)
    rejected = Signal(str)

    def __init__(self, name: str, what: str, least: int, usual: int, most: int) -> None:
        super().__init__()
        self._least, self._usual, self._most = least, usual, most
        self.slider = LiveSlider(f"{name}_slider", what, _STEPS)
        self.slider.setMinimumWidth(56)
        self.field = CountField(name, what, 1, most)
        self.field.setFixedWidth(_FIELD_WIDTH)
        self.slider.entered.connect(self._entered)
        self.slider.slid.connect(self._slid)
        self.field.entered.connect(self.entered)
        self.field.rejected.connect(self.rejected)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.field)
        self.setMaximumWidth(200)
        self.setFocusProxy(self.field)

    @property
    def gesture(self) -> object | None:
        """The drag under way."""
        return self.slider.gesture

    def show_value(self, value: int) -> None:
        """Show the document's number, saying nothing."""
        self.field.show_value(value, self._most)
        if self._number(self.slider.value()) != value:
            share = log(max(value, 1) / self._least) / log(self._usual / self._least)
            self.slider.show_step(round(min(max(share, 0.0), 1.0) * _STEPS), _STEPS)
        else:
            self.slider.show_step(self.slider.value(), _STEPS)

    def _number(self, step: int) -> int:
        """The number at a step, of two digits that count: 10, 11, … 99, 100, 110, …"""
        exact = self._least * (self._usual / self._least) ** (step / _STEPS)
        return int(float(f"{exact:.2g}"))

    def _entered(self, step: int) -> None:
        self.entered.emit(self._number(step))

    def _slid(self, step: int) -> None:
        self.slid.emit(self._number(step))
