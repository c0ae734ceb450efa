"""A block of cells that was copied: from a spreadsheet, with tabs between its cells, or from any text that is a table.

It is read as a small file of delimited text is (`dialect`), but is never on disk. A spreadsheet copies a header only
if it was chosen with the rest, so whether there is one is recognized. Blank lines, and blank columns at the end, are
left out.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable

import numpy as np

from nnstudio.data.cells import column_from_cells
from nnstudio.data.dataset import Column, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.readers.dialect import SNIFFED, Dialect, dialect_of, numbered_records
from nnstudio.data.spec import RECOGNIZED

_NAME = "the pasted text"
_LONGEST = 5_000_000  # far more than the cells that an experiment holds
_WANTED = "copy a block of cells, with a column of numbers and, if there is one, the row of names above"


def read(text: str) -> Dataset:
    """The table that a text is; a DataError says why it is none, and on which of its lines."""
    if "\0" in text:
        raise DataError(f"{_NAME} has characters that are no text; {_WANTED}")
    if len(text) > _LONGEST:
        raise DataError(
            f"{_NAME} has {len(text):,} characters, more than {_LONGEST:,}; save it as a file (CSV) and open that"
        )
    dialect = dialect_of(text[:SNIFFED], _NAME, RECOGNIZED)
    if dialect is None or not text.strip():
        raise DataError(f"there is no text to paste; {_WANTED}")
    lines = [
        (line, record)
        for line, record in numbered_records(_NAME, io.StringIO(text, newline=None), dialect.delimiter)
        if any(cell.strip() for cell in record)
    ]
    if not lines:
        raise DataError(f"{_NAME} has blank cells alone; {_WANTED}")
    width = max(_width(record) for _, record in lines)
    names = _names(lines.pop(0)[1], width) if dialect.header else [f"x{n}" for n in range(1, width + 1)]
    if not lines:
        raise DataError(f"{_NAME} is a single row of names; {_WANTED}")
    _refuse_ragged(lines, width)
    return Dataset("pasted data", tuple(_column(n, name, lines, dialect) for n, name in enumerate(names)))


def block_of(text: str) -> list[list[str]]:
    """The cells of a block from a spreadsheet, as they were written there."""
    return list(csv.reader(io.StringIO(text, newline=None), delimiter="\t"))


def text_of(block: Iterable[Iterable[str]]) -> str:
    """A block as a spreadsheet takes it."""
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(block)
    return out.getvalue()


def _width(record: list[str]) -> int:
    """How many cells a row has up to the last that is filled."""
    return max((place for place, cell in enumerate(record, start=1) if cell.strip()), default=0)


def _names(record: list[str], width: int) -> list[str]:
    names = [cell.strip() or f"column {n}" for n, cell in enumerate(record[:width], start=1)]
    names += [f"column {n}" for n in range(len(names) + 1, width + 1)]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise DataError(f"{_NAME} has two columns named '{twice[0]}'; give each a name of its own and copy it again")
    return names


def _refuse_ragged(lines: list[tuple[int, list[str]]], width: int) -> None:
    """A row may lack cells only where it is a table at all: prose has lines of all lengths."""
    for line, record in lines:
        if len(record) < width and len(record) == 1 and width > 1:
            raise DataError(f"{_NAME}, line {line} has 1 cell, expected {width}; {_WANTED}")


def _column(number: int, name: str, lines: list[tuple[int, list[str]]], dialect: Dialect) -> Column:
    cells = [record[number] if number < len(record) else "" for _, record in lines]

    def locate(row: int) -> str:
        return f"row {row + 1} (line {lines[row][0]})"

    written = np.array([*cells, None], dtype=object)[:-1]
    return column_from_cells(name, written, locate, dialect.numbers, dialect.thousands)
