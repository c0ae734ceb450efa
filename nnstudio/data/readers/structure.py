"""Where cells begin and end in lines of a table without quotes, found by NumPy rather than character by character.

A line then is a record, and each delimiter ends a cell, so that millions of cells can be counted at the speed of
memory. All positions are of bytes.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.cells import is_code

_NEW_LINE, _SPACE, _PLUS, _MINUS, _ZERO = b"\n +-0"
_LONG = 19  # digits; 2⁶³ has as many

Places = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a text, row by row. `marks` says of each byte whether a cell ends there, `lines` is where the rows
    end."""

    text: bytes
    columns: int
    marks: Marks
    lines: Places

    @property
    def codes(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.text, dtype=np.uint8)

    @property
    def rows(self) -> int:
        return len(self.lines)

    @cached_property
    def ends(self) -> Places:
        """Where each cell ends: at the delimiter or line end after it."""
        return np.flatnonzero(self.marks)

    def begin(self, cell: int) -> int:
        return int(self.ends[cell - 1]) + 1 if cell else 0

    def longest(self, bound: int) -> int | None:
        """The first cell that is longer than the bound."""
        if np.diff(self.lines, prepend=-1).max() <= bound:
            return None
        long = np.flatnonzero(np.diff(self.ends, prepend=-1) > bound + 1)
        return int(long[0]) if len(long) else None

    def written(self, cell: int) -> str:
        """A cell as it is written, each of its bytes a character."""
        return self.text[self.begin(cell) : int(self.ends[cell])].decode("latin-1")


def cells_of(lines: bytes, delimiter: str, columns: int) -> Cells | None:
    """The cells of these lines (each with its end) if every one has so many and none is blank; None if not."""
    codes = np.frombuffer(lines, dtype=np.uint8)
    marks = codes == _NEW_LINE
    ends = np.flatnonzero(marks)
    begins = np.concatenate(([0], ends[:-1] + 1))
    if not len(ends) or (columns == 1 and (delimiter.encode() in lines or (codes[begins] <= _SPACE).any())):
        return None  # some of them may be blank, or have more
    if columns > 1:
        marks |= codes == ord(delimiter)
        if (np.add.reduceat(marks.view(np.int8), begins, dtype=np.int32) != columns).any():
            return None
    return Cells(lines, columns, marks, ends)


def columns_with_codes(cells: Cells, skipped: int, known: frozenset[int]) -> frozenset[int]:
    """Which columns have a code, an integer that would not be the same as a number. The first cells are `skipped`, and
    columns that are `known` to have one."""
    found: set[int] = set()
    suspects = np.searchsorted(cells.ends, places) if len(places := _suspicious(cells)) else ()
    for cell in suspects:
        column = int(cell) % cells.columns
        if cell >= skipped and column not in known and column not in found and is_code(cells.written(cell).strip()):
            found.add(column)
    return frozenset(found)


def _suspicious(cells: Cells) -> Places:
    """Where a cell begins with a zero and another digit, or with so many digits that it may be beyond 2⁶³. Spaces and a
    sign may stand before that; a few places are no beginnings."""
    codes = cells.codes
    digits = codes - _ZERO < 10  # in unsigned bytes all that is below '0' is far above '9'
    pairs = digits[:-1] & digits[1:]
    places = _suspicious_after(cells.marks, codes, pairs)
    first = cells.text[:_LONG]
    if first[:2].isdigit() and (first.startswith(b"0") or (len(first) == _LONG and first.isdigit())):
        places = np.concatenate(([0], places))
    leading = [code for code in (_MINUS, _PLUS, _SPACE) if bytes([code]) in cells.text]
    if not leading:
        return places
    before = codes == leading[0]
    for code in leading[1:]:
        before |= codes == code
    later = _suspicious_after(before, codes, pairs)
    return np.concatenate((places, _at_beginnings(cells, later, before))) if len(later) else places


def _suspicious_after(marks: Marks, codes: NDArray[np.uint8], pairs: Marks) -> Places:
    """Where a zero and another digit follow a mark, or so many digits. `pairs` says where two digits begin."""
    begins = marks[:-2] & pairs[1:]  # most often this rules out nearly all, and the rest costs nothing
    if not begins.any():
        return np.zeros(0, dtype=np.int64)
    found, long = begins & (codes[1:-1] == _ZERO), begins
    for offset in (*range(3, _LONG - 1, 2), _LONG - 1):
        rest = pairs[offset:]
        long = long[: len(rest)] & rest
        if not long.any():
            break
    else:
        found[: len(long)] |= long
    return np.flatnonzero(found) + 1


def _at_beginnings(cells: Cells, places: Places, before: Marks) -> Places:
    """Those of the places with nothing but spaces and signs between the beginning of their cell and them. `before` says
    of each byte whether it is one of these."""
    # Most of them follow the sign of an exponent, as in 1e-05.
    places = places[(places < 2) | before[places - 2] | cells.marks[places - 2]]
    if not len(places):
        return places
    cell = np.searchsorted(cells.ends, places)
    begins = np.where(cell > 0, cells.ends[cell - 1] + 1, 0)
    counted = np.cumsum(before)
    kept: Places = places[counted[places - 1] - counted[begins] + before[begins] == places - begins]
    return kept
