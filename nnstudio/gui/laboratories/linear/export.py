"""The three pictures beside each other, as they are saved."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from nnstudio.gui.plots.picture import Table
from nnstudio.gui.theme import Theme

from .column import WayColumn

_MARGIN, _BETWEEN, _ABOVE = 16, 24, 48


class WaysExport:
    """Each with its name and how good it is above it; the numbers say how good each is."""

    title = "Linear against non-linear"

    def __init__(self, columns: Sequence[WayColumn], theme: Theme, table: Table) -> None:
        self.ground = theme.panel
        self._text = QColor(theme.text)
        self._columns = [column for column in columns if column.picture is not None]
        self._table = table

    def size(self) -> QSize:
        charts = [column.picture.chart.size() for column in self._columns if column.picture]
        width = sum(size.width() for size in charts) + _BETWEEN * max(len(charts) - 1, 0)
        height = max((size.height() for size in charts), default=0)
        return QSize(width + 2 * _MARGIN, height + _ABOVE + 2 * _MARGIN)

    def paint(self, painter: QPainter) -> None:
        left = float(_MARGIN)
        for column in self._columns:
            assert column.picture is not None
            chart = column.picture.chart
            font = QFont(column.font())
            font.setPixelSize(13)
            painter.setFont(font)
            painter.setPen(self._text)
            area = QRectF(left, _MARGIN, chart.width(), _ABOVE - 8)
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft, f"{column.title.text()}\n{column.measured.whole}")
            painter.save()
            painter.translate(left, _MARGIN + _ABOVE)
            chart.paint(painter, shapes=True)
            painter.restore()
            left += chart.width() + _BETWEEN

    def table(self) -> Table:
        return self._table
