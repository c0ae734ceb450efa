"""The matrices of an equation, painted: numbers tinted by their sign, rows and columns lit from where somebody points.

The pointer lights what goes into an element; so do the arrow keys, which walk through the matrix that is written. A
click, or Enter, chooses the element in the whole window.
"""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.explain.grids import Grid
from nnstudio.explain.matrices import MatrixEquation
from nnstudio.gui.inspector.tints import Tints
from nnstudio.gui.inspector.words import shape_text
from nnstudio.gui.theme import Theme

from .matrix_layout import CAPTION, DECIMALS, ROW, Box, MatrixLayout, lay_out

_DIGITS, _WORDS, _SIGNS = 11, 13, 17
_PADDING = 5
_SIGN_WIDTH = 200
_ARROWS = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_MIDDLE = int(Qt.AlignmentFlag.AlignCenter)


class MatrixView(QWidget):
    """`element_chosen` carries the matrix and the row and column that a user has chosen."""

    element_chosen = Signal(object, int, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("explanation_matrices")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._digits, self._words = self._sized(_DIGITS), self._sized(_WORDS)
        self._bold, self._signs = self._sized(_WORDS), self._sized(_SIGNS)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._signs.setWeight(QFont.Weight.DemiBold)
        self._tints = Tints(theme)
        self._equation: MatrixEquation | None = None
        self._decimals = DECIMALS
        self._made: tuple[float, MatrixLayout] | None = None
        self.pointed: tuple[Grid, int, int] | None = None
        """The element that the pointer or the keyboard is at."""

    def show_equation(self, equation: MatrixEquation, decimals: int, theme: Theme) -> None:
        """Other numbers. What the pointer is at stays lit where it is there still."""
        if theme is not self._tints.theme:
            self._tints = Tints(theme)
        at = None if self.pointed is None or self._equation is None else self._equation.grids.index(self.pointed[0])
        self._equation, self._decimals, self._made = equation, decimals, None
        self.pointed = self._same(at)
        self.setAccessibleName(f"{equation.explanation.headline}, as matrices")
        self.setAccessibleDescription(equation.numbers(min(decimals, DECIMALS)).plain)
        self.updateGeometry()
        self.update()

    @property
    def layout_(self) -> MatrixLayout:
        """Where everything stands in the width at hand."""
        return self._layout_in(self.width())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._layout_in(width).height if self._equation is not None else 0

    def sizeHint(self) -> QSize:
        return QSize(0, self.heightForWidth(max(self.width(), 1)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._under(event))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._under(event)
        if event.button() is Qt.MouseButton.LeftButton and found is not None:
            self.element_chosen.emit(*found)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._point_at(self._under(event))

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """By the Tab key: show where the arrow keys begin."""
        super().focusInEvent(event)
        if event.reason() in _BY_TAB and self._equation is not None:
            self._walk(0, 0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is not None and self._equation is not None:
            self._walk(*step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.pointed is not None:
            self.element_chosen.emit(*self.pointed)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._equation is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        made = self.layout_
        painter.setPen(self._tints.text)
        for sign in made.signs:
            painter.setFont(self._signs if len(sign.text) == 1 else self._words)
            area = QRectF(sign.middle.x(), sign.middle.y() - CAPTION / 2, _SIGN_WIDTH, CAPTION)
            painter.drawText(area, _LEFT, sign.text)
        for box in made.boxes:
            self._paint_caption(painter, box)
            self._paint_numbers(painter, box)
        self._paint_lit(painter, made)

    def _paint_caption(self, painter: QPainter, box: Box) -> None:
        """The symbol above, in the colour of its kind, and the shape below."""
        theme, area = self._tints.theme, box.area
        painter.setFont(self._bold)
        painter.setPen(QColor(getattr(theme, box.grid.kind.value)) if box.grid.kind else self._tints.text)
        above = QRectF(area.left(), area.top() - CAPTION, _SIGN_WIDTH, CAPTION)
        painter.drawText(above, _LEFT, box.grid.symbol)
        painter.setFont(self._digits)
        painter.setPen(self._tints.faded_text)
        below = QRectF(area.left(), area.bottom() + 1, max(area.width(), 60), ROW - 4)
        painter.drawText(below, _LEFT, shape_text(box.grid.shape))

    def _paint_numbers(self, painter: QPainter, box: Box) -> None:
        painter.setFont(self._digits)
        scale = box.scale
        for n, (row, values) in enumerate(zip(box.rows, box.values, strict=True)):
            for k, (column, value) in enumerate(zip(box.columns, values, strict=True)):
                cell = QRectF(box.area.left() + k * box.cell, box.area.top() + n * ROW, box.cell, ROW)
                if row is None or column is None or value is None:
                    painter.setPen(self._tints.faded_text)
                    painter.drawText(cell, _MIDDLE, box.texts[n][k])
                    continue
                painter.fillRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), self._tints.grounds[Tints.step(value, scale)])
                painter.setPen(self._tints.text)
                painter.drawText(cell.adjusted(0, 0, -_PADDING, 0), _RIGHT, box.texts[n][k])

    def _paint_lit(self, painter: QPainter, made: MatrixLayout) -> None:
        """A frame round what is pointed at, or else what is chosen, and round what belongs to it in each matrix."""
        equation = self._equation
        assert equation is not None
        if self.pointed is not None:
            grid, row, column = self.pointed
            lit = equation.lit(grid, grid.pins(row, column))
        else:
            lit = equation.lit(equation.grids[0], equation.standing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._tints.theme.accent), 2.0 if self.pointed is not None else 1.5))
        for box in made.boxes:
            painter.drawRoundedRect(box.rect(*lit[box.grid]).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)

    def _sized(self, pixels: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        return font

    def _layout_in(self, width: float) -> MatrixLayout:
        assert self._equation is not None
        if self._made is None or self._made[0] != width:
            digits, words = QFontMetricsF(self._digits), QFontMetricsF(self._bold)
            made = lay_out(self._equation, width, self._decimals, digits.horizontalAdvance, words.horizontalAdvance)
            self._made = width, made
        return self._made[1]

    def _under(self, event: QMouseEvent | QEnterEvent) -> tuple[Grid, int, int] | None:
        if self._equation is None:
            return None
        for box in self.layout_.boxes:
            if (found := box.at(event.position())) is not None:
                return box.grid, *found
        return None

    def _point_at(self, found: tuple[Grid, int, int] | None) -> None:
        if found != self.pointed:
            self.pointed = found
            self.update()

    def _walk(self, down: int, right: int) -> None:
        """To the next element in the matrix that is written, beginning with the chosen one."""
        assert self._equation is not None
        grid = self._equation.grids[0]
        if self.pointed is not None and self.pointed[0] is grid:
            row, column = self.pointed[1] + down, self.pointed[2] + right
        else:
            row, column = (at or 0 for at in grid.lit(self._equation.standing))
        self._point_at((grid, min(max(row, 0), grid.shape[0] - 1), min(max(column, 0), grid.shape[1] - 1)))

    def _same(self, at: int | None) -> tuple[Grid, int, int] | None:
        """The element at the same place of the matrix of this number."""
        if at is None or self.pointed is None or self._equation is None or at >= len(self._equation.grids):
            return None
        grid, (_, row, column) = self._equation.grids[at], self.pointed
        return (grid, row, column) if row < grid.shape[0] and column < grid.shape[1] else None
