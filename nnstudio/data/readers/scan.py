"""The one look at every record of a delimited file before it is read.

A *record* is what the csv module reads as one: a line, or several lines if a quoted cell contains line ends. The scan
finds the header, the blank records, and the first that is ragged (has more or fewer cells than the header). Where there
are no quotes a record is a line, and no cell need be looked at by Python (`structure`). On its way the scan learns in
which encoding the text is, and which columns hold codes.
"""

import csv
import io
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.errors import DataError
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.dialect import (
    LONGEST_CELL,
    SNIFFED,
    Dialect,
    dialect_of,
    in_columns,
    is_blank,
    names_of,
    no_rows,
    numbered_records,
    ragged,
)
from nnstudio.data.readers.encodings import Encoding, Witness, line_ends
from nnstudio.data.readers.layout import Batch, Form, Layout
from nnstudio.data.readers.structure import Cells, cells_of, columns_with_codes
from nnstudio.data.readers.text import TextFile, empty, first_control_character, not_text
from nnstudio.data.spec import RECOGNIZED, Reading

# What is turned into numbers at once: large enough that 1,000 columns cost little each, and small enough to stop soon.
_BATCH = 8 << 20
_BATCH_OF_WIDE_ROWS = 32 << 20
_ROWS = 2_000
_LONGEST_ROW = 4 << 20  # of several lines
_BETWEEN = "\x1f"  # no text contains it

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scanned:
    """A batch that the scan has seen, how the file is written, and which columns have had codes in them so far."""

    form: Form
    batch: Batch
    content: bytes
    codes: frozenset[int]


def _ignore(_scanned: Scanned) -> None:
    """Nobody wants the batches before all of them are known."""


def layout_of(
    text: TextFile,
    reading: Reading = RECOGNIZED,
    progress: Progress = silent,
    take: Callable[[Scanned], object] = _ignore,
) -> Layout:
    """The layout of a text file; a DataError says which line breaks it. Each batch is handed to `take` at once."""
    dialect = dialect_of(text.head(SNIFFED)[0].decode("latin-1"), text.name, reading)
    if dialect is None:
        raise empty(text.name)
    scan = _Scan(text, dialect, take, names_due=dialect.header, line=1 + text.above)
    scan.run(progress)
    return scan.layout()


