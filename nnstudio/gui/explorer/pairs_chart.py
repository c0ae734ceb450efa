"""The matrix of scatters: every pair of the first few columns, and on its diagonal each column as bars."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from nnstudio.data.dataset import Column
from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.markers import draw_all
from nnstudio.gui.plots.picture import class_looks, training_look

from .bars_chart import paint_bars
from .survey import Survey

_GAP, _NAMES = 6.0, 18.0
_MARKER = 4.0
_MOST_POINTS = 400


class PairsChart(Chart):
    """`pair_chosen` carries the names of the columns (across, up) of the cell that was clicked, or of the current one
    when Enter is pressed; the arrow keys go from cell to cell."""

    pair_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("pairs_chart", "All pairs of columns", parent)
        self.survey: Survey | None = None
        self.current = (0, 0)

    def show_survey(self, survey: Survey) -> None:
        """Draw another table."""
        if survey is not self.survey:
            self.survey, self.current = survey, (0, 0)
            self.touch()

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.survey.paired if self.survey is not None else ()

    @property
    def frame(self) -> QRectF:
        """The cells; the names of the columns stand to the left and below."""
        return QRectF(_NAMES, 2, max(self.width() - _NAMES - 2, 1), max(self.height() - _NAMES - 2, 1))

    def cell(self, row: int, column: int) -> QRectF:
        """Where a pair is drawn."""
        frame, n = self.frame, max(len(self.columns), 1)
        wide, high = (frame.width() + _GAP) / n, (frame.height() + _GAP) / n
        return QRectF(frame.left() + column * wide, frame.top() + row * high, wide - _GAP, high - _GAP)

    def cell_at(self, at: QPointF) -> tuple[int, int] | None:
        """The row and column of the cell under the pointer."""
        n = range(len(self.columns))
        return next(((row, column) for row in n for column in n if self.cell(row, column).contains(at)), None)

    def still(self, painter: QPainter, *, shapes: bool) -> None:
        if self.survey is None:
            return
        for row in range(len(self.columns)):
            self._paint_name(painter, row)
            for column in range(len(self.columns)):
                area = self.cell(row, column)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(self.theme.field))
                painter.drawRoundedRect(area, 3, 3)
                self._paint_cell(painter, self.survey, area.adjusted(3, 3, -3, -3), (row, column), shapes=shapes)

    def moving(self, painter: QPainter, *, shapes: bool) -> None:
        if self.hasFocus() and self.columns:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(self.theme.accent))
            painter.drawRoundedRect(self.cell(*self.current), 3, 3)

    def tip(self, at: QPointF) -> str:
        """Which two columns they are."""
        cell = self.cell_at(at)
        if cell is None:
            return ""
        across, up = self._names(cell)
        return across if across == up else f"{up} against {across}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        cell = self.cell_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and cell is not None:
            self.current = cell
            self.pair_chosen.emit(*self._names(cell))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        key, last = Qt.Key(event.key()), len(self.columns) - 1
        if key in steps and last >= 0:
            row, column = (min(max(now + step, 0), last) for now, step in zip(self.current, steps[key], strict=True))
            self.current = (row, column)
            self.setAccessibleDescription(self.tip(self.cell(row, column).center()))
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and last >= 0:
            self.pair_chosen.emit(*self._names(self.current))
        else:
            super().keyPressEvent(event)

    def _paint_axes(self, painter: QPainter) -> None:
        """The names of the columns stand for the axes."""

    def _names(self, cell: tuple[int, int]) -> tuple[str, str]:
        row, column = cell
        return self.columns[column].name, self.columns[row].name

    def _paint_cell(
        self, painter: QPainter, survey: Survey, area: QRectF, cell: tuple[int, int], *, shapes: bool
    ) -> None:
        if cell[0] == cell[1]:
            histogram = survey.histogram(self.columns[cell[0]].name)
            paint_bars(painter, histogram, area, max(float(histogram.totals.max(initial=0)), 1.0), self.theme)
            return
        up, across = (self.columns[n] for n in cell)
        (left, right), (bottom, top) = survey.range_of(across), survey.range_of(up)
        share = _MOST_POINTS / max(len(survey.drawn), 1)
        split = survey.grouping is not None
        for number, group in enumerate(survey.groups):
            if split and number == len(survey.groups) - 1:
                continue  # rows without a class
            rows = group[: max(int(np.ceil(len(group) * share)), 1)] if share < 1 else group
            x = area.left() + (across.values[rows] - left) / (right - left) * area.width()
            y = area.bottom() - (up.values[rows] - bottom) / (top - bottom) * area.height()
            known = np.isfinite(x) & np.isfinite(y)
            look = class_looks(number, self.theme)[0] if split else training_look(self.theme.train, self.theme)
            draw_all(painter, x[known], y[known], look, _MARKER, shapes=shapes)

    def _paint_name(self, painter: QPainter, number: int) -> None:
        painter.setFont(self.small)
        painter.setPen(QColor(self.theme.muted))
        name, metrics = self.columns[number].name, QFontMetricsF(self.small)
        elide, centre = Qt.TextElideMode.ElideRight, Qt.AlignmentFlag.AlignCenter
        below = self.cell(len(self.columns) - 1, number)
        area = QRectF(below.left(), self.frame.bottom() + 2, below.width(), _NAMES - 2)
        painter.drawText(area, centre, metrics.elidedText(name, elide, area.width()))
        beside = self.cell(number, 0)
        painter.save()
        painter.translate(_NAMES / 2, beside.center().y())
        painter.rotate(-90)
        area = QRectF(-beside.height() / 2, -_NAMES / 2, beside.height(), _NAMES)
        painter.drawText(area, centre, metrics.elidedText(name, elide, area.width()))
        painter.restore()
