"""The landscape as a surface, to be turned with the mouse or the arrow keys.

It is painted without OpenGL, so it is there on every computer (over a remote desktop and in a virtual machine too), and
a file keeps its shapes.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nnstudio.explain.landscape.relief import HEIGHT, Eye, Faces, Relief
from nnstudio.explain.landscape.survey import Level
from nnstudio.explain.numbers import short
from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.markers import Look, Marker, draw, line_pen

from .map_chart import STRENGTH, Way, capped, colours_of, shades

_MARGIN = 16.0
_RADIANS_A_PIXEL = 0.01
_KEY_TURN = 0.1
_SHADOW = 0.35
"""How much darker a face is that no light falls on."""


class SurfaceChart(Chart):
    """`eye` is where it is looked at from."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(name, title, parent)
        self.level: Level | None = None
        self.way = Way(np.empty((0, 2)))
        self.eye = Eye()
        self._relief = Relief(np.zeros((2, 2)))
        self._dragged: QPointF | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    @property
    def frame(self) -> QRectF:
        return QRectF(self.rect()).adjusted(2, 2, -2, -2)

    def show_level(self, level: Level) -> None:
        if level is not self.level:
            self.level = level
            self._relief = Relief(_linear(capped(np.where(np.isfinite(level.values), level.values, np.nan))))
            self.update()

    def show_way(self, way: Way) -> None:
        self.way = way
        self.update()

    def turn(self, turn: float, elevation: float) -> None:
        """Look at it from further round, or from higher."""
        self.eye = self.eye.turned(turn, elevation)
        self.update()

    def paint(self, painter: QPainter, *, shapes: bool = False) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.level is None:
            return
        self._paint_ground(painter, self.level)
        self._paint_faces(painter, self._relief.faces(self.eye))
        self._paint_way(painter, self.level)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged = event.position()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None and event.buttons() & Qt.MouseButton.LeftButton:
            moved = event.position() - self._dragged
            self._dragged = event.position()
            self.turn(moved.x() * _RADIANS_A_PIXEL, moved.y() * _RADIANS_A_PIXEL)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        turns = {keys.Key_Left: (-1, 0), keys.Key_Right: (1, 0), keys.Key_Up: (0, 1), keys.Key_Down: (0, -1)}
        if event.key() in turns:
            turn, elevation = turns[keys(event.key())]
            self.turn(turn * _KEY_TURN, elevation * _KEY_TURN)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _paint_ground(self, painter: QPainter, level: Level) -> None:
        """The square it stands on, the names of its sides, and the heights of J at its corner on the left."""
        corners = np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], np.float64)
        places = self._pixels(self.eye.seen(corners)[:, :2])
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(QPolygonF(places))
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        left = min(range(4), key=lambda corner: places[corner].x())
        top = self._pixels(self.eye.seen(corners[left] + np.array([0, 0, HEIGHT]))[None, :2])[0]
        painter.setPen(QPen(QColor(self.theme.stale), 1))
        painter.drawLine(places[left], top)
        painter.setPen(QColor(self.theme.muted))
        heights = capped(level.values)
        known = heights[np.isfinite(heights)]
        for at, value in ((places[left], known.min()), (top, known.max())):
            self._write(painter, at + QPointF(-34, 0), f"J {short(float(value), 3)}")
        self._name_sides(painter, level, places)

    def _name_sides(self, painter: QPainter, level: Level, places: list[QPointF]) -> None:
        """Each axis at the nearer of its two sides, outside of the picture."""
        for axis, sides in zip(level.axes.axes, (((0, 1), (3, 2)), ((0, 3), (1, 2))), strict=True):
            low, high = axis.offset - axis.reach, axis.offset + axis.reach
            begin, end = max(((places[a], places[b]) for a, b in sides), key=lambda ends: ends[0].y() + ends[1].y())
            text = f"{axis.name}   {short(low, 3)} … {short(high, 3)}"
            size = QSizeF(painter.fontMetrics().horizontalAdvance(text) + 4.0, 16.0)
            painter.drawText(beside((begin, end), size, self.frame), Qt.AlignmentFlag.AlignCenter, text)

    def _write(self, painter: QPainter, at: QPointF, text: str) -> None:
        width = painter.fontMetrics().horizontalAdvance(text) + 4.0
        x = min(max(at.x() - width / 2, 0.0), self.width() - width)
        y = min(max(at.y() - 8, 0.0), self.height() - 16.0)
        painter.drawText(QRectF(x, y, width, 16), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_faces(self, painter: QPainter, faces: Faces) -> None:
        deep = np.sqrt(np.clip(faces.heights, 0, 1)) * STRENGTH
        colours = colours_of(deep, self.theme) * (1 - _SHADOW + _SHADOW * faces.light[:, None])
        edge = QColor(self.theme.text)
        edge.setAlphaF(0.12)
        painter.setPen(QPen(edge, 0.5))
        for corners, colour in zip(faces.corners, np.rint(colours).astype(int).tolist(), strict=True):
            painter.setBrush(QColor(*colour))
            painter.drawPolygon(QPolygonF(self._pixels(corners)))

    def _paint_way(self, painter: QPainter, level: Level) -> None:
        """Over the surface, wherever it is: what lies behind a hill is seen through it."""
        path = self._on_surface(level, self.way.path)
        if not path:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((self.theme.panel, 5.0), (self.theme.text, 2.5)):
            painter.setPen(line_pen(colour, (), width))
            painter.drawPolyline(QPolygonF(path))
        draw(painter, path[0], Look(Marker.CIRCLE, self.theme.panel, self.theme.text, 2.0), 9)
        draw(painter, path[-1], Look(Marker.CIRCLE, self.theme.accent, self.theme.panel, 2.0), 16)
        if self.way.landing is not None and (landing := self._on_surface(level, self.way.landing[None])):
            painter.setPen(line_pen(self.theme.update, (), 3.0))
            painter.drawLine(path[-1], landing[0])
            draw(painter, landing[0], Look(Marker.DIAMOND, self.theme.update, self.theme.panel, 1.5), 10)

    def _on_surface(self, level: Level, places: np.ndarray) -> list[QPointF]:
        """Those of the places that lie on the surface, in pixels."""
        ranges = np.array(level.axes.ranges())
        seen = self._relief.places((places - ranges[:, 0]) / (ranges[:, 1] - ranges[:, 0]), self.eye)
        return self._pixels(seen[np.isfinite(seen).all(axis=1)])

    def _pixels(self, seen: np.ndarray) -> list[QPointF]:
        """Places (n × right, up) in the picture; the whole of the body has room, however it is turned."""
        across = 2 * 2**0.5
        tall = HEIGHT * float(np.cos(self.eye.elevation)) + across * float(np.sin(self.eye.elevation))
        frame = self.frame.adjusted(_MARGIN, 4, -_MARGIN, -_MARGIN)
        scale = min(frame.width() / across, frame.height() / tall)
        middle = frame.center().y() + scale * HEIGHT * float(np.cos(self.eye.elevation)) / 2
        x, y = frame.center().x() + scale * seen[:, 0], middle - scale * seen[:, 1]
        return list(map(QPointF, x.tolist(), y.tolist()))


def beside(side: tuple[QPointF, QPointF], size: QSizeF, frame: QRectF) -> QRectF:
    """Where a text of this size stands at the middle of a side of the ground, away from the middle of the frame; where
    it would reach beyond the frame it moves inwards, and below the side."""
    begin, end = side
    middle, outwards = (begin + end) / 2, (begin + end).x() / 2 > frame.center().x()
    wanted = middle.x() + 8 if outwards else middle.x() - 8 - size.width()
    x = min(max(wanted, frame.left()), frame.right() - size.width())
    y = middle.y()
    if x != wanted:
        inner = x if outwards else x + size.width()
        slope = (end.y() - begin.y()) / ((end.x() - begin.x()) or 1.0)
        y = max(y, y + slope * (inner - middle.x()))
    return QRectF(QPointF(x, min(y + 2, frame.bottom() - size.height())), size)


def _linear(values: np.ndarray) -> np.ndarray:
    """Heights from 0 to 1."""
    squares: np.ndarray = shades(values) ** 2
    return squares
