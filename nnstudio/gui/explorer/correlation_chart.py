"""The correlations of all columns of numbers, as a map: blue together, orange against each other."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from nnstudio.explain.numbers import fixed, short
from nnstudio.gui.plots.chart import Chart

_GAP, _NAME_ROW, _LONGEST = 6.0, 16.0, 120.0
_LEAST_FOR_NAMES, _LEAST_FOR_NUMBERS = 12.0, 30.0


class CorrelationChart(Chart):
    """`pair_chosen` carries the names of the two columns whose cell was clicked."""

    pair_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("correlation_chart", "Correlations of the columns", parent)
        self.r = np.zeros((0, 0))
        self.names: tuple[str, ...] = ()

    def show_correlations(self, r: np.ndarray, names: tuple[str, ...]) -> None:
        """r (n × n) of these columns."""
        self.r, self.names = r, names
        self.touch()

    @property
    def frame(self) -> QRectF:
        """The cells, square where the room allows."""
        left = self._left() + _GAP if self._names_fit else 2.0
        top = 2.0
        below = _NAME_ROW if self._names_fit else 2.0
        side = max(min(self.width() - left - 2, self.height() - top - below), 1.0)
        return QRectF(left, top, max(min(self.width() - left - 2, 2.4 * side), 1.0), side)

    def still(self, painter: QPainter, *, shapes: bool) -> None:
        if not self.names:
            return
        rgba = self.theme.diverging(self.r).astype(np.uint32)
        pixels = np.ascontiguousarray(
            rgba[..., 3] << 24 | rgba[..., 0] << 16 | rgba[..., 1] << 8 | rgba[..., 2], dtype=np.uint32
        )
        n = len(self.names)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(self.frame, QImage(pixels.data, n, n, 4 * n, QImage.Format.Format_ARGB32))
        if self._names_fit:
            self._paint_names_of(painter)
        if min(self._cell) >= _LEAST_FOR_NUMBERS:
            self._paint_numbers(painter)

    def pair_at(self, at: QPointF) -> tuple[int, int] | None:
        """Row and column of the cell under the pointer."""
        if not self.names or not self.frame.contains(at):
            return None
        wide, high = self._cell
        row, column = int((at.y() - self.frame.top()) // high), int((at.x() - self.frame.left()) // wide)
        return min(row, len(self.names) - 1), min(column, len(self.names) - 1)

    def tip(self, at: QPointF) -> str:
        """The two columns and r."""
        pair = self.pair_at(at)
        if pair is None:
            return ""
        r = float(self.r[pair])
        return f"{self.names[pair[0]]}, {self.names[pair[1]]}\nr = {short(r, 4) if r == r else '—'}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        pair = self.pair_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and pair is not None:
            self.pair_chosen.emit(self.names[pair[1]], self.names[pair[0]])

    @property
    def _cell(self) -> tuple[float, float]:
        n = max(len(self.names), 1)
        return self.frame.width() / n, self.frame.height() / n

    @property
    def _names_fit(self) -> bool:
        return bool(self.names) and self.height() / len(self.names) >= _LEAST_FOR_NAMES

    def _left(self) -> float:
        metrics = QFontMetricsF(self.small)
        return min(max(map(metrics.horizontalAdvance, self.names), default=0.0), _LONGEST) + 2

    def _paint_axes(self, painter: QPainter) -> None:
        """The names of the columns stand for the axes."""

    def _paint_names_of(self, painter: QPainter) -> None:
        painter.setFont(self.small)
        painter.setPen(QColor(self.theme.muted))
        metrics, (wide, high), flags = QFontMetricsF(self.small), self._cell, Qt.AlignmentFlag
        for number, name in enumerate(self.names):
            area = QRectF(0, self.frame.top() + number * high, self._left(), high)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, self._left())
            painter.drawText(area, flags.AlignRight | flags.AlignVCenter, text)
            area = QRectF(self.frame.left() + number * wide, self.frame.bottom() + 1, wide, _NAME_ROW)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, wide - 4)
            painter.drawText(area, flags.AlignCenter, text)

    def _paint_numbers(self, painter: QPainter) -> None:
        wide, high = self._cell
        for row in range(len(self.names)):
            for column in range(len(self.names)):
                r = float(self.r[row, column])
                strong = abs(r) > 0.6 and not self.theme.dark
                painter.setPen(QColor(self.theme.on_accent if strong and r > 0 else self.theme.text))
                area = QRectF(self.frame.left() + column * wide, self.frame.top() + row * high, wide, high)
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, fixed(r, 2) if r == r else "—")
