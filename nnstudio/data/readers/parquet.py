"""Parquet and Feather, columns with their types as pandas and others save them, read by pyarrow.

pyarrow is large, and an extra of its own: pip install nnstudio[parquet]. Columns of numbers, text, yes and no, and
dates are read, packed as categories or not. What is nested (a list or a record in each cell) is no table, and refused.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.cells import column_from_cells, column_from_numbers
from nnstudio.data.dataset import Column, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.profile import ROWS_SHOWN, Preview
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.array_preview import preview_of, rows_for
from nnstudio.data.readers.blocks import MOST_NUMBERS, row_place
from nnstudio.data.readers.dialect import MOST_COLUMNS
from nnstudio.data.readers.files import opened
from nnstudio.data.readers.grid import written
from nnstudio.data.spec import RECOGNIZED, Reading

if TYPE_CHECKING:
    import pyarrow as pa

_PANDAS_INDEX = re.compile(r"__index_level_\d+__")
_MOST_BYTES = 8 * MOST_NUMBERS
_ARROW_MARK = b"ARROW1"


def read_parquet(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """The table in a Parquet or Feather file; a DataError says why it can't be read, or names the column."""
    columns = []
    with _arrow(path) as file:
        whole = _open_columns(path, file, None)
        for number, name in enumerate(whole.names):
            progress(number / len(whole.names))
            columns.append(_column(name, whole.read(name)))
    return Dataset(path.stem, tuple(columns), source=path.name)


def preview_parquet(path: Path, reading: Reading) -> Preview:
    """The preview of a Parquet or Feather file."""
    with _arrow(path) as file:
        whole = _open_columns(path, file, ROWS_SHOWN)
        most = rows_for(len(whole.names))
        cells = {name: whole.read(name).slice(0, most) for name in whole.names}
        columns = tuple(_column(name, found) for name, found in cells.items())
        texts = [_texts(found.to_pylist()).tolist() for found in cells.values()]
    table = Dataset(path.stem, columns, source=path.name)
    return preview_of(path, table, reading, whole.rows <= most, written=texts)


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a file, so many `rows` of them, and how one is read."""

    names: tuple[str, ...]
    rows: int
    read: Callable[[str], "pa.ChunkedArray"]


@contextmanager
def _arrow(path: Path) -> Iterator["pa.NativeFile"]:
    """The file as memory, of which only what is asked for is read; whatever pyarrow finds wrong with it becomes a
    DataError."""
    try:
        import pyarrow as pa  # here, not above: it is large, and may not be there
    except ImportError:
        raise DataError(
            f"reading {path.name} needs pyarrow; install it with pip install nnstudio[parquet], or save it as CSV"
        ) from None
    with opened(path):
        try:
            with pa.memory_map(str(path)) as file:
                yield file
        except (pa.ArrowException, OSError, ValueError) as error:
            if isinstance(error, DataError):
                raise
            reason = str(error).partition("\n")[0][:80]
            raise DataError(
                f"{path.name} is damaged, cut short or no {path.suffix} file ({reason}); save it anew"
            ) from None


def _open_columns(path: Path, file: "pa.NativeFile", most: int | None) -> _Columns:
    """The columns of a file, or of its first `most` rows."""
    return (_feather if path.suffix.casefold() == ".feather" else _parquet)(path, file, most)


def _parquet(path: Path, file: "pa.NativeFile", most: int | None) -> _Columns:
    """The columns of a file: each is read by itself, so that only one is held twice, but of its first rows all are read
    together."""
    from pyarrow import parquet

    whole = parquet.ParquetFile(file)
    size = sum(whole.metadata.row_group(number).total_byte_size for number in range(whole.metadata.num_row_groups))
    if size > _MOST_BYTES:
        raise DataError(
            f"{path.name} would unpack to {size / 1e6:,.0f} MB, more than {_MOST_BYTES / 1e6:,.0f} MB; "
            "if that is right, take a part of it"
        )
    rows = whole.metadata.num_rows
    names = _names(path, whole.schema_arrow, rows)
    if most is None:
        return _Columns(names, rows, lambda name: whole.read(columns=[name]).column(name))
    batch = next(whole.iter_batches(rows_for(len(names)), columns=names), None)
    return _Columns(names, rows, _table(path, batch).column)


def _feather(path: Path, file: "pa.NativeFile", most: int | None) -> _Columns:
    """The columns of a file, which is a row of batches; the old format has none, and is read as a whole."""
    import pyarrow as pa
    from pyarrow import feather

    if most is None or file.read(len(_ARROW_MARK)) != _ARROW_MARK:
        whole = feather.read_table(file)
        return _Columns(_names(path, whole.schema, whole.num_rows), whole.num_rows, whole.column)
    batches = pa.ipc.open_file(file)
    first = batches.get_batch(0) if batches.num_record_batches else None
    rows = 0 if first is None else first.num_rows + (batches.num_record_batches > 1) * most
    return _Columns(_names(path, batches.schema, rows), rows, _table(path, first).column)


def _table(path: Path, batch: "pa.RecordBatch | None") -> "pa.Table":
    import pyarrow as pa

    if batch is None:
        raise DataError(f"{path.name} is damaged: it has fewer rows than it says; save it anew")
    return pa.Table.from_batches([batch])


def _names(path: Path, schema: "pa.Schema", rows: int) -> tuple[str, ...]:
    names = tuple(name for name in schema.names if not _PANDAS_INDEX.fullmatch(name))
    if not rows or not names:
        raise DataError(f"{path.name} is empty; it needs at least one column and one row")
    if len(names) > MOST_COLUMNS:
        raise DataError(f"{path.name} has {len(names):,} columns, more than {MOST_COLUMNS:,}; keep those you need")
    if rows * len(names) > MOST_NUMBERS:
        raise DataError(
            f"{path.name} has {rows:,} rows × {len(names):,} columns, more than {MOST_NUMBERS:,} cells; "
            "take a part of it"
        )
    for name, count in Counter(names).items():
        if count > 1:
            raise DataError(f"{path.name} has two columns named '{name}'; give each a name of its own")
        _refuse_nested(path, name, schema.field(name).type)
    return names


def _refuse_nested(path: Path, name: str, kind: "pa.DataType") -> None:
    from pyarrow import types

    kind = kind.value_type if types.is_dictionary(kind) else kind
    readable = (
        types.is_integer, types.is_floating, types.is_decimal, types.is_boolean, types.is_string, types.is_large_string,
        types.is_date, types.is_timestamp, types.is_time, types.is_duration, types.is_null,
    )  # fmt: skip
    if types.is_nested(kind):
        raise DataError(f"{path.name}, column '{name}' is nested ({kind}); spread it over columns of its own")
    if not any(is_kind(kind) for is_kind in readable):
        raise DataError(f"{path.name}, column '{name}' holds {kind}; write it as numbers or text, or leave it out")


def _column(name: str, cells: "pa.ChunkedArray") -> Column:
    import pyarrow as pa
    from pyarrow import types

    cells.validate(full=True)  # in a damaged file cells may lie outside of memory, and looking at them ends the program
    if types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    if types.is_integer(cells.type) or types.is_floating(cells.type) or types.is_decimal(cells.type):
        values = np.array(cells.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
        return column_from_numbers(name, values, row_place, lambda row: _written_number(values[row]))
    return column_from_cells(name, _texts(cells.to_pylist()), row_place)


def _texts(cells: list[Any]) -> NDArray[np.object_]:
    return np.array([*("" if cell is None else written(cell) for cell in cells), None], dtype=object)[:-1]


def _written_number(value: float) -> str:
    return "" if np.isnan(value) else repr(float(value))
