"""Paints the weights: width by magnitude, colour by sign, both against the largest of the layer or the network.

Strokes are dear to rasterize, so what was painted is kept as a picture and painted anew only when a width or a colour
has visibly changed. Thin edges take a pen that Qt draws several times faster.
"""

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from nnstudio.gui.theme import LIGHT, Theme

from .curves import Gap
from .layout import Layout
from .reading import Reading, Work
from .target import Kind, Target

DIMMED = 0.42
_MOST_EDGES = 3000
_THINNEST = 0.75
_FAST_WIDTH = 1.3
_WIDTH_STEPS = 4
_COLOUR_STEPS = 32
_PALEST = 0.28
_FLOWING = 48
_DASHES = (5.0, 9.0)
_Signature = tuple[bytes, Work, float, float, float]


class EdgesItem(QGraphicsItem):
    """All edges of the network. Edges are numbered as in `Gap`."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: tuple[Gap, ...] = ()
        self.hovered: Target | None = None
        self.chosen: Target | None = None
        self._paths: list[list[QPainterPath]] = []
        self._layout: Layout | None = None
        self._reading: Reading | None = None
        self._whole = False
        self._theme = LIGHT
        self._colours: list[QColor] = []
        self._looks: list[_Look] = []
        self._picture: tuple[_Signature, QPixmap] | None = None
        self._flow: tuple[int, float] | None = None

    def set_layout(self, layout: Layout) -> None:
        self.prepareGeometryChange()
        self._layout, self._reading, self._looks, self._picture = layout, None, [], None
        columns = layout.columns
        self.gaps = tuple(Gap.between(source, target) for source, target in pairwise(columns))
        self._paths = [_curves(gap) for gap in self.gaps]

    def set_theme(self, theme: Theme) -> None:
        self._theme, self._picture = theme, None
        self._colours = _colours(theme)

    def take(self, reading: Reading, *, whole: bool) -> None:
        """Take the numbers to paint; `whole` scales to the network's largest instead of the layer's."""
        self._reading, self._whole = reading, whole
        assert self._layout is not None
        share = _MOST_EDGES // max(len(self.gaps), 1)
        widest = self._layout.widest_edge
        self._looks = [
            _look(edges.values, reading.scale(layer, whole=whole), widest, share, valid=edges.valid)
            for layer, edges in enumerate(reading.edges, 1)
        ]
        self.update()

    def set_flow(self, layer: int | None, progress: float = 0.0) -> None:
        """Dashes that run back along the edges into `layer`, from 0 to 1; None when they have passed."""
        self._flow = None if layer is None else (layer, progress)
        self.update()

    def number(self, target: Target) -> int | None:
        """The number of a weight's edge in its gap, None where it is not drawn."""
        if self._layout is None or target.kind is not Kind.WEIGHT or target.layer > len(self.gaps):
            return None
        units = self._layout.columns[target.layer].drawn
        inputs = self._layout.columns[target.layer - 1].drawn
        if target.unit not in units or target.input not in inputs:
            return None
        return units.index(target.unit) * len(inputs) + inputs.index(target.input)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._layout.width, self._layout.height) if self._layout else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._reading is None or self._layout is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zoom = painter.worldTransform().m11()
        painter.drawPixmap(QRectF(self.boundingRect()), *self._kept(painter.device().devicePixelRatioF() * zoom))
        if self._flow is not None:
            self._paint_flow(painter, *self._flow)
        if self.hovered is not None:
            self._paint_halo(painter, self.hovered)
        if self.chosen is not None:
            self._paint_chosen(painter, self.chosen)

    def _kept(self, ratio: float) -> tuple[QPixmap, QRectF]:
        """The picture of all edges, painted anew if it has changed."""
        assert self._layout is not None
        assert self._reading is not None
        looks = b"".join(look.signature for look in self._looks)
        signature = (looks, self._reading.work, ratio, self._layout.width, self._layout.height)
        if self._picture is None or self._picture[0] != signature:
            size = (self.boundingRect().size() * ratio).toSize()
            pixmap = QPixmap(size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(ratio, ratio)
            self._paint_all(painter)
            painter.end()
            self._picture = signature, pixmap
        return self._picture[1], QRectF(self._picture[1].rect())

    def _paint_all(self, painter: QPainter) -> None:
        assert self._reading is not None
        for layer, (look, paths) in enumerate(zip(self._looks, self._paths, strict=True), 1):
            painter.setOpacity(DIMMED if self._reading.work.dims_edges(layer) else 1.0)
            if look.valid:
                self._paint_look(painter, look, paths)
            else:
                _paint_stale(painter, look, paths, self._theme)

    def _paint_look(self, painter: QPainter, look: "_Look", paths: list[QPainterPath]) -> None:
        colours, pen = self._colours, QPen(Qt.PenStyle.SolidLine)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        thin = QPen(Qt.PenStyle.SolidLine)
        thin.setCosmetic(True)
        widths, steps = look.widths.tolist(), look.colours.tolist()
        for number in look.order:
            width = widths[number] / _WIDTH_STEPS
            at_hand = thin if width <= _FAST_WIDTH else pen
            at_hand.setColor(colours[steps[number]])
            if at_hand is pen:
                pen.setWidthF(width)
            painter.setPen(at_hand)
            painter.drawPath(paths[number])

    def _paint_flow(self, painter: QPainter, layer: int, progress: float) -> None:
        """The strongest edges of the layer carry dashes backwards, fading out at the end."""
        pen = QPen(QColor(self._theme.backward), 1.75, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern(_DASHES)
        pen.setDashOffset(progress * sum(_DASHES) * 4)
        painter.setPen(pen)
        painter.setOpacity(min(1.0, 4 * (1 - progress)))
        for number in self._looks[layer - 1].order[-_FLOWING:]:
            painter.drawPath(self._paths[layer - 1][number])
        painter.setOpacity(1.0)

    def _paint_halo(self, painter: QPainter, target: Target) -> None:
        number = self.number(target)
        if number is not None:
            colour = QColor(self._theme.accent)
            colour.setAlphaF(0.28)
            width = self._looks[target.layer - 1].widths[number] / _WIDTH_STEPS + 7
            painter.setPen(_flat(colour, width))
            painter.drawPath(self._paths[target.layer - 1][number])

    def _paint_chosen(self, painter: QPainter, target: Target) -> None:
        number = self.number(target)
        if number is not None:
            path = self._paths[target.layer - 1][number]
            ground = _flat(QColor(self._theme.panel), 4.0)
            painter.setPen(ground)
            painter.drawPath(path)
            pen = QPen(QColor(self._theme.accent), 2.25, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
            pen.setDashPattern((3.0, 1.8))
            painter.setPen(pen)
            painter.drawPath(path)


class _Look:
    """How the edges of one gap look: widths and colours in steps too fine to see, and in which order to paint."""

    def __init__(self, widths: np.ndarray, colours: np.ndarray, order: list[int], *, valid: bool) -> None:
        self.widths, self.colours, self.order, self.valid = widths, colours, order, valid
        self.signature = widths.tobytes() + colours.tobytes() + bytes([valid])


def _look(values: np.ndarray, scale: float, widest: float, most: int, *, valid: bool) -> _Look:
    finite = np.isfinite(values)
    share = np.clip(np.where(finite, values, 0.0) / (scale or 1.0), -1.0, 1.0)
    magnitude = np.abs(share)
    widths = np.rint((_THINNEST + (widest - _THINNEST) * magnitude) * _WIDTH_STEPS).astype(np.int16)
    steps = np.rint(share * _COLOUR_STEPS).astype(np.int16) + _COLOUR_STEPS
    steps[~finite] = 2 * _COLOUR_STEPS + 1
    order: list[int] = np.argsort(magnitude, kind="stable")[-most:].tolist()
    return _Look(widths, steps, order, valid=valid)


def _colours(theme: Theme) -> list[QColor]:
    """From the most negative to the most positive; nothing is so pale that it is lost on the ground."""
    share = np.linspace(-1.0, 1.0, 2 * _COLOUR_STEPS + 1)
    rgba = theme.diverging(np.sign(share) * (_PALEST + (1 - _PALEST) * np.abs(share)))
    rgba[_COLOUR_STEPS] = QColor(theme.line).getRgb()
    return [*(QColor(*(int(part) for part in colour)) for colour in rgba), QColor(theme.error)]


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


def _paint_stale(painter: QPainter, look: _Look, paths: list[QPainterPath], theme: Theme) -> None:
    """Values of another iteration, or none yet: thin grey dashes."""
    pen = QPen(QColor(theme.stale), 1.0, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern((4.0, 4.0))
    pen.setCosmetic(True)
    painter.setPen(pen)
    for number in look.order:
        painter.drawPath(paths[number])
