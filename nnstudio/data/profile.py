"""What a table looks like before it is read: the shape in which every format's preview is given.

Rows and columns count from 0 here, and from 1 in every word that a person reads.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

import numpy as np

from nnstudio.data.cells import Decimal, column_from_cells, flaw_of, is_code, read_number
from nnstudio.data.dataset import Column, ColumnKind, Dataset, looks_like_classes
from nnstudio.data.numerals import ThousandsSign
from nnstudio.data.spec import Reading

ROWS_SHOWN = 100
_FLAWS_LISTED = 100
_LONGEST_CODE = 40
_BECOMES_NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong somewhere in a table, and how to mend it.

    `row` is the row of the table and `column` the column it is in; None where it is no one's. `line` is the line of the
    file, from 1, for a file that has lines.
    """

    row: int | None
    column: int | None
    what: str
    mend: str
    line: int | None = None

    def place(self) -> tuple[int, int]:
        """By which flaws are ordered: row by row, and in a row column by column, what is no one's first."""
        return _first(self.row), _first(self.column)


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column as far as it was looked at.

    `least` and `most` are the ends of its range, None in a column of text or without any number. `becomes` says in
    words what will be made of the column. Of its flaws the first are listed in `flaws`, and there are `flawed`; gaps
    are no flaws, there are `gaps` of them, the first in the row `first_gap`.
    """

    name: str
    kind: ColumnKind
    least: float | None
    most: float | None
    distinct: int
    gaps: int
    first_gap: int | None
    flaws: tuple[Flaw, ...]
    flawed: int
    becomes: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as far as it can be looked at in an instant.

    `reading` is the reading asked for with everything that was recognized filled in, and `grounds` says why, by the
    names of its fields. `rows` are the first rows as they are written, `looked_at` is how many rows the profiles are
    of, `whole` says whether these are all of them, and `table` makes the table that they are. `flaws` are the flaws
    that are no column's. `problem` says why the file cannot be read as it is, as far as that shows already. `choices`
    are what may be chosen where that depends on the file, such as its sheets, by the names of the fields.
    """

    path: Path
    reading: Reading
    grounds: dict[str, str]
    columns: tuple[ColumnProfile, ...]
    rows: tuple[tuple[str, ...], ...]
    looked_at: int
    whole: bool
    table: Callable[[], Dataset] = field(compare=False)
    flaws: tuple[Flaw, ...] = ()
    problem: str | None = None
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def all_flaws(self) -> tuple[Flaw, ...]:
        """Every flaw that is listed, by row and column."""
        listed = (*self.flaws, *(flaw for column in self.columns for flaw in column.flaws))
        return tuple(sorted(listed, key=Flaw.place))


def profile_of(
    column: Column,
    number: int,
    written: Sequence[str],
    decimal: Decimal = Decimal.POINT,
    lines: Sequence[int] | None = None,
) -> ColumnProfile:
    """The profile of a column, the `number`-th of its table, whose cells are `written` like this on these lines."""
    gaps = np.flatnonzero(~column.filled)
    kept = column.values[column.filled]
    numbers = kept[~np.isnan(kept)] if column.kind is ColumnKind.NUMBER else np.zeros(0)
    mistaken = _mistakes(column)
    return ColumnProfile(
        name=column.name,
        kind=column.kind,
        least=float(numbers.min()) if len(numbers) else None,
        most=float(numbers.max()) if len(numbers) else None,
        distinct=len(np.unique(numbers)) if column.kind is ColumnKind.NUMBER else len(set(kept.tolist())),
        gaps=len(gaps),
        first_gap=int(gaps[0]) if len(gaps) else None,
        flaws=tuple(
            Flaw(row, number, *flaw_of(written[row].strip(), decimal), None if lines is None else lines[row])
            for row in mistaken[:_FLAWS_LISTED]
        ),
        flawed=len(mistaken),
        becomes=_becomes(column, len(numbers)),
    )


def profile_of_cells(
    name: str,
    number: int,
    cells: Sequence[str],
    lines: Sequence[int],
    decimal: Decimal,
    thousands: ThousandsSign = "",
) -> ColumnProfile:
    """The profile of the `number`-th column of a table, whose cells are written like this on these lines."""
    plain = _plain_numbers(cells, decimal)
    if plain is not None:
        return ColumnProfile(
            name, ColumnKind.NUMBER, min(plain), max(plain), len(set(plain)), 0, None, (), 0, _BECOMES_NUMBERS
        )
    column = column_from_cells(name, np.array([*cells, None], dtype=object)[:-1], str, decimal, thousands)
    return profile_of(column, number, cells, decimal, lines)


def _plain_numbers(cells: Sequence[str], decimal: Decimal) -> list[float] | None:
    """The numbers of a column without any flaw, found without an array: a wide table has 10,000 short columns."""
    stripped = [cell.strip() for cell in cells]
    numbers = [read_number(cell, decimal) for cell in stripped]
    return numbers if all(map(isfinite, numbers)) and not any(map(is_code, stripped)) else None


def profile_of_nothing(name: str) -> ColumnProfile:
    """The profile of a column without rows."""
    return ColumnProfile(name, ColumnKind.TEXT, None, None, 0, 0, None, (), 0, "nothing: there are no rows")


def _mistakes(column: Column) -> list[int]:
    """The rows whose cell is filled in, but not with a number as the column's others are."""
    if column.kind is not ColumnKind.NUMBER:
        return []
    rows: list[int] = np.flatnonzero(np.isnan(column.values) & column.filled).tolist()
    return rows


def _becomes(column: Column, numbers: int) -> str:
    if column.kind is ColumnKind.NUMBER:
        return _BECOMES_NUMBERS if numbers or column.mistake else "nothing: every cell is missing"
    code = next((cell for cell in column.values.tolist() if is_code(cell)), None)
    if code is None:
        return "classes" if looks_like_classes(column) else "text"
    what = "leading zeros" if code.lstrip("+-").startswith("0") else "last digits"
    return f"text, since '{code[:_LONGEST_CODE]}' would lose its {what} as a number"


def _first(place: int | None) -> int:
    return -1 if place is None else place
