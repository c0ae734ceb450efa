"""Several curves in one picture, each called by its name at its end, on axes that may be logarithmic."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nnstudio.explain.numbers import short
from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.markers import line_pen
from nnstudio.gui.plots.ranges import Range, linear_range, log_range, padded
from nnstudio.gui.plots.series import Limits, decimate
from nnstudio.gui.plots.ticks import Tick, linear_ticks, log_ticks
from nnstudio.gui.theme import Theme

_AIR, _LINE, _DOT, _RING = 8, 15, 3.5, 4.5
_WIDE, _NARROW = 2.5, 1.5
_REACH = 12.0
_FONT, _SMALL_FONT, _ROOMY = 12, 11, 240


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A curve through (x, y) in plain units, whatever the axes. A faint one belongs to another, and has no name; where
    a `ringed` one begins there is a ring."""

    label: str
    x: np.ndarray
    y: np.ndarray
    colour: str
    dash: tuple[float, ...] = ()
    strong: bool = False
    faint: bool = False
    ringed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """An upright line at a place, with a word at its top."""

    x: float
    label: str
    colour: str


class CurvesChart(Chart):
    """`hint` stands where there are no curves."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(name, title, parent)
        self.curves: tuple[Curve, ...] = ()
        self.marks: tuple[Mark, ...] = ()
        self.log_x = self.log_y = False
        self.hint = ""
        self._points: tuple[tuple[Curve, np.ndarray, np.ndarray], ...] = ()
        self._fixed_x: Range | None = None
        self._highest: float | None = None

    @property
    def small(self) -> QFont:
        """Larger where there is room: it is read from afar."""
        font = QFont(self.font())
        font.setPixelSize(_FONT if self.height() >= _ROOMY else _SMALL_FONT)
        return font

    def show_curves(
        self,
        curves: Sequence[Curve],
        marks: Sequence[Mark] = (),
        *,
        x: Range | None = None,
        highest: float | None = None,
    ) -> None:
        """Draw these; `x` is the stretch of the axis, where it is not that of the curves, and `highest` the y that
        they may run out of the picture above."""
        self.curves, self.marks, self._fixed_x, self._highest = tuple(curves), tuple(marks), x, highest
        self._points = tuple((curve, *self._places(curve)) for curve in self.curves)
        self._fit()
        self.touch()

    def set_log(self, *, x: bool = False, y: bool = False) -> None:
        if (x, y) != (self.log_x, self.log_y):
            self.log_x, self.log_y = x, y
            self.show_curves(self.curves, self.marks, x=self._fixed_x, highest=self._highest)

    def x_ticks(self) -> list[Tick]:
        most = max(int(self.frame.width() // 56), 3)
        return log_ticks(*self.x_range, most) if self.log_x else linear_ticks(*self.x_range, most)

    def y_ticks(self) -> list[Tick]:
        most = max(int(self.height() // 36), 3)
        return log_ticks(*self.y_range, most) if self.log_y else linear_ticks(*self.y_range, most)

    def shaped(self, area: QRectF) -> QRectF:
        """Room for the names at the right, and for the words of marks above."""
        above = _LINE + 2 if self.marks else 0
        return area.adjusted(0, above, -self._room(), 0)

    def under(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self.theme.line), 1))
        frame = self.frame
        for tick in self.y_ticks():
            y = round(self.to_pixel(0, tick.place).y()) + 0.5
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))

    def moving(self, painter: QPainter, *, shapes: bool) -> None:
        if not self.curves:
            painter.setFont(self.font())
            painter.setPen(QColor(self.theme.muted))
            painter.drawText(self.frame, _WRAPPED, self.hint)
            return
        self._paint_marks(painter)
        painter.save()
        painter.setClipRect(self.frame.adjusted(-4, -4, 4, 4))
        for curve, x, y in sorted(self._points, key=_strength):
            self._paint_curve(painter, curve, x, y)
        painter.restore()
        self._paint_labels(painter)

    def tip(self, at: QPointF) -> str:
        """The curve under the pointer, and its numbers there."""
        found = self.nearest(at)
        if found is None:
            return ""
        curve, index = found
        head = f"{curve.label}\n" if curve.label else ""
        return f"{head}{self.x_name} {short(float(curve.x[index]))}, {self.y_name} {short(float(curve.y[index]))}"

    def nearest(self, at: QPointF) -> tuple[Curve, int] | None:
        """The curve that is nearest to a place in pixels, and the number of its point there; None where none is."""
        best, found = _REACH, None
        for curve in self.curves:
            x, y = self._pixels(*self._scaled(curve))
            if len(x):
                index = int(np.argmin(np.abs(x - at.x())))
                distance = abs(float(y[index]) - at.y()) + abs(float(x[index]) - at.x())
                if distance < best:
                    best, found = distance, (curve, index)
        return found

    def _fit(self) -> None:
        """The axes show all that there is."""
        xs = np.concatenate([x for _, x, _ in self._points] or [np.empty(0)])
        ys = np.concatenate([curve.y for curve in self.curves] or [np.empty(0)])
        finite = ys[np.isfinite(ys)]
        if self._highest is not None:
            finite = np.minimum(finite, self._highest)
        positive = finite[finite > 0]
        limits = Limits(
            float(finite.min()) if len(finite) else np.nan,
            float(finite.max()) if len(finite) else np.nan,
            float(positive.min()) if len(positive) else np.nan,
        )
        self.y_range = log_range(limits) if self.log_y else linear_range(limits)
        if self._fixed_x is not None:
            low, high = self._fixed_x
            self.x_range = (log10(low), log10(high)) if self.log_x else (low, high)
        elif len(xs) and np.ptp(xs) > 0:
            self.x_range = padded(float(xs.min()), float(xs.max()), 0.04)

    def _scaled(self, curve: Curve) -> tuple[np.ndarray, np.ndarray]:
        """Where a curve stands on the axes; NaN where it cannot."""
        with np.errstate(divide="ignore", invalid="ignore"):
            x = np.log10(curve.x) if self.log_x else np.asarray(curve.x, dtype=np.float64)
            y = np.log10(np.where(curve.y > 0, curve.y, np.nan)) if self.log_y else np.asarray(curve.y, np.float64)
        return x, np.where(np.isfinite(y), y, np.nan)

    def _places(self, curve: Curve) -> tuple[np.ndarray, np.ndarray]:
        """The same, no more points than can be told apart."""
        return decimate(*self._scaled(curve), max(self.width(), 200))

    def _pixels(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        frame = self.frame
        (left, right), (bottom, top) = self.x_range, self.y_range
        across = frame.left() + (x - left) / (right - left) * frame.width()
        down = frame.bottom() - (y - bottom) / (top - bottom) * frame.height()
        known = np.isfinite(down)
        return across[known], np.clip(down[known], -4 * self.height(), 4 * self.height())

    def _paint_curve(self, painter: QPainter, curve: Curve, x: np.ndarray, y: np.ndarray) -> None:
        across, down = self._pixels(x, y)
        if not len(across):
            return
        width = _WIDE if curve.strong else 1.0 if curve.faint else _NARROW + 0.5
        painter.setPen(line_pen(curve.colour, curve.dash, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(list(map(QPointF, across.tolist(), down.tolist()))))
        if not curve.faint:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(curve.colour))
            painter.drawEllipse(QPointF(float(across[-1]), float(down[-1])), _DOT, _DOT)
        if curve.ringed:
            painter.setPen(QPen(QColor(self.theme.text), 1.5))
            painter.setBrush(QColor(self.theme.panel))
            painter.drawEllipse(QPointF(float(across[0]), float(down[0])), _RING, _RING)

    def _paint_labels(self, painter: QPainter) -> None:
        """At the ends of the curves, pushed apart where they would lie over each other."""
        ends = []
        for curve, x, y in self._points:
            across, down = self._pixels(x, y)
            if curve.label and not curve.faint and len(across):
                ends.append((float(down[-1]), curve))
        ends.sort(key=_height)
        places = _apart([height for height, _ in ends], self.frame.top(), self.frame.bottom())
        left = self.frame.right() + _AIR
        for place, (_, curve) in zip(places, ends, strict=True):
            if place < self.frame.top() - 1:
                continue  # there is no room for all of them
            font = self.small
            font.setBold(curve.strong)
            painter.setFont(font)
            painter.setPen(QColor(curve.colour))
            painter.drawText(QRectF(left, place - _LINE / 2, self._room(), _LINE), _MIDDLE, curve.label)

    def _paint_marks(self, painter: QPainter) -> None:
        """The word of a mark is left out where that of one before it stands."""
        metrics = QFontMetricsF(self.small)
        painter.setFont(self.small)
        taken: list[QRectF] = []
        for mark in self.marks:
            x = self.to_pixel(log10(mark.x) if self.log_x else mark.x, 0).x()
            painter.setPen(QPen(QColor(mark.colour), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, self.frame.top()), QPointF(x, self.frame.bottom()))
            width = metrics.horizontalAdvance(mark.label) + 2
            left = min(max(x - width / 2, self.frame.left()), self.width() - width)
            area = QRectF(left, self.frame.top() - _LINE - 2, width, _LINE)
            if not any(area.intersects(other) for other in taken):
                painter.drawText(area, _MIDDLE, mark.label)
                taken.append(area)

    def _room(self) -> float:
        """How many pixels the names need at the right."""
        font = self.small
        font.setBold(True)
        metrics = QFontMetricsF(font)
        return max((metrics.horizontalAdvance(c.label) for c in self.curves if c.label), default=-_AIR) + _AIR


def ramp(count: int, theme: Theme) -> list[str]:
    """So many colours in order, from cool to hot."""
    anchors = [QColor(name) for name in (theme.forward, theme.train, theme.test, theme.backward, theme.error)]
    return [_between(anchors, 0.5 if count == 1 else n / (count - 1)) for n in range(count)]


_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_WRAPPED = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value


def _between(anchors: list[QColor], share: float) -> str:
    place = share * (len(anchors) - 1)
    left = min(int(place), len(anchors) - 2)
    a, b, part = anchors[left], anchors[left + 1], place - left
    mixed = (a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue())
    return QColor(*(round(one + (other - one) * part) for one, other in mixed)).name()


def _apart(heights: list[float], top: float, bottom: float) -> list[float]:
    """Ascending heights, moved so that a line of text has room at each, within top and bottom where that can be."""
    places: list[float] = []
    for height in heights:
        places.append(max(height, places[-1] + _LINE if places else top))
    limit = bottom
    for number in range(len(places) - 1, -1, -1):
        places[number] = min(places[number], limit)
        limit = places[number] - _LINE
    return places


def _strength(entry: tuple[Curve, np.ndarray, np.ndarray]) -> int:
    curve = entry[0]
    return curve.strong - curve.faint


def _height(entry: tuple[float, Curve]) -> float:
    return entry[0]
