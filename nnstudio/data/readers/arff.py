"""ARFF, the Attribute-Relation File Format of Weka and OpenML: a table that says of each column what it holds.

    % a comment
    @relation weather
    @attribute outlook {sunny, overcast, 'light rain'}
    @attribute temperature numeric
    @attribute 'seen on' date "yyyy-MM-dd"
    @data
    sunny, 21.5, 2024-05-01
    {1 19.5, 2 2024-05-02}

A name or value with a space, a comma or a sign of its own is quoted. A `?` is a missing value. A row in braces is
*sparse*: it has places (from 0) and values, and all other values are 0, or the first of those that are listed.
(https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/)
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from nnstudio.data import memory
from nnstudio.data.cells import Locate, column_from_numbers, column_from_texts, read_number
from nnstudio.data.dataset import Column, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.progress import Progress, between, silent
from nnstudio.data.readers.arff_lines import MISSING, Attribute, attribute_of, cells_in
from nnstudio.data.readers.dialect import MOST_COLUMNS
from nnstudio.data.readers.encodings import Encoding
from nnstudio.data.readers.text import TextFile, open_text, settled
from nnstudio.data.spec import RECOGNIZED, Reading

_CELLS_AT_ONCE = 100_000
_SETTLED = 0.1

Lines = Iterator[tuple[int, str]]
Row = tuple[int, list[str]]


def read_arff(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """The table in an ARFF file; a DataError says why it can't be read, and on which line."""
    text = open_text(path, reading.encoding)
    encoding = settled(text, between(progress, 0.0, _SETTLED))
    lines = filled_lines(text, encoding, between(progress, _SETTLED, 1.0))
    attributes = read_header(text.name, lines)
    table = GrowingTable(text.name, attributes)
    rows = read_rows(text.name, lines, attributes)
    while part := list(islice(rows, max(_CELLS_AT_ONCE // len(attributes), 1))):
        table.take(part)
    return Dataset(path.stem, table.columns(), source=path.name)


def filled_lines(text: TextFile, encoding: Encoding, progress: Progress = silent) -> Lines:
    """The lines that are neither blank nor a comment, with their numbers."""
    number = 0
    for piece in text.pieces(progress):
        for line in io.StringIO(piece.decode(encoding.of_pieces), newline=None):
            number += 1
            stripped = line.strip()
            if stripped and stripped[0] != "%":
                yield number, stripped


def read_header(name: str, lines: Lines) -> tuple[Attribute, ...]:
    """The columns that are declared up to the line @data; a DataError says what is wrong with the declarations."""
    attributes: dict[str, Attribute] = {}
    for number, line in lines:
        word, *rest = line.split(maxsplit=1)
        match word.casefold():
            case "@relation":
                continue
            case "@attribute":
                attribute = attribute_of("".join(rest), partial(_refuse, name, number))
                if attribute.name in attributes:
                    _refuse(name, number, f"a second attribute is named '{attribute.name}'; give each its own name")
                attributes[attribute.name] = attribute
                if len(attributes) > MOST_COLUMNS:
                    raise DataError(f"{name} has more than {MOST_COLUMNS:,} attributes; keep the columns you need")
            case "@data" if attributes:
                return tuple(attributes.values())
            case "@data":
                _refuse(name, number, "there is no @attribute before the data; declare each column by one")
            case _:
                _refuse(name, number, f"'{line[:40]}' is no declaration; it takes @relation, @attribute or @data")
    raise DataError(f"{name} has no line @data; is it an ARFF file, and is it whole?")


def read_rows(name: str, lines: Lines, attributes: tuple[Attribute, ...]) -> Iterator[Row]:
    """The cells of each row, as they are written without their quotes, with its line."""
    for number, line in lines:
        yield number, cells_in(line, attributes, partial(_refuse, name, number))


def _refuse(name: str, line: int, what: str) -> NoReturn:
    raise DataError(f"{name}, line {line}: {what}")


class GrowingTable:
    """The columns of a table while its rows are read."""

    def __init__(self, name: str, attributes: tuple[Attribute, ...]) -> None:
        self.lines: list[int] = []
        self._name = name
        self._columns = [_Growing(attribute) for attribute in attributes]

    def take(self, rows: list[Row]) -> None:
        """Take in these rows; a DataError says that there is no memory for them."""
        first = len(self.lines)
        self.lines += [line for line, _ in rows]
        if 3 * 8 * len(self.lines) * len(self._columns) > memory.available():
            raise DataError(f"{self._name} has more rows than there is memory for; take a part of it")
        for column, cells in zip(self._columns, zip(*(cells for _, cells in rows), strict=True), strict=True):
            column.take(first, cells)

    def columns(self) -> tuple[Column, ...]:
        if not self.lines:
            raise DataError(f"{self._name} has no rows after @data; add at least one")
        return tuple(column.column(self._locate) for column in self._columns)

    def _locate(self, row: int) -> str:
        return f"row {row + 1} (line {self.lines[row]})"


@dataclass(slots=True)
class _Growing:
    """A column while it is read. Of a column of numbers `odd` has the cells that are no finite numbers, by their rows;
    of one with listed values `stray` is the first that is not listed."""

    attribute: Attribute
    numbers: list[NDArray[np.float64]] = field(default_factory=list)
    odd: dict[int, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    stray: int | None = None

    def take(self, first: int, cells: tuple[str, ...]) -> None:
        """The cells of the next rows, which begin with the row `first`."""
        if not self.attribute.numeric:
            self._take_texts(first, cells)
            return
        values = np.fromiter(map(read_number, cells), dtype=np.float64, count=len(cells))
        self.numbers.append(values)
        self.odd.update({first + row: cells[row] for row in np.flatnonzero(~np.isfinite(values)).tolist()})

    def column(self, locate: Locate) -> Column:
        if not self.attribute.numeric:
            return self._text_column(locate)
        values = np.concatenate(self.numbers)
        missing = np.zeros(len(values), dtype=np.bool_)
        missing[[row for row, cell in self.odd.items() if cell == MISSING]] = True
        return column_from_numbers(self.attribute.name, values, locate, self.odd.__getitem__, missing)

    def _take_texts(self, first: int, cells: tuple[str, ...]) -> None:
        known = {value: value for value in (*self.attribute.values, MISSING)}
        if self.attribute.values and self.stray is None:
            self.stray = next((first + row for row, cell in enumerate(cells) if cell not in known), None)
        self.texts += [known.get(cell, cell) for cell in cells]  # a listed value is in memory once

    def _text_column(self, locate: Locate) -> Column:
        missing = np.array([cell == MISSING for cell in self.texts])
        column = column_from_texts(self.attribute.name, self.texts, missing, locate)
        if self.stray is None:
            return column
        mistake = (
            f"{locate(self.stray)}, column '{column.name}': '{self.texts[self.stray]}' is none of the values that are "
            "listed for it; correct it or add it to them"
        )
        return Column(column.name, column.kind, column.values, mistake, column.missing, mistake)
