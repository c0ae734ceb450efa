"""The way to a project that somebody else may have made: nothing in it can do anything, and nothing beside it is read.

Before SQLite sees the file its header is looked at: another program's database and a later format are told apart there.
It is opened as one that never changes, so that no journal beside it is played back into it; nothing can be attached,
written, or loaded; and what takes too long is given up. A schema with a view, a trigger, a virtual table or a generated
column is refused: a project has none.
"""

import sqlite3
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from nnstudio import __version__

from .errors import NewerFormatError, ProjectError
from .schema import APPLICATION_ID, SUFFIX, TABLES, VERSION
from .store import TROUBLE

_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_VERSION_AT, _ID_AT = 60, 68
_SECONDS, _BYTES_A_SECOND = 4.0, 5_000_000  # of the processor's time: a busy machine or a slow disk is no fault of it
_OPERATIONS = 20_000
"""So many of SQLite's own operations run between two looks at the clock."""
_LIMITS = {
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 200_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 50,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 10,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 50_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 10,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 100,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_LEAST_LENGTH = 1_000_000


@contextmanager
def guarded(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a project that can only be read. ProjectError says why it is refused."""
    check_header(path)
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with _guarded(path.name, path.stat().st_size, lambda: sqlite3.connect(uri, uri=True, isolation_level=None)) as one:
        yield one


@contextmanager
def guarded_bytes(content: bytes, name: str) -> Iterator[sqlite3.Connection]:
    """The same for what lies within a project."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.deserialize(content)
        return connection

    _check_header(content[:_HEADER], name)
    with _guarded(name, len(content), connect) as connection:
        yield connection


def check_header(path: Path) -> None:
    """ProjectError if this is no project, or one of a later format; SQLite has not seen it by then."""
    if not path.exists():
        raise ProjectError(f"there is no file {path}; check its name and folder")
    if not path.is_file():
        raise ProjectError(f"{path} is not an ordinary file; choose a project (*{SUFFIX})")
    _check_header(_header(path), path.name)


def version_of(path: Path) -> int | None:
    """Which format the project in a file has; None where there is no project in it."""
    try:
        header = _header(path)
    except ProjectError:
        return None
    if header[: len(_MAGIC)] != _MAGIC or len(header) < _HEADER:
        return None
    number, version = (int(struct.unpack_from(">i", header, at)[0]) for at in (_ID_AT, _VERSION_AT))
    return version if number == APPLICATION_ID else None


def damage(connection: sqlite3.Connection) -> str | None:
    """The first thing that SQLite itself finds wrong with the file, None if it is whole."""
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()
    except TROUBLE as error:
        return str(error)
    return None if found == ("ok",) else str(found[0] if found else "it cannot be checked")


def _check_header(header: bytes, name: str) -> None:
    if header[: len(_MAGIC)] != _MAGIC or len(header) < _HEADER:
        raise ProjectError(f"{name} is not a project, or its beginning is damaged; is it the right file?")
    number, version = (int(struct.unpack_from(">i", header, at)[0]) for at in (_ID_AT, _VERSION_AT))
    if number != APPLICATION_ID:
        raise ProjectError(f"{name} is a database of another program; is it the right file?")
    if version > VERSION:
        raise NewerFormatError(
            f"{name} has the format nnstudio-project/{version}, and NN Studio {__version__} reads up to "
            f"nnstudio-project/{VERSION}; install a version of NN Studio that reads nnstudio-project/{version}"
        )
    if version < 0:
        raise ProjectError(f"{name} has the format nnstudio-project/{version}, which there never was; open a backup")


def _header(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEADER)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProjectError(f"{path} cannot be read: {reason}; check the file and its permissions") from None


@contextmanager
def _guarded(name: str, size: int, connect: Callable[[], sqlite3.Connection]) -> Iterator[sqlite3.Connection]:
    try:
        with closing(connect()) as connection:
            _restrict(connection, size)
            _check_schema(connection)
            yield connection
    except TROUBLE as error:
        raise ProjectError(f"{name} is damaged and cannot be read ({error}); open a backup of it") from None
    except MemoryError:
        raise ProjectError(f"there is not enough memory to open {name}; close other programs") from None


def _restrict(connection: sqlite3.Connection, size: int) -> None:
    connection.text_factory = _text
    for limit, most in _LIMITS.items():
        connection.setlimit(limit, most)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(size, _LEAST_LENGTH))  # nothing in it is longer than all of it
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "query_only = ON"):
        connection.execute(f"PRAGMA {pragma}")
    if hasattr(connection, "setconfig"):  # from Python 3.12 on
        connection.setconfig(getattr(sqlite3, "SQLITE_DBCONFIG_DEFENSIVE"), True)  # noqa: B009
    end = time.thread_time() + _SECONDS + size / _BYTES_A_SECOND
    connection.set_progress_handler(lambda: int(time.thread_time() > end), _OPERATIONS)


def _text(content: bytes) -> str:
    """What is no text is not as it was written, which its SHA-256 tells."""
    return content.decode("utf-8", "replace")


def _check_schema(connection: sqlite3.Connection) -> None:
    for kind, name, table, sql in connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"):
        words = " ".join(str(sql).split()[:3]).upper()
        if kind not in ("table", "index") or "VIRTUAL" in words:
            what = "a virtual table" if kind == "table" else f"a {kind}"
            raise ProjectError(
                f"the project has {what} named '{str(name)[:40]}', which no project has; do not trust it"
            )
        if kind == "table" and table in TABLES:
            _check_columns(connection, table)


def _check_columns(connection: sqlite3.Connection, table: str) -> None:
    for row in connection.execute(f"PRAGMA table_xinfo({table})"):
        if row[6]:
            raise ProjectError(
                f"the table '{table}' of the project computes a column, as no project does; do not trust it"
            )
