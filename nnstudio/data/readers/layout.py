"""Where the cells of a delimited file are: its delimiter, its header, its rows and the lines they stand on.

A *record* is what the csv module reads as one: a line, or several lines if a quoted cell contains line ends. One scan
of all records finds the header, the blank ones, and the first that is ragged (has more or fewer cells than the header).
"""

import csv
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.cells import is_number
from nnstudio.data.errors import DataError
from nnstudio.data.readers.text import TextFile

MOST_COLUMNS = 10_000

# Ties go to the first: a comma may be a decimal comma, a semicolon or tab is hardly ever anything but a delimiter.
_DELIMITERS = (";", "\t", ",")
_RECORDS_TO_SNIFF = 50
_LONGEST_CELL = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """How to read a file.

    `skip` are the records (from 0) that are no rows: the header and blank lines. `lines` has the line each row begins
    on, from 1. Any cell of a semicolon file may have a decimal comma; `decimal` is the sign to expect.
    """

    text: TextFile
    delimiter: str
    names: tuple[str, ...]
    skip: frozenset[int]
    lines: NDArray[np.int64]
    decimal: str

    @property
    def decimal_comma(self) -> bool:
        return self.delimiter == ";"

    def locate(self, row: int) -> str:
        """Where a row (from 0) stands, in the numbers a person counts: 'row 16 (line 17)'."""
        return f"row {row + 1} (line {self.lines[row]})"

    def written(self, rows: set[int]) -> dict[int, list[str]]:
        """The cells of these rows as they are written, found in one scan."""
        if not rows:
            return {}
        records = enumerate(numbered_records(self.text, self.delimiter))
        cells = (record for number, (_, record) in records if number not in self.skip)
        return {row: record for row, record in enumerate(islice(cells, max(rows) + 1)) if row in rows}


def layout_of(text: TextFile) -> Layout:
    """The layout of a text file; a DataError says which line breaks it."""
    delimiter = _sniff(text)
    skip: set[int] = set()
    names: tuple[str, ...] = ()
    lines = array("q")
    for number, (line, record) in enumerate(numbered_records(text, delimiter)):
        if _is_blank(record):
            skip.add(number)
        elif not names:
            _refuse_too_many(text, len(record))
            numbers = all(is_number(cell.strip(), delimiter == ";") for cell in record)
            names = _numbered_names(len(record)) if numbers else _header_names(text, record)
            if numbers:
                lines.append(line)
            else:
                skip.add(number)
        elif len(record) != len(names):
            raise DataError(f"{text.path.name}, line {line}: {_ragged(record, len(names))}")
        else:
            lines.append(line)
    if not names:
        raise DataError(f"{text.path.name} is empty; it needs a line of column names and at least one row")
    if not lines:
        raise DataError(f"{text.path.name} has column names but no rows; add at least one row below them")
    return Layout(
        text, delimiter, names, frozenset(skip), np.frombuffer(lines, dtype=np.int64), _decimal(text, delimiter)
    )


def numbered_records(text: TextFile, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of the line it begins on, from 1."""
    csv.field_size_limit(_LONGEST_CELL)
    # Strict: a misplaced quote is refused where it is, rather than swallowing rows up to the next one.
    reader = csv.reader(text.lines(), delimiter=delimiter, skipinitialspace=True, strict=True)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error:
        raise DataError(
            f"{text.path.name}, line {line}: a quoted cell that begins there is never closed, or goes on after its "
            'closing quote; write a quote inside a quoted cell twice ("")'
        ) from None


def _sniff(text: TextFile) -> str:
    """The delimiter that gives the most records the same number of cells as the first."""
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        widths = [len(record) for record in _first_records(text, delimiter)]
        alike = sum(width == widths[0] for width in widths) if widths and widths[0] > 1 else 0
        if alike > most:
            best, most = delimiter, alike
    return best


def _decimal(text: TextFile, delimiter: str) -> str:
    """The decimal sign to try first."""
    cells = (cell for record in _first_records(text, delimiter) for cell in record)
    return "," if delimiter == ";" and any("," in cell and is_number(cell, True) for cell in cells) else "."


def _first_records(text: TextFile, delimiter: str) -> list[list[str]]:
    """The first records, or as many as come before one that this delimiter makes nonsense of."""
    records: list[list[str]] = []
    with suppress(DataError):
        for _, record in islice(numbered_records(text, delimiter), _RECORDS_TO_SNIFF):
            if not _is_blank(record):
                records.append(record)
    return records


def _is_blank(record: list[str]) -> bool:
    return not record or (len(record) == 1 and not record[0].strip())


def _refuse_too_many(text: TextFile, columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise DataError(
            f"{text.path.name} has {columns:,} columns, more than {MOST_COLUMNS:,}; "
            "keep the columns you need, or swap rows and columns if it lies on its side"
        )


def _numbered_names(columns: int) -> tuple[str, ...]:
    return tuple(f"x{number}" for number in range(1, columns + 1))


def _header_names(text: TextFile, record: list[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() or f"column {number}" for number, cell in enumerate(record, start=1))
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        listed = ", ".join(f"'{name}'" for name in twice)
        raise DataError(f"{text.path.name} has more than one column named {listed}; give each a name of its own")
    return names


def _ragged(record: list[str], expected: int) -> str:
    found = "1 field" if len(record) == 1 else f"{len(record)} fields"
    hint = "add the missing cells" if len(record) < expected else "put quotes around a cell that contains a delimiter"
    return f"found {found}, expected {expected}; {hint}"
