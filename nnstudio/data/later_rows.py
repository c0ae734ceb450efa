"""Reading a table of rows that come later: its numbers are taken to be written as those that were learned from.

A few rows seldom tell how their numbers are written. 54.321 is a number with decimals in one file, and a thousand in
another; what was learned from knows which.
"""

from functools import partial
from pathlib import Path

from nnstudio.data import readers
from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.fitted import FittedInputs
from nnstudio.data.progress import Progress, between, silent
from nnstudio.data.spec import Reading

_FIRST = 0.5
"""The share of the time that reading takes until it is known whether it has to be read again."""


def read_later_rows(path: Path, learned: Dataset, fitted: FittedInputs, progress: Progress = silent) -> Dataset:
    """The table in the file at `path`, read as `learned` was unless that leaves more cells unread; a DataError says why
    it can't be read. `progress` is told the share done, and may raise Cancelled."""
    read = partial(readers.read, path)
    found, way = read(progress=between(progress, 0.0, _FIRST)), learned.written
    if way is None or found.written in (None, way):
        return found
    try:
        same = read(Reading(decimal=way.decimal, thousands=way.thousands), between(progress, _FIRST, 1.0))
    except DataError:  # such as for a comma that is between its cells
        return found
    return same if fitted.count_unread(same) <= fitted.count_unread(found) else found
