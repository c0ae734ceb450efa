"""From the cells of one column as they are written to numbers or text.

A column is of numbers when at least half of its filled cells read as numbers. The other cells of such a column are then
mistakes, to be reported with their place; in a column of text they are simply what it says. Blank cells and the usual
signs for 'not known' (NA, NaN, ?) are missing values in both, and so is a dash among numbers.

Not all that is written in digits is a number. 007 is a *code*: read as 7 it would not be the same any more, nor would
an integer beyond 2⁶³ that is rounded. One code makes its column a column of text. And 1,234 may be a thousand or little
more than one: where that is open (see `numerals`) it is a mistake, and never guessed at.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, ColumnKind
from nnstudio.data.numerals import DASHES, ThousandsSign, ungrouped

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "?"})
_LONGEST_QUOTE = 40

# Where the row with this number (from 0) stands, in words: "row 16 (line 17)". Asked only for rows with a flaw.
Locate = Callable[[int], str]


class Decimal(StrEnum):
    """Which decimal signs the numbers of a table may have; with `COMMA` a point can only be between thousands."""

    POINT = "point"
    COMMA = "comma"
    EITHER = "either"


_GROUPED = {
    Decimal.POINT: re.compile(r"[+-]?\d{1,3}([,'’\u00a0\u2009\u202f])\d{3}(\1\d{3})*(\.\d+)?", re.ASCII),
    Decimal.COMMA: re.compile(r"[+-]?\d{1,3}([.'’\u00a0\u2009\u202f])\d{3}(\1\d{3})*(,\d+)?", re.ASCII),
    Decimal.EITHER: re.compile(r"[+-]?\d{1,3}([.,'’\u00a0\u2009\u202f])\d{3}(\1\d{3})*([.,]\d+)?", re.ASCII),
}
SIGNS = {Decimal.POINT: ".", Decimal.COMMA: ",", Decimal.EITHER: ".,"}
_LINE_END = re.compile(r"\s*[\r\n\v\f]\s*")
_INTEGER = re.compile(r"[+-]?(\d+)", re.ASCII)
_MOST_EXACT_DIGITS = 18


def column_from_cells(
    name: str,
    cells: NDArray[np.object_],
    locate: Locate,
    decimal: Decimal = Decimal.POINT,
    thousands: ThousandsSign = "",
) -> Column:
    """The column that these cells (str) make up, of whichever kind they are."""
    stripped = np.array([*map(str.strip, cells.tolist()), None], dtype=object)[:-1]
    # Each distinct text is read once: a column of classes has a handful of them, however long it is.
    distinct = set(stripped.tolist())
    known = {cell: read_number(_plain(cell, decimal, thousands), decimal) for cell in distinct}
    values = np.fromiter(map(known.__getitem__, stripped.tolist()), dtype=np.float64, count=len(stripped))
    unread = np.isnan(values)
    missing, meant, dashes = np.zeros((3, len(stripped)), dtype=np.bool_)
    missing[unread] = [is_missing(cell) for cell in stripped[unread].tolist()]
    meant[unread] = [is_grouped(cell, decimal) for cell in stripped[unread].tolist()]
    dashes[unread] = [cell in DASHES for cell in stripped[unread].tolist()]
    numbers = np.count_nonzero(~unread) + np.count_nonzero(meant)
    filled = np.count_nonzero(~missing)
    dashed = np.count_nonzero(dashes) if numbers else 0
    if 2 * numbers >= filled - dashed and not any(map(is_code, distinct)):
        return column_from_numbers(name, values, locate, lambda row: str(stripped[row]), missing | dashes, decimal)
    flaws = _Flaws(name, locate, lambda row: str(stripped[row]), decimal)
    return Column(name, ColumnKind.TEXT, stripped, flaws.first(missing), missing if missing.any() else None)


def column_from_texts(name: str, cells: list[str], missing: NDArray[np.bool_], locate: Locate) -> Column:
    """The column of these texts, whatever they look like; `missing` says which of them stand for none."""
    flaws = _Flaws(name, locate, lambda row: cells[row], Decimal.POINT)
    values = np.array([*cells, None], dtype=object)[:-1]
    return Column(name, ColumnKind.TEXT, values, flaws.first(missing), missing if missing.any() else None)


def column_from_numbers(
    name: str,
    values: NDArray[np.float64],
    locate: Locate,
    written: Callable[[int], str],
    missing: NDArray[np.bool_] | None = None,
    decimal: Decimal = Decimal.POINT,
) -> Column:
    """The column of these numbers. Those that are not finite become NaN and are its problem; `missing` says which of
    them are missing rather than mistaken, all that are NaN if it is not given."""
    flawed = ~np.isfinite(values)
    if not flawed.any():
        return Column(name, ColumnKind.NUMBER, values)
    missing = np.isnan(values) if missing is None else missing
    flaws = _Flaws(name, locate, written, decimal)
    return Column(
        name,
        ColumnKind.NUMBER,
        np.where(flawed, np.nan, values),
        flaws.first(flawed),
        missing if missing.any() else None,
        flaws.first(flawed & ~missing),
    )


def read_number(cell: str, decimal: Decimal = Decimal.POINT) -> float:
    """The number a cell holds: NaN if it holds none, an infinity if it says so or is too large."""
    if "_" in cell:  # Python would read 1_000 as a number; in a table it is more likely a name
        return math.nan
    if decimal is not Decimal.POINT:
        if decimal is Decimal.COMMA and "." in cell and is_grouped(cell.strip(), decimal):
            return math.nan
        cell = cell.replace(",", ".")
    try:
        return float(cell)
    except ValueError:
        return math.nan


def is_number(cell: str, decimal: Decimal = Decimal.POINT) -> bool:
    return math.isfinite(read_number(cell, decimal))


def is_missing(cell: str) -> bool:
    """Whether a cell is blank or a sign for 'not known'."""
    return cell.strip().casefold() in MISSING


def is_code(cell: str) -> bool:
    """Whether a cell is an integer that would not be the same as a number: one with leading zeros, or beyond 2⁶³."""
    found = _INTEGER.fullmatch(cell) if len(cell) > 1 else None
    if found is None:
        return False
    digits = found[1]
    leading = digits[0] == "0" and len(digits) > 1
    # Python refuses to turn thousands of digits into a number, and they would be too many anyway.
    return leading or (len(digits) > _MOST_EXACT_DIGITS and (len(digits) > 20 or int(digits) >= 1 << 63))


def is_grouped(cell: str, decimal: Decimal) -> bool:
    """Whether a cell is a number with signs between its thousands."""
    return _GROUPED[decimal].fullmatch(cell) is not None


def flaw_of(cell: str, decimal: Decimal = Decimal.POINT) -> tuple[str, str]:
    """What is wrong with a cell of a column of numbers, and how to mend it."""
    if not cell.strip():
        return "the cell is empty", "fill it in or delete the row"
    line = _LINE_END.sub(" ", cell)
    quoted = f"'{line[:_LONGEST_QUOTE]}…'" if len(line) > _LONGEST_QUOTE else f"'{line}'"
    if is_missing(cell) or cell.strip() in DASHES:
        return f"{quoted} stands for a missing value", "fill it in or delete the row"
    if math.isinf(read_number(cell, Decimal.EITHER)):
        return f"{quoted} is not a finite number", "write a number of ordinary size or delete the row"
    grouped = _GROUPED[decimal].fullmatch(cell.strip())
    if grouped is not None:
        plain = cell.strip().replace(grouped[1], "")
        mend = f"write it as {plain}, choose what stands between thousands, or delete the row"
        return f"{quoted} is not a number with a sign between its thousands", mend
    return f"{quoted} is not a number", "correct it or delete the row"


def _plain(cell: str, decimal: Decimal, thousands: ThousandsSign) -> str:
    """A cell without the signs between its thousands, if it is a number with these."""
    return ungrouped(cell, thousands, SIGNS[decimal]) or cell


def number_name(value: float) -> str:
    """A number as a person writes it: 3 rather than 3.0."""
    return str(int(value)) if value.is_integer() else repr(value)


@dataclass(frozen=True, slots=True)
class _Flaws:
    """Says what is wrong with a column: `written` has a row's cell as it is written."""

    column: str
    locate: Locate
    written: Callable[[int], str]
    decimal: Decimal

    def first(self, flawed: NDArray[np.bool_]) -> str | None:
        """The first of these flaws in words, and how many there are; None without any."""
        if not flawed.any():
            return None
        row = int(np.argmax(flawed))
        others = int(np.count_nonzero(flawed)) - 1
        more = f" ({others} more in this column)" if others else ""
        what, mend = flaw_of(self.written(row), self.decimal)
        return f"{self.locate(row)}, column '{self.column}': {what}; {mend}{more}"
