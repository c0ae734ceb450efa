"""A histogram: bars, each split by class where there are classes."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from nnstudio.data.exploring import Histogram
from nnstudio.explain.numbers import count, short
from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.plane import class_colour
from nnstudio.gui.plots.ticks import Tick
from nnstudio.gui.theme import Theme

_AIR = 0.04
_LONGEST_NAME = 12


class BarsChart(Chart):
    """`show_bars` takes the bars; the names are those of the classes that split them."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(name, title, parent)
        self.histogram: Histogram | None = None
        self.groups: tuple[str, ...] = ()
        self.y_name = "rows"

    def show_bars(self, histogram: Histogram, x_name: str, groups: tuple[str, ...]) -> None:
        """Draw other bars."""
        self.histogram, self.x_name = histogram, x_name
        self.groups = groups if len(histogram.counts) > 1 else ()
        self.x_range = (float(histogram.edges[0]), float(histogram.edges[-1]))
        self.y_range = (0.0, max(float(histogram.totals.max(initial=0)) * (1 + _AIR), 1.0))
        self.touch()

    def still(self, painter: QPainter, *, shapes: bool) -> None:
        if self.histogram is not None:
            paint_bars(painter, self.histogram, self.frame, self.y_range[1], self.theme)

    def tip(self, at: QPointF) -> str:
        """The bar under the pointer: where it lies, and how many rows of which class."""
        found, frame = self.histogram, self.frame
        if found is None or not frame.contains(at):
            return ""
        bar = min(int(np.searchsorted(found.edges, self.from_pixel(at)[0], "right")) - 1, len(found.edges) - 2)
        place = found.names[bar] if found.names else f"{short(found.edges[bar])} to {short(found.edges[bar + 1])}"
        lines = [f"{place}: {count(int(found.totals[bar]))}"]
        lines += [f"{name}: {count(int(found.counts[n, bar]))}" for n, name in enumerate(self.groups)]
        return "\n".join(lines)

    def x_ticks(self) -> list[Tick]:
        """Numbers, or the names of the bars as far as there is room for them."""
        found = self.histogram
        if found is None or not found.names:
            return super().x_ticks()
        room = max(int(self.frame.width() / max(len(found.names), 1) / 6), 1)
        needed = 3 * max(map(len, found.names)) // 2 if found.ordered else 4  # whole, with air between them
        every = 1 if room >= needed else -(-needed // room)
        return [
            Tick(float(n), name if len(name) <= room * every else f"{name[: max(room * every - 1, 1)]}…")
            for n, name in enumerate(found.names)
            if n % every == 0
        ]


def paint_bars(painter: QPainter, histogram: Histogram, frame: QRectF, most: float, theme: Theme) -> None:
    """The bars within `frame`, as high as `most` rows at its top; one class stands on the other."""
    low, high = float(histogram.edges[0]), float(histogram.edges[-1])
    lefts = frame.left() + (histogram.edges - low) / (high - low) * frame.width()
    split = len(histogram.counts) > 1
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    bottoms = np.full(len(lefts) - 1, frame.bottom())
    for group, counts in enumerate(histogram.counts):
        painter.setBrush(QColor(class_colour(group, theme) if split else theme.train))
        tops = bottoms - counts / most * frame.height()
        for left, right, top, bottom in zip(lefts[:-1], lefts[1:], tops, bottoms, strict=True):
            if bottom > top:
                gap = min(1.0, (right - left) / 8)
                painter.drawRect(QRectF(left + gap / 2, top, right - left - gap, bottom - top))
        bottoms = tops
    painter.restore()
