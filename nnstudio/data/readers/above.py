"""Where the table in a text begins: what programs and instruments write above it is left out.

That is a title, a date, remarks: lines of which no more than half of the table's width is filled, as in a sheet
(`grid`), and the blank ones among them. Where it is not beyond doubt that the lines below are a table, nothing is left
out, and what is wrong with the first of them is said.
"""

import csv
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from nnstudio.data.errors import DataError
from nnstudio.data.readers.dialect import DELIMITERS, SNIFFED, has_header, is_blank
from nnstudio.data.readers.text import TextFile, open_text
from nnstudio.data.spec import Reading

_MOST = 50
_FEWEST_BELOW = 3

_Record = list[str]


def table_text(path: Path, reading: Reading) -> TextFile:
    """The text in the file at `path` from the first line of its table on; a DataError says that there is none."""
    text = open_text(path, reading.encoding)
    if reading.above == 0:
        return text
    lines = text.head(SNIFFED)[0].splitlines(keepends=True)
    above = _recognized(lines, reading) if reading.above is None else reading.above
    if above < 0 or above >= max(len(lines), 1):
        raise DataError(f"{text.name} has {len(lines):,} lines to begin with, and {above:,} are to be left out above")
    return text.below(lines[:above])


def _recognized(lines: Sequence[bytes], reading: Reading) -> int:
    """How many of the first lines stand above the table; the first that has none above it decides."""
    first = [line.decode("latin-1") for line in lines[:_MOST]]
    delimiters = DELIMITERS if reading.delimiter is None else (reading.delimiter,)
    found = [_above(first, delimiter, reading) for delimiter in delimiters if len(delimiter) == 1 and delimiter != " "]
    return max(found, default=0)


def _above(lines: list[str], delimiter: str, reading: Reading) -> int:
    """How many lines stand above a table with this delimiter; 0 as well where there is no such table."""
    records = [(place, _cells(line, delimiter)) for place, line in enumerate(lines)]
    filled = [(place, record) for place, record in records if not is_blank(record)]
    if len(filled) <= _FEWEST_BELOW:
        return 0
    width = len(filled[-1][1])
    top = next((n for n, (_, record) in enumerate(filled) if 2 * _filled(record) > width), 0)
    above, below = filled[:top], [record for _, record in filled[top:]]
    others = [other for other in DELIMITERS if other not in (",", " ", delimiter)]
    if (
        not above
        or len(below) < _FEWEST_BELOW
        or any(len(record) != width for record in below)
        or any(other in lines[place] for place, _ in above for other in others)
        or any(lines[place].count('"') % 2 for place, _ in above)  # a name of several lines
    ):
        return 0
    remarks = width > 2 and all(len(record) == 1 for _, record in above)
    return filled[top][0] if remarks or has_header(below, reading) else 0


def _cells(line: str, delimiter: str) -> _Record:
    if '"' not in line:
        return line.rstrip("\r\n").split(delimiter)
    with suppress(csv.Error):
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    return []


def _filled(record: _Record) -> int:
    return sum(bool(cell.strip()) for cell in record)
