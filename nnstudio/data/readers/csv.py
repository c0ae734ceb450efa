"""Delimited text, such as comma-separated values: the format every program can write.

`text` brings it in pieces and makes sure that it is text, `dialect` finds how it is written, `scan` where its rows are.
Then pandas turns the cells into numbers, a batch of rows after the other, since it does so at the speed of C. A column
it does not take for numbers is looked at by our own rule (`cells`), which can say what is wrong with a cell and where.
"""

import gc
import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator
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
from nnstudio.data.progress import Progress, between, silent
from nnstudio.data.readers.layout import Batch, Layout, changed
from nnstudio.data.readers.scan import layout_of
from nnstudio.data.readers.text import open_text
from nnstudio.data.spec import RECOGNIZED, Reading

if TYPE_CHECKING:
    import pandas as pd

# pandas compares letter by letter.
_MISSING = sorted({spelling(word) for word in MISSING for spelling in (str.lower, str.upper, str.title)} | {"NaN"})

Cells = NDArray[np.object_]
_Found = NDArray[np.float64] | dict[int, NDArray[Any]]

_NUMBERS = "if"  # the kinds of NumPy's types; unsigned integers are those beyond 2⁶³
_AT_ONCE = 2
_PATIENCE = 0.05  # seconds
_SCANNED, _READ = 0.25, 0.95


