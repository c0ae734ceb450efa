"""A chart with the data in it as points: one of them, the chosen sample, is ringed, and a click chooses another."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from nnstudio.explain.numbers import short

from .chart import Chart
from .markers import Points, draw_all

_REACH = 12.0
_RADIUS = 6.0


class PointChart(Chart):
    """`places` has the place of every training row that is drawn, in the order of `rows`, their numbers."""

    row_clicked = Signal(int)
    """The training row whose point was clicked."""
    stepped = Signal(int)
    """−1 or 1: the previous or next sample of the mini-batch, by the arrow keys."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(name, title, parent)
        self.points: tuple[Points, ...] = ()
        self.places = np.empty((0, 2))
        self.rows = np.empty(0, dtype=np.int64)
        self._ring: QPointF | None = None
        self._ring_place: tuple[float, float] | None = None
        self.setMouseTracking(False)

    @property
    def ring(self) -> tuple[float, float] | None:
        """The place of the chosen sample in the units of the axes."""
        return self._ring_place

    def set_points(self, points: Sequence[Points], rows: np.ndarray, places: np.ndarray) -> None:
        self.points, self.rows, self.places = tuple(points), rows, places
        self.touch()

    def set_ring(self, place: tuple[float, float] | None) -> None:
        if place != self._ring_place:
            self._ring_place = place
            self.update()

    def row_at(self, at: QPointF) -> int | None:
        """The training row whose point is nearest, if it is near."""
        if not len(self.rows):
            return None
        x, y = self._pixels(self.places[:, 0], self.places[:, 1])
        distances = np.hypot(x - at.x(), y - at.y())
        nearest = int(np.nanargmin(distances)) if np.isfinite(distances).any() else None
        return int(self.rows[nearest]) if nearest is not None and distances[nearest] <= _REACH else None

    def tip(self, at: QPointF) -> str:
        """The numbers of the point under the pointer."""
        row = self.row_at(at)
        if row is None:
            return ""
        x, y = self.places[np.flatnonzero(self.rows == row)[0]]
        return f"{self.x_name} {short(x)}\n{self.y_name} {short(y)}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            row = self.row_at(event.position())
            if row is not None:
                self.row_clicked.emit(row)
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
            event.accept()
        else:
            event.ignore()

    def still(self, painter: QPainter, *, shapes: bool) -> None:
        painter.save()
        painter.setClipRect(self.frame.adjusted(-1, -1, 1, 1))
        size = self.point_size
        for points in self.points:
            x, y = self._pixels(points.x, points.y)
            known = np.isfinite(x) & np.isfinite(y)
            draw_all(painter, x[known], y[known], points.look, size, shapes=shapes)
        painter.restore()

    def moving(self, painter: QPainter, *, shapes: bool) -> None:
        if self._ring_place is None or not np.isfinite(self._ring_place).all():
            return
        at = self.to_pixel(*self._ring_place)
        radius = max(_RADIUS, self.point_size / 2 + 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.theme.panel), 4))
        painter.drawEllipse(at, radius, radius)
        painter.setPen(QPen(QColor(self.theme.text), 2))
        painter.drawEllipse(at, radius, radius)

    @property
    def point_size(self) -> float:
        """Many points, or little room, make small points."""
        count = sum(len(points.x) for points in self.points)
        side = min(self.frame.width(), self.frame.height())
        by_count = 8.0 if count <= 40 else 6.5 if count <= 400 else 5.0
        return by_count + (1.0 if side > 260 else 0.0)

    def _pixels(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        frame = self.frame
        (left, right), (bottom, top) = self.x_range, self.y_range
        across = frame.left() + (x - left) / (right - left) * frame.width()
        return across, frame.bottom() - (y - bottom) / (top - bottom) * frame.height()


def rounded_corners(area: QRectF, radius: float) -> QPainterPath:
    """What lies between a rectangle and the same with round corners."""
    whole, round_ = QPainterPath(), QPainterPath()
    whole.addRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
    round_.addRoundedRect(area, radius, radius)
    return whole.subtracted(round_)
