"""A small plot of a shape: its curves, the axes through 0, a few numbers, and what each line is."""

from collections.abc import Iterator
from math import isfinite

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nnstudio.explain.numbers import short
from nnstudio.explain.writing import Kind
from nnstudio.gui.plots.ticks import linear_ticks
from nnstudio.gui.theme import LIGHT, Theme

from .topic import Mark, Shape

_PLOT_HEIGHT = 104
_LINE = 16
_SAMPLE = 20
_GAP = 6
_PART_OF_RANGE = 0.06
_SMALL = 11
_TICKS = 5
_TANGENT, _DOT = 0.2, 5.0


class ShapePicture(QWidget):
    """It is as wide as it is made, and as high as a plot with one line of words below it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._shape: Shape | None = None
        self._theme = LIGHT
        self._small = QFont(self.font())
        self._small.setPixelSize(_SMALL)
        self.setFixedSize(width, _PLOT_HEIGHT + 2 * _LINE + 6)

    def show_shape(self, shape: Shape, theme: Theme) -> None:
        self._shape, self._theme = shape, theme
        names = " and ".join(curve.name for curve in shape.curves)
        mark = shape.mark
        place = f", at {shape.x_name} = {short(mark.x)} it is {short(mark.y)}" if mark is not None else ""
        self.setAccessibleName(f"Plot of {names} against {shape.x_name}{place}")
        self.update()

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._shape is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small)
        plane = _Plane(self._shape, self._plot_rect())
        self._paint_axes(painter, plane)
        painter.save()
        painter.setClipRect(plane.rect.adjusted(-1, -1, 1, 1))
        for curve in self._shape.curves:
            painter.setPen(self._pen(curve.kind, curve.dashed))
            painter.drawPolyline(QPolygonF(plane.points(self._shape.x, curve.y)))
        if self._shape.mark is not None:
            self._paint_mark(painter, plane, self._shape.mark)
        painter.restore()
        self._paint_legend(painter)

    def _paint_axes(self, painter: QPainter, plane: "_Plane") -> None:
        rect, muted = plane.rect, QColor(self._theme.muted)
        for tick in linear_ticks(plane.low, plane.high, _TICKS):
            y = plane.y(tick.place)
            painter.setPen(QPen(QColor(self._theme.line), 1.0))
            painter.drawLine(QLineF(rect.left(), y, rect.right(), y))
            painter.setPen(muted)
            beside = QRectF(0, y - _LINE / 2, rect.left() - _GAP, _LINE)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.label)
        for tick in linear_ticks(plane.left, plane.right, _TICKS):
            x = plane.x(tick.place)
            if tick.place == 0 and plane.left < 0:
                painter.setPen(QPen(QColor(self._theme.line), 1.0))
                painter.drawLine(QLineF(x, rect.top(), x, rect.bottom()))
            painter.setPen(muted)
            below = QRectF(x - 40, rect.bottom() + 4, 80, _LINE)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, tick.label)

    def _paint_mark(self, painter: QPainter, plane: "_Plane", mark: Mark) -> None:
        """The tangent, lines to the axis and to what is aimed at, and the place itself."""
        assert self._shape is not None
        rect, at, curve = plane.rect, QPointF(plane.x(mark.x), plane.y(mark.y)), self._shape.curves[0]
        painter.setPen(QPen(QColor(self._theme.muted), 1.0, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(at.x(), at.y(), at.x(), rect.bottom()))
        painter.drawLine(QLineF(at.x(), at.y(), rect.left(), at.y()))
        if mark.goal is not None:
            painter.setPen(self._pen(Kind.LOAD, dashed=True))
            painter.drawLine(QLineF(plane.x(mark.goal), rect.top(), plane.x(mark.goal), rect.bottom()))
        if mark.slope is not None and isfinite(mark.slope):
            run = _TANGENT * (plane.right - plane.left)
            ends = (QPointF(plane.x(mark.x + d), plane.y(mark.y + mark.slope * d)) for d in (-run, run))
            painter.setPen(self._pen(Kind.BACKWARD, dashed=False))
            painter.drawLine(*ends)
        painter.setPen(QPen(QColor(self._theme.panel), 1.5))
        painter.setBrush(QColor(getattr(self._theme, curve.kind.value)))
        painter.drawEllipse(at, _DOT, _DOT)

    def _paint_legend(self, painter: QPainter) -> None:
        """The lines and their names at the left, the name of the x axis at the right."""
        assert self._shape is not None
        top, metrics, x = self.height() - _LINE, painter.fontMetrics(), 0.0
        for name, kind, dashed in _lines(self._shape):
            painter.setPen(self._pen(kind, dashed))
            painter.drawLine(QLineF(x, top + _LINE / 2, x + _SAMPLE, top + _LINE / 2))
            painter.setPen(QColor(self._theme.text))
            width = metrics.horizontalAdvance(name)
            place = QRectF(x + _SAMPLE + _GAP, top, width + 2, _LINE)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, name)
            x = place.right() + 2 * _GAP
        painter.setPen(QColor(self._theme.muted))
        rest = QRectF(x, top, self.width() - x, _LINE)
        painter.drawText(rest, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._shape.x_name)

    def _pen(self, kind: Kind, dashed: bool) -> QPen:
        pen = QPen(QColor(getattr(self._theme, kind.value)), 1.75)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setDashPattern([3.0, 2.0])
        return pen

    def _plot_rect(self) -> QRectF:
        """Room at the left for the numbers."""
        assert self._shape is not None
        plane = _Plane(self._shape, QRectF())
        metrics = self.fontMetrics()
        widest = max(
            (metrics.horizontalAdvance(tick.label) for tick in linear_ticks(plane.low, plane.high, _TICKS)), default=0
        )
        return QRectF(widest + _GAP, 4, self.width() - widest - _GAP - 10, _PLOT_HEIGHT - 4)


def _lines(shape: Shape) -> Iterator[tuple[str, Kind, bool]]:
    """What the legend names: each curve, and what belongs to the mark."""
    for curve in shape.curves:
        yield curve.name, curve.kind, curve.dashed
    if shape.mark is not None and shape.mark.slope is not None:
        yield "tangent", Kind.BACKWARD, False
    if shape.mark is not None and shape.mark.goal is not None:
        yield "target", Kind.LOAD, True


class _Plane:
    """Where numbers lie in the rectangle of the plot: from the least to the greatest of all curves, and a little more;
    0 is always in it."""

    def __init__(self, shape: Shape, rect: QRectF) -> None:
        self.rect = rect
        self.left, self.right = float(shape.x[0]), float(shape.x[-1])
        values = np.concatenate([curve.y[np.isfinite(curve.y)] for curve in shape.curves])
        low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
        if shape.most is not None:
            low, high = max(low, -shape.most), min(high, shape.most)
        margin = _PART_OF_RANGE * (high - low or 1.0)
        self.low, self.high = low - margin, high + margin

    def x(self, value: float) -> float:
        span = self.right - self.left
        return self.rect.left() + self.rect.width() * (value - self.left) / (span or 1.0)

    def y(self, value: float) -> float:
        return self.rect.bottom() - self.rect.height() * (value - self.low) / (self.high - self.low)

    def points(self, x: np.ndarray, y: np.ndarray) -> list[QPointF]:
        return [QPointF(self.x(a), self.y(b)) for a, b in zip(x.tolist(), y.tolist(), strict=True) if isfinite(b)]
