"""Where the matrices of an equation stand: in reading order, as many beside each other as fit the width.

A matrix that is too large shows its first rows and columns and the last, with … between, and always the chosen one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from nnstudio.explain.grids import Grid, abridged
from nnstudio.explain.matrices import MatrixEquation, written

ROW = 20
CAPTION = 20
_SHAPE = 18
_SPACE = 8
_AROUND = 10
_MOST_ROWS, _MOST_ROWS_WHERE_WIDE = 6, 12
_WIDE = 560
_MOST_COLUMNS = 12
_FEWEST_COLUMNS = 4
_TYPICAL = "−8."
_NARROWEST = 26.0
DECIMALS = 3
"""More than that take the room of whole columns; the scalar depth has them all. Small numbers need more."""
_SMALL = 0.1

Measure = Callable[[str], float]
Shown = tuple[int | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """A matrix at its place: which rows and columns are shown, the numbers there, and how wide a column is."""

    grid: Grid
    rows: Shown
    columns: Shown
    values: list[list[float | None]]
    texts: list[list[str]]
    cell: float
    area: QRectF
    """Of the numbers alone."""

    @property
    def scale(self) -> float:
        """The largest magnitude shown."""
        return _largest(self.values)

    def at(self, point: QPointF) -> tuple[int, int] | None:
        """The element under a point, None beside them and in a gap."""
        if not self.area.contains(point):
            return None
        row = self.rows[min(int((point.y() - self.area.top()) / ROW), len(self.rows) - 1)]
        column = self.columns[min(int((point.x() - self.area.left()) / self.cell), len(self.columns) - 1)]
        return None if row is None or column is None else (row, column)

    def rect(self, row: int | None, column: int | None) -> QRectF:
        """The area of an element, of a row, of a column, or of all; of the gap where it is not shown."""
        top, height = _span(self.rows, row, self.area.top(), ROW)
        left, width = _span(self.columns, column, self.area.left(), self.cell)
        return QRectF(left, top, width, height)


@dataclass(frozen=True, slots=True, eq=False)
class Sign:
    """What stands between two matrices; `middle` is the middle of its left side."""

    text: str
    middle: QPointF


@dataclass(frozen=True, slots=True, eq=False)
class MatrixLayout:
    boxes: tuple[Box, ...]
    signs: tuple[Sign, ...]
    height: int


def lay_out(equation: MatrixEquation, width: float, decimals: int, digits: Measure, words: Measure) -> MatrixLayout:
    """The equation in a column of `width`; `digits` measures the numbers, `words` signs and captions."""
    flow, most = _Flow(width), _MOST_ROWS if width < _WIDE else _MOST_ROWS_WHERE_WIDE
    for piece in equation.pieces:
        if isinstance(piece, str):
            flow.add_sign(piece, words(piece))
        else:
            box = _box(piece, equation.chosen, (flow.room, most), decimals, digits)
            flow.add_box(box, max(box.area.width(), words(piece.symbol)))
    return flow.finished()


def _box(grid: Grid, chosen: dict[str, int], limits: tuple[float, int], decimals: int, digits: Measure) -> Box:
    """At the origin; with the columns that fit the room, and no more rows than the limit."""
    room, most_rows = limits
    keep = [chosen.get(axis, 0) for axis in grid.axes]
    rows = abridged(grid.shape[0], most_rows, keep[0])
    hoped = int(room / (digits(_TYPICAL + "8" * min(decimals, DECIMALS)) + _AROUND)) + 1
    for most in range(max(min(hoped, _MOST_COLUMNS), _FEWEST_COLUMNS), _FEWEST_COLUMNS - 1, -1):
        columns = abridged(grid.shape[1], most, keep[1])
        values = [[_value(grid, row, column) for column in columns] for row in rows]
        places = decimals if _largest(values) < _SMALL else min(decimals, DECIMALS)
        texts = [_texts(grid, row, columns, line, places) for row, line in zip(rows, values, strict=True)]
        cell = max(max(digits(text) for line in texts for text in line) + _AROUND, _NARROWEST)
        if cell * len(columns) <= room:
            break
    area = QRectF(0, 0, cell * len(columns), ROW * len(rows))
    return Box(grid, rows, columns, values, texts, cell, area)


def _value(grid: Grid, row: int | None, column: int | None) -> float | None:
    return None if row is None or column is None else grid.at(row, column)


def _largest(values: list[list[float | None]]) -> float:
    """The largest magnitude."""
    return max((abs(value) for row in values for value in row if value is not None), default=0.0)


def _texts(grid: Grid, row: int | None, columns: Shown, values: list[float | None], decimals: int) -> list[str]:
    """A row as it is written, … in gaps."""
    if row is None:
        return ["…"] * len(columns)
    pairs = zip(columns, values, strict=True)
    return ["…" if column is None else written(value, decimals, whole=grid.whole) for column, value in pairs]


class _Flow:
    """Puts the pieces beside each other, and into another line where there is no more room. A sign stays with the
    matrix behind it."""

    def __init__(self, width: float) -> None:
        self._width = width
        self._boxes: list[Box] = []
        self._signs: list[Sign] = []
        self._x, self._top = 0.0, 0.0
        self._sign: tuple[str, float] | None = None
        self._line: list[tuple[Box, QPointF]] = []
        self._line_signs: list[tuple[str, float]] = []

    @property
    def room(self) -> float:
        """How wide a matrix may be, at most: a line without the sign that it brings along."""
        return self._width - (self._sign[1] + _SPACE if self._sign else 0.0)

    def add_sign(self, text: str, width: float) -> None:
        if self._sign is not None:
            text, width = f"{self._sign[0]} {text}", self._sign[1] + _SPACE + width
        self._sign = text, width

    def add_box(self, box: Box, width: float) -> None:
        sign = self._sign[1] + 2 * _SPACE if self._sign else 0.0
        if self._line and self._x + sign + width > self._width:
            self._end_line()
        if self._sign is not None:
            self._line_signs.append((self._sign[0], self._x + (_SPACE if self._x else 0)))
            self._x += sign if self._x else sign - _SPACE
            self._sign = None
        self._line.append((box, QPointF(self._x, self._top + CAPTION)))
        self._x += width

    def finished(self) -> MatrixLayout:
        if self._sign is not None:
            self._line_signs.append((self._sign[0], self._x + _SPACE))
        self._end_line()
        return MatrixLayout(tuple(self._boxes), tuple(self._signs), round(self._top))

    def _end_line(self) -> None:
        tallest = max((box.area.height() for box, _ in self._line), default=0.0)
        for box, corner in self._line:
            down = (tallest - box.area.height()) / 2
            area = QRectF(corner.x(), corner.y() + down, box.area.width(), box.area.height())
            self._boxes.append(Box(box.grid, box.rows, box.columns, box.values, box.texts, box.cell, area))
        middle = self._top + CAPTION + tallest / 2
        self._signs += [Sign(text, QPointF(x, middle)) for text, x in self._line_signs]
        self._line, self._line_signs, self._x = [], [], 0.0
        self._top += CAPTION + tallest + _SHAPE + _SPACE


def _span(shown: Shown, at: int | None, start: float, size: float) -> tuple[float, float]:
    """Where a row (or column) begins, and how far it reaches."""
    if at is None:
        return start, size * len(shown)
    if at in shown:
        return start + size * shown.index(at), size
    gaps = [n for n, one in enumerate(shown) if one is None]
    before = [n for n in gaps if any(one is not None and one < at for one in shown[:n])]
    return start + size * (before[-1] if before else gaps[0]), size
