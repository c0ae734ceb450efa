"""Rows from within a table that is read as a whole or not at all."""

from pathlib import Path

from nnstudio.data.errors import DataError
from nnstudio.data.excerpt import Excerpt, around
from nnstudio.data.places import Place
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.array_preview import cells_of, rows_of
from nnstudio.data.readers.formats import format_of
from nnstudio.data.spec import Reading


def excerpt_of_table(path: Path, reading: Reading, place: Place, progress: Progress = silent) -> Excerpt:
    """The rows around a place in the file at `path`; a DataError says why it cannot be read at all."""
    table = format_of(path).reader()(path, reading, progress)
    if place.row is None:
        raise DataError(f"{path.name}: line {place.line} cannot be shown here; look at it in an editor")
    row = min(place.row, table.rows - 1)
    part = around(row)
    cells = (cells_of(rows_of(column, part)) for column in table.columns)
    return Excerpt(part.start, tuple(zip(*cells, strict=True)), row)
