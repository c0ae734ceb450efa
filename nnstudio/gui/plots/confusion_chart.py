"""The confusion matrix: how many rows of each true class (down) were predicted as each class (across).

The shade of a cell is its share of its row, so that rare classes are seen as well as frequent ones.
"""

from math import ceil

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from nnstudio.explain.numbers import count

from .chart import Chart

_GAP, _NAME_ROW, _LABEL_ROW = 6.0, 14.0, 16.0
_LEAST_LABEL = 11.0
_LEAST_GAP_CELL = 8.0
_FEW = 4
_LEAST_ACROSS = 28.0


class ConfusionChart(Chart):
    """`cell_clicked` carries the true and the predicted class of the cell that was clicked."""

    cell_clicked = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("confusion_chart", "Confusion matrix", parent)
        self.matrix = np.zeros((0, 0), dtype=np.int64)
        self.labels: tuple[str, ...] = ()
        self._tint = "train"
        self.x_range = self.y_range = (0.0, 1.0)
        self.problem = ""

    def set_matrix(self, matrix: np.ndarray, labels: tuple[str, ...], tint: str, problem: str = "") -> None:
        """Counts (true × predicted); `tint` names the theme's colour, `problem` stands where there are no counts."""
        same = problem == self.problem and labels == self.labels and tint == self._tint
        if same and np.array_equal(matrix, self.matrix):
            return
        self.matrix, self.labels, self._tint, self.problem = matrix, labels, tint, problem
        self.touch()

    def sizeHint(self) -> QSize:
        return QSize(240, 180)

    @property
    def frame(self) -> QRectF:
        """The cells."""
        top, left = self._top(), self._left()
        n = max(len(self.labels), 1)
        width, height = max(self.width() - left - 2, 1.0), max(self.height() - top - 2, 1.0)
        cell = min(height / n, width / n)
        return QRectF(left, top, min(width, n * max(cell, min(width / n, 1.8 * height / n))), height)

    def still(self, painter: QPainter, *, shapes: bool) -> None:
        if self.problem:
            painter.setPen(QColor(self.theme.muted))
            wrap = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()), int(wrap), self.problem)
            return
        if not self.labels:
            return
        self._paint_cells(painter)
        self._paint_labels(painter)

    def tip(self, at: QPointF) -> str:
        cell = self._cell_at(at)
        if cell is None or self.problem:
            return ""
        true, predicted = cell
        number = int(self.matrix[true, predicted])
        rows = "row" if number == 1 else "rows"
        of = int(self.matrix[true].sum())
        said = f"{count(number)} {rows} of {count(of)} of class {self.labels[true]}: predicted {self.labels[predicted]}"
        return f"{said}\nA click lists them" if number else said

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        cell = self._cell_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and cell is not None and not self.problem:
            self.cell_clicked.emit(*cell)
            event.accept()

    def _paint_axes(self, painter: QPainter) -> None:
        """Classes stand for the axes."""

    def _paint_cells(self, painter: QPainter) -> None:
        frame, n = self.frame, len(self.labels)
        wide, high = frame.width() / n, frame.height() / n
        shares = self.matrix / np.maximum(self.matrix.sum(axis=1, keepdims=True), 1)
        if min(wide, high) < _LEAST_GAP_CELL:
            self._paint_fine(painter, frame, shares)
            return
        painter.setFont(self.small)
        painter.setPen(Qt.PenStyle.NoPen)
        room = QFontMetricsF(self.small).horizontalAdvance(count(int(self.matrix.max()))) + 1
        numbers = wide >= room and high >= _LEAST_LABEL + 1
        for true in range(n):
            for predicted in range(n):
                cell = QRectF(frame.left() + predicted * wide, frame.top() + true * high, wide, high)
                share = float(shares[true, predicted])
                number = int(self.matrix[true, predicted])
                said = numbers and (number > 0 or n <= _FEW)
                self._paint_cell(painter, cell, share, number if said else None)

    def _paint_cell(self, painter: QPainter, cell: QRectF, share: float, number: int | None) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._shade(share and 0.1 + 0.9 * share))
        inner = cell.adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(inner, 3, 3)
        if number is not None:
            faint = self.theme.stale if number == 0 else self.theme.text
            painter.setPen(QColor(self.theme.on_accent if share > 0.6 else faint))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, count(number))

    def _paint_fine(self, painter: QPainter, frame: QRectF, shares: np.ndarray) -> None:
        """Very many classes: a picture without gaps and numbers; the tooltip has the numbers."""
        shades = np.array([self._shade(step / 64).rgba() for step in range(65)], dtype=np.uint32)
        pixels = np.ascontiguousarray(shades[np.rint(shares * 64).astype(np.intp)])
        n = len(pixels)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(frame, QImage(pixels.data, n, n, 4 * n, QImage.Format.Format_RGB32))

    def _paint_labels(self, painter: QPainter) -> None:
        frame, n, metrics = self.frame, len(self.labels), QFontMetricsF(self.small)
        wide, high = frame.width() / n, frame.height() / n
        painter.setFont(self.small)
        flags, elide = Qt.AlignmentFlag, Qt.TextElideMode.ElideMiddle  # "class = 1" differs at its end
        painter.setPen(QColor(self.theme.stale))
        painter.drawText(QRectF(frame.left(), 0, frame.width(), _NAME_ROW), flags.AlignCenter, "predicted")
        self._paint_turned(painter, QPointF(_NAME_ROW / 2, frame.center().y()), frame.height(), "true")
        painter.setPen(QColor(self.theme.muted))
        for number in range(0, n, max(1, ceil(_LEAST_LABEL / high))):
            left, middle = _NAME_ROW + 4, frame.top() + (number + 0.5) * high
            area = QRectF(left, middle - 8, frame.left() - left - _GAP, 16)
            text = metrics.elidedText(self.labels[number], elide, area.width())
            painter.drawText(area, flags.AlignRight | flags.AlignVCenter, text)
        for number in range(0, n, max(1, ceil(_LEAST_LABEL / wide))):
            middle = frame.left() + (number + 0.5) * wide
            if self._turned:
                room = frame.top() - _NAME_ROW - 4
                text = metrics.elidedText(self.labels[number], elide, room)
                at = QPointF(middle, frame.top() - 3 - room / 2)
                self._paint_turned(painter, at, room, text, flags.AlignLeft)
            else:
                text = metrics.elidedText(self.labels[number], elide, wide - 2)
                area = QRectF(middle - wide / 2, frame.top() - _LABEL_ROW, wide, _LABEL_ROW)
                painter.drawText(area, flags.AlignCenter, text)

    def _paint_turned(
        self,
        painter: QPainter,
        middle: QPointF,
        length: float,
        text: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
    ) -> None:
        painter.save()
        painter.translate(middle)
        painter.rotate(-90)
        area = QRectF(-length / 2, -_NAME_ROW / 2, length, _NAME_ROW)
        painter.drawText(area, align | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _shade(self, share: float) -> QColor:
        ground, full = QColor(self.theme.field), QColor(getattr(self.theme, self._tint))
        parts = [(ground.redF(), full.redF()), (ground.greenF(), full.greenF()), (ground.blueF(), full.blueF())]
        return QColor.fromRgbF(*(low + (high - low) * share for low, high in parts))

    @property
    def _turned(self) -> bool:
        """Whether the labels above are turned, because too little of them would fit across their cells."""
        wide = (self.width() - self._left()) / max(len(self.labels), 1) - 2
        return wide < min(self._widest(), _LEAST_ACROSS)

    def _left(self) -> float:
        return _NAME_ROW + 4 + min(self._widest(), 0.3 * self.width()) + _GAP

    def _top(self) -> float:
        labels = min(self._widest() + 4, 0.3 * self.height()) if self._turned else _LABEL_ROW
        return _NAME_ROW + labels

    def _widest(self) -> float:
        metrics = QFontMetricsF(QFont(self.small))
        return max((metrics.horizontalAdvance(label) for label in self.labels), default=0.0)

    def _cell_at(self, at: QPointF) -> tuple[int, int] | None:
        frame, n = self.frame, len(self.labels)
        if not n or not frame.contains(at):
            return None
        row = int((at.y() - frame.top()) / frame.height() * n)
        column = int((at.x() - frame.left()) / frame.width() * n)
        return min(row, n - 1), min(column, n - 1)
