"""Where cells begin and end in lines of a table without quotes, found by NumPy rather than character by character.

A line then is a record, and each delimiter ends a cell, so that millions of cells can be counted at the speed of
memory. All positions are of bytes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.cells import is_code

_NEW_LINE, _SPACE, _PLUS, _MINUS, _POINT, _ZERO, _NINE = b"\n +-.09"
_LONG = 19  # digits; 2⁶³ has as many

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a text, row by row: where each begins and ends. `codes` are the bytes of the text."""

    text: bytes
    codes: NDArray[np.uint8]
    begins: Places
    ends: Places

    def after(self, first: int) -> "Cells":
        """All but the first so many of them."""
        return Cells(self.text, self.codes, self.begins[first:], self.ends[first:])


def cells_of(lines: bytes, delimiter: str, columns: int) -> Cells | None:
    """The cells of these lines (each with its end) if every one has so many and none is blank; None if not."""
    codes = np.frombuffer(lines, dtype=np.uint8)
    new_lines = codes == _NEW_LINE
    ends = np.flatnonzero(new_lines | (codes == ord(delimiter))) if columns > 1 else np.flatnonzero(new_lines)
    rows, odd = divmod(len(ends), columns)
    if not rows or odd or np.count_nonzero(new_lines) != rows or not new_lines[ends[columns - 1 :: columns]].all():
        return None
    begins = np.empty_like(ends)
    begins[0], begins[1:] = 0, ends[:-1] + 1
    if columns == 1 and (codes[begins] <= _SPACE).any():
        return None  # some of them may be blank
    return Cells(lines, codes, begins, ends)


def columns_with_codes(cells: Cells, columns: int, known: frozenset[int]) -> frozenset[int]:
    """Which columns have a code, an integer that would not be the same as a number; those `known` are not looked at."""
    begins = _after_spaces_and_sign(cells)
    first, length = cells.codes[begins], cells.ends - begins
    suspects = (first == _ZERO) & (length > 1)
    second = cells.codes[begins[suspects] + 1]
    suspects[suspects] = _are_digits(second)
    long = length >= _LONG
    if long.any():
        long[long] = _are_digits(first[long]) & (cells.codes[begins[long] + 1] != _POINT)
        suspects |= long
    found: set[int] = set()
    for cell in np.flatnonzero(suspects).tolist():
        column = cell % columns
        if column not in known and column not in found:
            written = cells.text[begins[cell] : cells.ends[cell]].decode("latin-1").strip()
            if is_code(written):
                found.add(column)
    return frozenset(found)


def _after_spaces_and_sign(cells: Cells) -> Places:
    """Where each cell's first digit would be."""
    begins = cells.begins
    for _ in range(int((cells.ends - begins).max())):
        spaces = cells.codes[begins] == _SPACE
        if not spaces.any():
            break
        begins = begins + spaces
    first = cells.codes[begins]
    signed: Places = begins + ((first == _PLUS) | (first == _MINUS))
    return signed


def _are_digits(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return (codes >= _ZERO) & (codes <= _NINE)
