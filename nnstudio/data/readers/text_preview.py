"""The preview of a table in a text file: of as many of its first lines as can be looked at in an instant."""

import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from msgspec import structs

from nnstudio.data.cells import column_from_cells
from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.profile import ColumnProfile, Flaw, Preview, profile_of_cells, profile_of_nothing
from nnstudio.data.readers.above import table_text
from nnstudio.data.readers.dialect import (
    SNIFFED,
    Dialect,
    dialect_of,
    in_columns,
    is_blank,
    names_of,
    no_rows,
    numbered_records,
    ragged,
    shown_names,
)
from nnstudio.data.readers.encodings import Encoding, Witness, line_ends
from nnstudio.data.readers.text import TextFile, empty, first_control_character, not_text
from nnstudio.data.spec import Reading

_MOST_BYTES = 1 << 20
_MOST_CELLS = 50_000
_MOST_ROWS = 1_000
_FEWEST_ROWS = 3


def preview_text(path: Path, reading: Reading) -> Preview:
    """The preview of the text file at `path`; a DataError says why nothing of it can be shown."""
    text = table_text(path, reading)
    head, whole = text.head(_MOST_BYTES)
    encoding = _encoding(text, head, whole)
    dialect = dialect_of(text.head(SNIFFED)[0].decode(encoding.of_pieces, errors="replace"), text.name, reading)
    if dialect is None:
        raise empty(text.name)
    beginning = _Beginning(text.name, dialect, 1 + text.above)
    beginning.read(head.decode(encoding.of_pieces, errors="replace"), whole)
    return Preview(
        path=path,
        reading=structs.replace(
            reading,
            delimiter=dialect.delimiter,
            header=dialect.header,
            encoding=encoding.name,
            decimal=dialect.decimal,
            thousands=dialect.thousands or reading.thousands,
            above=text.above or reading.above,
        ),
        grounds={**dialect.grounds, "encoding": encoding.grounds},
        columns=beginning.profiles(),
        rows=tuple(tuple(row) for row in beginning.rows),
        looked_at=len(beginning.rows),
        whole=beginning.whole,
        table=beginning.table,
        flaws=tuple(beginning.flaws),
        problem=beginning.problem,
    )


def _encoding(text: TextFile, head: bytes, whole: bool) -> Encoding:
    """The encoding that the text begins in."""
    place = first_control_character(head)
    if place is not None:
        raise not_text(text.name, f"line {1 + text.above + line_ends(head[:place])}", head[place])
    witness = Witness()
    witness.see(head, 1 + text.above)
    if text.encoding is not None:
        return text.encoding
    found = witness.verdict(text.name)
    return found if whole else Encoding(found.name, f"{found.grounds}, as far as it was looked at")


@dataclass(slots=True)
class _Beginning:
    """The first rows of a table, each with as many cells as there are columns, and what is wrong with them."""

    name: str
    dialect: Dialect
    first_line: int
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    whole: bool = True
    problem: str | None = None

    def read(self, text: str, whole: bool) -> None:
        """Read it from a text, which may be the `whole` of the file."""
        self.whole = whole
        try:
            names_of(self.name, self.dialect)
        except DataError as error:
            self.problem = str(error)
        try:
            self._read_records(text)
        except DataError as error:
            # The end of what was looked at may lie within a cell of several lines.
            seen = self.lines[-1] - self.first_line if self.lines else 0
            if whole or 2 * seen < text.count("\n"):
                self.problem = self.problem or str(error)
        if not self.rows and self.problem is None:
            self.problem = str(no_rows(self.name))

    def _read_records(self, text: str) -> None:
        delimiter, columns = self.dialect.delimiter, len(self.dialect.first)
        lines = io.StringIO(in_columns(text) if delimiter == " " else text, newline="")
        most = max(_FEWEST_ROWS, min(_MOST_ROWS, _MOST_CELLS // columns))
        names_due = self.dialect.header
        for line, record in numbered_records(self.name, lines, delimiter, self.first_line):
            if is_blank(record):
                continue
            if names_due:
                names_due = False
                continue
            if len(self.rows) == most:
                self.whole = False
                return
            if len(record) != columns:
                self._note_ragged(line, len(record))
                record = [*record, *[""] * (columns - len(record))][:columns]
            self.rows.append(record)
            self.lines.append(line)

    def _note_ragged(self, line: int, width: int) -> None:
        what, mend = ragged(width, len(self.dialect.first))
        self.flaws.append(Flaw(len(self.rows), None, what, mend, line))
        self.problem = self.problem or f"{self.name}, line {line}: {what}; {mend}"

    def table(self) -> Dataset:
        """The table that these rows are."""
        names = shown_names(self.dialect)
        written = zip(*self.rows, strict=True) if self.rows else iter([()] * len(names))
        decimal, thousands = self.dialect.numbers, self.dialect.thousands
        columns = (
            column_from_cells(name, np.array([*cells, None], dtype=object)[:-1], self._locate, decimal, thousands)
            for name, cells in zip(names, written, strict=True)
        )
        return Dataset(Path(self.name).stem, tuple(columns), source=self.name)

    def profiles(self) -> tuple[ColumnProfile, ...]:
        """The profile of each column."""
        names, decimal, thousands = shown_names(self.dialect), self.dialect.numbers, self.dialect.thousands
        if not self.rows:
            return tuple(profile_of_nothing(name) for name in names)
        columns = zip(names, zip(*self.rows, strict=True), strict=True)
        return tuple(
            profile_of_cells(name, number, cells, self.lines, decimal, thousands)
            for number, (name, cells) in enumerate(columns)
        )

    def _locate(self, row: int) -> str:
        return f"row {row + 1} (line {self.lines[row]})"
