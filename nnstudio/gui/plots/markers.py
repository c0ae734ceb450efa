"""Small shapes for points and lines, so that colour never tells things apart alone.

Thousands of points are drawn by stamping one small picture; a file that keeps its shapes (SVG) gets the shapes.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import cos, pi, sin

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

DASHES: tuple[tuple[float, ...], ...] = ((), (6, 4), (2, 3), (8, 3, 2, 3))


class Marker(StrEnum):
    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    STAR = "star"
    DOWN = "triangle down"
    PLUS = "plus"


MARKERS = tuple(Marker)


@dataclass(frozen=True, slots=True)
class Look:
    """A marker and its colours, as #rrggbb; a hollow one is filled with the ground. `scale` makes it smaller than
    others."""

    marker: Marker
    fill: str
    edge: str
    edge_width: float = 1.0
    scale: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points of one look, in the units of the axes."""

    x: np.ndarray
    y: np.ndarray
    look: Look


@cache
def shape(marker: Marker) -> QPainterPath:
    """The marker around (0, 0), about 1 across, all of like area."""
    path = QPainterPath()
    if marker is Marker.CIRCLE:
        path.addEllipse(QPointF(), 0.5, 0.5)
    elif marker is Marker.SQUARE:
        path.addRect(QRectF(-0.44, -0.44, 0.88, 0.88))
    elif marker is Marker.PLUS:
        path.addRect(QRectF(-0.18, -0.55, 0.36, 1.1))
        path.addRect(QRectF(-0.55, -0.18, 1.1, 0.36))
        path = path.simplified()
    elif marker is Marker.STAR:
        path.addPolygon(_corners(10, 0.65, 0.3))
    else:
        count, turn = {Marker.TRIANGLE: (3, 0.0), Marker.DOWN: (3, pi), Marker.DIAMOND: (4, 0.0)}[marker]
        path.addPolygon(_corners(count, 0.6, 0.6, turn))
    path.closeSubpath()
    return path


def draw(painter: QPainter, at: QPointF, look: Look, size: float) -> None:
    """One marker `size` pixels across."""
    size *= look.scale
    painter.save()
    painter.translate(at)
    painter.scale(size, size)
    painter.setPen(QPen(QColor(look.edge), look.edge_width / size))
    painter.setBrush(QColor(look.fill))
    painter.drawPath(shape(look.marker))
    painter.restore()


def stamp(look: Look, size: float, ratio: float) -> QPixmap:
    """A picture of the marker with its middle in the middle."""
    side = round((size + 4) * ratio)
    pixmap = QPixmap(side, side)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter, QPointF(side / ratio / 2, side / ratio / 2), look, size)
    painter.end()
    return pixmap


def draw_all(painter: QPainter, x: np.ndarray, y: np.ndarray, look: Look, size: float, *, shapes: bool) -> None:
    """A marker at each place, in pixels; as shapes where a file should keep them."""
    if shapes:
        for at in map(QPointF, x.tolist(), y.tolist()):
            draw(painter, at, look, size)
        return
    picture = stamp(look, size, painter.device().devicePixelRatioF())
    half = picture.width() / picture.devicePixelRatio() / 2
    for at in map(QPointF, (x - half).tolist(), (y - half).tolist()):
        painter.drawPixmap(at, picture)


def line_pen(colour: str, dash: tuple[float, ...], width: float = 2.0) -> QPen:
    """A pen with dashes of so many pixels."""
    pen = QPen(QColor(colour), width)
    if dash:
        pen.setDashPattern([length / width for length in dash])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _corners(count: int, outer: float, inner: float, turn: float = 0.0) -> QPolygonF:
    radii = (outer, inner)
    angles = [turn - pi / 2 + 2 * pi * n / count for n in range(count)]
    return QPolygonF([QPointF(radii[n % 2] * cos(a), radii[n % 2] * sin(a)) for n, a in enumerate(angles)])
