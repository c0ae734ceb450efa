"""Runs that Undo or Redo brings back, packed: each is a database of its own, with the tables of a project that tell how
a run stands, as one array. It is opened as a project of a stranger is, and when it is asked for.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from nnstudio.training.debugger import Debugger, Standing

from .blocks import write_blocks
from .data import fingerprint_of
from .errors import ProjectError
from .guard import guarded_bytes
from .project import LeftRun
from .runs import read_standing, write_moments
from .schema import create
from .store import DamagedError, Store

_KEYFRAME_BYTES = 4_000_000
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class _LeftRow:
    position: int
    life: int
    fingerprint: str


def write_left(store: Store, runs: Iterable[tuple[int, LeftRun]]) -> None:
    """Write them in place of those that are there. One that has been written into this store is not packed again."""
    store.connection.execute("DELETE FROM left_runs")
    store.drop_arrays("left %")
    known: dict[int, str] = {}
    for position, run in runs:
        if run.dataset is not None and not run.fingerprint:
            run.fingerprint = known.setdefault(id(run.dataset), "") or fingerprint_of(run.dataset)
            known[id(run.dataset)] = run.fingerprint
        store.insert("left_runs", _LeftRow(position, run.life, run.fingerprint))
        if not store.refer(_owner(position), "run", run.sha256, run.size):
            packed = np.frombuffer(run.packed or pack(run.standing), np.uint8)
            run.size = len(packed)
            run.sha256 = store.put_bytes(_owner(position), "run", packed)


def read_left(store: Store) -> tuple[tuple[int, LeftRun], ...]:
    """Those that are as they were written, packed."""
    if not store.has_table("left_runs"):  # of an earlier version
        return ()
    found = []
    packed: dict[str, bytes] = {}  # one run may be at several steps
    for row in list(store.rows("left_runs", _LeftRow, "position"))[:_MOST]:
        try:
            arrays, sealed = store.arrays(_owner(row.position))
            run = packed.get(sealed) or arrays["run"].tobytes()
            packed[sealed] = run
            found.append((row.position, LeftRun(row.life, packed=run, fingerprint=row.fingerprint)))
        except (DamagedError, KeyError):
            store.problems.append(f"a run that Undo would bring back is damaged and left out, at step {row.position}")
    return tuple(found)


def pack(standing: Standing | None) -> bytes:
    """A run by itself; nothing for one that is as it began."""
    if standing is None:
        return b""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        create(connection)
        store = Store(connection)
        write_moments(store, standing, _KEYFRAME_BYTES)
        write_blocks(store, standing.run.history)  # nobody plots it from there, and rows take ten times as long
        connection.execute("COMMIT")
        return connection.serialize()


def unpack(run: LeftRun, fresh: Debugger) -> Standing | None:
    """How a run stood, for one that has just been built; None for one that is as it began. ProjectError if any of it is
    damaged, or the data are not those that it was on."""
    if run.fingerprint != fingerprint_of(fresh.run.dataset):
        raise ProjectError("its data have changed since, and what is shown is on those that are there now")
    if not run.packed:
        return None
    with guarded_bytes(run.packed, "the run") as connection:
        store = Store(connection)
        standing = read_standing(store, fresh)
    if store.problems:
        raise ProjectError("; ".join(store.problems))
    return standing


def _owner(position: int) -> str:
    return f"left {position}"
