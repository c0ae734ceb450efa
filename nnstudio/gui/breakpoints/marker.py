"""The sign of a breakpoint, told by its shape: a disc at an operation, a diamond on data, a triangle for a condition, a
hexagon for a ready-made watch; a square prints instead of stopping. Hollow is disabled, two bars inside say that it has
conditions or counts, and a stroke through it that it has no place in this network."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from nnstudio.gui.theme import Theme
from nnstudio.training.breakpoints import Breakpoint, ConditionBreakpoint, DataBreakpoint, WatchBreakpoint

_RADIUS = 5.5


class Shape(Enum):
    DISC = "breakpoint"
    DIAMOND = "data breakpoint"
    TRIANGLE = "condition"
    HEXAGON = "watch"
    SQUARE = "log point"


@dataclass(frozen=True, slots=True)
class Marker:
    shape: Shape
    enabled: bool = True
    conditional: bool = False
    lost: bool = False

    @property
    def filled(self) -> bool:
        """Whether it can stop anything."""
        return self.enabled and not self.lost

    @property
    def words(self) -> str:
        """For a person who does not see it."""
        kind = f"conditional {self.shape.value}" if self.conditional else self.shape.value
        state = "" if self.enabled else "disabled "
        return state + kind + (", not in this network" if self.lost else "")


def marker_of(breakpoint_: Breakpoint, problem: str | None = None) -> Marker:
    one = breakpoint_
    if one.log is not None:
        shape = Shape.SQUARE
    elif isinstance(one, DataBreakpoint):
        shape = Shape.DIAMOND
    elif isinstance(one, WatchBreakpoint):
        shape = Shape.HEXAGON
    else:
        shape = Shape.TRIANGLE if isinstance(one, ConditionBreakpoint) else Shape.DISC
    limited = bool(one.condition) and not isinstance(one, ConditionBreakpoint)
    return Marker(shape, one.enabled, limited or one.ignore > 0 or one.every > 1, problem is not None)


def paint(painter: QPainter, theme: Theme, centre: QPointF, marker: Marker, *, faint: bool = False) -> None:
    """Draw it, 11 pixels high; faint where one could be set."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(theme.breakpoint)
    if faint:
        painter.setOpacity(0.35)
    filled = marker.filled
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
    _outline(painter, centre, marker.shape)
    if marker.conditional:
        _bars(painter, centre, QColor(theme.panel) if filled else colour)
    if marker.lost:
        painter.drawLine(centre + QPointF(-6, 6), centre + QPointF(6, -6))
    painter.restore()


def _outline(painter: QPainter, at: QPointF, shape: Shape) -> None:
    r = _RADIUS - 0.75
    if shape is Shape.DISC:
        painter.drawEllipse(at, r, r)
    elif shape is Shape.SQUARE:
        painter.drawRoundedRect(QRectF(at.x() - r + 0.5, at.y() - r + 0.5, 2 * r - 1, 2 * r - 1), 1.5, 1.5)
    elif shape is Shape.DIAMOND:
        reach = r + 1
        _polygon(painter, at, (0, -reach), (reach, 0), (0, reach), (-reach, 0))
    elif shape is Shape.HEXAGON:
        half = r / 2
        _polygon(painter, at, (-r, 0), (-half, -r), (half, -r), (r, 0), (half, r), (-half, r))
    else:
        _polygon(painter, at, (0, -r - 0.5), (r + 0.5, r - 0.5), (-r - 0.5, r - 0.5))


def _polygon(painter: QPainter, at: QPointF, *corners: tuple[float, float]) -> None:
    painter.drawPolygon(QPolygonF([at + QPointF(*corner) for corner in corners]))


def _bars(painter: QPainter, at: QPointF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.2))
    for height in (-0.4, 2.0):
        painter.drawLine(at + QPointF(-2, height), at + QPointF(2, height))
