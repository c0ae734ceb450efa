"""Curves over one number, large enough to be read from the back of a lecture hall.

A click, a drag or the arrow keys choose a place on the horizontal axis; dots mark what the curves say there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.line_chart import Trace
from nnstudio.gui.plots.markers import Look, draw, line_pen
from nnstudio.gui.plots.ranges import Range

_WIDTH = 2.5
_DOT = 11.0
_TINT = 0.10
_KEY_STEPS = 50


@dataclass(frozen=True, slots=True)
class Dot:
    """A marked place, with a word beside it where one is needed."""

    x: float
    y: float
    look: Look
    text: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the horizontal axis on a ground of its own, with what it means."""

    low: float
    high: float
    colour: str
    text: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What the chart shows. `at` is the chosen place on the horizontal axis."""

    x: Range
    y: Range
    traces: tuple[Trace, ...] = ()
    dots: tuple[Dot, ...] = ()
    bands: tuple[Band, ...] = ()
    at: float | None = None


class FunctionChart(Chart):
    """`placed` carries the place that a person chose."""

    placed = Signal(float)

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(name, title, parent)
        self.drawing = Drawing((0.0, 1.0), (0.0, 1.0))
        self.setCursor(Qt.CursorShape.CrossCursor)

    def show_drawing(self, drawing: Drawing) -> None:
        self.drawing = drawing
        if (drawing.x, drawing.y) != (self.x_range, self.y_range):
            self.x_range, self.y_range = drawing.x, drawing.y
            self.touch()
        self.update()

    def name_axes(self, x: str, y: str) -> None:
        if (x, y) != (self.x_name, self.y_name):
            self.x_name, self.y_name = x, y
            self.touch()

    @property
    def small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(12)
        return font

    def under(self, painter: QPainter) -> None:
        frame = self.frame
        painter.save()
        painter.setClipRect(frame)
        for band in self.drawing.bands:
            ground = QColor(band.colour)
            ground.setAlphaF(_TINT)
            painter.fillRect(self._across(band), ground)
        painter.restore()
        painter.setPen(QPen(QColor(self.theme.line), 1))
        for tick in self.y_ticks():
            y = round(self.to_pixel(0, tick.place).y()) + 0.5
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
        self._paint_zero_lines(painter)

    def moving(self, painter: QPainter, *, shapes: bool) -> None:
        painter.save()
        painter.setClipRect(self.frame.adjusted(-_DOT, -_DOT, _DOT, _DOT))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.drawing.at is not None:
            x = self.to_pixel(self.drawing.at, 0).x()
            painter.setPen(line_pen(self.theme.stale, (3, 3), 1.0))
            painter.drawLine(QPointF(x, self.frame.top()), QPointF(x, self.frame.bottom()))
        painter.setClipRect(self.frame.adjusted(-1, -2, 1, 2))
        for trace in self.drawing.traces:
            self._paint_trace(painter, trace)
        painter.restore()
        for dot in self.drawing.dots:
            self._paint_dot(painter, dot)
        for band in self.drawing.bands:
            self._paint_band_text(painter, band)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._place(event.position())
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._place(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        low, high = self.x_range
        if event.key() in steps and self.drawing.at is not None:
            step = steps[Qt.Key(event.key())] * (high - low) / _KEY_STEPS
            self.placed.emit(min(max(self.drawing.at + step, low), high))
            event.accept()
        else:
            super().keyPressEvent(event)

    def _place(self, at: QPointF) -> None:
        low, high = self.x_range
        self.placed.emit(min(max(self.from_pixel(at)[0], low), high))

    def _paint_zero_lines(self, painter: QPainter) -> None:
        """Where x and where the value is 0, a little stronger than the grid."""
        frame, zero = self.frame, self.to_pixel(0, 0)
        painter.setPen(QPen(QColor(self.theme.stale), 1))
        if frame.left() < zero.x() < frame.right():
            x = round(zero.x()) + 0.5
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
        if frame.top() < zero.y() < frame.bottom():
            y = round(zero.y()) + 0.5
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))

    def _paint_trace(self, painter: QPainter, trace: Trace) -> None:
        frame = self.frame
        (left, right), (bottom, top) = self.x_range, self.y_range
        x = frame.left() + (trace.x - left) / (right - left) * frame.width()
        y = frame.bottom() - (trace.y - bottom) / (top - bottom) * frame.height()
        known = np.isfinite(x) & np.isfinite(y)
        tall = 4 * self.height()
        line = list(map(QPointF, x[known].tolist(), np.clip(y[known], -tall, tall).tolist()))
        painter.setPen(line_pen(trace.colour, trace.dash, _WIDTH))
        painter.drawPolyline(QPolygonF(line))

    def _paint_dot(self, painter: QPainter, dot: Dot) -> None:
        at = self.to_pixel(dot.x, dot.y)
        if not (np.isfinite((dot.x, dot.y)).all() and self.frame.adjusted(-2, -2, 2, 2).contains(at)):
            return
        draw(painter, at, dot.look, _DOT)
        if dot.text:
            self._paint_word(painter, dot.text, at, dot.look.fill)

    def _paint_word(self, painter: QPainter, text: str, at: QPointF, colour: str) -> None:
        """Below and to the right of a dot, or where there is room, on a ground that keeps it clear of the curves."""
        painter.setFont(self._strong)
        width = painter.fontMetrics().horizontalAdvance(text) + 8
        left = at.x() + 10 if at.x() + 10 + width < self.frame.right() else at.x() - 10 - width
        top = at.y() + 6 if at.y() + 26 < self.frame.bottom() else at.y() - 26
        area, ground = QRectF(left, top, width, 20), QColor(self.theme.panel)
        ground.setAlphaF(0.8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(area, 4, 4)
        painter.setPen(QColor(colour))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_band_text(self, painter: QPainter, band: Band) -> None:
        """In its middle, where a curve from one end of its range to the other is not."""
        area = self._across(band)
        painter.setFont(self._strong)
        if painter.fontMetrics().horizontalAdvance(band.text) + 12 <= area.width():
            painter.setPen(QColor(band.colour))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, band.text)

    def _across(self, band: Band) -> QRectF:
        (low, high), frame = self.x_range, self.frame
        left, right = (self.to_pixel(min(max(x, low), high), 0).x() for x in (band.low, band.high))
        return QRectF(left, frame.top(), right - left, frame.height())

    @property
    def _strong(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(13)
        font.setWeight(QFont.Weight.DemiBold)
        return font


def value_range(traces: Sequence[Trace], bounds: Range, air: float = 0.08) -> Range:
    """A vertical stretch for curves: bounded ones get the whole of their range, others what they take."""
    low, high = bounds
    known = np.concatenate([trace.y[np.isfinite(trace.y)] for trace in traces] or [np.zeros(1)])
    if len(known):
        low = low if np.isfinite(low) else min(float(known.min()), 0.0)
        high = high if np.isfinite(high) else max(float(known.max()), 0.0)
    if not (np.isfinite((low, high)).all() and high > low):
        low, high = (low, low + 1.0) if np.isfinite(low) else (0.0, 1.0)
    span = (high - low) * air
    return low - span, high + span
