"""Lines, arrows and dots by the names of colours."""

from collections.abc import Sequence
from math import hypot

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from nnstudio.gui.theme import Theme

_HEAD = 7.0
_NEURON = 13.0


class Pencil:
    """Draws one sketch; places are pixels from the top left."""

    def __init__(self, painter: QPainter, theme: Theme) -> None:
        self.painter, self.theme = painter, theme

    def colour(self, name: str) -> QColor:
        return QColor(getattr(self.theme, name))

    def line(self, a: tuple[float, float], b: tuple[float, float], colour: str, width: float = 1.5) -> None:
        self._pen(colour, width)
        self.painter.drawLine(QLineF(*a, *b))

    def dashes(self, a: tuple[float, float], b: tuple[float, float], colour: str) -> None:
        pen = self._pen(colour, 1.5)
        pen.setDashPattern([2.0, 3.0])
        self.painter.setPen(pen)
        self.painter.drawLine(QLineF(*a, *b))

    def arrow(self, a: tuple[float, float], b: tuple[float, float], colour: str, width: float = 2.0) -> None:
        """A line with a head at b."""
        length = hypot(b[0] - a[0], b[1] - a[1]) or 1.0
        along, head = ((b[0] - a[0]) / length, (b[1] - a[1]) / length), _HEAD + width
        neck = (b[0] - along[0] * head, b[1] - along[1] * head)
        self.line(a, neck, colour, width)
        across = (-along[1] * head * 0.45, along[0] * head * 0.45)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.colour(colour))
        corners = (b, (neck[0] + across[0], neck[1] + across[1]), (neck[0] - across[0], neck[1] - across[1]))
        self.painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))

    def curve(self, points: Sequence[tuple[float, float]], colour: str, width: float = 2.0) -> None:
        self._pen(colour, width)
        self.painter.drawPolyline(QPolygonF([QPointF(*point) for point in points]))

    def dot(self, at: tuple[float, float], colour: str, radius: float = 4.5) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.colour(colour))
        self.painter.drawEllipse(QPointF(*at), radius, radius)

    def ring(self, at: tuple[float, float], colour: str, radius: float = 4.5) -> None:
        """A dot that is not filled."""
        self._pen(colour, 2.0)
        self.painter.setBrush(self.colour("panel"))
        self.painter.drawEllipse(QPointF(*at), radius, radius)

    def neuron(self, at: tuple[float, float], colour: str = "forward") -> None:
        self._pen(colour, 2.0)
        self.painter.setBrush(self.colour("field"))
        self.painter.drawRoundedRect(QRectF(at[0] - _NEURON, at[1] - _NEURON, 2 * _NEURON, 2 * _NEURON), 6, 6)

    def bar(self, area: QRectF, colour: str) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.colour(colour))
        self.painter.drawRoundedRect(area, 2, 2)

    def sign(self, at: tuple[float, float], text: str, colour: str = "text") -> None:
        self.painter.setPen(self.colour(colour))
        area = QRectF(at[0] - 40, at[1] - 12, 80, 24)
        self.painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)

    def _pen(self, colour: str, width: float) -> QPen:
        pen = QPen(self.colour(colour), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        return pen
