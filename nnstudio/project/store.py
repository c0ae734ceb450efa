"""The tables of a project as arrays, texts and typed rows: what every part of it is written and read by.

Reading trusts nothing. An array or a text whose bytes are not those that its SHA-256 was taken of is `DamagedError`; a
row that is not what it should be is left out. What was left out is told by `problems`, in words.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from math import prod
from typing import Any, TypeVar

import msgspec
import numpy as np

TROUBLE = (sqlite3.Error, UnicodeDecodeError, OverflowError)
"""What Python's SQLite raises on a damaged file: what it says itself may be no text either."""
_Row = TypeVar("_Row")
_TEXT = "text"
"""The dtype of an array of texts, which is kept as JSON."""
_MOST_DIMENSIONS = 8


class DamagedError(ValueError):
    """A part of a project is not what it was when it was written, in words."""


class Store:
    """One open project. Whoever opened the connection begins and ends transactions, and closes it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.problems: list[str] = []
        """What was left out in reading, and why."""
        self._blobs: dict[object, bytes] = {}

    def insert(self, table: str, *rows: object) -> None:
        """Add rows: dataclasses, whose fields are columns of the table."""
        for row in rows:
            names = [field.name for field in fields(row)]  # type: ignore[arg-type]
            marks = ", ".join("?" * len(names))
            values = [getattr(row, name) for name in names]
            self.connection.execute(f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) VALUES ({marks})", values)

    def rows(self, table: str, kind: type[_Row], order: str) -> Iterator[_Row]:
        """The rows of a table as dataclasses of a kind; those that are none are left out."""
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        try:
            for values in self.connection.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY {order}"):
                try:
                    yield msgspec.convert(dict(zip(names, values, strict=True)), kind)
                except msgspec.ValidationError as error:
                    self.problems.append(f"a row of the table '{table}' is damaged and left out ({error})")
        except TROUBLE as error:
            self.problems.append(f"the table '{table}' is damaged; what can be read of it is there ({error})")

    def has_table(self, name: str) -> bool:
        """Whether there is such a table at all."""
        return self._one("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)) is not None

    def put_text(self, name: str, content: str) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO texts (name, content, sha256) VALUES (?, ?, ?)", (name, content, _hash(content))
        )

    def text(self, name: str) -> str | None:
        """The text of that name, None where there is none."""
        found = self._one("SELECT content, sha256 FROM texts WHERE name = ?", (name,))
        if found is None:
            return None
        content, known = found
        if not isinstance(content, str) or _hash(content) != known:
            raise DamagedError(f"'{name}' is damaged")
        return content

    def put_values(self, table: str, values: Mapping[str, object]) -> None:
        """Values by name, as JSON."""
        self.connection.executemany(
            f"INSERT OR REPLACE INTO {table} (name, value) VALUES (?, ?)",
            [(name, json.dumps(value, ensure_ascii=False)) for name, value in values.items()],
        )

    def values(self, table: str) -> dict[str, Any]:
        """Values by name; what is no JSON is left out."""
        found: dict[str, Any] = {}
        try:
            for name, value in self.connection.execute(f"SELECT name, value FROM {table}"):
                try:
                    found[name] = json.loads(value)
                except (TypeError, ValueError, RecursionError):
                    self.problems.append(f"'{name}' of the table '{table}' is damaged and left out")
        except TROUBLE as error:
            self.problems.append(f"the table '{table}' is damaged; what can be read of it is there ({error})")
        return found

    def put_arrays(self, owner: str, arrays: Mapping[str, np.ndarray]) -> str:
        """Write the arrays of an owner; the seal of all of them, which changes with any byte of any."""
        return seal({name: self._put_array(owner, name, array) for name, array in arrays.items()})

    def put_bytes(self, owner: str, name: str, content: np.ndarray) -> str:
        """Write an array of bytes; their SHA-256, by which `refer` names them."""
        return self._put_array(owner, name, content).partition(" ")[0]

    def refer(self, owner: str, name: str, known: str, size: int) -> bool:
        """Let an owner have bytes that are in the store already; false if they are not."""
        there = self.connection.execute("SELECT 1 FROM blobs WHERE sha256 = ?", (known,)).fetchone() is not None
        if there:
            self._refer(owner, name, "|u1", json.dumps([size]), known)
        return there

    def put_texts(self, owner: str, name: str, texts: Iterable[str | None]) -> str:
        """Write an array of texts."""
        listed = list(texts)
        content = json.dumps(listed, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return self._put_bytes(owner, name, _TEXT, (len(listed),), content)

    def drop_arrays(self, owners: str) -> None:
        """Take away the arrays of an owner, or of all whose names are like `column %`."""
        alike = "LIKE" if owners.endswith("%") else "="
        self.connection.execute(f"DELETE FROM arrays WHERE owner {alike} ?", (owners,))

    def sweep(self) -> None:
        """Take away the bytes that are nobody's any more."""
        self.connection.execute("DELETE FROM blobs WHERE sha256 NOT IN (SELECT sha256 FROM arrays)")

    def arrays(self, owner: str) -> tuple[dict[str, np.ndarray], str]:
        """All arrays of an owner by name, and their seal."""
        query = "SELECT name, dtype, shape, sha256 FROM arrays WHERE owner = ? ORDER BY rowid"
        found: dict[str, np.ndarray] = {}
        hashes: dict[str, str] = {}
        try:
            listed = self.connection.execute(query, (owner,))
            for name, dtype, shape, known in listed:
                found[str(name)] = _array(str(name), dtype, shape, self._bytes(str(name), known))
                hashes[str(name)] = _array_seal(known, dtype, shape)
        except TROUBLE as error:
            raise DamagedError(f"its numbers cannot be read ({error})") from None
        return found, seal(hashes)

    def _bytes(self, name: str, known: object) -> bytes:
        """The bytes with this SHA-256: once in memory, however many arrays have them."""
        if known not in self._blobs:
            row = self.connection.execute("SELECT bytes FROM blobs WHERE sha256 = ?", (known,)).fetchone()
            content = None if row is None else row[0]
            if not isinstance(content, bytes) or _hash(content) != known:
                raise DamagedError(f"the numbers of '{name}' are damaged")
            self._blobs[known] = content
        return self._blobs[known]

    def _put_array(self, owner: str, name: str, array: np.ndarray) -> str:
        little = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
        return self._put_bytes(owner, name, little.dtype.str, array.shape, little.tobytes())

    def _put_bytes(self, owner: str, name: str, dtype: str, shape: tuple[int, ...], content: bytes) -> str:
        known, written = _hash(content), json.dumps(shape)
        self.connection.execute("INSERT OR IGNORE INTO blobs (sha256, bytes) VALUES (?, ?)", (known, content))
        self._refer(owner, name, dtype, written, known)
        return _array_seal(known, dtype, written)

    def _refer(self, owner: str, name: str, dtype: str, shape: str, known: str) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO arrays (owner, name, dtype, shape, sha256) VALUES (?, ?, ?, ?, ?)",
            (owner, name, dtype, shape, known),
        )

    def _one(self, query: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:
        try:
            found: tuple[Any, ...] | None = self.connection.execute(query, values).fetchone()
        except TROUBLE as error:
            raise DamagedError(f"it cannot be read ({error})") from None
        return found


def seal(content: object) -> str:
    """A SHA-256 of anything that JSON can tell."""
    return _hash(json.dumps(content, ensure_ascii=False, sort_keys=True))


def _array_seal(known: str, dtype: str, shape: str) -> str:
    return f"{known} {dtype} {shape}"


def _hash(content: str | bytes) -> str:
    whole = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(whole).hexdigest()


def _array(name: str, dtype: object, shape: object, content: bytes) -> np.ndarray:
    """The array that these bytes are."""
    sizes = _shape(shape)
    if dtype == _TEXT:
        return _texts(name, content, sizes)
    try:
        kind = np.dtype(str(dtype))
    except (TypeError, ValueError):
        kind = np.dtype("V1")
    if kind.kind not in "fiub" or sizes is None or prod(sizes) * kind.itemsize != len(content):
        raise DamagedError(f"the numbers of '{name}' have neither type nor shape")
    return np.frombuffer(content, kind).reshape(sizes).astype(kind.newbyteorder("="), copy=False)


def _shape(shape: object) -> tuple[int, ...] | None:
    try:
        sizes = msgspec.json.decode(str(shape), type=tuple[int, ...])
    except msgspec.DecodeError:
        return None
    return sizes if len(sizes) <= _MOST_DIMENSIONS and all(size >= 0 for size in sizes) else None


def _texts(name: str, content: bytes, sizes: tuple[int, ...] | None) -> np.ndarray:
    try:
        listed = msgspec.json.decode(content, type=list[str | None])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise DamagedError(f"the texts of '{name}' are damaged") from None
    if sizes != (len(listed),):
        raise DamagedError(f"the texts of '{name}' are not as many as they should be")
    return np.array([*listed, None], dtype=object)[:-1]
