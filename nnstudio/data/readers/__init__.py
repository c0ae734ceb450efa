"""Reading a table from a file: one format a module (`formats`), chosen by the file's name."""

from dataclasses import replace
from pathlib import Path

from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.labels import images_of
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.files import refuse_unwritable, shown
from nnstudio.data.readers.formats import PATTERNS, format_of
from nnstudio.data.spec import RECOGNIZED, Reading

__all__ = ["PATTERNS", "read"]


def read(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """The table in the file at `path`, what `reading` leaves open being recognized; a DataError says why it can't be
    read, and where. `progress` is told the share done, and may raise Cancelled."""
    try:
        refuse_unwritable(path)
        table = format_of(path).reader()(path, reading, progress)
    except DataError as error:
        raise DataError(shown(str(error))) from None  # a file's name may hold anything
    images = table.images or images_of(table)
    return replace(table, name=shown(table.name), source=shown(table.source), images=images)
