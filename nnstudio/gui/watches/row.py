"""One watch in the list: its switch, how it stands, and each measured value beside its threshold."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from nnstudio.explain.numbers import short
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.number_field import NumberField, step_in_decades
from nnstudio.training.watches import Threshold, Watch

from . import words
from .sign import Sign
from .watching import Standing, State

_TITLE_WIDTH, _STATE_WIDTH, _VALUE_WIDTH, _SIDE_WIDTH, _FIELD_WIDTH = 112, 40, 72, 12, 64
_COLUMNS = {2: (_TITLE_WIDTH, 5), 3: (_STATE_WIDTH, 4), 4: (_VALUE_WIDTH, 0)}
"""Their least widths, and their shares in what is left."""
_LINE = 28


class WatchRow(QWidget):
    """`chosen` when it is clicked or gets the focus; `entered` carries which threshold is to be set to what."""

    chosen = Signal()
    switched = Signal(bool)
    entered = Signal(int, float)
    rejected = Signal(str)
    left = Signal(int)
    """Up or Down was pressed: to the row before or after."""

    def __init__(self, watch: Watch, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName(f"watch_{watch.name}")
        self.watch = watch
        self._appearance = appearance
        self._current = False
        self._text = ""
        self.sign = Sign(appearance)
        self.switch = QCheckBox()
        self.switch.setObjectName(f"switch_{watch.name}")
        self.switch.setToolTip("Stop the training when it comes true")
        self.switch.clicked.connect(self.switched)
        self.title = ElidedLabel(watch.title)
        self.title.setMinimumWidth(_TITLE_WIDTH)
        self.state = ElidedLabel()
        self.state.setMinimumWidth(_STATE_WIDTH)
        self.state.setProperty("muted", True)
        self.lines = [_Line(watch, number, threshold) for number, threshold in enumerate(watch.thresholds)]
        self._lay_out()
        self._listen()

    def show_standing(self, standing: Standing, current: bool) -> None:
        """Show what was measured."""
        self.sign.show_state(standing.state)
        self.switch.setChecked(standing.on)
        worst = words.where(standing.worst)
        state = "not here" if standing.state is State.ABSENT else standing.state.value
        self.state.show_text(f"{state} · {worst}" if worst else state, standing.why_not)
        for line, level, reading in zip(self.lines, standing.levels, standing.readings, strict=True):
            trouble = reading is not None and reading.trouble
            line.show_line(words.measured(line.threshold, reading), level, trouble, self._appearance)
        summary = words.summary(standing)
        if summary != self._text:
            self._text = summary
            self.switch.setAccessibleName(summary)
            self.switch.setAccessibleDescription("Stop the training when it comes true")
        if current != self._current:
            self._current = current
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.chosen.emit()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self.switch:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self.left.emit(step)
                return True
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit()
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._current:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._appearance.theme.chosen))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0, 1, 0, -1), 5, 5)
            painter.end()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 2, 8, 2)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        for column, (width, stretch) in _COLUMNS.items():
            grid.setColumnMinimumWidth(column, width)
            grid.setColumnStretch(column, stretch)
        grid.addWidget(self.sign, 0, 0)
        grid.addWidget(self.switch, 0, 1)
        grid.addWidget(self.title, 0, 2)
        several = len(self.lines) > 1
        grid.addWidget(self.state, 0, 3, 1, 4 if several else 1)
        for place, line in enumerate(self.lines, int(several)):
            if several:
                grid.addWidget(line.what, place, 2, 1, 2)
            grid.addWidget(line.value, place, 4)
            grid.addWidget(line.side, place, 5)
            grid.addWidget(line.field, place, 6)
            grid.setRowMinimumHeight(place, _LINE)
        grid.setRowMinimumHeight(0, _LINE)

    def _listen(self) -> None:
        self.switch.installEventFilter(self)
        for number, line in enumerate(self.lines):
            line.field.entered.connect(partial(self.entered.emit, number))
            line.field.rejected.connect(self.rejected)
            line.field.installEventFilter(self)


class _Line:
    """A measured value beside its threshold."""

    def __init__(self, watch: Watch, number: int, threshold: Threshold) -> None:
        self.threshold = threshold
        self._colour = ""
        self.what = ElidedLabel(threshold.what)
        self.what.setProperty("muted", True)
        self.value = ElidedLabel(right=True)
        self.value.setObjectName(f"measured_{watch.name}_{number}")
        self.value.setAccessibleName(f"{watch.title}: measured {threshold.what}")
        self.value.setFixedWidth(_VALUE_WIDTH)
        self.side = QLabel(threshold.side.value)
        self.side.setProperty("muted", True)
        self.side.setFixedWidth(_SIDE_WIDTH)
        unit = f" in {threshold.unit}" if threshold.unit else ""
        what = f"{watch.title}: threshold of {threshold.what}{unit}"
        self.field = NumberField(f"threshold_{watch.name}_{number}", what, step_in_decades)
        self.field.setFixedWidth(_FIELD_WIDTH)
        self.field.setToolTip(
            f"True where {threshold.what} {threshold.side} this{unit}; {short(threshold.first)} to begin with"
        )

    def show_line(self, text: str, level: float, trouble: bool, appearance: Appearance) -> None:
        self.value.show_text(text)
        colour = appearance.theme.error if trouble else ""
        if colour != self._colour:
            self._colour = colour
            self.value.setStyleSheet(f"color: {colour}; font-weight: 600;" if colour else "")
        if not self.field.hasFocus() or self.field.value != level:
            self.field.show_value(level)
