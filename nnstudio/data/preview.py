"""Looking at a file before it is read: in an instant, however large it is.

A preview looks at the beginning of a file alone, and says so. What it recognized can be changed by a reading, and the
preview asked for again.
"""

from pathlib import Path

from nnstudio.data.errors import DataError
from nnstudio.data.profile import ColumnProfile, Flaw, Preview
from nnstudio.data.readers.files import refuse_unwritable, shown
from nnstudio.data.readers.formats import format_of
from nnstudio.data.spec import RECOGNIZED, Reading

__all__ = ["ColumnProfile", "Flaw", "Preview", "preview"]


def preview(path: Path, reading: Reading = RECOGNIZED) -> Preview:
    """What the file at `path` looks like, what `reading` leaves open being recognized; a DataError says why nothing of
    it can be shown."""
    try:
        refuse_unwritable(path)
        return format_of(path).previewer()(path, reading)
    except DataError as error:
        raise DataError(shown(str(error))) from None  # a file's name may hold anything
