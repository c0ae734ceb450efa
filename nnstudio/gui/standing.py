"""Where the run stands: epoch, mini-batch, cost and metric in the tool bar; phase and speed in the status bar."""

from math import isnan

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QStyle, QStyleOption, QWidget

from nnstudio.data.preparation import PartName
from nnstudio.explain.numbers import count, short
from nnstudio.explain.symbols import label_text
from nnstudio.training.metrics import Metric

from .breakpoints.words import stopped
from .context import Context
from .moment_words import moment_words
from .session import RunState
from .slow_motion import SlowMotion, SpeedControl
from .widgets.elided_label import ElidedLabel
from .widgets.steady_label import SteadyLabel

_APART = 16


class Standing(QWidget):
    """epoch 42 · mini-batch 9/12 · J 0.0763 · accuracy 97.5 %."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setAccessibleName("Where the run stands")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(6)
        self._numbers: dict[str, QLabel] = {}
        rooms = {"epoch": "0 000", "mini-batch": "00/00", "J": "0.00000", "metric": "100.0 %"}
        for name, room in rooms.items():
            word, number = QLabel(name), SteadyLabel(room)
            word.setProperty("muted", True)
            number.setProperty("heading", True)
            number.setObjectName(f"standing_{name}")
            layout.addWidget(word)
            layout.addWidget(number)
            self._numbers[name] = number
            if name == "metric":
                self._metric_word = word
            number.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            layout.addSpacing(8)
        context.session.refreshed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        session = self._context.session
        machine, run = session.machine, session.run
        numbers = self._numbers
        numbers["epoch"].setText(count(machine.batches.epoch))
        numbers["mini-batch"].setText(f"{machine.batches.number}/{machine.batches.per_epoch}")
        numbers["J"].setText("—" if isnan(machine.cost) else short(machine.cost))
        if self._metric_word.text() != run.metric.value:
            self._metric_word.setText(run.metric.value)
        metric = run.history.of(PartName.TRAINING, run.metric)[run.entry]
        numbers["metric"].setText(_metric(run.metric, metric))


class StatusBar(QStatusBar):
    """What the machine is doing and which keys go on from here; how fast it trained."""

    def __init__(self, context: Context, motion: SlowMotion) -> None:
        super().__init__()
        self._context, self._motion = context, motion
        self._what = ElidedLabel()
        self._what.setObjectName("status_what")
        self._what.setAccessibleName("What the machine is doing")
        self._speed = SteadyLabel("000 000 iterations/s when training")
        self._speed.setObjectName("status_speed")
        self.setSizeGripEnabled(False)
        self.setContentsMargins(8, 0, 8, 0)
        self.addWidget(self._what, 1)
        self._motion_speed = SpeedControl(motion, context.settings)
        self.addPermanentWidget(self._motion_speed)
        self.addPermanentWidget(self._speed)
        context.session.state_changed.connect(self._refresh)
        context.session.refreshed.connect(self._refresh)
        motion.playing_changed.connect(self._refresh)
        self.messageChanged.connect(self._tell_whole)
        self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A message is elided where there is no room for it; Qt would cut it off."""
        if not self.currentMessage():
            super().paintEvent(event)
            return
        option, painter = QStyleOption(), QPainter(self)
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelStatusBar, option, painter, self)
        painter.setPen(self._what.palette().color(self._what.foregroundRole()))
        painter.drawText(self._room, Qt.AlignmentFlag.AlignVCenter, self.shown_message)

    @property
    def shown_message(self) -> str:
        """The message at hand as it fits."""
        return self.fontMetrics().elidedText(self.currentMessage(), Qt.TextElideMode.ElideRight, self._room.width())

    @property
    def _room(self) -> QRect:
        """Where a message stands: in place of what the machine is doing."""
        others = [widget.x() for widget in (self._motion_speed, self._speed) if widget.isVisible()]
        left = self._what.x()
        return QRect(left, 0, min(others, default=self.width()) - left - _APART, self.height())

    def _tell_whole(self, message: str) -> None:
        self.setToolTip(message if message and self.shown_message != message else "")

    def _refresh(self) -> None:
        session = self._context.session
        self._what.show_text(self._sentence())
        speed = session.iterations_per_second
        self._speed.setText(f"{count(speed)} iterations/s when training" if speed else "")

    def _sentence(self) -> str:
        session = self._context.session
        if session.travel.under_way:
            return "On the way to another moment    F6 stay"
        if session.state is not RunState.PAUSED:
            return "Training    F6 pause"
        machine, timeline = session.machine, session.debugger.timeline
        if self._motion.playing:
            return f"Slow motion, next a step of the {machine.op.phase.value} phase    F6 pause"
        if below := self._context.stepping.standing():
            return f"In {label_text(machine.op.label)}: {below}    F11 in · F10 next · Shift+F11 out"
        if session.debugger.hits:
            return f"{stopped(session.debugger.hits)}    F5 continue · F10 next operation"
        if timeline.in_past:
            come = moment_words(timeline.furthest, machine.batches.per_epoch)
            return f"In the past: the run has come to {come}    Alt+End back there · an edit begins another run here"
        if session.debugger.at_start:
            return "At the initial weights    F5 train · F10 next operation · F8 mini-batch · F7 epoch"
        if session.debugger.stopped is not None:
            return f"{session.debugger.stopped}    F5 continue"
        if machine.at_boundary:
            return "Paused between two mini-batches    F5 continue · F10 next operation · F8 mini-batch · F7 epoch"
        last = machine.last_op
        phase = last.phase.value if last else ""
        return f"Paused in the {phase} phase    F10 next operation · Shift+F11 finish the phase · F8 mini-batch"


def _metric(metric: Metric, value: float) -> str:
    if isnan(value):
        return "—"
    return f"{100 * value:.1f} %" if metric.is_percentage else short(value, 3)
