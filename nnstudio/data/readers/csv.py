"""Delimited text, such as comma-separated values: the format every program can write.

`text` brings it in pieces and makes sure that it is text, `dialect` finds how it is written, `scan` where its rows are.
Behind that, pandas turns the cells into numbers, a batch of rows after the other, since it does so at the speed of C. A
column it does not take for numbers is looked at by our own rule (`cells`), which can say what is wrong with a cell and
where.
"""

import io
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data import memory
from nnstudio.data.cells import MISSING, column_from_cells, column_from_numbers
from nnstudio.data.dataset import Column, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.garbage import uncollected
from nnstudio.data.progress import Progress, between, silent
from nnstudio.data.readers.above import table_text
from nnstudio.data.readers.layout import Batch, Form, Layout
from nnstudio.data.readers.scan import Scanned, layout_of
from nnstudio.data.readers.text import changed
from nnstudio.data.spec import RECOGNIZED, Reading

if TYPE_CHECKING:
    import pandas as pd

# pandas compares letter by letter.
_MISSING = sorted({spelling(word) for word in MISSING for spelling in (str.lower, str.upper, str.title)} | {"NaN"})

Cells = NDArray[np.object_]
_Found = dict[int, NDArray[Any]]  # each column of a batch by its index; NaN stands for what is missing

_NUMBERS = "if"  # the kinds of NumPy's types; unsigned integers are those beyond 2⁶³
_AT_ONCE = 2
_PATIENCE = 0.05  # seconds
_READ = 0.95


