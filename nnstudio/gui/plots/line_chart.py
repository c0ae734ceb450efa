"""Points with lines through them: the fitted curve over one input, or predictions against targets.

Both have a grid, because here numbers are read off the axes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from .markers import line_pen
from .point_chart import PointChart


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A line through (x, y) in the units of the axes."""

    x: np.ndarray
    y: np.ndarray
    colour: str
    dash: tuple[float, ...] = ()


class LineChart(PointChart):
    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(name, title, parent)
        self.traces: tuple[Trace, ...] = ()

    def set_traces(self, traces: Sequence[Trace]) -> None:
        self.traces = tuple(traces)
        self.update()

    def under(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self.theme.line), 1))
        frame = self.frame
        for tick in self.y_ticks():
            y = round(self.to_pixel(0, tick.place).y()) + 0.5
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))

    def moving(self, painter: QPainter, *, shapes: bool) -> None:
        painter.save()
        painter.setClipRect(self.frame)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for trace in self.traces:
            self._paint_trace(painter, trace, shapes=shapes)
        painter.restore()
        super().moving(painter, shapes=shapes)

    def _paint_trace(self, painter: QPainter, trace: Trace, *, shapes: bool) -> None:
        x, y = self._pixels(trace.x, trace.y)
        tall = 4 * self.height()
        known = np.isfinite(x) & np.isfinite(y)
        y = np.clip(y, -tall, tall)
        line = QPolygonF(list(map(QPointF, x[known].tolist(), y[known].tolist())))
        painter.setPen(line_pen(trace.colour, trace.dash, 2.0 if shapes else 1.0))
        painter.drawPolyline(line)
        if not shapes:  # two thin lines are cheaper than a wide one
            painter.drawPolyline(line.translated(0, 0.7))