def read_csv(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """The table in a delimited text file; a DataError says why it can't be read, and on which line."""
    layout = layout_of(open_text(path, reading.encoding), reading, between(progress, 0.0, _SCANNED))
    _refuse_too_large(layout)
    table = _Table(layout)
    table.take_all(between(progress, _SCANNED, _READ))
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
        block = np.empty((len(columns), layout.rows))
        self._block = block
        self._numbers = {index: _Numbers(block[index]) for index in columns if index not in layout.codes}
        self._texts = {index: _Texts(0) for index in layout.codes}

    def take_all(self, progress: Progress) -> None:
        """Every row. pandas works on the next batch while one is taken: it lets other threads run meanwhile."""
        waiting: deque[_Parsing] = deque()
        told: list[float | None] = [0.0]

        def tell(share: float | None) -> None:
            told[0] = share
            progress(share)

        with _uncollected(), ThreadPoolExecutor(_AT_ONCE) as pool:
            for batch, content in self._layout.contents(tell):
                texts = frozenset(self._texts)
                waiting.append(_Parsing(batch, content, pool.submit(_parse, self._layout, batch, content, texts)))
                if len(waiting) > _AT_ONCE:
                    self._take(waiting.popleft(), lambda: progress(told[0]))
            while waiting:
                self._take(waiting.popleft(), lambda: progress(told[0]))

    def take_what_was_not_kept(self, progress: Progress) -> None:
        """The cells of text columns in the rows before it was known that they are text."""
        last = max((texts.since for texts in self._texts.values()), default=0)
        earlier: dict[int, list[Cells]] = {}
        for batch, content in self._layout.contents(progress) if last else ():
            if batch.first >= last:
                break
            late = sorted(index for index, texts in self._texts.items() if texts.since > batch.first)
            for index, cells in _as_written(self._layout, batch, content, late).items():
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

    def _take(self, parsing: "_Parsing", wait: Callable[[], None]) -> None:
        """The rows of a batch, as pandas found them; `wait` is called now and then until it has."""
        while not futures.wait([parsing.found], _PATIENCE).done:
            wait()
        batch, content, found = parsing.batch, parsing.content, parsing.found.result()
        rows = _rows(batch)
        if isinstance(found, np.ndarray) and not self._texts:
            self._block[:, rows] = found.T
        else:
            found = dict(enumerate(found.T)) if isinstance(found, np.ndarray) else found
            self._take_apart(batch, content, found, rows)
        self._note_flaws(batch, content)

    def _take_apart(self, batch: Batch, content: bytes, found: dict[int, NDArray[Any]], rows: slice) -> None:
        """The rows of a batch, some of whose columns are of text."""
        for index in [index for index in self._numbers if found[index].dtype.kind not in _NUMBERS]:
            del self._numbers[index]
            self._texts[index] = _Texts(batch.first)
        for index in self._numbers:
            self._block[index, rows] = found[index]
        # What pandas took for missing, or for something else than text, is read once more.
        unlike = [index for index in self._texts if found[index].dtype != object or _has_gaps(found[index])]
        again = _as_written(self._layout, batch, content, unlike)
        for index, texts in self._texts.items():
            texts.cells.append(again.get(index, found[index]))

    def _note_flaws(self, batch: Batch, content: bytes) -> None:
        """Keep what is written where a column of numbers has none, as far as it will be asked for."""
        rows = _rows(batch)
        if not self._texts and np.isfinite(self._block[:, rows]).all():
            return
        wanted = {index: numbers.flaws(batch) for index, numbers in self._numbers.items()}
        written = self._layout.written(batch, content, {row for found in wanted.values() for row in found})
        for index, found in wanted.items():
            self._numbers[index].written.update({row: written[row][index].strip() for row in found})


class _Numbers:
    """A column of numbers that is being read, and what is written in the rows that its messages will be about: the
    first that is no finite number, and the first that is infinite."""

    def __init__(self, values: NDArray[np.float64]) -> None:
        self.values = values
        self.written: dict[int, str] = {}
        self._flawed = self._infinite = False

    def flaws(self, batch: Batch) -> list[int]:
        """The rows of a batch whose cells will be asked for."""
        part = self.values[_rows(batch)]
        finite, infinite = np.isfinite(part), np.isinf(part)
        wanted = [] if self._flawed or finite.all() else [int(np.argmin(finite))]
        if infinite.any() and not self._infinite:
            wanted.append(int(np.argmax(infinite)))
        self._flawed = self._flawed or not finite.all()
        self._infinite = self._infinite or bool(infinite.any())
        return [batch.first + row for row in wanted]


@dataclass(frozen=True, slots=True)
class _Parsing:
    """A batch that pandas is at work on."""

    batch: Batch
    content: bytes
    found: Future[_Found]


@dataclass(slots=True)
class _Texts:
    """A column of text that is being read, a batch of cells after the other, and the row from which on it is kept."""

    since: int
    cells: list[Cells] = field(default_factory=list)


def _parse(layout: Layout, batch: Batch, content: bytes, texts: frozenset[int]) -> _Found:
    """The cells of a batch: an array rows × columns where all are numbers, else each column by its index. NaN stands
    for what is missing. What is known to be text stays as it is."""
    types = {"dtype": dict.fromkeys(texts, object)} if texts else {}
    frame = _frame(layout, batch, content, na_values=_MISSING, keep_default_na=False, **types)
    if all(kind.kind in _NUMBERS for kind in frame.dtypes):
        return frame.to_numpy(dtype=np.float64)
    return _columns(frame)


def _as_written(layout: Layout, batch: Batch, content: bytes, indices: list[int]) -> dict[int, Cells]:
    """These columns of a batch as they are written."""
    if not indices:
        return {}
    frame = _frame(layout, batch, content, usecols=sorted(indices), dtype=object, na_filter=False)
    return _columns(frame)


def _columns(frame: "pd.DataFrame") -> dict[int, NDArray[Any]]:
    indices: Iterable[Any] = frame.columns
    return {index: frame[index].to_numpy() for index in indices}


def _frame(layout: Layout, batch: Batch, content: bytes, **how: Any) -> "pd.DataFrame":
    import pandas as pd  # here, not above: it takes half a second, and most runs never read a file

    if tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1):
        how["float_precision"] = "round_trip"  # before 3.1 the default may miss the nearest float64 by one bit
    frame: pd.DataFrame = pd.read_csv(
        io.BytesIO(content),
        encoding="utf-8" if content.isascii() else layout.encoding.of_pieces,
        sep=r"\s+" if layout.dialect.delimiter == " " else layout.dialect.delimiter,
        header=None,
        names=list(range(len(layout.names))),
        index_col=False,
        skiprows=sorted(batch.skip),
        skip_blank_lines=False,
        skipinitialspace=b" " in content or b"\t" in content,  # it makes pandas slower by a tenth
        decimal=layout.dialect.decimal,  # for speed alone: what pandas does not take for numbers, `cells` reads again
        low_memory=False,
        **how,
    )
    if len(frame) != batch.rows and b'"' not in content:
        raise changed(layout.text.name)
    if len(frame) != batch.rows:
        raise DataError(
            f'{layout.text.name} has quotes that can be read in two ways; write a quote inside a quoted cell twice ("")'
        )
    return frame


@contextmanager
def _uncollected() -> Iterator[None]:
    """No cyclic garbage is collected meanwhile: that would be on whichever thread allocates, and what belongs to a
    window must not be destroyed on another's. What is read stays anyway."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _rows(batch: Batch) -> slice:
    return slice(batch.first, batch.first + batch.rows)


def _has_gaps(cells: Cells) -> bool:
    return any(cell != cell for cell in cells.tolist())  # NaN alone is unlike itself
