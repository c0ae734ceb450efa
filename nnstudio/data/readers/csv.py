"""Delimited text, such as comma-separated values: the format every program can write.

`text` brings it in pieces and makes sure that it is text, `dialect` finds how it is written, `scan` where its rows are.
Then pandas turns the cells into numbers, a batch of rows after the other, since it does so at the speed of C. A column
it does not take for numbers is looked at by our own rule (`cells`), which can say what is wrong with a cell and where.
"""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data import memory
from nnstudio.data.cells import MISSING, column_from_cells, column_from_numbers
from nnstudio.data.dataset import Column, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.progress import Progress, between, silent
from nnstudio.data.readers.layout import Batch, Layout
from nnstudio.data.readers.scan import layout_of
from nnstudio.data.readers.text import open_text
from nnstudio.data.spec import RECOGNIZED, Reading

# pandas compares letter by letter.
_MISSING = sorted({spelling(word) for word in MISSING for spelling in (str.lower, str.upper, str.title)} | {"NaN"})

Cells = NDArray[np.object_]
_SCANNED, _READ = 0.25, 0.95


def read_csv(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """The table in a delimited text file; a DataError says why it can't be read, and on which line."""
    layout = layout_of(open_text(path, reading.encoding), reading, between(progress, 0.0, _SCANNED))
    _refuse_too_large(layout)
    table = _Table(layout)
    for batch, content in layout.contents(between(progress, _SCANNED, _READ)):
        table.take(batch, content)
    table.take_what_was_not_kept(between(progress, _READ, 1.0))
    return Dataset(path.stem, tuple(map(table.column, range(len(layout.names)))), source=path.name)


def _refuse_too_large(layout: Layout) -> None:
    needed = 3 * 8 * layout.rows * len(layout.names)
    if needed > memory.available():
        raise DataError(
            f"{layout.text.name} has {layout.rows:,} rows of {len(layout.names):,} columns, more than there is memory "
            f"for; take a part of it, such as its first lines: head -n 100000 {layout.text.name} > part.csv"
        )


class _Table:
    """The columns of a table while they are read: of numbers as long as pandas takes all of their cells for numbers,
    and of text from the first batch on in which it does not."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        columns = range(len(layout.names))
        self._numbers = {index: _Numbers(layout.rows) for index in columns if index not in layout.codes}
        self._texts = {index: _Texts(0) for index in layout.codes}

    def take(self, batch: Batch, content: bytes) -> None:
        """The rows of a batch."""
        found = self._read(batch, content, na_values=_MISSING, keep_default_na=False, dtype=self._types())
        for index in [index for index in self._numbers if found[index].dtype.kind not in "iuf"]:
            del self._numbers[index]
            self._texts[index] = _Texts(batch.first)
        wanted: dict[int, list[int]] = {}
        for index, numbers in self._numbers.items():
            if flawed := numbers.put(batch, found[index]):
                wanted[index] = flawed
        self._note(wanted, self._layout.written(batch, content, {row for rows in wanted.values() for row in rows}))
        for index, cells in self._as_written(batch, content, found).items():
            self._texts[index].cells.append(cells)

    def take_what_was_not_kept(self, progress: Progress) -> None:
        """The cells of text columns in the rows before it was known that they are text."""
        last = max((texts.since for texts in self._texts.values()), default=0)
        earlier: dict[int, list[Cells]] = {}
        for batch, content in self._layout.contents(progress) if last else ():
            if batch.first >= last:
                break
            late = sorted(index for index, texts in self._texts.items() if texts.since > batch.first)
            for index, cells in self._read_as_text(batch, content, late).items():
                earlier.setdefault(index, []).append(cells)
        for index, found in earlier.items():
            self._texts[index].cells[:0] = found

    def column(self, index: int) -> Column:
        layout, name = self._layout, self._layout.names[index]
        if index in self._numbers:
            numbers = self._numbers[index]
            return column_from_numbers(name, numbers.values, layout.locate, numbers.written.__getitem__)
        cells = np.concatenate(self._texts.pop(index).cells)
        return column_from_cells(name, cells, layout.locate, layout.dialect.numbers)

    def _types(self) -> dict[int, type]:
        return dict.fromkeys(self._texts, object)

    def _note(self, wanted: dict[int, list[int]], written: dict[int, list[str]]) -> None:
        for index, rows in wanted.items():
            self._numbers[index].written.update({row: written[row][index].strip() for row in rows})

    def _as_written(self, batch: Batch, content: bytes, found: dict[int, NDArray[Any]]) -> dict[int, Cells]:
        """The text columns of a batch as they are written: what pandas took for missing or for something else than
        text is read once more."""
        unlike = [index for index in self._texts if found[index].dtype != object or _has_gaps(found[index])]
        again = self._read_as_text(batch, content, sorted(unlike))
        return {index: again.get(index, found[index]) for index in self._texts}

    def _read_as_text(self, batch: Batch, content: bytes, indices: list[int]) -> dict[int, Cells]:
        """These columns of a batch as they are written."""
        return self._read(batch, content, usecols=indices, dtype=object, na_filter=False) if indices else {}

    def _read(self, batch: Batch, content: bytes, **how: Any) -> dict[int, NDArray[Any]]:
        """Every column of a batch by its index, of the type pandas takes it for, NaN where a number is missing."""
        import pandas as pd  # here, not above: it takes half a second, and most runs never read a file

        if tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1):
            how["float_precision"] = "round_trip"  # before 3.1 the default may miss the nearest float64 by one bit
        layout = self._layout
        frame = pd.read_csv(
            io.BytesIO(content),
            encoding="utf-8" if content.isascii() else layout.encoding.of_pieces,
            sep=r"\s+" if layout.dialect.delimiter == " " else layout.dialect.delimiter,
            header=None,
            names=list(range(len(layout.names))),
            index_col=False,
            skiprows=sorted(batch.skip),
            skip_blank_lines=False,
            skipinitialspace=True,
            decimal=layout.dialect.decimal,  # for speed alone: what pandas does not take for numbers, `cells` reads
            low_memory=False,
            **how,
        )
        if len(frame) != batch.rows:
            raise DataError(
                f"{layout.text.name} has quotes that can be read in two ways; "
                'write a quote inside a quoted cell twice ("")'
            )
        return {int(index): values.to_numpy() for index, values in frame.items()}


class _Numbers:
    """A column of numbers that is being read, and what is written in the rows that its messages will be about: the
    first that is no finite number, and the first that is infinite."""

    def __init__(self, rows: int) -> None:
        self.values = np.empty(rows)
        self.written: dict[int, str] = {}
        self._flawed = self._infinite = False

    def put(self, batch: Batch, numbers: NDArray[Any]) -> list[int]:
        """Put in the rows of a batch; the rows whose cells will be asked for."""
        part = self.values[batch.first : batch.first + batch.rows]
        part[:] = numbers
        if np.isfinite(part).all():
            return []
        wanted = [] if self._flawed else [int(np.argmin(np.isfinite(part)))]
        infinite = np.isinf(part)
        if infinite.any() and not self._infinite:
            self._infinite = True
            wanted.append(int(np.argmax(infinite)))
        self._flawed = True
        return [batch.first + row for row in wanted]


@dataclass(slots=True)
class _Texts:
    """A column of text that is being read, a batch of cells after the other, and the row from which on it is kept."""

    since: int
    cells: list[Cells] = field(default_factory=list)


def _has_gaps(cells: Cells) -> bool:
    return any(cell != cell for cell in cells.tolist())  # NaN alone is unlike itself
