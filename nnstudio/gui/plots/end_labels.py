"""Labels beside the ends of curves, pushed apart where they would lie over each other."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF

from .curve_item import Curve
from .curve_state import Line
from .frame import Frame

_AIR = 6
_HEIGHT = 12


def room_for(labels: Sequence[str], font: QFont) -> float:
    """How many pixels at the right the curves leave to their labels; 0 without any."""
    measure = QFontMetricsF(font)
    return max((measure.horizontalAdvance(label) for label in labels if label), default=-2 * _AIR) + 2 * _AIR


def place(curves: Sequence[tuple[Curve, Line]], frame: Frame, room: float) -> None:
    """Give each of these curves' labels its place; one that ends nowhere has none."""
    ends = []
    for curve, line in curves:
        known = line.y[line.y == line.y]
        curve.place_label(None)
        if len(known):
            ends.append((frame.to_pixel(line.x[-1], known[-1]), curve))
    ends.sort(key=lambda pair: pair[0].y())
    heights = _apart([end.y() + 4 for end, _ in ends], frame.area.top(), frame.area.bottom())
    for (end, curve), height in zip(ends, heights, strict=True):
        curve.place_label(QPointF(min(end.x() + _AIR, frame.area.right() - room + _AIR), height))


def _apart(heights: list[float], top: float, bottom: float) -> list[float]:
    """Ascending heights a label's height apart: down from the top, and where that leads beyond the bottom, up again."""
    for number, height in enumerate(heights):
        heights[number] = max(height, (heights[number - 1] if number else top) + _HEIGHT)
    for number in reversed(range(len(heights))):
        lowest = heights[number + 1] - _HEIGHT if number + 1 < len(heights) else bottom
        heights[number] = min(heights[number], lowest)
    return heights
