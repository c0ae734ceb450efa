"""Looking at rows from within a file: those around a place that a message names."""

from dataclasses import dataclass
from pathlib import Path

from nnstudio.data.errors import DataError
from nnstudio.data.places import Place
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.files import shown
from nnstudio.data.readers.formats import format_of
from nnstudio.data.spec import Reading

BEFORE = BEHIND = 50


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Rows as they are written, the first of them the row `first` of the table, from 0; `row` is the one that was
    looked for."""

    first: int
    rows: tuple[tuple[str, ...], ...]
    row: int


def excerpt(path: Path, reading: Reading, place: Place, progress: Progress = silent) -> Excerpt:
    """The rows around a place in the file at `path`, which is read as it was previewed; a DataError says that there are
    none. `progress` is told how much of the file is read, and may raise Cancelled."""
    try:
        return format_of(path).excerpter()(path, reading, place, progress)
    except DataError as error:
        raise DataError(shown(str(error))) from None


def around(row: int) -> slice:
    """The rows around one, as far as a table has them."""
    return slice(max(row - BEFORE, 0), row + BEHIND + 1)
