"""What can be made to fail while a project is written, each for as long as a block lasts, for `fail_writes.py`."""

import contextlib
import os
import resource
import sqlite3
from collections.abc import Callable, Iterator

CALLS = ("open", "fsync", "replace", "chmod", "chown", "unlink", "close", "stat", "access")
Fault = Callable[[int, bool], "contextlib.AbstractContextManager[None]"]


class Fired(Exception):  # noqa: N818  it is no error
    """Nothing failed any more: all have had their turn."""


@contextlib.contextmanager
def failing_calls(number: int, for_good: bool) -> Iterator[None]:
    """The Nth call of `os` fails, and with `for_good` all after it."""
    count, kept = Count(number, for_good), {name: getattr(os, name) for name in CALLS}

    def wrapped(name: str) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            if count.fires():
                if name == "close":
                    kept["close"](*arguments)  # a descriptor is closed even where that fails
                raise OSError(28, os.strerror(28))
            return kept[name](*arguments, **named)

        return call

    for name in CALLS:
        setattr(os, name, wrapped(name))
    try:
        yield
    finally:
        for name, call in kept.items():
            setattr(os, name, call)
    count.finish()


@contextlib.contextmanager
def failing_statements(number: int, for_good: bool) -> Iterator[None]:
    """The Nth statement that a connection runs fails."""
    from nnstudio.project import saving, store, working_copy

    count, connect = Count(number, for_good), sqlite3.connect

    class Failing(sqlite3.Connection):
        def execute(self, *arguments: object) -> sqlite3.Cursor:
            if count.fires():
                raise sqlite3.OperationalError("disk I/O error")
            return super().execute(*arguments)

        def executemany(self, *arguments: object) -> sqlite3.Cursor:
            if count.fires():
                raise sqlite3.OperationalError("disk I/O error")
            return super().executemany(*arguments)

    sqlite3.connect = lambda *arguments, **named: connect(*arguments, **named, factory=Failing)
    begun = working_copy.WorkingCopy.put

    def put(copy: object, project: object, **named: object) -> None:
        """A connection that is open already is looked through a failing one for a while."""
        whole = copy._connection
        failing = Through(whole, count)
        copy._connection, copy._store = failing, store.Store(failing)
        try:
            begun(copy, project, **named)
        finally:
            copy._connection, copy._store = whole, store.Store(whole)

    working_copy.WorkingCopy.put = put
    try:
        yield
    finally:
        sqlite3.connect, working_copy.WorkingCopy.put = connect, begun
        assert saving.sqlite3.connect is connect
    count.finish()


class Through:
    """A connection some of whose statements fail."""

    def __init__(self, whole: sqlite3.Connection, count: "Count") -> None:
        self._whole, self._count = whole, count

    def execute(self, statement: str, *arguments: object) -> sqlite3.Cursor:
        if statement != "ROLLBACK" and self._count.fires():
            raise sqlite3.OperationalError("disk I/O error")
        return self._whole.execute(statement, *arguments)

    def executemany(self, *arguments: object) -> sqlite3.Cursor:
        if self._count.fires():
            raise sqlite3.OperationalError("disk I/O error")
        return self._whole.executemany(*arguments)


@contextlib.contextmanager
def failing_bytes(number: int, for_good: bool) -> Iterator[None]:
    """No file grows beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    raise Fired


class Count:
    """Which of them is to fail."""

    def __init__(self, number: int, for_good: bool) -> None:
        self._number, self._for_good, self._seen, self._fired = number, for_good, 0, False

    def fires(self) -> bool:
        seen, self._seen = self._seen, self._seen + 1
        fires = seen == self._number or (self._for_good and seen > self._number)
        self._fired |= fires
        return fires

    def finish(self) -> None:
        if not self._fired:
            raise Fired


FAULTS: tuple[tuple[str, Fault, int], ...] = (
    ("calls", failing_calls, 1),
    ("SQL", failing_statements, 1),
    ("bytes", failing_bytes, 1024),
)