@dataclass(slots=True)
class _Scan:
    """What the scan has seen so far.

    The text goes on with `line`; `names_due` says that the names are still to come. `lines` has the lines of the rows,
    `batches` those that are full.
    """

    text: TextFile
    dialect: Dialect
    take: Callable[[Scanned], object]
    names_due: bool
    witness: Witness = field(default_factory=Witness)
    line: int = 1
    codes: frozenset[int] = frozenset()
    lines: list[Numbers] = field(default_factory=list)
    rows: int = 0
    batches: list[Batch] = field(default_factory=list)
    _form: Form | None = None
    _open: "_OpenBatch" = field(default_factory=lambda: _OpenBatch(0))

    @property
    def columns(self) -> int:
        return len(self.dialect.first)

    def run(self, progress: Progress) -> None:
        pieces = self.text.pieces(progress)
        for piece in pieces:
            if b'"' in piece:
                self._quoted(piece, pieces)
            else:
                self._plain(piece)
            if self._open.size >= (_BATCH if self._open.rows >= _ROWS else _BATCH_OF_WIDE_ROWS):
                self._close_batch()
        self._close_batch()

    def layout(self) -> Layout:
        """What was found; a DataError says why it is no table."""
        form = self._form_so_far()
        if not self.rows:
            raise no_rows(self.text.name)
        lines = np.concatenate(self.lines)
        known = form.text, form.encoding, form.dialect, form.names
        return Layout(*known, lines, self.codes, tuple(self.batches))

    def _form_so_far(self) -> Form:
        """How the file is written; a DataError says what of it is improper."""
        encoding = self._encoding()
        if self._form is None or self._form.encoding != encoding:
            first = tuple(cell.encode("latin-1").decode(encoding.of_pieces) for cell in self.dialect.first)
            dialect = replace(self.dialect, first=first)
            self._form = Form(self.text, encoding, dialect, names_of(self.text.name, dialect))
        return self._form

    def _encoding(self) -> Encoding:
        if self.text.encoding is None:
            return self.witness.verdict(self.text.name)
        if not self.text.encoding.translated:
            self.witness.confirm(self.text.encoding, self.text.name)
        return self.text.encoding

    def see(self, piece: bytes, line: int) -> None:
        """Look at the bytes of a piece that begins on this line."""
        place = first_control_character(piece)
        if place is not None:
            raise not_text(self.text.name, self._place(piece[:place], line), piece[place])
        self.witness.see(piece, line)

    def _place(self, before: bytes, line: int) -> str:
        """Where the byte after these stands, which begin on this line."""
        there = f"line {line + line_ends(before)}"
        lines = io.StringIO(before.decode("latin-1"), newline="")
        row, column = self.rows - self.names_due, 0
        with suppress(csv.Error):
            for record in csv.reader(lines, delimiter=self.dialect.delimiter, skipinitialspace=True):
                row, column = row + (not is_blank(record)), len(record)
        place = f"row {row} ({there})" if row > 0 else there
        return f"{place}, column {max(column, 1)}"

    def _plain(self, piece: bytes) -> None:
        """Take in a piece without quotes: each line is a record."""
        self.see(piece, self.line)
        lines = self._with_plain_ends(piece)
        cells = cells_of(lines, self.dialect.delimiter, self.columns)
        count = lines.count(b"\n") if cells is None else cells.rows
        filled = np.arange(count)
        if cells is None:
            filled, lines = self._without_blanks(lines)
            cells = cells_of(lines, self.dialect.delimiter, self.columns)
        if cells is not None:
            self._refuse_long_cells(cells, filled)
        self._take_codes(cells)
        self._take_records(filled, count, self.line + filled)
        self._open.take(piece)
        self.line += count

    def _refuse_long_cells(self, cells: Cells, filled: Numbers) -> None:
        longest = cells.longest(LONGEST_CELL)
        if longest is not None:
            line = self.line + int(filled[longest // self.columns])
            raise DataError(
                f"{self.text.name}, line {line}: a cell is longer than {LONGEST_CELL:,} characters; shorten it"
            )

    def _with_plain_ends(self, piece: bytes) -> bytes:
        """The lines of a piece, each with a line feed at its end."""
        if b"\r" in piece:
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if self.dialect.delimiter == " ":
            piece = in_columns(piece.decode("latin-1")).encode("latin-1")
        return piece if piece.endswith(b"\n") else piece + b"\n"

    def _without_blanks(self, lines: bytes) -> tuple[Numbers, bytes]:
        """Which of these lines are not blank, and these alone; a DataError says which is ragged."""
        delimiter = self.dialect.delimiter.encode()
        filled, kept = array("q"), []
        for number, line in enumerate(lines.split(b"\n")[:-1]):
            cells = line.count(delimiter) + 1
            if cells == 1 and not line.strip():
                continue
            if cells != self.columns:
                raise self._ragged(self.line + number, cells)
            filled.append(number)
            kept.append(line.strip() if cells == 1 else line)
        return _numbers(filled), b"".join(line + b"\n" for line in kept)

    def _quoted(self, piece: bytes, more: Iterator[bytes]) -> None:
        """Take in a piece with quotes, and as many more as its last cell goes on in."""
        lines = _Lines(self, piece, more)
        filled, begins, kept, count = array("q"), array("q"), [], 0
        for line, record in numbered_records(self.text.name, lines, self.dialect.delimiter, self.line):
            if not is_blank(record):
                if len(record) != self.columns:
                    raise self._ragged(line, len(record))
                filled.append(count)
                begins.append(line)
                kept.append(_BETWEEN.join(record).replace("\n", " ").strip(" ") + "\n")
            count += 1
            if lines.at_the_end:
                break
        self._take_codes(cells_of("".join(kept).encode("latin-1"), _BETWEEN, self.columns))
        self._take_records(_numbers(filled), count, _numbers(begins))
        for seen in lines.pieces:
            self._open.take(seen)
        self.line = lines.next_line

    def _take_codes(self, cells: Cells | None) -> None:
        if cells is not None:
            skipped = self.columns if self.names_due else 0
            self.codes |= columns_with_codes(cells, skipped, self.codes)

    def _take_records(self, filled: Numbers, count: int, lines: Numbers) -> None:
        """Take in so many records, of which these are not blank."""
        skip = [] if len(filled) == count else np.setdiff1d(np.arange(count), filled).tolist()
        if self.names_due and len(filled):
            self.names_due = False
            skip.append(int(filled[0]))
            lines = lines[1:]
        self.lines.append(lines)
        self.rows += len(lines)
        self._open.count(skip, count, len(lines))

    def _close_batch(self) -> None:
        if self._open.pieces:
            batch, content = self._open.closed()
            self.batches.append(batch)
            self._open = _OpenBatch(self.rows)
            if batch.rows:
                self.take(Scanned(self._form_so_far(), batch, content, self.codes))

    def _ragged(self, line: int, cells: int) -> DataError:
        what, mend = ragged(cells, self.columns)
        return DataError(f"{self.text.name}, line {line}: {what}; {mend}")


@dataclass(slots=True)
class _OpenBatch:
    """A batch that is being filled: its pieces and records so far."""

    first: int
    pieces: list[bytes] = field(default_factory=list)
    size: int = 0
    records: int = 0
    rows: int = 0
    skip: list[int] = field(default_factory=list)

    def take(self, piece: bytes) -> None:
        self.pieces.append(piece)
        self.size += len(piece)

    def count(self, skip: list[int], records: int, rows: int) -> None:
        self.skip += [self.records + number for number in skip]
        self.records += records
        self.rows += rows

    def closed(self) -> tuple[Batch, bytes]:
        return Batch(len(self.pieces), self.first, self.rows, frozenset(self.skip)), b"".join(self.pieces)


class _Lines:
    """The lines of a piece, and of those after it while a record goes on."""

    def __init__(self, scan: _Scan, piece: bytes, more: Iterator[bytes]) -> None:
        self.pieces: list[bytes] = []
        self.next_line = scan.line
        self._scan, self._more = scan, more
        self._take(piece)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.at_the_end:
            piece = next(self._more, None)
            if piece is None:
                raise StopIteration
            self._take(piece)
        line = self._stream.readline()
        self._left -= len(line)
        return line

    @property
    def at_the_end(self) -> bool:
        """Whether the lines of all pieces so far are taken."""
        return self._left == 0

    def _take(self, piece: bytes) -> None:
        if sum(map(len, self.pieces)) > _LONGEST_ROW:
            raise DataError(
                f"{self._scan.text.name}: a row after line {self._scan.line} is longer than {_LONGEST_ROW >> 20} MB, "
                "which no table's is; close the quotes of each cell"
            )
        self._scan.see(piece, self.next_line)
        self.pieces.append(piece)
        self.next_line += max(line_ends(piece), 1)
        text = piece.decode("latin-1")
        if self._scan.dialect.delimiter == " ":
            text = in_columns(text)
        self._stream, self._left = io.StringIO(text, newline=""), len(text)


def _numbers(found: "array[int]") -> Numbers:
    return np.frombuffer(found, dtype=np.int64) if found else np.zeros(0, dtype=np.int64)
