"""The pictures of the ideas, drawn in the colours of the theme: each a few lines that say one thing."""

from collections.abc import Callable
from itertools import pairwise
from math import exp, tanh

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from nnstudio.explain.ideas import Sketch
from nnstudio.gui.theme import LIGHT, Theme

from .pencil import Pencil

_WIDTH, _HEIGHT = 288, 128
_NARROWEST = 160
_POINTS = 81


class SketchView(QWidget):
    """One sketch, smaller where the column is narrow. It has no words, since the sentence above it says the same."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("explanation_sketch")
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDTH)
        self._sketch: Sketch | None = None
        self._theme = LIGHT

    def show_sketch(self, sketch: Sketch, theme: Theme) -> None:
        if (sketch, theme) != (self._sketch, self._theme):
            self._sketch, self._theme = sketch, theme
            self.setAccessibleName(f"Sketch: {sketch}")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._sketch is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self.width() / _WIDTH
        painter.translate(0, (1 - scale) * _HEIGHT / 2)
        painter.scale(scale, scale)
        _DRAWN[self._sketch](Pencil(painter, self._theme))


def _batch(pencil: Pencil) -> None:
    for row in range(7):
        taken = row in (1, 4, 5)
        for column in range(3):
            pencil.bar(QRectF(16 + 26 * column, 10 + 16 * row, 22, 11), "load" if taken else "line")
    for place, row in enumerate((1, 4, 5)):
        end = 40 + 20 * place
        pencil.arrow((100, 15.5 + 16 * row), (176, end + 5.5), "load", 1.5)
        for column in range(3):
            pencil.bar(QRectF(184 + 26 * column, end, 22, 11), "load")


def _neuron(pencil: Pencil) -> None:
    for y, colour, width in (
        (20, "positive", 5.0),
        (50, "negative", 2.0),
        (80, "positive", 1.2),
        (110, "negative", 3.5),
    ):
        pencil.arrow((40, y), (130, 64 + (y - 64) * 0.22), colour, width)
        pencil.dot((32, y), "forward", 6)
    pencil.neuron((148, 64))
    pencil.sign((148, 63), "Σ")
    pencil.arrow((148, 116), (148, 82), "parameter", 2.0)
    pencil.sign((160, 108), "b", "parameter")
    pencil.arrow((166, 64), (240, 64), "forward", 2.5)
    pencil.sign((254, 63), "z", "forward")


def _bend(x: float) -> tuple[float, float]:
    return 144 + 26 * x, 64 - 44 * tanh(x)


def _axes(pencil: Pencil) -> None:
    pencil.line((30, 64), (258, 64), "line")
    pencil.line((144, 10), (144, 118), "line")


def _curve(pencil: Pencil) -> None:
    _axes(pencil)
    pencil.curve([_bend(-4.2 + 8.4 * n / (_POINTS - 1)) for n in range(_POINTS)], "forward", 2.5)
    at = _bend(0.9)
    pencil.dashes((at[0], 64), at, "muted")
    pencil.dashes(at, (144, at[1]), "muted")
    pencil.dot(at, "forward", 5)
    pencil.sign((at[0], 76), "z", "muted")
    pencil.sign((134, at[1]), "a", "forward")


def _slope(pencil: Pencil) -> None:
    _axes(pencil)
    pencil.curve([_bend(-4.2 + 8.4 * n / (_POINTS - 1)) for n in range(_POINTS)], "forward", 2.0)
    x, tilt = 0.7, 1 - tanh(0.7) ** 2
    at, run = _bend(x), 1.3
    ends = [(144 + 26 * (x + d), at[1] - 44 * tilt * d) for d in (-run, run)]
    pencil.line(ends[0], ends[1], "backward", 2.5)
    pencil.dot(at, "backward", 5)


def _spread(pencil: Pencil) -> None:
    for x, shift, width in ((78, 18, 12.0), (216, 0, 24.0)):
        pencil.line((x - 60, 108), (x + 60, 108), "line")
        pencil.line((x, 104), (x, 112), "muted")
        bell = [-60 + 120 * n / (_POINTS - 1) for n in range(_POINTS)]
        high = 76 if shift else 60
        pencil.curve([(x + d, 106 - high * exp(-(((d - shift) / width) ** 2) / 2)) for d in bell], "forward", 2.0)
        pencil.sign((x, 119), "0", "muted")
    pencil.arrow((132, 60), (158, 60), "muted", 2.0)


def _dropout(pencil: Pencil) -> None:
    for n, y in enumerate((20, 50, 80, 110)):
        dropped = n in (1, 3)
        if not dropped:
            for end in (40, 90):
                pencil.line((158, y), (240, end), "forward", 1.8)
        pencil.neuron((144, y), "line" if dropped else "forward")
        if dropped:
            pencil.line((136, y - 8), (152, y + 8), "muted", 2.0)
            pencil.line((136, y + 8), (152, y - 8), "muted", 2.0)
        for begin in (40, 90):
            pencil.line((48, begin), (130, y), "line" if dropped else "forward", 1.2)
    for y in (40, 90):
        pencil.dot((40, y), "forward", 6)
        pencil.dot((248, y), "forward", 6)


def _gaps(pencil: Pencil) -> None:
    pencil.line((24, 116), (264, 116), "line")
    for x, target, prediction in ((48, 30, 58), (96, 80, 70), (144, 44, 96), (192, 66, 60), (240, 26, 40)):
        pencil.line((x, target), (x, prediction), "cost", 4.0)
        pencil.ring((x, target), "load", 5)
        pencil.dot((x, prediction), "forward", 5)


def _adding(pencil: Pencil) -> None:
    for x, parts in ((60, ((60, "cost"),)), (144, ((28, "parameter"),)), (228, ((60, "cost"), (28, "parameter")))):
        top = 112.0
        for high, colour in parts:
            top -= high
            pencil.bar(QRectF(x - 18, top, 36, high - 2), colour)
    pencil.sign((102, 92), "+")
    pencil.sign((186, 92), "=")
    pencil.line((24, 113), (264, 113), "line")


def _pull(pencil: Pencil) -> None:
    pencil.line((144, 8), (144, 120), "muted")
    pencil.sign((152, 116), "0", "muted")
    for y, x in ((20, 236), (46, 70), (72, 190), (98, 30)):
        colour = "positive" if x > 144 else "negative"
        away = 1 if x > 144 else -1
        pencil.bar(QRectF(min(144, x), y - 6, abs(x - 144), 12), colour)
        pencil.arrow((x + 24 * away, y), (x + 4 * away, y), "muted", 2.0)


def _back(pencil: Pencil) -> None:
    layers = ((40, (34, 94)), (124, (20, 64, 108)), (208, (40, 88)))
    for (x, ys), (beyond, others) in pairwise(layers):
        for y in ys:
            for other in others:
                pencil.line((x, y), (beyond, other), "line", 1.2)
    for source, ends in ((88, (20, 64, 108)), (40, (64,))):
        for end in ends:
            pencil.arrow((196, source), (139, end), "backward", 3.0 if end == 64 else 1.6)
    for x, ys in layers:
        for y in ys:
            pencil.neuron((x, y), "backward" if x == 208 else "line")
    pencil.arrow((266, 64), (226, 84), "backward", 2.5)
    pencil.sign((274, 62), "J", "cost")


def _samples(pencil: Pencil) -> None:
    pencil.line((144, 8), (144, 86), "line")
    for y, x in ((18, 214), (34, 104), (50, 196), (66, 120)):
        pencil.arrow((144, y), (x, y), "backward", 1.6)
    pencil.line((24, 86), (264, 86), "line")
    pencil.arrow((144, 106), (200, 106), "backward", 4.5)
    pencil.sign((124, 105), "Σ", "text")


def _cut(pencil: Pencil) -> None:
    pencil.painter.setPen(Qt.PenStyle.NoPen)
    pencil.painter.setBrush(pencil.colour("field"))
    pencil.painter.drawEllipse(QPointF(104, 66), 56, 56)
    pencil.dashes((104, 66), (224, 12), "backward")
    pencil.arrow((104, 66), (104 + 51, 66 - 23), "backward", 3.5)
    pencil.dot((104, 66), "text", 3)


def _valley(x: float) -> tuple[float, float]:
    return 144 + 40 * x, 110 - 15 * x * x


def _downhill(pencil: Pencil) -> None:
    pencil.curve([_valley(-2.6 + 5.2 * n / (_POINTS - 1)) for n in range(_POINTS)], "cost", 2.5)
    before, after = _valley(2.1), _valley(1.1)
    tilt = 2 * 15 * 2.1 / 40
    pencil.line((before[0] - 44, before[1] + 44 * tilt), (before[0] + 26, before[1] - 26 * tilt), "backward", 1.8)
    pencil.arrow((before[0], 118), (after[0] + 4, 118), "update", 3.0)
    pencil.dashes(before, (before[0], 118), "muted")
    pencil.dashes(after, (after[0], 118), "muted")
    pencil.ring(before, "parameter", 6)
    pencil.dot(after, "parameter", 6)
    pencil.sign((24, 14), "J", "cost")


def _falling(pencil: Pencil) -> None:
    pencil.line((32, 112), (264, 112), "line")
    pencil.line((32, 112), (32, 12), "line")
    pencil.curve([(32 + 224 * n / 80, 104 - 80 * exp(-3 * n / 80)) for n in range(_POINTS)], "update", 2.5)
    pencil.sign((20, 20), "α", "update")


_DRAWN: dict[Sketch, Callable[[Pencil], None]] = {
    Sketch.BATCH: _batch,
    Sketch.NEURON: _neuron,
    Sketch.CURVE: _curve,
    Sketch.SPREAD: _spread,
    Sketch.DROPOUT: _dropout,
    Sketch.GAPS: _gaps,
    Sketch.ADDING: _adding,
    Sketch.PULL: _pull,
    Sketch.BACK: _back,
    Sketch.SLOPE: _slope,
    Sketch.SAMPLES: _samples,
    Sketch.CUT: _cut,
    Sketch.DOWNHILL: _downhill,
    Sketch.FALLING: _falling,
}
