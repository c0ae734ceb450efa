"""The errors of a slot as a picture: a cell a parameter, grey where it agrees and red where it does not."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import Theme

from .error_grid import Cell, ErrorGrid, pooled
from .error_scale import ErrorScale

_LARGEST, _WIDEST = 40, 2
_MARKED = 10
"""From so many pixels on a cell has room for a cross, for hatching and for a gap to the next."""
_DOT = 6
_KEYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class ErrorMap(QWidget):
    """`cell_chosen` carries a cell that was clicked or gone to with the arrow keys; `pointed` the one under the mouse,
    or None."""

    cell_chosen = Signal(int, int)
    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid: ErrorGrid | None = None
        self._scale: ErrorScale | None = None
        self._chosen: Cell | None = None
        self._hovered: Cell | None = None
        self.setObjectName("gradient_map")
        self.setAccessibleName("Errors of the chosen slot")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 96)

    def show_errors(self, grid: ErrorGrid | None, scale: ErrorScale) -> None:
        """Draw these errors in these colours."""
        if grid is not self._grid:
            self._point_at(None)
            self._chosen = None
        self._grid, self._scale = grid, scale
        self.update()

    def choose(self, cell: Cell | None) -> None:
        """Frame a cell."""
        if cell != self._chosen:
            self._chosen = cell
            self.update()

    def area(self) -> QRectF:
        """Where the cells are drawn."""
        grid = self._grid
        if grid is None or not grid.rows or not grid.columns:
            return QRectF()
        room = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        down = min(room.height() / grid.rows, _LARGEST)
        across = min(room.width() / grid.columns, _LARGEST * _WIDEST, max(down, 1) * _WIDEST)
        down = min(down, max(across, 1) * _WIDEST)
        across, down = (float(int(size)) if size >= 2 else size for size in (across, down))
        return QRectF(room.left(), room.top(), across * grid.columns, down * grid.rows)

    def cell_at(self, point: QPointF) -> Cell | None:
        """The cell drawn there; where they are too small to hit, the checked one nearest to it."""
        grid, area = self._grid, self.area()
        if grid is None or not area.contains(point):
            return None
        row = min(int((point.y() - area.top()) / area.height() * grid.rows), grid.rows - 1)
        column = min(int((point.x() - area.left()) / area.width() * grid.columns), grid.columns - 1)
        if grid.checked[row, column] or grid.whole:
            return row, column
        return self._nearest(point)

    def place(self, cell: Cell) -> QRectF:
        """Where a cell is drawn."""
        assert self._grid is not None
        area = self.area()
        across, down = area.width() / self._grid.columns, area.height() / self._grid.rows
        return QRectF(area.left() + cell[1] * across, area.top() + cell[0] * down, across, down)

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def paintEvent(self, _event: QPaintEvent) -> None:
        grid, scale = self._grid, self._scale
        if grid is None or scale is None:
            return
        painter, theme, area = QPainter(self), scale.theme, self.area()
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(area.adjusted(-1, -1, 0, 0))
        self._draw_cells(painter, grid, scale, area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_frame(painter, self._hovered, QPen(QColor(theme.muted), 1))
        self._draw_frame(painter, grid.worst, QPen(QColor(theme.text), 2))
        self._draw_frame(painter, self._chosen, QPen(QColor(theme.accent), 2))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self.cell_at(event.position()))

    def leaveEvent(self, event: object) -> None:
        self._point_at(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None and event.button() is Qt.MouseButton.LeftButton:
            self.cell_chosen.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, grid = _KEYS.get(Qt.Key(event.key())), self._grid
        if step is None or grid is None:
            super().keyPressEvent(event)
            return
        row, column = self._chosen or grid.worst or (0, 0)
        row, column = row + step[0], column + step[1]
        self.cell_chosen.emit(min(max(row, 0), grid.rows - 1), min(max(column, 0), grid.columns - 1))

    def _point_at(self, cell: Cell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.update()
            self.pointed.emit(cell)

    def _nearest(self, point: QPointF) -> Cell | None:
        """The checked cell whose dot the point is on."""
        assert self._grid is not None
        for row, column in np.argwhere(self._grid.checked).tolist():
            centre = self.place((row, column)).center()
            if max(abs(centre.x() - point.x()), abs(centre.y() - point.y())) <= _DOT:
                return row, column
        return None

    def _draw_cells(self, painter: QPainter, grid: ErrorGrid, scale: ErrorScale, area: QRectF) -> None:
        least = min(area.width() / grid.columns, area.height() / grid.rows)
        if least >= _MARKED:
            self._draw_marked(painter, grid, scale)
        elif grid.whole:
            self._draw_picture(painter, grid, scale, area)
        else:
            self._draw_dots(painter, grid, scale)

    def _draw_marked(self, painter: QPainter, grid: ErrorGrid, scale: ErrorScale) -> None:
        """Each cell by itself, with a cross where it does not agree and hatched where there is a kink."""
        hatched = QBrush(QColor(scale.theme.warning), Qt.BrushStyle.BDiagPattern)
        for row, column in np.argwhere(grid.checked).tolist():
            rect = self.place((row, column)).adjusted(0, 0, -1, -1)
            if grid.kinks[row, column]:
                painter.fillRect(rect, hatched)
                continue
            error = float(grid.relative[row, column])
            painter.fillRect(rect, scale.colour(error))
            if not error <= scale.tolerance:
                _draw_cross(painter, rect, scale.theme)

    def _draw_picture(self, painter: QPainter, grid: ErrorGrid, scale: ErrorScale, area: QRectF) -> None:
        """Small cells as pixels; a pixel that stands for several shows the worst of them."""
        room = max(int(area.height()), 1), max(int(area.width()), 1)
        pixels = scale.pixels(pooled(grid.relative, *room))
        kinks = pooled(np.where(grid.kinks, 1.0, np.nan), *room)
        pixels[np.isnan(kinks) < np.isnan(pooled(grid.relative, *room))] = QColor(scale.theme.warning).rgb()
        pixels = np.ascontiguousarray(pixels)
        height, width = pixels.shape
        painter.drawImage(area, QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32))

    def _draw_dots(self, painter: QPainter, grid: ErrorGrid, scale: ErrorScale) -> None:
        """The few that were drawn from a large slot, as dots larger than their cells; the worst on top."""
        painter.setPen(Qt.PenStyle.NoPen)
        cells = np.argwhere(grid.checked)
        order = np.argsort(np.nan_to_num(grid.relative[grid.checked], nan=-1.0))
        for row, column in cells[order].tolist():
            centre = self.place((row, column)).center()
            kink = grid.kinks[row, column]
            colour = QColor(scale.theme.warning) if kink else scale.colour(float(grid.relative[row, column]))
            painter.setBrush(colour)
            painter.drawRect(QRectF(centre.x() - _DOT / 2, centre.y() - _DOT / 2, _DOT, _DOT))

    def _draw_frame(self, painter: QPainter, cell: Cell | None, pen: QPen) -> None:
        if cell is None:
            return
        rect = self.place(cell)
        if min(rect.width(), rect.height()) < _MARKED:  # too small to frame: a ring round it
            centre = rect.center()
            rect = QRectF(centre.x() - _DOT, centre.y() - _DOT, 2 * _DOT, 2 * _DOT)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(-0.5, -0.5, -0.5, -0.5), 2, 2)


def _draw_cross(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    size = min(rect.width(), rect.height()) / 5
    centre = rect.center()
    painter.setPen(QPen(QColor(theme.panel), 1.5))
    for sign in (-1, 1):
        painter.drawLine(
            QPointF(centre.x() - size, centre.y() - sign * size), QPointF(centre.x() + size, centre.y() + sign * size)
        )
