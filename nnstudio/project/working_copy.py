"""The working copy: a project as it stands, in the platform's state folder, so that a crash takes next to nothing.

`put` writes down what has changed since the last time, in one transaction: it is there whole, or what was there before
is. It may be called by any thread. The copy is kept in SQLite's write-ahead log and each transaction is flushed to the
disk (`synchronous = FULL`): one a second costs little, and not even a power cut then takes more than the last second.

How often is up to whoever puts it, by `due`: at most every two seconds, and more rarely where it takes long, so that it
costs a fiftieth of the time at most. What counts is how long a processor was at it: nobody else waits while it waits
for the disk, or for its turn beside the training. An edit is put at once. Nothing here depends on the wall clock, which
may go backwards: the times that are written down are only shown.

A copy that is closed is gone. One that is there although its owner is not is left over from a crash (`recovery`).
"""

import os
import secrets
import sqlite3
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from nnstudio.experiment import file
from nnstudio.training.keyframes import Keyframe

from .blocks import write_blocks
from .branches import write_branches
from .contents import write_about, write_undo, write_window
from .data import write_data
from .errors import ProjectError
from .file_print import FilePrint
from .owner import Owner
from .project import Project
from .runs import FIRST_KEYFRAME, write_here, write_initial
from .schema import SUFFIX, TABLES, create
from .states import KEYFRAME, drop_state, write_state
from .store import Store

