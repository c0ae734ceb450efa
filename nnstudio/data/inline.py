"""A table that stands in the experiment itself, and what can be done to it: each way gives another table.

Rows are counted from 0 here, in words from 1. What a person typed becomes a cell of the kind that its column holds.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence

from nnstudio.data.cells import MISSING
from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.spec import InlineCell, InlineSource

Block = Sequence[Sequence[InlineCell]]

MOST_CELLS = 100_000
_LONGEST_QUOTE = 40


def inline_of(dataset: Dataset) -> InlineSource:
    """The table written out; a DataError says that it is too large for that."""
    cells = dataset.rows * len(dataset.columns)
    if cells > MOST_CELLS:
        raise DataError(
            f"{dataset.name} has {cells:,} cells, and an experiment holds at most {MOST_CELLS:,}; take fewer rows of it"
        )
    columns = [_cells(column) for column in dataset.columns]
    return InlineSource(dataset.names, tuple(zip(*columns, strict=True)))


def with_block(source: InlineSource, row: int, column: int, block: Block) -> InlineSource:
    """With these cells from a place on; rows that are not there yet are added, columns are not."""
    width = len(source.columns)
    if column + max(map(len, block)) > width:
        raise DataError(f"the block reaches beyond the last column '{source.columns[-1]}'; add columns first")
    rows = [list(cells) for cells in source.rows]
    missing = row + len(block) - len(rows)
    if missing > 0:
        _check_size(len(rows) + missing, width)
        rows += [[None] * width for _ in range(missing)]
    for cells, pasted in zip(rows[row:], block, strict=False):
        cells[column : column + len(pasted)] = pasted
    return InlineSource(source.columns, tuple(map(tuple, rows)))


def without_cells(source: InlineSource, cells: Collection[tuple[int, int]]) -> InlineSource:
    """With missing values in these places (row, column)."""
    rows = [list(row) for row in source.rows]
    for row, column in cells:
        rows[row][column] = None
    return InlineSource(source.columns, tuple(map(tuple, rows)))


def with_copy_of_row(source: InlineSource, row: int) -> InlineSource:
    """With a row more, after a row and like it: what can be learned from stays so."""
    _check_size(len(source.rows) + 1, len(source.columns))
    return InlineSource(source.columns, (*source.rows[: row + 1], *source.rows[row:]))


def without_rows(source: InlineSource, rows: Collection[int]) -> InlineSource:
    gone = set(rows)
    return InlineSource(source.columns, tuple(cells for n, cells in enumerate(source.rows) if n not in gone))


def with_column(source: InlineSource, position: int) -> tuple[InlineSource, str]:
    """With a column of zeros at a position, and its name."""
    _check_size(len(source.rows), len(source.columns) + 1)
    name = next(name for name in (f"column {n}" for n in range(1, MOST_CELLS)) if name not in source.columns)
    columns = (*source.columns[:position], name, *source.columns[position:])
    rows = tuple((*cells[:position], 0.0, *cells[position:]) for cells in source.rows)
    return InlineSource(columns, rows), name


def without_column(source: InlineSource, name: str) -> InlineSource:
    place = source.columns.index(name)
    columns = source.columns[:place] + source.columns[place + 1 :]
    return InlineSource(columns, tuple(cells[:place] + cells[place + 1 :] for cells in source.rows))


def with_name(source: InlineSource, old: str, new: str) -> InlineSource:
    """With another name for a column; a DataError says why it cannot be called that."""
    if not new.strip():
        raise DataError("a column needs a name; write one")
    columns = tuple(new if name == old else name for name in source.columns)
    if Counter(columns)[new] > 1:
        raise DataError(f"there is a column '{new}' already; write another name")
    return InlineSource(columns, source.rows)


def entered(text: str, column: Column, number: float | None) -> InlineCell:
    """The cell that was typed into a column; `number` is what it says if it is a number."""
    text = text.strip()
    if text.casefold() in MISSING:
        return None
    if column.kind is ColumnKind.TEXT:
        return text
    if number is None or not math.isfinite(number):
        quoted = f"{text[:_LONGEST_QUOTE]}…" if len(text) > _LONGEST_QUOTE else text
        raise DataError(f"“{quoted}” is not a number, and column '{column.name}' holds numbers")
    return number


def _check_size(rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        raise DataError(f"{rows:,} × {columns:,} cells are more than the {MOST_CELLS:,} that an experiment holds")


def _cells(column: Column) -> list[InlineCell]:
    if column.kind is ColumnKind.TEXT:
        return [text if known else None for text, known in zip(column.values.tolist(), column.filled, strict=True)]
    return [None if math.isnan(value) else value for value in column.values.tolist()]
