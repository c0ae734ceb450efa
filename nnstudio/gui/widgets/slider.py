"""A slider with its value beside it. Dragging shows the value; releasing enters it, once."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

_REST_MILLISECONDS = 300


class ValueSlider(QWidget):
    """Whole steps; `text` writes a step as its value. `entered` carries the step: on release of the mouse, and for keys
    when they have come to rest, so that holding one down is one entry."""

    entered = Signal(int)

    def __init__(self, name: str, what: str, most: int, text: Callable[[int], str]) -> None:
        super().__init__()
        self.slider = _Slider()
        self.slider.setObjectName(name)
        self.slider.setAccessibleName(what)
        self.slider.setRange(0, most)
        self.slider.setPageStep(max(most // 10, 1))
        self._text = text
        self._known = 0
        self.value = QLabel()
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.value.setMinimumWidth(self.fontMetrics().horizontalAdvance("0.00 %"))
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._enter)
        self.slider.valueChanged.connect(self._moved)
        self.slider.sliderReleased.connect(self._enter)
        self.slider.left.connect(self._enter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.value)
        self.setMinimumWidth(112)
        self.setMaximumWidth(200)
        self.setFocusProxy(self.slider)

    def show_value(self, step: int, most: int) -> None:
        """Show the document's value, saying nothing."""
        self._rest.stop()
        self._known = step
        blocker = QSignalBlocker(self.slider)
        self.slider.setMaximum(max(most, step))
        self.slider.setValue(step)
        blocker.unblock()
        self.value.setText(self._text(step))

    def _moved(self, step: int) -> None:
        self.value.setText(self._text(step))
        if not self.slider.isSliderDown():
            self._rest.start()

    def _enter(self) -> None:
        self._rest.stop()
        if self.slider.value() != self._known:
            self._known = self.slider.value()
            self.entered.emit(self._known)


class _Slider(QSlider):
    left = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(20)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
