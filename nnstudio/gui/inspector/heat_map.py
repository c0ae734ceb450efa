"""A slot as a picture: a cell a number, blue for positive, orange for negative, with the scale under it."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.explain.numbers import fixed, short
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.theme import Theme

from .block import Block, symbol
from .cell_text import UNKNOWN
from .sampling import Sampled, colour_table, colours, sample

_LARGEST_CELL = 40
_SQUARE_FROM = 5
_WIDEST = 2
_LEGEND = 28
_BAR = 32
_FADED = 0.35
_KEYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class HeatMap(QWidget):
    """`cell_chosen` carries the row and column of a click, or of the arrow keys."""

    cell_chosen = Signal(int, int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._block: Block | None = None
        self._sampled: Sampled | None = None
        self._image = QImage()
        self._pixels = np.empty((0, 0), np.uint32)
        self._scale = 0.0
        self._faded = False
        self._table: tuple[Theme | None, np.ndarray] = (None, self._pixels)
        self._chosen: tuple[int, int] | None = None
        self._chosen_value: float | None = None
        self._hovered: tuple[int, int] | None = None
        self._decimals = 4
        self.setObjectName("inspector_heat_map")
        self.setAccessibleName("Heat map of the chosen slot")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(64)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing under it is drawn at each frame

    def show_values(self, block: Block, values: np.ndarray | None, scale: float, faded: bool, decimals: int) -> None:
        """Draw these, where `scale` is the largest magnitude; None where nothing has been computed yet."""
        if block != self._block:
            self._hovered = None
        self._block, self._scale, self._faded, self._decimals = block, scale, faded, decimals
        if values is None:
            self._sampled, self._image = None, QImage()
        else:
            room = self._room()
            self._sampled = sample(values.reshape(len(values), -1) if values.ndim else values.reshape(1, 1), *room)
            self._paint_image()
        self.update()

    def follow(self, cell: tuple[int, int] | None, value: float | None) -> None:
        """Frame the chosen cell, whose number is `value`."""
        if (cell, value) != (self._chosen, self._chosen_value):
            self._chosen, self._chosen_value = cell, value
            self.setAccessibleDescription(self._readout())
            self.update()

    def value(self, cell: tuple[int, int]) -> float | None:
        """What is drawn for a cell."""
        found = self._sampled
        if found is None:
            return None
        row, column = np.searchsorted(found.rows, cell[0]), np.searchsorted(found.columns, cell[1])
        if row >= len(found.rows) or column >= len(found.columns):
            return None
        exact = found.rows[row] == cell[0] and found.columns[column] == cell[1]
        return float(found.values[row, column]) if exact else None

    def area(self) -> QRectF:
        """Where the cells are drawn."""
        block = self._block
        if block is None:
            return QRectF()
        room = QRectF(0, 1, self.width(), max(self.height() - _LEGEND - 4, 1))
        across, down = room.width() / block.width, room.height() / block.rows
        if min(across, down) >= _SQUARE_FROM:
            down = float(int(min(across, down, _LARGEST_CELL)))
            across = float(int(min(across, down * _WIDEST)))
        else:
            across, down = (min(size if size < 1 else float(int(size)), _LARGEST_CELL) for size in (across, down))
        return QRectF(1, 1, max(across * block.width - 2, 1), max(down * block.rows, 1))

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """The row and column drawn there."""
        area, found = self.area(), self._sampled
        if found is None or not area.contains(point):
            return None
        row = int((point.y() - area.top()) / area.height() * len(found.rows))
        column = int((point.x() - area.left()) / area.width() * len(found.columns))
        return int(found.rows[min(row, len(found.rows) - 1)]), int(found.columns[min(column, len(found.columns) - 1)])

    def sizeHint(self) -> QSize:
        return QSize(240, 160)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._appearance.theme
        painter.fillRect(self.rect(), QColor(theme.panel))
        if self._block is None or self._image.isNull():
            painter.setPen(QColor(theme.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, UNKNOWN)
            return
        if theme is not self._table[0]:
            self._paint_image()
        area = self.area()
        painter.setOpacity(_FADED if self._faded else 1.0)
        painter.drawImage(area, self._image)
        painter.setOpacity(1.0)
        self._draw_frame(painter, area, self._hovered, QPen(QColor(theme.text), 1))
        self._draw_frame(painter, area, self._chosen, QPen(QColor(theme.accent), 2))
        self._draw_legend(painter, theme, area)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hovered = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.cell_at(event.position()))

    def leaveEvent(self, event: object) -> None:
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None and event.button() is Qt.MouseButton.LeftButton:
            self.cell_chosen.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None or self._block is None:
            super().keyPressEvent(event)
            return
        row, column = self._chosen or (0, 0)
        row = min(max(row + step[0], 0), self._block.rows - 1)
        column = min(max(column + step[1], 0), self._block.width - 1)
        self.cell_chosen.emit(row, column)

    def _hover(self, cell: tuple[int, int] | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.update()

    def _room(self) -> tuple[int, int]:
        """How many rows and columns of pixels there are to draw on."""
        return max(self.height() - _LEGEND - 4, 32), max(self.width(), 32)

    def _paint_image(self) -> None:
        theme = self._appearance.theme
        if self._table[0] is not theme:
            self._table = (theme, colour_table(theme))
        assert self._sampled is not None
        self._pixels = np.ascontiguousarray(colours(self._sampled.values, self._scale, self._table[1]))
        height, width = self._pixels.shape
        self._image = QImage(self._pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32)

    def _draw_frame(self, painter: QPainter, area: QRectF, cell: tuple[int, int] | None, pen: QPen) -> None:
        block = self._block
        if cell is None or block is None or cell[0] >= block.rows or cell[1] >= block.width:
            return
        across, down = area.width() / block.width, area.height() / block.rows
        rect = QRectF(area.left() + cell[1] * across, area.top() + cell[0] * down, across, down)
        if min(across, down) < 6:  # too small to frame: a ring round it
            centre = rect.center()
            rect = QRectF(centre.x() - 4, centre.y() - 4, 8, 8)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 2, 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_legend(self, painter: QPainter, theme: Theme, area: QRectF) -> None:
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        measure = QFontMetricsF(font)
        middle = area.bottom() + 4 + _LEGEND / 2
        largest = short(self._scale, 3)
        left = 0.0
        painter.setPen(QColor(theme.muted))
        for word, ends in ((f"−{largest}", (theme.negative, theme.neutral)), ("0", (theme.neutral, theme.positive))):
            left = self._draw_word(painter, left, middle, word, measure)
            self._draw_bar(painter, QRectF(left, middle - 4, _BAR, 8), *ends)
            left += _BAR + 6
        left = self._draw_word(painter, left, middle, f"+{largest}", measure)
        text = self._readout()
        room = self.width() - left - 8
        painter.setPen(QColor(theme.text))
        shown = measure.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(
            QRectF(left + 8, middle - 10, room, 20), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, shown
        )

    def _draw_word(self, painter: QPainter, left: float, middle: float, word: str, measure: QFontMetricsF) -> float:
        width = measure.horizontalAdvance(word) + 1
        painter.drawText(QRectF(left, middle - 10, width, 20), Qt.AlignmentFlag.AlignVCenter, word)
        return left + width + 6

    def _draw_bar(self, painter: QPainter, rect: QRectF, first: str, last: str) -> None:
        gradient = QLinearGradient(rect.topLeft(), rect.topRight())
        gradient.setColorAt(0, QColor(first))
        gradient.setColorAt(1, QColor(last))
        painter.fillRect(rect, gradient)

    def _readout(self) -> str:
        """The symbol and value of the cell under the mouse, else of the chosen one."""
        cell = self._hovered or self._chosen
        if cell is None or self._block is None:
            return ""
        value = self._chosen_value if cell == self._chosen else self.value(cell)
        name = symbol(*self._block.element(*cell))
        return name if value is None else f"{name} = {fixed(value, self._decimals)}"
