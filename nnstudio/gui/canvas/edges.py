"""Paints the weights: width by magnitude, colour by sign, both against the largest of the layer or the network.

Strokes are dear to rasterize, so the edges of each gap are kept as a picture, which is painted anew only when a width
or a colour in it has visibly changed. Thin edges take a pen that Qt draws several times faster.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from nnstudio.engine.ops import Phase
from nnstudio.gui.theme import LIGHT, Theme

from .curves import Gap
from .layout import Layout
from .reading import Reading
from .shades import Shades, steps_of
from .target import Kind, Target

DIMMED = 0.42
_MOST_EDGES = 3000
_THINNEST = 0.75
_FAST_WIDTH = 1.3
_WIDTH_STEPS = 4
_PALEST = 0.28
_CROWD = 120
"""From so many edges in a gap on, the weak ones are drawn faint, so that the strong ones can be followed."""
_FLOWING = 48
_DASHES = (5.0, 9.0)
_LIT = 3.0
_ARROW = 7.0
_DIRECTIONS = {Phase.FORWARD: 0, Phase.BACKWARD: 180}


class EdgesItem(QGraphicsItem):
    """All edges of the network. Edges are numbered as in `Gap`."""

    def __init__(self) -> None:
        super().__init__()
        self.hovered: Target | None = None
        self.chosen: Target | None = None
        self.lit: tuple[Target, ...] = ()
        """What the term at hand belongs to."""
        self.path: tuple[Target, ...] = ()
        """A path that is pointed at elsewhere; all other edges stand back."""
        self._layout: Layout | None = None
        self._reading: Reading | None = None
        self._bundles: list[_Bundle] = []
        self._theme = LIGHT
        self._flow: tuple[int, float] | None = None

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(bundle.gap for bundle in self._bundles)

    def set_layout(self, layout: Layout) -> None:
        self.prepareGeometryChange()
        self._layout, self._reading, self._flow = layout, None, None
        share = _MOST_EDGES // max(len(layout.columns) - 1, 1)
        gaps = (Gap.between(source, target) for source, target in pairwise(layout.columns))
        self._bundles = [_Bundle(gap, layout.height, layout.widest_edge, share) for gap in gaps]
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        clear, crowded = Shades(theme, palest=_PALEST), Shades(theme, palest=_PALEST, faint=True)
        for bundle in self._bundles:
            bundle.set_theme(theme, crowded if len(bundle.paths) > _CROWD else clear)

    def take(self, reading: Reading, *, whole: bool) -> None:
        """Take the numbers to paint; `whole` scales to the network's largest instead of the layer's."""
        self._reading = reading
        for layer, (bundle, edges) in enumerate(zip(self._bundles, reading.edges, strict=True), 1):
            bundle.take(edges.values, reading.scale(layer, whole=whole), valid=edges.valid)
        self.update()

    def set_flow(self, layer: int | None, progress: float = 0.0) -> None:
        """Dashes that run back along the edges into `layer`, from 0 to 1; None when they have passed."""
        self._flow = None if layer is None else (layer, progress)
        self.update()

    def number(self, target: Target) -> int | None:
        """The number of a weight's edge in its gap, None where it is not drawn."""
        if self._layout is None or target.kind is not Kind.WEIGHT or target.layer > len(self._bundles):
            return None
        units = self._layout.columns[target.layer].drawn
        inputs = self._layout.columns[target.layer - 1].drawn
        if target.unit not in units or target.input not in inputs:
            return None
        return units.index(target.unit) * len(inputs) + inputs.index(target.input)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._layout.width, self._layout.height) if self._layout else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._reading is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ratio = painter.device().devicePixelRatioF() * painter.worldTransform().m11()
        for bundle in self._bundles:
            dimmed = bool(self.path) or self._reading.work.dims_edges(bundle.gap.layer)
            painter.setOpacity(DIMMED if dimmed else 1.0)
            bundle.paint(painter, ratio)
        painter.setOpacity(1.0)
        if self._flow is not None:
            self._paint_flow(painter, *self._flow)
        if self.hovered is not None:
            self._paint_halo(painter, self.hovered)
        if self.chosen is not None:
            self._paint_chosen(painter, self.chosen)
        for target in self.lit:
            self._paint_lit(painter, target, self._reading.work.phase)
        for target in self.path:
            self._paint_lit(painter, target, Phase.BACKWARD)

    def _paint_flow(self, painter: QPainter, layer: int, progress: float) -> None:
        """The strongest edges of the layer carry dashes backwards, fading out at the end."""
        bundle = self._bundles[layer - 1]
        pen = QPen(QColor(self._theme.backward), 1.75, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern(_DASHES)
        pen.setDashOffset(progress * sum(_DASHES) * 4)
        painter.setPen(pen)
        painter.setOpacity(min(1.0, 4 * (1 - progress)))
        for number in bundle.strongest(_FLOWING):
            painter.drawPath(bundle.paths[number])
        painter.setOpacity(1.0)

    def _paint_halo(self, painter: QPainter, target: Target) -> None:
        number = self.number(target)
        if number is not None:
            bundle = self._bundles[target.layer - 1]
            colour = QColor(self._theme.accent)
            colour.setAlphaF(0.28)
            painter.setPen(_flat(colour, bundle.width(number) + 7))
            painter.drawPath(bundle.paths[number])

    def _paint_lit(self, painter: QPainter, target: Target, phase: Phase | None) -> None:
        """In the colour of the phase; forward and backward with an arrow the way it goes."""
        number = self.number(target)
        if number is None or phase is None:
            return
        path = self._bundles[target.layer - 1].paths[number]
        colour = QColor(self._theme.phase(phase))
        painter.setPen(_flat(QColor(self._theme.panel), _LIT + 3))
        painter.drawPath(path)
        painter.setPen(_flat(colour, _LIT))
        painter.drawPath(path)
        if phase in _DIRECTIONS:
            self._paint_arrow(painter, path, colour, _DIRECTIONS[phase])

    def _paint_arrow(self, painter: QPainter, path: QPainterPath, colour: QColor, turn: int) -> None:
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.translate(path.pointAtPercent(0.5))
        painter.rotate(turn - path.angleAtPercent(0.5))
        painter.drawPolygon(QPolygonF([QPointF(_ARROW, 0), QPointF(-_ARROW, -_ARROW), QPointF(-_ARROW, _ARROW)]))
        painter.restore()

    def _paint_chosen(self, painter: QPainter, target: Target) -> None:
        number = self.number(target)
        if number is not None:
            path = self._bundles[target.layer - 1].paths[number]
            painter.setPen(_flat(QColor(self._theme.panel), 4.0))
            painter.drawPath(path)
            pen = _flat(QColor(self._theme.accent), 2.25)
            pen.setDashPattern((3.0, 1.8))
            painter.setPen(pen)
            painter.drawPath(path)


@dataclass(frozen=True, slots=True)
class _Look:
    """Widths and colours of the edges of a gap, in steps, and in which order to paint them."""

    widths: np.ndarray
    colours: np.ndarray
    order: list[int]
    valid: bool

    def resembles(self, widths: np.ndarray, colours: np.ndarray, *, valid: bool) -> bool:
        """Whether no eye would see the difference: a step is a quarter of a pixel, or a 32nd of the colours."""
        return (
            valid == self.valid
            and int(np.abs(widths - self.widths).max()) <= 1
            and int(np.abs(colours - self.colours).max()) <= 1
        )


class _Bundle:
    """The edges of one gap, and the picture of them."""

    def __init__(self, gap: Gap, height: float, widest: float, most: int) -> None:
        self.gap = gap
        self.paths = _curves(gap)
        self._widest, self._most = widest, most
        left = floor(gap.left)
        self._place = QRectF(left, 0, max(ceil(gap.right) - left, 1), height)
        self._theme = LIGHT
        self._shades: Shades | None = None
        self._look: _Look | None = None
        self._picture: QPixmap | None = None

    def set_theme(self, theme: Theme, shades: Shades) -> None:
        self._theme, self._shades, self._picture = theme, shades, None

    def take(self, values: np.ndarray, scale: float, *, valid: bool) -> None:
        """Other values; the picture stays if they look the same."""
        share = values / (scale or 1.0)
        colours = steps_of(share)
        magnitude = np.abs(np.nan_to_num(share, nan=0.0, posinf=1.0, neginf=1.0))
        widths = np.rint((_THINNEST + (self._widest - _THINNEST) * magnitude) * _WIDTH_STEPS).astype(np.int16)
        if self._look is None or not self._look.resembles(widths, colours, valid=valid):
            order: list[int] = np.argsort(magnitude, kind="stable")[-self._most :].tolist()
            self._look, self._picture = _Look(widths, colours, order, valid), None

    def width(self, number: int) -> float:
        return float(self._look.widths[number]) / _WIDTH_STEPS if self._look else _THINNEST

    def strongest(self, count: int) -> list[int]:
        return self._look.order[-count:] if self._look else []

    def paint(self, painter: QPainter, ratio: float) -> None:
        """Paint the picture, which has `ratio` pixels a unit, making it anew if need be."""
        size = (self._place.size() * ratio).toSize()
        if self._picture is None or self._picture.size() != size:
            self._picture = QPixmap(size)
            self._picture.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._picture)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            inner.scale(ratio, ratio)
            inner.translate(-self._place.topLeft())
            self._paint_edges(inner)
            inner.end()
        painter.drawPixmap(self._place, self._picture, QRectF(self._picture.rect()))

    def _paint_edges(self, painter: QPainter) -> None:
        if self._look is None or self._shades is None:
            return
        if not self._look.valid:
            self._paint_stale(painter, self._look)
            return
        colours, widths, steps = self._shades.colours, self._look.widths.tolist(), self._look.colours.tolist()
        thin, thick = QPen(Qt.PenStyle.SolidLine), _flat(QColor(), 1.0)
        thin.setCosmetic(True)
        for number in self._look.order:
            width = widths[number] / _WIDTH_STEPS
            pen = thin if width <= _FAST_WIDTH else thick
            pen.setColor(colours[steps[number]])
            if pen is thick:
                pen.setWidthF(width)
            painter.setPen(pen)
            painter.drawPath(self.paths[number])

    def _paint_stale(self, painter: QPainter, look: _Look) -> None:
        """Values of another iteration, or none yet: thin grey dashes."""
        pen = QPen(QColor(self._theme.stale), 1.0, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern((4.0, 4.0))
        pen.setCosmetic(True)
        painter.setPen(pen)
        for number in look.order:
            painter.drawPath(self.paths[number])


def _flat(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)


def _curves(gap: Gap) -> list[QPainterPath]:
    paths = []
    middle = (gap.left + gap.right) / 2
    for start, end in zip(gap.starts.tolist(), gap.ends.tolist(), strict=True):
        path = QPainterPath(QPointF(gap.left, start))
        path.cubicTo(QPointF(middle, start), QPointF(middle, end), QPointF(gap.right, end))
        paths.append(path)
    return paths
