"""Where the rows of a delimited file are, and the lines they stand on: what has to be known to read it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.dialect import Dialect, in_columns, numbered_records
from nnstudio.data.readers.encodings import Encoding
from nnstudio.data.readers.text import TextFile, changed


@dataclass(frozen=True, slots=True)
class Batch:
    """So many of the scan's pieces, with the rows from `first` on. `skip` are the records (from 0) that are no rows:
    the header and blank lines."""

    pieces: int
    first: int
    rows: int
    skip: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """How a file is written. It is known from the first batch on: what comes later agrees with it, or is refused, and
    where all that was seen is ASCII, any encoding reads it."""

    text: TextFile
    encoding: Encoding
    dialect: Dialect
    names: tuple[str, ...]

    def written(self, batch: Batch, content: bytes, rows: set[int]) -> dict[int, list[str]]:
        """The cells of these rows of a batch as they are written, found in one scan."""
        if not rows:
            return {}
        text = content.decode(self.encoding.of_pieces)
        if self.dialect.delimiter == " ":
            text = in_columns(text)
        records = enumerate(numbered_records(self.text.name, io.StringIO(text, newline=""), self.dialect.delimiter))
        cells = (record for number, (_, record) in records if number not in batch.skip)
        numbered = enumerate(islice(cells, max(rows) - batch.first + 1), start=batch.first)
        return {row: record for row, record in numbered if row in rows}


@dataclass(frozen=True, slots=True, eq=False)
class Layout(Form):
    """All that has to be known to read a file. `lines` has the line each row begins on, from 1; `codes` are the columns
    that are text for the codes in them."""

    lines: NDArray[np.int64]
    codes: frozenset[int]
    batches: tuple[Batch, ...]

    @property
    def rows(self) -> int:
        return len(self.lines)

    def locate(self, row: int) -> str:
        """Where a row (from 0) stands, in the numbers a person counts: 'row 16 (line 17)'."""
        return f"row {row + 1} (line {self.lines[row]})"

    def contents(self, progress: Progress = silent) -> Iterator[tuple[Batch, bytes]]:
        """Each batch with its text."""
        pieces = self.text.pieces(progress)
        for batch in self.batches:
            found = list(islice(pieces, batch.pieces))
            if len(found) < batch.pieces:
                raise changed(self.text.name)
            yield batch, b"".join(found)
