"""A slider with its value beside it. Dragging shows the value; releasing enters it, once."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from .live_slider import LiveSlider


class ValueSlider(QWidget):
    """Whole steps; `text` writes a step as its value. `entered` carries the step when it is entered, `slid` each one on
    the way of a drag."""

    entered = Signal(int)
    slid = Signal(int)

    def __init__(self, name: str, what: str, most: int, text: Callable[[int], str]) -> None:
        super().__init__()
        self.slider = LiveSlider(name, what, most)
        self._text = text
        self.value = QLabel()
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.value.setMinimumWidth(self.fontMetrics().horizontalAdvance("0.00 %"))
        self.slider.valueChanged.connect(self._moved)
        self.slider.entered.connect(self.entered)
        self.slider.slid.connect(self.slid)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.value)
        self.setMinimumWidth(112)
        self.setMaximumWidth(200)
        self.setFocusProxy(self.slider)

    @property
    def gesture(self) -> object | None:
        """The drag under way."""
        return self.slider.gesture

    def show_value(self, step: int, most: int) -> None:
        """Show the document's value, saying nothing."""
        self.slider.show_step(step, most)
        self.value.setText(self._text(step))

    def _moved(self, step: int) -> None:
        self.value.setText(self._text(step))
