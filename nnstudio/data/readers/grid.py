"""From the cells of a sheet to a table: where its header is, and what kind each column has.

A sheet is made for eyes. Above the table may stand a title in a merged cell and blank rows, beside it blank columns.
The header is the first row that is filled for more than half of the width; what is above is left out, and blank rows
below as well. A cell is a number, text, a date, a yes or no or an error such as #DIV/0!, and is known by its place, B7.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.cells import Decimal, column_from_cells, column_from_numbers
from nnstudio.data.dataset import Column
from nnstudio.data.errors import DataError
from nnstudio.data.readers.dialect import MOST_COLUMNS
from nnstudio.data.readers.sheet_bounds import column_letters

_ROWS_TO_LOOK_AT = 50
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")
_POINT = re.compile(r"[+-]?[\d,]*\d\.\d+")

Row = Sequence[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The table in a sheet: the `names` of its columns, and its rows, of which `columns` (from 0) are the table's.

    They stand in the rows `places` of the sheet (from 1), after `left` blank columns. `header` says whether the names
    are the sheet's own.
    """

    names: tuple[str, ...]
    header: bool
    rows: list[Row]
    places: list[int]
    columns: tuple[int, ...]
    left: int

    def table(self, decimal: str | None) -> tuple[Column, ...]:
        """The columns; `decimal` is the sign of numbers that are written as text, recognized if it is None."""
        return tuple(self._column(number, decimal) for number in range(len(self.names)))

    def first(self, most: int) -> "Grid":
        """The same table with no more than so many rows."""
        return replace(self, rows=self.rows[:most], places=self.places[:most])

    def place(self, row: int, number: int) -> str:
        """Where a cell stands, by its row and column from 0: row 5 (cell B7)."""
        return f"row {row + 1} (cell {column_letters(self.left + self.columns[number] + 1)}{self.places[row]})"

    def _column(self, number: int, decimal: str | None) -> Column:
        place = self.columns[number]
        cells = [row[place] for row in self.rows]
        name = self.names[number]

        def locate(row: int) -> str:
            return self.place(row, number)

        if all(cell == "" or _is_number(cell) for cell in cells) and any(cell != "" for cell in cells):
            values = np.array([np.nan if cell == "" else cell for cell in cells], dtype=np.float64)
            return column_from_numbers(name, values, locate, lambda row: written(cells[row]))
        sign = _decimal(cells, decimal)
        return column_from_cells(name, _objects([_signed(cell, sign) for cell in cells]), locate, sign)


def grid_of(what: str, rows: Sequence[Row], header: bool | None, left: int = 0) -> Grid:
    """The table in the rows of a sheet, all of one length and after `left` blank columns; a DataError says that there
    is none. `what` names the sheet; `header` says whether the table begins with its names, recognized if it is None."""
    filled = [sum(cell != "" for cell in row) for row in rows]
    widest = max(filled[: _first_filled(filled) + _ROWS_TO_LOOK_AT], default=0)
    if not widest:
        raise DataError(f"{what} is empty; it needs a row of column names and at least one row below")
    top = next(place for place, count in enumerate(filled) if 2 * count > widest)
    named = not all(_is_number(cell) for cell in rows[top] if cell != "") if header is None else header
    body = [place for place in range(top + named, len(rows)) if filled[place]]
    used = (top, *body)
    columns = tuple(column for column in range(len(rows[top])) if any(rows[place][column] != "" for place in used))
    if len(columns) > MOST_COLUMNS:
        raise DataError(f"{what} has {len(columns):,} columns, more than {MOST_COLUMNS:,}; keep the columns you need")
    if not body:
        raise DataError(f"{what} has column names but no rows; add at least one row below them")
    names = _names(what, rows[top], columns, left) if named else tuple(f"x{n}" for n in range(1, len(columns) + 1))
    return Grid(names, named, [rows[place] for place in body], [place + 1 for place in body], columns, left)


def written(cell: Any) -> str:
    """A cell as text: dates as 2026-11-25, whole numbers without a point."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < 1e16:
            return str(int(cell))
        case datetime.datetime():
            return cell.isoformat(" ", "seconds")
        case datetime.date():
            return cell.isoformat()
        case datetime.timedelta():
            return f"{cell.total_seconds():g} s"
        case _:
            return str(cell)


def _first_filled(filled: list[int]) -> int:
    return next((place for place, count in enumerate(filled) if count), 0)


def _names(what: str, row: Row, columns: tuple[int, ...], left: int) -> tuple[str, ...]:
    known: dict[str, str] = {}
    for column in columns:
        letters = column_letters(left + column + 1)
        name = written(row[column]).strip() or f"column {letters}"
        if name in known:
            raise DataError(
                f"{what} has two columns named '{name}', {known[name]} and {letters}; give each a name of its own"
            )
        known[name] = letters
    return tuple(known)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _decimal(cells: list[Any], decimal: str | None) -> Decimal:
    """The decimal sign of the numbers that are written as text: a comma where one of them is not between thousands, and
    none has a point."""
    if decimal is not None:
        return Decimal.COMMA if decimal == "," else Decimal.POINT
    texts = {cell.strip() for cell in cells if isinstance(cell, str)}
    clear = any(_DECIMAL_COMMA.fullmatch(text) and not _THOUSANDS.fullmatch(text) for text in texts)
    return Decimal.COMMA if clear and not any(map(_POINT.fullmatch, texts)) else Decimal.POINT


def _signed(cell: Any, sign: Decimal) -> str:
    """A cell as text, a number with the decimal sign of those that are written as text."""
    text = written(cell)
    return text.replace(".", ",") if sign is Decimal.COMMA and _is_number(cell) else text


def _objects(texts: list[str]) -> NDArray[np.object_]:
    return np.array([*texts, None], dtype=object)[:-1]
