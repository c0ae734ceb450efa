"""From what an experiment says about its source to the table itself."""

from collections import Counter
from pathlib import Path
from typing import assert_never

import numpy as np

from nnstudio.data import readers
from nnstudio.data.cells import column_from_cells, column_from_numbers
from nnstudio.data.dataset import Column, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.progress import Progress, silent
from nnstudio.data.samples import sample
from nnstudio.data.spec import FileSource, InlineCell, InlineSource, SampleSource, Source


def load(source: Source, folder: Path | None, progress: Progress = silent) -> Dataset:
    """The table a source names; relative paths are looked up in `folder`, where the experiment's file is. `progress` is
    told how much of a file is read, and may raise Cancelled."""
    match source:
        case InlineSource():
            return _inline(source)
        case SampleSource():
            return sample(source.name).load(source)
        case FileSource():
            placed = source.at(lambda path: str((folder or Path()) / path))
            return readers.read(Path(placed.path), placed.reading, progress)
        case _:
            assert_never(source)


def _inline(source: InlineSource) -> Dataset:
    if not source.columns or not source.rows:
        raise DataError("the inline data have no columns or no rows; give at least one of each")
    twice = [name for name, count in Counter(source.columns).items() if count > 1]
    if twice:
        raise DataError(f"the inline data have two columns named '{twice[0]}'; give each a name of its own")
    for number, row in enumerate(source.rows, start=1):
        if len(row) != len(source.columns):
            raise DataError(
                f"row {number} of the inline data has {_count(len(row))}, expected {len(source.columns)}; "
                "give one value for each column"
            )
    columns = tuple(
        _inline_column(n, cells) for n, cells in zip(source.columns, zip(*source.rows, strict=True), strict=True)
    )
    return Dataset("inline data", columns)


def _inline_column(name: str, cells: tuple[InlineCell, ...]) -> Column:
    written = [_written(cell) for cell in cells]
    if any(isinstance(cell, str) for cell in cells):
        return column_from_cells(name, np.array([*written, None], dtype=object)[:-1], _row)
    return column_from_numbers(name, np.array(cells, dtype=np.float64), _row, written.__getitem__)


def _written(cell: InlineCell) -> str:
    """The cell as it would stand in a file. `repr` is exact for numbers, so one among texts reads back as itself."""
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else repr(cell)


def _row(row: int) -> str:
    return f"row {row + 1}"


def _count(values: int) -> str:
    return "1 value" if values == 1 else f"{values} values"