def read_csv(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """The table in a delimited text file; a DataError says why it can't be read, and on which line."""
    text = table_text(path, reading)
    table = _Table(path.stat().st_size, between(progress, 0.0, _READ))
    with table.at_work():
        layout = layout_of(text, reading, table.tell, table.begin)
    table.take_what_was_not_kept(layout, between(progress, _READ, 1.0))
    columns = tuple(table.columns(layout))
    return Dataset(path.stem, columns, source=path.name, written=layout.dialect.written)


class _Table:
    """The columns of a table while they are read: of numbers as long as pandas takes all of their cells for numbers,
    and of text from the first batch on in which it does not. `size` is that of the file in bytes.

    pandas works on a batch or two while the next is looked for: it lets other threads run meanwhile.
    """

    def __init__(self, size: int, progress: Progress) -> None:
        self._size, self._progress = size, progress
        self._share: float | None = 0.0
        self._pool = ThreadPoolExecutor(_AT_ONCE)
        self._waiting: deque[_Parsing] = deque()
        self._block = np.empty((0, 0))
        self._numbers: dict[int, _Numbers] = {}
        self._texts: dict[int, _Texts] = {}

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """All that is begun within has been taken at the end."""
        # No garbage is collected here: what belongs to a window must not be destroyed on another thread than its own.
        with uncollected(), self._pool:
            yield
            while self._waiting:
                self._take(self._waiting.popleft())

    def tell(self, share: float | None) -> None:
        """So much of the file has been looked at."""
        self._share = share
        self._progress(share)

    def begin(self, scanned: Scanned) -> None:
        """Have pandas read a batch, and take an earlier one."""
        self._make_room(scanned)
        texts = scanned.codes.union(self._texts)
        found = self._pool.submit(_parse, scanned.form, scanned.batch, scanned.content, texts)
        self._waiting.append(_Parsing(scanned.form, scanned.batch, scanned.content, found))
        if len(self._waiting) > _AT_ONCE:
            self._take(self._waiting.popleft())

    def take_what_was_not_kept(self, layout: Layout, progress: Progress) -> None:
        """The cells of text columns in the rows before it was known that they are text."""
        last = max((texts.since for texts in self._texts.values()), default=0)
        earlier: dict[int, list[Cells]] = {}
        for batch, content in layout.contents(progress) if last else ():
            if batch.first >= last:
                break
            late = sorted(index for index, texts in self._texts.items() if texts.since > batch.first)
            for index, cells in _as_written(layout, batch, content, late).items():
                earlier.setdefault(index, []).append(cells)
        for index, found in earlier.items():
            self._texts[index].cells[:0] = found

    def columns(self, layout: Layout) -> Iterator[Column]:
        """All of them in order."""
        for index, name in enumerate(layout.names):
            if index in self._numbers:
                values, written = self._block[index, : layout.rows], self._numbers[index].written
                yield column_from_numbers(name, values, layout.locate, written.__getitem__)
            else:
                cells = np.concatenate(self._texts.pop(index).cells)
                dialect = layout.dialect
                yield column_from_cells(name, cells, layout.locate, dialect.numbers, dialect.thousands)

    def _make_room(self, scanned: Scanned) -> None:
        """Room for a batch: at the first for as many rows as the file seems to have."""
        batch, columns = scanned.batch, len(scanned.form.names)
        needed, there = batch.first + batch.rows, self._block.shape[1]
        if needed <= there:
            return
        if not there:
            self._numbers = {index: _Numbers() for index in range(columns)}
            self._block = np.empty((columns, 0))
        likely = 1.5 * there or 1.05 * batch.rows * self._size / len(scanned.content)
        rows = max(int(likely), needed)
        if not _has_room(rows - there, columns):
            rows = needed
        if not _has_room(rows - there, columns):
            raise _too_large(scanned.form, needed)
        block = np.empty((columns, rows))
        block[:, :there] = self._block
        self._block = block

    def _take(self, parsing: "_Parsing") -> None:
        """The rows of a batch, as pandas found them; until it has, progress is told now and then."""
        while not futures.wait([parsing.found], _PATIENCE).done:
            self._progress(self._share)
        found, rows = parsing.found.result(), _rows(parsing.batch)
        for index in [index for index in self._numbers if found[index].dtype.kind not in _NUMBERS]:
            del self._numbers[index]
            self._texts[index] = _Texts(parsing.batch.first)
        for index in self._numbers:
            self._block[index, rows] = found[index]
        # What pandas took for missing, or for something else than text, is read once more.
        unlike = [index for index in self._texts if found[index].dtype != object or _has_gaps(found[index])]
        again = _as_written(parsing.form, parsing.batch, parsing.content, unlike)
        for index, texts in self._texts.items():
            texts.cells.append(again.get(index, found[index]))
        if any(found[index].dtype.kind == "f" for index in self._numbers):
            self._note_flaws(parsing)

    def _note_flaws(self, parsing: "_Parsing") -> None:
        """Keep what is written where a column of numbers has none, as far as it will be asked for."""
        batch, part = parsing.batch, self._block[:, _rows(parsing.batch)]
        if not self._texts and np.isfinite(part).all():
            return
        wanted = {index: numbers.flaws(batch.first, part[index]) for index, numbers in self._numbers.items()}
        rows = {row for found in wanted.values() for row in found}
        written = parsing.form.written(batch, parsing.content, rows)
        for index, found in wanted.items():
            self._numbers[index].written.update({row: written[row][index].strip() for row in found})


def _has_room(rows: int, columns: int) -> bool:
    """Whether there is memory for so many more rows, and to work with them."""
    return 3 * 8 * rows * columns <= memory.available()


def _too_large(form: Form, rows: int) -> DataError:
    name = form.text.name
    return DataError(
        f"{name} has {rows:,} rows of {len(form.names):,} columns, more than there is memory for; "
        f"take a part of it, such as its first lines: head -n 100000 {name} > part.csv"
    )


class _Numbers:
    """What is written in the rows of a column of numbers that its messages will be about: the first that is no finite
    number, and the first that is infinite."""

    def __init__(self) -> None:
        self.written: dict[int, str] = {}
        self._flawed = self._infinite = False

    def flaws(self, first: int, part: NDArray[np.float64]) -> list[int]:
        """The rows of a batch, from `first` on, whose cells will be asked for."""
        finite, infinite = np.isfinite(part), np.isinf(part)
        wanted = [] if self._flawed or finite.all() else [int(np.argmin(finite))]
        if infinite.any() and not self._infinite:
            wanted.append(int(np.argmax(infinite)))
        self._flawed = self._flawed or not finite.all()
        self._infinite = self._infinite or bool(infinite.any())
        return [first + row for row in wanted]


@dataclass(frozen=True, slots=True)
class _Parsing:
    """A batch that pandas is at work on."""

    form: Form
    batch: Batch
    content: bytes
    found: Future[_Found]


@dataclass(slots=True)
class _Texts:
    """A column of text that is being read, a batch of cells after the other, and the row from which on it is kept."""

    since: int
    cells: list[Cells] = field(default_factory=list)


def _parse(form: Form, batch: Batch, content: bytes, texts: frozenset[int]) -> _Found:
    """The cells of a batch, as numbers where all of a column's are; what is known to be text stays as it is."""
    types = {"dtype": dict.fromkeys(texts, object)} if texts else {}
    return _columns(_frame(form, batch, content, na_values=_MISSING, keep_default_na=False, **types))


def _as_written(form: Form, batch: Batch, content: bytes, indices: list[int]) -> dict[int, Cells]:
    """These columns of a batch as they are written."""
    if not indices:
        return {}
    frame = _frame(form, batch, content, usecols=sorted(indices), dtype=object, na_filter=False)
    return _columns(frame)


def _columns(frame: "pd.DataFrame") -> _Found:
    indices: Iterable[Any] = frame.columns
    return {index: frame[index].to_numpy() for index in indices}  # one by one: an array of all would be two copies


def _frame(form: Form, batch: Batch, content: bytes, **how: Any) -> "pd.DataFrame":
    import pandas as pd  # here, not above: it takes half a second, and most runs never read a file

    if tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1):
        how["float_precision"] = "round_trip"  # before 3.1 the default may miss the nearest float64 by one bit
    frame: pd.DataFrame = pd.read_csv(
        io.BytesIO(content),
        encoding="utf-8" if content.isascii() else form.encoding.of_pieces,
        sep=r"\s+" if form.dialect.delimiter == " " else form.dialect.delimiter,
        header=None,
        names=list(range(len(form.names))),
        index_col=False,
        skiprows=sorted(batch.skip),
        skip_blank_lines=False,
        skipinitialspace=b" " in content or b"\t" in content,  # it makes pandas slower by a tenth
        decimal=form.dialect.decimal,  # for speed alone: what pandas does not take for numbers, `cells` reads again
        low_memory=False,
        **how,
    )
    if len(frame) != batch.rows and b'"' not in content:
        raise changed(form.text.name)
    if len(frame) != batch.rows:
        raise DataError(
            f'{form.text.name} has quotes that can be read in two ways; write a quote inside a quoted cell twice ("")'
        )
    return frame


def _rows(batch: Batch) -> slice:
    return slice(batch.first, batch.first + batch.rows)


def _has_gaps(cells: Cells) -> bool:
    return any(cell != cell for cell in cells.tolist())  # NaN alone is unlike itself
