"""Paints the words around the network: what each layer is, names of inputs, what is left out, the edges' scale."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from nnstudio.engine.activations import activation
from nnstudio.engine.machine import Freshness
from nnstudio.engine.ops import Phase
from nnstudio.engine.spec import NetworkSpec
from nnstudio.explain import numbers
from nnstudio.gui.theme import LIGHT, Theme

from . import target as targets
from .layout import FOOT_HEIGHT, LABEL_HEIGHT, Column, Layout
from .reading import Reading, Shown

WIDEST_NAME = 96.0
_NAME_ROOM = 12.0
_SIGNS = {Shown.WEIGHTS: "|w|", Shown.GRADIENTS: "|∂J/∂w|", Shown.CHANGE: "|Δw|"}
_ARROWS = {Phase.LOAD: "↓ ", Phase.FORWARD: "→ ", Phase.COST: "→ ", Phase.BACKWARD: "← "}


@dataclass(frozen=True, slots=True)
class Caption:
    """`Hidden 1` over `5 · tanh`."""

    title: str
    subtitle: str


def captions_of(network: NetworkSpec) -> tuple[Caption, ...]:
    """What stands above each column, the inputs first."""
    last = len(network.layers)
    above = [Caption("Input", numbers.count(network.inputs))]
    for number, layer in enumerate(network.layers, 1):
        title = "Output" if number == last else f"Hidden {number}"
        above.append(Caption(title, f"{numbers.count(layer.units)} · {activation(layer.activation).title}"))
    return tuple(above)


class CaptionsItem(QGraphicsItem):
    """All words but the neurons' own labels. `names` stand left of the inputs, `classes` right of the outputs."""

    def __init__(self, font: QFont, small: QFont) -> None:
        super().__init__()
        self._bold, self._small = QFont(font), small
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._theme = LIGHT
        self._layout: Layout | None = None
        self._reading: Reading | None = None
        self._whole = False
        self._captions: tuple[Caption, ...] = ()
        self._names: tuple[str, ...] = ()
        self._named_by_label = False
        self._classes: tuple[str, ...] = ()

    def set_words(self, captions: tuple[Caption, ...], names: tuple[str, ...], classes: tuple[str, ...]) -> None:
        self._captions, self._names, self._classes = captions, names, classes
        self._named_by_label = names == tuple(targets.neuron(0, unit).symbol for unit in range(len(names)))

    def margins(self) -> tuple[float, float]:
        """The room that names need left and right of the drawing."""
        metrics = QFontMetricsF(self._small)
        widths = [
            max((metrics.horizontalAdvance(name) for name in names), default=0.0)
            for names in (self._names, self._classes)
        ]
        left, right = (min(width, WIDEST_NAME) for width in widths)
        return left, right

    def set_layout(self, layout: Layout) -> None:
        self.prepareGeometryChange()
        self._layout, self._reading = layout, None

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def take(self, reading: Reading, *, whole: bool) -> None:
        self._reading, self._whole = reading, whole
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._layout.width, self._layout.height) if self._layout else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._layout is None:
            return
        for column, caption in zip(self._layout.columns, self._captions, strict=True):
            self._paint_caption(painter, column, caption)
            if column.gap_y is not None:
                self._paint_gap(painter, column, column.gap_y)
        painter.setFont(self._small)
        painter.setPen(QColor(self._theme.muted))
        inputs = self._layout.columns[0]
        if not (self._named_by_label and inputs.labelled):  # `x₁ 0.100` below says it all
            self._paint_names(painter, inputs, self._names, left=True)
        self._paint_names(painter, self._layout.columns[-1], self._classes, left=False)
        if self._reading is not None and not self._whole:
            self._paint_scales(painter, self._layout, self._reading)

    def _paint_caption(self, painter: QPainter, column: Column, caption: Caption) -> None:
        assert self._layout is not None
        work = self._reading.work if self._reading is not None else None
        lit = work is not None and work.phase is not None and work.lights(column.layer)
        room = self._pitch()
        painter.setFont(self._bold)
        painter.setPen(
            QColor(self._theme.text) if lit or work is None or not work.dims(column.layer) else self._muted()
        )
        title = caption.title
        if lit and work is not None and work.phase is not None:
            painter.setPen(self._theme.phase(work.phase))
            title = _ARROWS.get(work.phase, "") + title
        self._write(painter, QRectF(column.x - room / 2, 4, room, 18), title)
        painter.setFont(self._small)
        painter.setPen(self._muted())
        self._write(painter, QRectF(column.x - room / 2, 22, room, 16), caption.subtitle)

    def _paint_gap(self, painter: QPainter, column: Column, y: float) -> None:
        painter.setFont(self._bold)
        painter.setPen(self._muted())
        room = self._pitch()
        y += LABEL_HEIGHT / 2 if column.labelled else 0.0
        painter.drawText(QRectF(column.x - room / 2, y - 18, room, 16), Qt.AlignmentFlag.AlignCenter, "⋮")
        painter.setFont(self._small)
        text = f"{numbers.count(column.hidden)} more"
        painter.drawText(QRectF(column.x - room / 2, y - 4, room, 16), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_names(self, painter: QPainter, column: Column, names: tuple[str, ...], *, left: bool) -> None:
        if not names or (len(column.ys) > 1 and column.ys[1] - column.ys[0] < LABEL_HEIGHT - 4):
            return
        metrics = QFontMetricsF(self._small)
        side = Qt.AlignmentFlag.AlignRight if left else Qt.AlignmentFlag.AlignLeft
        x = column.left - _NAME_ROOM - WIDEST_NAME if left else column.right + _NAME_ROOM
        for unit, y in zip(column.drawn, column.ys, strict=True):
            text = metrics.elidedText(names[unit], Qt.TextElideMode.ElideRight, WIDEST_NAME)
            painter.drawText(QRectF(x, y - 8, WIDEST_NAME, 16), side | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_scales(self, painter: QPainter, layout: Layout, reading: Reading) -> None:
        """Under each gap what its widest edge stands for."""
        for layer, edges in enumerate(reading.edges, 1):
            source, target = layout.columns[layer - 1], layout.columns[layer]
            place = QRectF(source.x, layout.height - FOOT_HEIGHT + 8, target.x - source.x, 16)
            painter.setPen(QColor(self._theme.muted if edges.valid else self._theme.stale))
            self._write(painter, place, scale_text(reading.shown, edges.largest, edges.freshness))

    def _write(self, painter: QPainter, place: QRectF, text: str) -> None:
        metrics = QFontMetricsF(painter.font())
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, elided)

    def _muted(self) -> QColor:
        return QColor(self._theme.muted)

    def _pitch(self) -> float:
        assert self._layout is not None
        xs = [column.x for column in self._layout.columns]
        return min(xs[1] - xs[0] - 4, 160.0)


def scale_text(shown: Shown, largest: float, freshness: Freshness) -> str:
    """`|w| ≤ 1.37`, and whether it belongs to another moment."""
    sign = _SIGNS[shown]
    if freshness is Freshness.UNKNOWN:
        return f"{sign} not computed yet" if shown is Shown.GRADIENTS else f"{sign} when paused"
    text = f"{sign} ≤ {numbers.short(largest, 3)}"
    return text if freshness in (Freshness.LASTING, Freshness.FRESH) else f"{text} · stale"
