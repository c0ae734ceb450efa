"""Where the cells of a delimited file are: its delimiter, its header, its rows and the lines they stand on.

A *record* is what the csv module reads as one: a line, or several lines if a quoted cell contains line ends. One scan
of all records finds the header, the blank ones, and the first that is ragged (has more or fewer cells than the header).
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

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
    """How to read a file: `skip` are the records (from 0) that are no rows, the header and blank lines."""

    text: TextFile
    delimiter: str
    names: tuple[str, ...]
    skip: frozenset[int]
    rows: int
    decimal_comma: bool

    def locate(self, row: int) -> str:
        """Where a row (from 0) stands, in the numbers a person counts: 'row 16 (line 17)'."""
        line, _ = self._record(row)
        return f"row {row + 1} (line {line})"

    def cell(self, row: int, column: int) -> str:
        """A cell as it is written."""
        return self._record(row)[1][column].strip()

    def _record(self, row: int) -> tuple[int, list[str]]:
        records = enumerate(numbered_records(self.text, self.delimiter))
        return next(islice((record for number, record in records if number not in self.skip), row, None))


def layout_of(text: TextFile) -> Layout:
    """The layout of a text file; a DataError says which line breaks it."""
    delimiter = _sniff(text)
    skip: set[int] = set()
    names: tuple[str, ...] = ()
    decimal_comma, rows = False, 0
    for number, (line, record) in enumerate(numbered_records(text, delimiter)):
        if _is_blank(record):
            skip.add(number)
        elif not names:
            decimal_comma = delimiter == ";"
            numbers = all(is_number(cell.strip(), decimal_comma) for cell in record)
            names = _numbered_names(len(record)) if numbers else _header_names(text, record)
            if numbers:
                rows += 1
            else:
                skip.add(number)
        elif len(record) != len(names):
            raise DataError(f"{text.path.name}, line {line}: {_ragged(record, len(names))}")
        else:
            rows += 1
    if rows == 0:
        raise DataError(f"{text.path.name} has column names but no rows; add at least one row below them")
    return Layout(text, delimiter, names, frozenset(skip), rows, decimal_comma)


def numbered_records(text: TextFile, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of the line it begins on, from 1."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(text.lines(), delimiter=delimiter, skipinitialspace=True)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f'{text.path.name}, line {line}: {error}; a quote (") may be opened there and never closed'
        ) from None


def _sniff(text: TextFile) -> str:
    """The delimiter that gives the most records the same number of cells as the first."""
    head = TextFile(text.path, _first_lines(text), text.encoding)
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        records = (record for _, record in numbered_records(head, delimiter) if not _is_blank(record))
        widths = [len(record) for record in islice(records, _RECORDS_TO_SNIFF)]
        alike = sum(width == widths[0] for width in widths) if widths[0] > 1 else 0
        if alike > most:
            best, most = delimiter, alike
    return best


def _first_lines(text: TextFile) -> bytes:
    stream = io.BytesIO(text.raw)
    return b"".join(islice(stream, 2 * _RECORDS_TO_SNIFF))


def _is_blank(record: list[str]) -> bool:
    return not record or (len(record) == 1 and not record[0].strip())


def _numbered_names(columns: int) -> tuple[str, ...]:
    return tuple(f"x{number}" for number in range(1, columns + 1))


def _header_names(text: TextFile, record: list[str]) -> tuple[str, ...]:
    if len(record) > MOST_COLUMNS:
        raise DataError(
            f"{text.path.name} has {len(record):,} columns, more than {MOST_COLUMNS:,}; "
            "keep the columns you need, or swap rows and columns if it lies on its side"
        )
    names = tuple(cell.strip() or f"column {number}" for number, cell in enumerate(record, start=1))
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        listed = ", ".join(f"'{name}'" for name in twice)
        raise DataError(f"{text.path.name} has more than one column named {listed}; give each a name of its own")
    return names


def _ragged(record: list[str], expected: int) -> str:
    found = "1 field" if len(record) == 1 else f"{len(record)} fields"
    spans = any("\n" in cell or "\r" in cell for cell in record)
    hint = 'a quote (") may be opened there and never closed' if spans else "put quotes around a cell with a delimiter"
    return f"found {found}, expected {expected}; {hint}"
