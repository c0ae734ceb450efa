"""The data of a project: embedded as a table, referenced in a file, or described by the experiment itself.

An embedded table needs no file any more. A referenced file is read only if it is, byte for byte, the one that the run
has learned from; where it is that no more when the project is written, the table is embedded after all, for it would be
lost. And however they are kept, a fingerprint of the table says whether it is the same one.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_type_hints
from weakref import WeakKeyDictionary

import msgspec
import numpy as np

from nnstudio.data import sources
from nnstudio.data.dataset import Column, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.spec import FileSource
from nnstudio.experiment.document import Experiment

from .errors import DataMissingError
from .store import DamagedError, Store

EMBEDDED, REFERENCED, DESCRIBED = "embedded", "referenced", "described"
_Table = TypeVar("_Table", Column, Dataset)
_CHUNK = 1 << 20
_MOST_FILES = 200_000
_fingerprints: WeakKeyDictionary[Dataset, str] = WeakKeyDictionary()
"""Those that have been told, for no table changes and a large one takes a while."""


@dataclass(frozen=True, slots=True)
class DataRow:
    """The row of the table `data`."""

    keeping: str
    fingerprint: str
    rest: str
    path: str | None = None
    size: int | None = None
    sha256: str | None = None
    id: int = 1


@dataclass(frozen=True, slots=True)
class _ColumnRow:
    position: int
    name: str
    rest: str


def write_data(store: Store, experiment: Experiment, dataset: Dataset, folder: Path, *, embed: bool) -> str:
    """Write the data of an experiment whose paths are relative to `folder`. Why they are embedded although they were to
    be referenced is what it says, else nothing."""
    source, rest, fingerprint = experiment.data.source, _rest(dataset), fingerprint_of(dataset)
    if not isinstance(source, FileSource):
        store.insert("data", DataRow(DESCRIBED, fingerprint, rest))
        return ""
    said = ""
    if not embed:
        try:
            size, sha256 = _reference(source, folder, fingerprint)
        except DamagedError as reason:
            said = f"The data are kept in the project: {reason}"
        else:
            store.insert("data", DataRow(REFERENCED, fingerprint, rest, source.path, size, sha256))
            return ""
    store.insert("data", DataRow(EMBEDDED, fingerprint, rest, source.path))
    for position, column in enumerate(dataset.columns):
        _write_column(store, position, column)
    return said


def read_row(store: Store) -> DataRow:
    """How the data are kept. DamagedError if that cannot be told."""
    row = next(store.rows("data", DataRow, "id"), None)
    if row is None or row.keeping not in (EMBEDDED, REFERENCED, DESCRIBED):
        raise DamagedError("where its data are cannot be read")
    return row


def read_embedded(store: Store, row: DataRow) -> Dataset:
    """The table in the project. DamagedError if it is not as it was written."""
    columns = []
    for place, listed in enumerate(store.rows("columns", _ColumnRow, "position")):
        if listed.position != place:
            raise DamagedError("a column of its data is missing")
        columns.append(_column(store, listed))
    made = _made(Dataset, {"columns": tuple(columns)}, row.rest)
    if fingerprint_of(made) != row.fingerprint or len({len(column.values) for column in columns}) != 1:
        raise DamagedError("its data are damaged")
    return made


def check_file(path: Path, row: DataRow) -> None:
    """DataMissingError if the file is not the one that was referenced."""
    again = f"put the file back that was there when the project was saved ({row.size or 0:,} bytes)"
    try:
        same = weighed(path, row.size) == (row.size, row.sha256)
    except FileNotFoundError:
        raise DataMissingError(f"the project's data are in {path}, which is not there; {again}", str(path)) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DataMissingError(f"the project's data in {path} cannot be read: {reason}; {again}", str(path)) from None
    if not same:
        says = f"the project's data in {path} are not those that its run has learned from; {again}"
        raise DataMissingError(says, str(path))


def fingerprint_of(dataset: Dataset) -> str:
    """The SHA-256 of a table: of its names and every cell."""
    found = _fingerprints.get(dataset)
    if found is None:
        found = _fingerprints[dataset] = _fingerprint(dataset)
    return found


def _fingerprint(dataset: Dataset) -> str:
    digest = hashlib.sha256()
    for column in dataset.columns:
        digest.update(f"{column.name}\0{column.kind}\0{column.values.dtype.kind}\0".encode("utf-8", "surrogatepass"))
        if column.values.dtype == object:
            digest.update(json.dumps(column.values.tolist(), ensure_ascii=False).encode("utf-8", "surrogatepass"))
        else:
            digest.update(np.ascontiguousarray(column.values, "<f8").tobytes())
    return digest.hexdigest()


def weighed(path: Path, most: int | None = None) -> tuple[int, str]:
    """The size and the SHA-256 of a file, or of all files in a folder; of one that is larger than `most`, the size
    alone. OSError if it cannot be read."""
    digest, size = hashlib.sha256(), 0
    for file in _files(path):
        if file != path:
            digest.update(f"{file.relative_to(path).as_posix()}\0".encode("utf-8", "surrogatepass"))
        size += file.stat().st_size
        if most is not None and size > most:
            return size, ""
        with file.open("rb") as opened:
            while part := opened.read(_CHUNK):
                digest.update(part)
    return size, digest.hexdigest()


def _reference(source: FileSource, folder: Path, fingerprint: str) -> tuple[int, str]:
    """The size and the SHA-256 of the file that a table was read from. DamagedError if it is not in there any more."""
    placed = source.at(lambda path: str(folder / path))
    name = Path(placed.path).name
    try:
        size, sha256 = weighed(Path(placed.path))
        same = _fingerprint_in(placed, sha256) == fingerprint
    except (OSError, DataError):
        raise DamagedError(f"{name} is not there any more, or cannot be read") from None
    if not same:
        raise DamagedError(f"{name} has changed since they were read from it")
    return size, sha256


@lru_cache(maxsize=4)
def _fingerprint_in(source: FileSource, _sha256: str) -> str:
    """That of the table in a file of this content, which is read once."""
    return fingerprint_of(sources.load(source, None))


def _files(path: Path) -> Iterator[Path]:
    """Ordinary files alone: reading a device or a pipe may never end."""
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.is_file())
        if len(found) > _MOST_FILES:
            raise OSError(f"the folder has more than {_MOST_FILES:,} files")
        yield from found
    elif path.is_file():
        yield path
    else:
        path.stat()
        raise OSError("it is not an ordinary file")


def _write_column(store: Store, position: int, column: Column) -> None:
    owner, values = f"column {position}", column.values
    if values.dtype == object:
        store.put_texts(owner, "values", values.tolist())
    else:
        store.put_arrays(owner, {"values": values})
    if column.missing is not None:
        store.put_arrays(owner, {"missing": column.missing})
    store.insert("columns", _ColumnRow(position, column.name, _rest(column)))


def _column(store: Store, row: _ColumnRow) -> Column:
    arrays, _ = store.arrays(f"column {row.position}")
    if "values" not in arrays or any(array.ndim != 1 for array in arrays.values()):
        raise DamagedError(f"the cells of '{row.name}' are missing")
    return _made(Column, {"name": row.name, **arrays}, row.rest)


def _rest(whole: Column | Dataset) -> str:
    """All that is known of a column or a table besides its name and its arrays."""
    kept = {f.name: getattr(whole, f.name) for f in fields(whole) if f.init}
    told = {name: value for name, value in kept.items() if name != "columns" and not isinstance(value, np.ndarray)}
    return json.dumps(msgspec.to_builtins(told), ensure_ascii=False)


def _made(kind: type[_Table], known: dict[str, Any], rest: str) -> _Table:
    try:
        told = msgspec.json.decode(rest, type=dict[str, Any])
        hints = get_type_hints(kind)
        names = {f.name for f in fields(kind)} - known.keys()
        given = {
            name: msgspec.convert(value, hints[name])
            for name, value in told.items()
            if name in names and value is not None
        }
        return kind(**known, **given)
    except (TypeError, ValueError, msgspec.MsgspecError) as error:
        raise DamagedError(f"what is known of its data is damaged ({error})") from None
