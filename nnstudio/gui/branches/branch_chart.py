"""The curves of branches: one shared trunk up to the fork, and from there a line each."""

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from nnstudio.explain.numbers import count, short
from nnstudio.gui.plots.line_chart import LineChart, Trace
from nnstudio.gui.plots.markers import line_pen
from nnstudio.gui.plots.ranges import Range, linear_range, log_range
from nnstudio.gui.plots.series import Limits, decimate, nearest
from nnstudio.gui.plots.ticks import Tick, linear_ticks, log_ticks
from nnstudio.gui.theme import Theme

from .lanes import Lanes, Line, Quantity
from .looks import look

_LEAST_EPOCHS = 4.0
_ROOM_FOR_NAME = 54


class BranchChart(LineChart):
    """Shows `quantity` of the lanes, on a logarithmic axis where `log`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("branch_chart", "Curves of the branches", parent)
        self.quantity = Quantity.TRAINING
        self.log = True
        self._lanes: Lanes | None = None
        self._log_drawn = True
        self.x_name = "epoch"

    def show_lanes(self, lanes: Lanes | None, theme: Theme) -> None:
        """Draw what can be seen of the branches now."""
        if theme is not self.theme:
            self.set_theme(theme)
        self._lanes = lanes
        if lanes is None:
            self.set_traces(())
            return
        self.x_range = _x_range(lanes, self.quantity)
        shown = [self._clipped(line) for line in self._lines(lanes)]
        limits = Limits.of(shown)
        self._log_drawn = self.log and limits.positive == limits.positive
        y_range = log_range(limits) if self._log_drawn else linear_range(limits)
        if y_range != self.y_range:
            self.y_range = y_range
            self.touch()
        self.y_name = "J" if self.quantity is Quantity.BATCH else f"J, {self.quantity.value.lower()}"
        self.set_traces(self._traces(lanes))
        self.setAccessibleDescription(self._told(lanes))

    def y_ticks(self) -> list[Tick]:
        most = max(int(self.height() // 36), 4)
        return log_ticks(*self.y_range, most) if self._log_drawn else linear_ticks(*self.y_range, most)

    def under(self, painter: QPainter) -> None:
        super().under(painter)
        if self._lanes is None:
            return
        x, frame = self.to_pixel(self._lanes.fork, 0).x(), self.frame
        painter.setPen(line_pen(self.theme.stale, (2, 3), 1.0))
        painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
        painter.setFont(self.small)
        painter.setPen(QColor(self.theme.muted))
        left = x + 4 if x + _ROOM_FOR_NAME < frame.right() else x - 26
        painter.drawText(QPointF(left, frame.bottom() - 5), "fork")

    def tip(self, at: QPointF) -> str:
        """All costs at the epoch under the pointer."""
        if self._lanes is None or not self.frame.contains(at):
            return ""
        x = self.from_pixel(at)[0]
        said = []
        for lane in self._lanes.lanes:
            line = lane.lines.get(self.quantity)
            if line is not None and len(line.x) and line.x[0] <= x:
                place = nearest(line.x, x)
                said.append(f"{lane.label}: {short(float(line.y[place]))} after epoch {count(int(line.x[place]))}")
        return "\n".join(said)

    def _lines(self, lanes: Lanes) -> list[Line]:
        every = [lanes.trunk.get(self.quantity), *(lane.lines.get(self.quantity) for lane in lanes.lanes)]
        return [line for line in every if line is not None]

    def _clipped(self, line: Line) -> np.ndarray:
        shown: np.ndarray = line.y[line.x >= self.x_range[0]]
        return shown

    def _traces(self, lanes: Lanes) -> list[Trace]:
        trunk = lanes.trunk.get(self.quantity)
        traces = [] if trunk is None else [self._trace(trunk, self.theme.muted, ())]
        for lane in reversed(lanes.lanes):  # the original on top
            if (line := lane.lines.get(self.quantity)) is not None:
                key = look(lane.number, lane.label, self.theme)
                traces.append(self._trace(line, key.colour, key.dash))
        return traces

    def _trace(self, line: Line, colour: str, dash: tuple[float, ...]) -> Trace:
        shown = line.x >= self.x_range[0]
        x, y = decimate(line.x[shown], line.y[shown], max(int(self.frame.width()), 1))
        if self._log_drawn:
            y = np.log10(np.where((y > 0) & np.isfinite(y), y, np.nan))
        return Trace(x, y, colour, dash)

    def _told(self, lanes: Lanes) -> str:
        return "; ".join(
            f"{lane.label}: cost {short(lane.cost)} after epoch {count(lane.epoch)}" for lane in lanes.lanes
        )


def _x_range(lanes: Lanes, quantity: Quantity) -> Range:
    """The fork in sight: as many epochs before it as behind it."""
    lines = [lane.lines[quantity] for lane in lanes.lanes if quantity in lane.lines]
    last = max((float(line.x[-1]) for line in lines if len(line.x)), default=lanes.fork)
    behind = max(last - lanes.fork, _LEAST_EPOCHS)
    before = 0.0 if quantity is Quantity.BATCH else behind
    return max(lanes.fork - before, 0.0), lanes.fork + 1.02 * behind
