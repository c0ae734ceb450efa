"""Slow motion: operation after operation by itself, at a speed that can be followed by eye.

It steps as F10 does, in the window's own thread. At more than a few operations a second several are run for one
picture. It ends with a breakpoint, with a NaN, and as soon as anything else moves the run.
"""

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from nnstudio.training.keyframes import Moment

from .session import Session
from .settings import Settings
from .widgets.slider import ValueSlider

SPEEDS = (0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 45.0, 60.0)
"""Operations a second."""
_PICTURE_SECONDS = 1 / 20


class SlowMotion(QObject):
    """`playing_changed` says whether it plays. The speed is a setting, and may change on the way."""

    playing_changed = Signal(bool)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self.playing = False
        self._place = Moment(0)
        self._due = 0.0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._play)
        session.rebuilt.connect(self.stop)
        session.state_changed.connect(self._stop_if_moved)

    def toggle(self) -> None:
        if self.playing:
            self.stop()
        else:
            self.start()

    def start(self) -> None:
        """Play from here; training stops for it."""
        self._session.take()
        self._set_playing(True)
        self._place = self._session.debugger.timeline.here
        self._due = time.perf_counter()
        self._play()

    def stop(self) -> None:
        self._timer.stop()
        self._set_playing(False)

    def _play(self) -> None:
        """Run the operations that are due, and wait for the next."""
        session = self._session
        if self._stop_if_moved():
            return
        apart = 1 / self._settings.slow_motion_speed
        operations = max(round(_PICTURE_SECONDS / apart), 1)
        session.play(operations)
        debugger = session.debugger
        self._place = debugger.timeline.here
        if debugger.nonfinite is not None or debugger.hits:
            self.stop()
            return
        now = time.perf_counter()
        self._due = max(self._due + operations * apart, now)  # what came too late is not made up for
        self._timer.start(round(1000 * (self._due - now)))

    def _stop_if_moved(self) -> bool:
        """Someone else has run the machine, or does."""
        session = self._session
        moved = self.playing and not (session.paused and session.debugger.timeline.here == self._place)
        if moved:
            self.stop()
        return moved

    def _set_playing(self, playing: bool) -> None:
        if playing is not self.playing:
            self.playing = playing
            self.playing_changed.emit(playing)


class SpeedControl(QWidget):
    """How fast slow motion plays; there while it does."""

    def __init__(self, motion: SlowMotion, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.slider = ValueSlider("slow_motion_speed", "Speed of slow motion", len(SPEEDS) - 1, _speed_text)
        self.slider.setMaximumWidth(280)
        self.slider.slider.setMinimumHeight(self.fontMetrics().height())  # the line it lies in does not grow for it
        self.slider.value.setMinimumWidth(self.fontMetrics().horizontalAdvance("0.5 operations/s "))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)  # also while a message shows
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.addWidget(QLabel("Slow motion"))
        layout.addWidget(self.slider)
        nearest = min(range(len(SPEEDS)), key=lambda step: abs(SPEEDS[step] - settings.slow_motion_speed))
        self.slider.show_value(nearest, len(SPEEDS) - 1)
        self.slider.entered.connect(self._choose)
        motion.playing_changed.connect(self.setVisible)
        self.hide()

    def _choose(self, step: int) -> None:
        self._settings.slow_motion_speed = SPEEDS[step]


def _speed_text(step: int) -> str:
    speed = SPEEDS[step]
    return f"{speed:g} operation{'s' * (speed != 1)}/s"
