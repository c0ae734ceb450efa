"""That no row of a project is another than was written: a SHA-256 of each table, in `about` under `seal TABLE`.

Arrays and texts have their own, so of those tables only what names them is sealed. The tables that are meant to be
plotted are sealed as numbers of 64 bits, a NULL being a NaN, and the others as JSON, a row a line; the names of its
columns come before.
"""

import hashlib
import json

import numpy as np

from .store import TROUBLE, DamagedError, Store

_PLOTTED = frozenset({"epochs", "gradient_norms"})
_NAMES_ALONE = {"texts": "name, sha256"}
_SEALED = {
    "texts": "its documents",
    "data": "where its data are",
    "columns": "the columns of its data",
    "states": "the moments of its run",
    "arrays": "which numbers belong to what",
    "edits": "what was set by hand",
    "marks": "the marks of its timeline",
    "run": "how its training stood",
    "epochs": "its curves",
    "gradient_norms": "its gradients by epoch",
    "breakpoints": "its breakpoints",
    "watch_list": "its watch list",
    "undo": "what can be undone",
    "left_runs": "the runs that Undo brings back",
    "branches": "its branches",
}
"""The tables, and what each of them is to a user."""
_AT_ONCE = 4096  # rows


def write_seals(store: Store) -> None:
    """Seal the tables as they are, which nothing changes after that."""
    seals = [(_named(table), _seal(store, table)) for table in _SEALED]
    store.connection.executemany("INSERT OR REPLACE INTO about (name, value) VALUES (?, ?)", seals)


def check_seals(store: Store) -> None:
    """Tell of the tables that are not as they were written. Of those of an earlier version, which has no seals at all,
    nothing can be told."""
    try:
        seals = dict(store.connection.execute("SELECT name, value FROM about WHERE name LIKE 'seal %'"))
    except (*TROUBLE, TypeError, ValueError):
        store.problems.append("what is known of its tables is damaged; what can be read of them is there")
        return
    for table, what in _SEALED.items() if seals else ():
        try:
            sound = seals.get(_named(table), "") == (_seal(store, table) if store.has_table(table) else "")
        except (*TROUBLE, DamagedError, TypeError, ValueError):
            sound = False
        if not sound:
            store.problems.append(f"the table '{table}' ({what}) is not as it was written; what can be read is there")


def drop_seals(store: Store) -> None:
    """The tables are to be changed."""
    store.connection.execute("DELETE FROM about WHERE name LIKE 'seal %'")


def _named(table: str) -> str:
    return f"seal {table}"


def _seal(store: Store, table: str) -> str:
    digest = hashlib.sha256()
    rows = store.connection.execute(f"SELECT {_NAMES_ALONE.get(table, '*')} FROM {table} ORDER BY 1, 2")
    digest.update(json.dumps([column[0] for column in rows.description]).encode())
    while part := rows.fetchmany(_AT_ONCE):
        if table in _PLOTTED:
            digest.update(np.array(part, "<f8").tobytes())
        else:
            digest.update("".join(f"{json.dumps(row, default=repr)}\n" for row in part).encode())
    return digest.hexdigest()
