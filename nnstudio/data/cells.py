"""From the cells of one column as they are written to numbers or text.

A column is of numbers when at least half of its filled cells read as numbers. The other cells of such a column are then
mistakes, to be reported with their place; in a column of text they are simply what it says. Blank cells and the usual
signs for 'not known' (NA, NaN, ?) are missing values in both.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, ColumnKind

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "?"})
_LONGEST_QUOTE = 40

# Where the row with this number (from 0) stands, in words: "row 16 (line 17)". Asked only for rows with a flaw.
Locate = Callable[[int], str]


def column_from_cells(name: str, cells: NDArray[np.object_], locate: Locate, decimal_comma: bool = False) -> Column:
    """The column that these cells (str) make up, of whichever kind they are."""
    stripped = np.array([*map(str.strip, cells.tolist()), None], dtype=object)[:-1]
    # Each distinct text is read once: a column of classes has a handful of them, however long it is.
    known = {cell: read_number(cell, decimal_comma) for cell in set(stripped.tolist())}
    values = np.fromiter(map(known.__getitem__, stripped.tolist()), dtype=np.float64, count=len(stripped))
    unread = np.isnan(values)
    missing = np.zeros(len(stripped), dtype=np.bool_)
    missing[unread] = [cell.casefold() in MISSING for cell in stripped[unread].tolist()]
    if 2 * np.count_nonzero(~unread) >= np.count_nonzero(~missing):
        return column_from_numbers(name, values, locate, lambda row: str(stripped[row]), missing)
    flaws = _Flaws(name, locate, lambda row: str(stripped[row]))
    return Column(name, ColumnKind.TEXT, stripped, flaws.first(missing), missing if missing.any() else None)


def column_from_numbers(
    name: str,
    values: NDArray[np.float64],
    locate: Locate,
    written: Callable[[int], str],
    missing: NDArray[np.bool_] | None = None,
) -> Column:
    """The column of these numbers. Those that are not finite become NaN and are its problem; `missing` says which of
    them are missing rather than mistaken, all that are NaN if it is not given."""
    flawed = ~np.isfinite(values)
    if not flawed.any():
        return Column(name, ColumnKind.NUMBER, values)
    missing = np.isnan(values) if missing is None else missing
    flaws = _Flaws(name, locate, written)
    return Column(
        name,
        ColumnKind.NUMBER,
        np.where(flawed, np.nan, values),
        flaws.first(flawed),
        missing if missing.any() else None,
        flaws.first(flawed & ~missing),
    )


def read_number(cell: str, decimal_comma: bool = False) -> float:
    """The number a cell holds: NaN if it holds none, an infinity if it says so or is too large."""
    if "_" in cell:  # Python would read 1_000 as a number; in a table it is more likely a name
        return math.nan
    try:
        return float(cell.replace(",", ".") if decimal_comma else cell)
    except ValueError:
        return math.nan


def is_number(cell: str, decimal_comma: bool = False) -> bool:
    return math.isfinite(read_number(cell, decimal_comma))


def number_name(value: float) -> str:
    """A number as a person writes it: 3 rather than 3.0."""
    return str(int(value)) if value.is_integer() else repr(value)


@dataclass(frozen=True, slots=True)
class _Flaws:
    """Says what is wrong with a column: `written` has a row's cell as it is written."""

    column: str
    locate: Locate
    written: Callable[[int], str]

    def first(self, flawed: NDArray[np.bool_]) -> str | None:
        """The first of these flaws in words, and how many there are; None without any."""
        if not flawed.any():
            return None
        row = int(np.argmax(flawed))
        others = int(np.count_nonzero(flawed)) - 1
        more = f" ({others} more in this column)" if others else ""
        return f"{self.locate(row)}, column '{self.column}': {_flaw(self.written(row))}{more}"


def _flaw(cell: str) -> str:
    if not cell.strip():
        return "the cell is empty; fill it in or delete the row"
    quoted = f"'{cell[:_LONGEST_QUOTE]}…'" if len(cell) > _LONGEST_QUOTE else f"'{cell}'"
    if cell.strip().casefold() in MISSING:
        return f"{quoted} stands for a missing value; fill it in or delete the row"
    if math.isinf(read_number(cell, decimal_comma=True)):
        return f"{quoted} is not a finite number; write a number of ordinary size or delete the row"
    return f"{quoted} is not a number; correct it or delete the row"
