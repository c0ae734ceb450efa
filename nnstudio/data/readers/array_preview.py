"""The preview of a table that is read as a whole or not at all: of its first rows, read like a table of that many.

An image has hundreds of columns or thousands, so that fewer rows of it are looked at, and all columns at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nnstudio.data.blocks import side_by_side
from nnstudio.data.cells import number_name
from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.profile import ROWS_SHOWN, ColumnProfile, Preview, profile_of
from nnstudio.data.spec import Reading

_MOST_CELLS = 50_000
_FEWEST_ROWS = 3
_FROM_HERE_AT_ONCE = 50


def rows_for(columns: int) -> int:
    """How many rows of so many columns are looked at."""
    return max(_FEWEST_ROWS, min(ROWS_SHOWN, _MOST_CELLS // max(columns, 1)))


def preview_of(
    path: Path,
    table: Dataset,
    reading: Reading,
    whole: bool,
    grounds: Mapping[str, str] | None = None,
    choices: Mapping[str, tuple[str, ...]] | None = None,
    written: Sequence[Sequence[str]] | None = None,
) -> Preview:
    """The preview of a file whose first rows make this table, the `whole` of it or not. `written` has the cells of each
    column as they are written in the file, if it is one in which that is not plain from their values."""
    written = written or [cells_of(column) for column in table.columns]
    return Preview(
        path=path,
        reading=reading,
        grounds=dict(grounds or {}),
        columns=_profiles(table.columns, written),
        rows=tuple(zip(*written, strict=True)),
        looked_at=table.rows,
        whole=whole,
        table=lambda: table,
        choices=dict(choices or {}),
    )


def first_rows(table: Dataset, most: int) -> Dataset:
    """A table with no more than so many rows."""
    if table.rows <= most:
        return table
    return replace(table, columns=tuple(rows_of(column, slice(most)) for column in table.columns))


def rows_of(column: Column, part: slice) -> Column:
    """A column with these rows alone."""
    missing = None if column.missing is None else column.missing[part]
    return replace(column, values=column.values[part], missing=missing)


def cells_of(column: Column) -> list[str]:
    """A column's cells as text. In an array of numbers a cell that is none and not missing is infinite."""
    if column.kind is ColumnKind.TEXT:
        return [str(cell) for cell in column.values.tolist()]
    cells = zip(column.values.tolist(), column.filled.tolist(), strict=True)
    return [number_name(cell) if cell == cell else "inf" * filled for cell, filled in cells]


def _profiles(columns: Sequence[Column], written: Sequence[Sequence[str]]) -> tuple[ColumnProfile, ...]:
    """The profile of each column; of many that are flawless and lie together, as pixels do, at once."""
    sound = [column for column in columns if column.kind is ColumnKind.NUMBER and column.problem is None]
    if len(sound) < _FROM_HERE_AT_ONCE:
        return tuple(profile_of(column, number, written[number]) for number, column in enumerate(columns))
    at_once = dict(zip((column.name for column in sound), _sound_profiles(sound), strict=True))
    return tuple(
        at_once.get(column.name) or profile_of(column, number, written[number]) for number, column in enumerate(columns)
    )


def _sound_profiles(columns: Sequence[Column]) -> list[ColumnProfile]:
    block = np.sort(side_by_side([column.values for column in columns]), axis=0)
    distinct = 1 + np.count_nonzero(np.diff(block, axis=0), axis=0)
    ends = zip(columns, block[0].tolist(), block[-1].tolist(), distinct.tolist(), strict=True)
    return [
        ColumnProfile(column.name, column.kind, least, most, count, 0, None, (), 0, "numbers")
        for column, least, most, count in ends
    ]
