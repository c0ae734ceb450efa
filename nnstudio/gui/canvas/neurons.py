"""Paints the neurons: their output as a fill or as a small map, the number under them, and the bias at their corner."""

from collections.abc import Callable
from functools import partial
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from nnstudio.engine.machine import Freshness
from nnstudio.engine.ops import Phase
from nnstudio.explain import numbers
from nnstudio.gui.theme import LIGHT, Theme

from . import target as targets
from .edges import DIMMED
from .layout import LABEL_HEIGHT, Column, Layout
from .plane import Plane
from .reading import Neurons, Reading
from .shades import Shades
from .target import Kind, Target

_LABEL_WIDTH = 96.0
_DECIMALS = 3
_PALEST_DOT = 0.35
_MARGIN = 8
_DROPPED = 0.35

_Paint = Callable[[QPainter, QRectF, float], None]
"""Marks a place with rounded corners of a radius."""


class NeuronsItem(QGraphicsItem):
    """All drawn neurons with their biases and labels."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self.hovered: Target | None = None
        self.chosen: Target | None = None
        self.lit: tuple[Target, ...] = ()
        """The neuron at work, and the bias of the term at hand."""
        self.path: tuple[Target, ...] = ()
        """A path that is pointed at elsewhere."""
        self._font = font
        self._layout: Layout | None = None
        self._reading: Reading | None = None
        self._plane: Plane | None = None
        self._theme = LIGHT
        self._fills = Shades(LIGHT)
        self._dots = Shades(LIGHT, palest=_PALEST_DOT)
        self._labels: list[list[str]] = []
        self._pictures: list[_Picture] = []

    def set_layout(self, layout: Layout, plane: Plane | None) -> None:
        self.prepareGeometryChange()
        self._layout, self._plane, self._reading = layout, plane, None
        self._pictures = [_Picture(column, layout.height) for column in layout.columns]

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._fills, self._dots = Shades(theme), Shades(theme, palest=_PALEST_DOT)

    def take(self, reading: Reading) -> None:
        """Take the numbers to paint."""
        assert self._layout is not None
        self._reading = reading
        columns = zip(self._layout.columns, reading.neurons, strict=True)
        self._labels = [_labels(column, neurons) for column, neurons in columns]
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._layout.width, self._layout.height) if self._layout else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._reading is None or self._layout is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for column in self._layout.columns:
            painter.setOpacity(DIMMED if self._reading.work.dims(column.layer) else 1.0)
            self._paint_column(painter, column, self._reading.neurons[column.layer])
        painter.setOpacity(1.0)
        work, path = partial(self._paint_lit, self._reading.work.phase), partial(self._paint_lit, Phase.BACKWARD)
        marks: list[tuple[Target | None, _Paint]] = [(mark, work) for mark in self.lit]
        marks += [(mark, path) for mark in self.path]
        for mark, paint in (*marks, (self.hovered, self._paint_halo), (self.chosen, self._paint_ring)):
            if mark is not None and mark.kind is not Kind.WEIGHT:
                self._paint_mark(painter, mark, paint)

    def _paint_column(self, painter: QPainter, column: Column, neurons: Neurons) -> None:
        draw = partial(self._paint_squares, column=column, neurons=neurons)
        self._pictures[column.layer].paint(painter, self._looks(column, neurons), draw)
        if column.labelled:
            painter.setOpacity(1.0)  # the dimmed are still read
            self._paint_labels(painter, column, neurons)

    def _looks(self, column: Column, neurons: Neurons) -> tuple[object, ...]:
        """All that the squares and their biases are painted from."""
        pen = self._outline(column.layer)
        fills = self._plane.version if self._plane is not None else (neurons.freshness, neurons.shades.tobytes())
        marks = neurons.bias_shades.tobytes(), neurons.dropped.tobytes()
        return self._theme, pen.color().rgba(), pen.widthF(), fills, *marks

    def _paint_squares(self, painter: QPainter, column: Column, neurons: Neurons) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        radius = corner(column.size)
        for place, y in enumerate(column.ys):
            painter.setPen(self._outline(column.layer))
            painter.setBrush(self._fill(column, neurons, place, y))
            if neurons.dropped.size and neurons.dropped[place]:
                self._paint_dropped(painter, square(column, y), radius)
            else:
                painter.drawRoundedRect(square(column, y), radius, radius)
        if neurons.biases.size:
            self._paint_biases(painter, column, neurons)

    def _paint_dropped(self, painter: QPainter, place: QRectF, radius: float) -> None:
        """Left out by dropout: paler, and crossed out."""
        painter.setOpacity(_DROPPED)
        painter.drawRoundedRect(place, radius, radius)
        painter.setOpacity(1.0)
        painter.setPen(QPen(QColor(self._theme.muted), max(place.width() * 0.06, 1.0)))
        inside = place.adjusted(radius, radius, -radius, -radius)
        painter.drawLine(inside.topLeft(), inside.bottomRight())
        painter.drawLine(inside.topRight(), inside.bottomLeft())

    def _outline(self, layer: int) -> QPen:
        """Lit in the colour of the phase where the last operation worked, else a quiet line."""
        assert self._reading is not None
        work = self._reading.work
        if work.phase is not None and work.lights(layer):
            return QPen(self._theme.phase(work.phase), 2.0)
        return QPen(QColor(self._theme.line), 1.0)

    def _fill(self, column: Column, neurons: Neurons, place: int, y: float) -> QBrush:
        if self._plane is not None:
            return self._plane.brush(column.layer, place, column.left, y - column.size / 2, column.size)
        if neurons.freshness is Freshness.UNKNOWN:
            return QBrush(QColor(self._theme.field))
        return QBrush(self._fills.colour(float(neurons.shades[place])))

    def _paint_biases(self, painter: QPainter, column: Column, neurons: Neurons) -> None:
        radius = bias_radius(column.size)
        painter.setPen(QPen(QColor(self._theme.panel), max(radius * 0.4, 0.75)))
        for y, shade in zip(column.ys, neurons.bias_shades.tolist(), strict=True):
            painter.setBrush(self._dots.colour(shade) if shade else QColor(self._theme.stale))
            painter.drawEllipse(bias_centre(column, y), radius, radius)

    def _paint_labels(self, painter: QPainter, column: Column, neurons: Neurons) -> None:
        painter.setFont(self._font)
        assert self._reading is not None
        quiet = neurons.freshness is not Freshness.FRESH or self._reading.work.dims(column.layer)
        painter.setPen(QColor(self._theme.stale if quiet else self._theme.muted))
        for y, text in zip(column.ys, self._labels[column.layer], strict=True):
            below = QRectF(column.x - _LABEL_WIDTH / 2, y + column.size / 2 + 2, _LABEL_WIDTH, LABEL_HEIGHT)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_mark(self, painter: QPainter, mark: Target, paint: _Paint) -> None:
        assert self._layout is not None
        if mark.layer >= len(self._layout.columns):
            return
        column = self._layout.columns[mark.layer]
        y = column.y_of(mark.unit)
        if y is None:
            return
        if mark.kind is Kind.BIAS:
            radius, centre = bias_radius(column.size) + 1.5, bias_centre(column, y)
            paint(painter, QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius), radius)
        else:
            paint(painter, square(column, y).adjusted(-3, -3, 3, 3), corner(column.size) + 3)

    def _paint_lit(self, phase: Phase | None, painter: QPainter, place: QRectF, radius: float) -> None:
        if phase is not None:
            painter.setPen(QPen(self._theme.phase(phase), 5.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(2, 2, -2, -2), radius - 2, radius - 2)

    def _paint_halo(self, painter: QPainter, place: QRectF, radius: float) -> None:
        colour = QColor(self._theme.accent)
        colour.setAlphaF(0.28)
        painter.setPen(QPen(colour, 4.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place, radius, radius)

    def _paint_ring(self, painter: QPainter, place: QRectF, radius: float) -> None:
        painter.setPen(QPen(QColor(self._theme.accent), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place, radius, radius)


class _Picture:
    """The squares of one column as they were painted last: most steps change one column or two."""

    def __init__(self, column: Column, height: float) -> None:
        left = floor(column.left) - _MARGIN
        self._place = QRectF(left, 0, ceil(column.right) + _MARGIN - left, ceil(height))
        self._looks: tuple[object, ...] = ()
        self._picture = QPixmap()

    def paint(self, painter: QPainter, looks: tuple[object, ...], draw: Callable[[QPainter], None]) -> None:
        """Paint the picture; `draw` it anew where it is to look another way, or is wanted at another size."""
        ratio = painter.device().devicePixelRatioF() * painter.worldTransform().m11()
        size = (self._place.size() * ratio).toSize()
        if looks != self._looks or size != self._picture.size():
            self._looks = looks
            if size != self._picture.size():
                self._picture = QPixmap(size)
            self._picture.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._picture)
            inner.scale(ratio, ratio)
            inner.translate(-self._place.topLeft())
            draw(inner)
            inner.end()
        painter.drawPixmap(self._place, self._picture, QRectF(self._picture.rect()))


def square(column: Column, y: float) -> QRectF:
    """The neuron centred at `y`."""
    return QRectF(column.left, y - column.size / 2, column.size, column.size)


def corner(size: float) -> float:
    return size * 0.18


def bias_radius(size: float) -> float:
    return min(max(size * 0.12, 2.0), 5.5)


def bias_centre(column: Column, y: float) -> QPointF:
    return QPointF(column.left + 1, y + column.size / 2 - 1)


def _labels(column: Column, neurons: Neurons) -> list[str]:
    if not column.labelled:
        return []
    known = neurons.freshness is not Freshness.UNKNOWN
    return [
        f"{targets.neuron(column.layer, unit).symbol} {numbers.fixed(value, _DECIMALS) if known else '—'}"
        for unit, value in zip(column.drawn, neurons.outputs.tolist(), strict=True)
    ]
