"""Rows from within a text file, around one that a message names, whatever is wrong with them."""

import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from nnstudio.data.errors import DataError
from nnstudio.data.excerpt import BEFORE, BEHIND, Excerpt
from nnstudio.data.places import Place
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.above import table_text
from nnstudio.data.readers.dialect import SNIFFED, Dialect, dialect_of, in_columns, is_blank, numbered_records
from nnstudio.data.readers.files import shown
from nnstudio.data.readers.text import TextFile, empty
from nnstudio.data.spec import Reading

_Row = tuple[int, list[str]]
"""A line and the cells of the record that begins on it."""


def excerpt_of_text(path: Path, reading: Reading, place: Place, progress: Progress = silent) -> Excerpt:
    """The rows around a place in the text file at `path`; a DataError says that it has none there."""
    text = table_text(path, reading)
    codec = "latin-1" if text.encoding is None else text.encoding.of_pieces
    dialect = dialect_of(text.head(SNIFFED)[0].decode(codec, errors="replace"), text.name, reading)
    if dialect is None:
        raise empty(text.name)
    rows = _rows(text, dialect, _Lines(text, codec, dialect.delimiter, progress))
    before: deque[_Row] = deque(maxlen=BEFORE + 1)
    number = -1
    for number, row in enumerate(rows):
        before.append(row)
        if number == place.row or (place.row is None and place.line is not None and row[0] >= place.line):
            break
    if not before:
        raise DataError(f"{text.name} has no rows any more; open it again")
    behind = [row for row, _ in zip(rows, range(BEHIND), strict=False)]
    width = len(dialect.first)
    taken = tuple(_of_width(cells, width) for _, cells in (*before, *behind))
    return Excerpt(number - len(before) + 1, taken, number)


class _Lines:
    """The lines of a text, one after the other; `last` are those since it was emptied."""

    def __init__(self, text: TextFile, codec: str, delimiter: str, progress: Progress) -> None:
        self._pieces = text.pieces(progress)
        self._codec, self._spaced = codec, delimiter == " "
        self._piece = io.StringIO("")
        self.last: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._piece.readline()
        while not line:
            decoded = next(self._pieces).decode(self._codec, errors="replace")
            self._piece = io.StringIO(in_columns(decoded) if self._spaced else decoded, newline="")
            line = self._piece.readline()
        self.last.append(line)
        return line


def _rows(text: TextFile, dialect: Dialect, lines: _Lines) -> Iterator[_Row]:
    """Each row with its line. One whose quotes are never closed comes as the lines it begins with, and is the last."""
    names_due, next_line = dialect.header, 1 + text.above
    try:
        for line, record in numbered_records(text.name, lines, dialect.delimiter, next_line):
            next_line = line + len(lines.last)
            lines.last.clear()
            if is_blank(record):
                continue
            if names_due:
                names_due = False
                continue
            yield line, record
    except DataError:
        yield from ((next_line + n, line.split(dialect.delimiter)) for n, line in enumerate(lines.last[:BEHIND]))


def _of_width(cells: list[str], width: int) -> tuple[str, ...]:
    """A row as it can be shown: of so many cells, none with a character that no text has."""
    shown_cells = (cell if cell.isprintable() else shown(cell) for cell in cells[:width])
    return (*shown_cells, *[""] * (width - len(cells)))