_SECONDS_APART = 2.0
_COSTS_APART = 50
_KEYFRAME_SECONDS_APART = 20.0
_MOST_KEYFRAMES, _KEYFRAME_BYTES = 64, 128_000_000
_LOG_BYTES = 64_000_000
"""What the write-ahead log may keep of the disk once it has been written back."""
_SMALL_TABLE_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Which file it is the working copy of, None for one that has not been saved yet, when that was saved last, and by
    what it is known again."""

    path: Path | None = None
    saved: datetime | None = None
    seen: FilePrint | None = None


def folder() -> Path:
    """Where working copies are; private to its user."""
    return platformdirs.user_state_path("nnstudio", appauthor=False) / "working"


class WorkingCopy:
    """One project, as it was put last. Not to be used after `close`."""

    def __init__(self, origin: Origin | None = None) -> None:
        """An empty one, which nobody recovers. A ProjectError says why there can be none."""
        self.path = folder() / f"{secrets.token_hex(8)}{SUFFIX}"
        self._lock = threading.Lock()
        self._last: Project | None = None
        self._origin: Origin | None = None
        """What is to be noted with the next put."""
        self._keyframes: dict[int, tuple[int, Keyframe]] = {}
        """The keyframes in it by their id here: their id in the table, and themselves."""
        self._keyframe_due = 0.0
        self.due = 0.0
        """When it should be put next while nothing but the training goes on, by `time.monotonic`."""
        try:
            folder().mkdir(parents=True, exist_ok=True, mode=0o700)
            with ExitStack() as undone:  # what is left of one that was never begun is nobody's work
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
                undone.callback(remove, self.path)
                self._connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
                undone.callback(self._connection.close)
                self._begin(origin or Origin())
                undone.pop_all()
        except (OSError, sqlite3.Error) as error:
            raise _unwritable(self.path, error) from None

    @property
    def is_there(self) -> bool:
        """Whether its file can be found again: it may have been removed behind its back."""
        return os.path.exists(self.path)

    def put(self, project: Project, *, unsaved: bool = True) -> None:
        """Write down how it stands; `unsaved` if its file does not have all of it. A ProjectError says why it cannot
        be: what was put before stays, and the next put writes all that has changed since."""
        with self._lock:
            begun = time.thread_time()
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                self._put(project, unsaved)
                self._connection.execute("COMMIT")
            except BaseException as error:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                self._last = None  # so that everything is written again
                if isinstance(error, OSError | sqlite3.Error):
                    raise _unwritable(self.path, error) from None
                raise
            self._last, self._origin = project, None
            self.due = time.monotonic() + max(_SECONDS_APART, _COSTS_APART * (time.thread_time() - begun))

    def saved(self, path: Path) -> None:
        """The project has been saved to this file as it was put last. A ProjectError says why that cannot be noted."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                self._note(Origin(path, datetime.now(UTC), FilePrint.of(path)), unsaved=False)
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise _unwritable(self.path, error) from None

    def belong_to(self, origin: Origin) -> None:
        """It is the copy of another file, or of none, from the next put on."""
        with self._lock:
            self._origin = origin

    def close(self, *, keep: bool = False) -> None:
        """There is nothing left to recover: remove it, or `keep` it for the next start."""
        with self._lock:
            with suppress(sqlite3.Error):
                self._connection.close()
            if not keep:
                remove(self.path)

    def _begin(self, origin: Origin) -> None:
        """The tables are in the file itself, for its header to say what it is; what is put is in the log first."""
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("BEGIN IMMEDIATE")
        create(self._connection)
        self._store = Store(self._connection)
        self._tell("owner", Owner.here().encode())
        self._tell("since", datetime.now(UTC).isoformat())
        self._tell("began", repr(time.monotonic()))  # of the whole computer, since it was started
        self._note(origin, unsaved=False)
        self._connection.execute("COMMIT")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")

    def _put(self, project: Project, unsaved: bool) -> None:
        store, last = self._store, self._last
        if last is None:
            self._clear()
        write_about(store)
        self._tell("unsaved", str(int(unsaved)))
        if self._origin is not None:
            self._note(self._origin, unsaved=unsaved)
        self._tell("name", project.experiment.name)
        self._tell("embed", str(int(project.embed)))
        _write_document(store, project, last)
        if last is None or _window(last) != _window(project):
            write_window(store, project)
        if last is None or last.undo != project.undo:
            write_undo(store, project.undo, None if last is None else last.undo)
        if last is None or last.branches is not project.branches:
            write_branches(store, project.branches, folder())
        self._put_run(project, last)

    def _put_run(self, project: Project, last: Project | None) -> None:
        standing = project.standing
        before = None if last is None else last.standing
        write_here(self._store, standing)
        if before is None or before.run.initial is not standing.run.initial:
            write_initial(self._store, standing)
        self._put_keyframes(standing.timeline.keyframes)
        history = standing.run.history
        since = 0 if before is None else history.alike(before.run.history)
        if before is None or since < max(len(history), len(before.run.history)):
            write_blocks(self._store, history, since)
        self._store.sweep()

    def _put_keyframes(self, keyframes: tuple[Keyframe, ...]) -> None:
        """The first one, and of the others one now and then: those that the run has dropped go."""
        there, now = {id(keyframe) for keyframe in keyframes}, time.monotonic()
        for key in [key for key in self._keyframes if key not in there]:
            drop_state(self._store, self._keyframes.pop(key)[0])
        wanted = [keyframes[0]]
        if now >= self._keyframe_due:
            self._keyframe_due = now + _KEYFRAME_SECONDS_APART
            self._thin()
            if sum(kept.nbytes for _, kept in self._keyframes.values()) + keyframes[-1].nbytes < _KEYFRAME_BYTES:
                wanted.append(keyframes[-1])
        for keyframe in wanted:
            if id(keyframe) not in self._keyframes:
                number = 1 + max((used for used, _ in self._keyframes.values()), default=FIRST_KEYFRAME - 1)
                write_state(self._store, number, KEYFRAME, keyframe)
                self._keyframes[id(keyframe)] = number, keyframe

    def _thin(self) -> None:
        """Where there are many, every second one goes, but for the first."""
        if len(self._keyframes) >= _MOST_KEYFRAMES:
            for key in list(self._keyframes)[1::2]:
                drop_state(self._store, self._keyframes.pop(key)[0])

    def _clear(self) -> None:
        """Nothing but whose it is."""
        self._keyframes.clear()
        for table in TABLES.keys() - {"about"}:
            self._connection.execute(f"DELETE FROM {table}")

    def _note(self, origin: Origin, *, unsaved: bool) -> None:
        self._tell("unsaved", str(int(unsaved)))
        self._tell("origin", "" if origin.path is None else str(origin.path.absolute()))
        self._tell("origin_saved", "" if origin.saved is None else origin.saved.isoformat(timespec="milliseconds"))
        self._tell("origin_seen", "" if origin.seen is None else origin.seen.encode())

    def _tell(self, name: str, value: str) -> None:
        try:
            value.encode()
            said: str | bytes = value
        except UnicodeEncodeError:  # a path may have bytes in it that are no text
            said = os.fsencode(value)
        self._connection.execute("INSERT OR REPLACE INTO about (name, value) VALUES (?, ?)", (name, said))


def remove(path: Path) -> None:
    """Remove a working copy with what SQLite keeps beside it. OSError if that is not allowed."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _write_document(store: Store, project: Project, last: Project | None) -> None:
    """The experiment and its data, as far as they are others. Paths stay whole: they are no nearer to the copy. A table
    that is not large is in it against the project's own wish: its file may be another one after a crash."""
    embed = project.embed or sum(column.values.nbytes for column in project.dataset.columns) <= _SMALL_TABLE_BYTES
    if last is None or project.experiment is not last.experiment:
        store.put_text("experiment", file.encode(project.experiment).decode())
    same = last is not None and last.dataset is project.dataset and last.embed == project.embed
    if not same or (last is not None and last.experiment.data.source != project.experiment.data.source):
        for table in ("data", "columns"):
            store.connection.execute(f"DELETE FROM {table}")
        store.drop_arrays("column %")
        write_data(store, project.experiment, project.dataset, folder(), embed=embed)


def _window(project: Project) -> tuple[object, ...]:
    return project.watch_list, project.notes, project.settings, project.layout, project.picture


def _unwritable(path: Path, error: Exception) -> ProjectError:
    reason = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
    return ProjectError(
        f"unsaved work cannot be kept in {path.parent}: {reason}; make room there, and save the project until then"
    )
