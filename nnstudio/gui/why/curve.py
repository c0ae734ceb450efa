"""A parameter over the iterations, as a small curve; the moments that moved it most are dots on it.

A click asks for the iteration there, and the pointer at rest reads it.
"""

from collections.abc import Sequence

import numpy as np
from pyqtgraph import arrayToQPath
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnstudio.explain.numbers import count, fixed
from nnstudio.gui.theme import LIGHT, Theme
from nnstudio.training.keyframes import Moment

_HEIGHT, _LINE, _SIDE, _DOT = 72, 16, 4, 3.0
_GAP = 8


class CourseCurve(QWidget):
    """`show_course` takes iterations and values, and where the dots are. `asked` carries the moment after an
    iteration."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("why_curve")
        self.setAccessibleName("The parameter over the iterations")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._x, self._y = np.zeros(0), np.zeros(0)
        self._dots: tuple[tuple[float, float], ...] = ()
        self._theme, self._decimals = LIGHT, 4

    def show_course(
        self, x: np.ndarray, y: np.ndarray, dots: Sequence[tuple[float, float]], theme: Theme, decimals: int
    ) -> None:
        known = np.isfinite(y)
        self._x, self._y = x[known], y[known]
        self._dots = tuple((a, b) for a, b in dots if np.isfinite(b))
        self._theme, self._decimals = theme, decimals
        if len(self._y):
            self.setAccessibleDescription(
                f"from {fixed(float(self._y[0]), decimals)} to {fixed(float(self._y[-1]), decimals)} "
                f"in {count(float(self._x[-1] - self._x[0]))} iterations"
            )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._point_at(event.position().x())
        if at is not None and event.button() is Qt.MouseButton.LeftButton:
            self.asked.emit(Moment(int(self._x[at])))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._point_at(float(event.pos().x()))
            if at is not None:
                words = f"after iteration {count(float(self._x[at]))}: {fixed(float(self._y[at]), self._decimals)}"
                QToolTip.showText(event.globalPos(), words, self)
                return True
        return super().event(event)

    def _point_at(self, across: float) -> int | None:
        """The point of the curve that is nearest to a place, in pixels."""
        if not len(self._x):
            return None
        track = self._track()
        share = min(max((across - track.left()) / max(track.width(), 1.0), 0.0), 1.0)
        return int(np.abs(self._x - (self._x[0] + share * (self._x[-1] - self._x[0]))).argmin())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if len(self._y):
            self._paint_axes(painter)
            self._paint_line(painter)
        painter.end()

    def _track(self) -> QRectF:
        """Where the curve is drawn, beside its two labels and above those of the iterations."""
        metrics = QFontMetricsF(self._small())
        taken = max(metrics.horizontalAdvance(text) for text in self._labels()) + _GAP
        return QRectF(taken, _SIDE, self.width() - taken - _SIDE, self.height() - _LINE - 2 * _SIDE)

    def _labels(self) -> tuple[str, str]:
        return fixed(float(self._y.min()), self._decimals), fixed(float(self._y.max()), self._decimals)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(11)
        return font

    def _paint_axes(self, painter: QPainter) -> None:
        track, (low, high) = self._track(), self._labels()
        painter.setFont(self._small())
        painter.setPen(QColor(self._theme.line))
        for y in (track.top(), track.bottom()):
            painter.drawLine(QPointF(track.left(), y), QPointF(track.right(), y))
        painter.setPen(QColor(self._theme.muted))
        beside = QRectF(0, 0, track.left() - _GAP, _LINE)
        painter.drawText(beside.translated(0, track.top() - _SIDE), _RIGHT, high)
        if low != high:
            painter.drawText(beside.translated(0, track.bottom() + _SIDE - _LINE), _RIGHT, low)
        below = QRectF(track.left(), track.bottom() + _SIDE, track.width(), _LINE)
        painter.drawText(below, _LEFT, count(float(self._x[0])))
        painter.drawText(below, _RIGHT, f"iteration {count(float(self._x[-1]))}")

    def _paint_line(self, painter: QPainter) -> None:
        track = self._track()
        x, y = _thinned(self._x, self._y, max(int(track.width()), 1))
        left, low = self._x[0], self._y.min()
        across = track.width() / ((self._x[-1] - left) or 1.0)
        up = track.height() / ((self._y.max() - low) or 1.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.parameter), 1.5))
        painter.drawPath(arrayToQPath(track.left() + (x - left) * across, track.bottom() - (y - low) * up))
        painter.setPen(QPen(QColor(self._theme.panel), 1))
        painter.setBrush(QColor(self._theme.update))
        for a, b in self._dots:
            painter.drawEllipse(
                QPointF(track.left() + (a - left) * across, track.bottom() - (b - low) * up), _DOT, _DOT
            )


def _thinned(x: np.ndarray, y: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest point of each column of pixels, in their order."""
    if len(x) <= 4 * columns:
        return x, y
    starts = np.linspace(0, len(x), columns + 1).astype(int)[:-1]
    pairs = zip(starts, np.append(starts[1:], len(x)), strict=True)
    kept = sorted({0, len(x) - 1, *(int(a + place(y[a:b])) for a, b in pairs for place in (np.argmin, np.argmax))})
    return x[kept], y[kept]


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
