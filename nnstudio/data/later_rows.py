"""Reading a table of rows that come later: its numbers are taken to be written as those that were learned from.

A few rows seldom tell how their numbers are written. 54.321 is a number with decimals in one file, and a thousand in
another; what was learned from knows which.
"""

from pathlib import Path

from nnstudio.data import readers
from nnstudio.data.dataset import Dataset
from nnstudio.data.fitted import FittedInputs
from nnstudio.data.spec import Reading


def read_later_rows(path: Path, learned: Dataset, fitted: FittedInputs) -> Dataset:
    """The table in the file at `path`, read as `learned` was unless that leaves more cells unread; a DataError says why
    it can't be read."""
    found, way = readers.read(path), learned.written
    if way is None or found.written in (None, way):
        return found
    same = readers.read(path, Reading(decimal=way.decimal, thousands=way.thousands))
    return same if fitted.count_unread(same) <= fitted.count_unread(found) else found
