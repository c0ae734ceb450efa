"""A slider whose drag is one gesture: it says each step on the way, and enters the last one once."""

import time

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QSlider

_REST_MILLISECONDS = 300
_FRAME_MILLISECONDS = 16
_LIVE_SECONDS = 0.1


class LiveSlider(QSlider):
    """Whole steps from 0. `entered` carries the step: on release of the mouse, and for keys when they have come to
    rest, so that holding one down is one entry. `gesture` is the drag under way: what it leads to is one undo step."""

    slid = Signal(int)
    """A step on the way of a drag, at most once a frame; none where showing the one before took long."""
    entered = Signal(int)

    def __init__(self, name: str, what: str, most: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName(name)
        self.setAccessibleName(what)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(20)
        self.setRange(0, most)
        self.setPageStep(max(most // 10, 1))
        self.gesture: object | None = None
        self._known = 0
        self._live = True
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._enter)
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MILLISECONDS)
        self._frame.timeout.connect(self._say_step)
        self.valueChanged.connect(self._moved)
        self.sliderPressed.connect(self._begin)
        self.sliderReleased.connect(self._end)

    def show_step(self, step: int, most: int) -> None:
        """Show the document's step, saying nothing."""
        self._rest.stop()
        self._known = step
        blocker = QSignalBlocker(self)
        self.setMaximum(max(most, step))
        self.setValue(step)
        blocker.unblock()

    def forget(self) -> None:
        """What has been slid to and not been entered is not wanted any more."""
        self._rest.stop()
        self._frame.stop()
        self._known = self.value()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._enter()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only one that has the focus turns; else the panel scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _begin(self) -> None:
        self.gesture, self._live = object(), True

    def _end(self) -> None:
        self._enter()
        self.gesture = None

    def _moved(self, _step: int) -> None:
        if not self.isSliderDown():
            self._rest.start()
        elif self._live and not self._frame.isActive():
            self._frame.start()

    def _say_step(self) -> None:
        if not self.isSliderDown():
            return
        begun = time.perf_counter()
        self.slid.emit(self.value())
        self._live = time.perf_counter() - begun < _LIVE_SECONDS

    def _enter(self) -> None:
        self._rest.stop()
        self._frame.stop()
        if self.value() != self._known:
            self._known = self.value()
            self.entered.emit(self._known)
