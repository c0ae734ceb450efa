"""The history of a run as tables that any SQLite tool can plot: a row an epoch, a column a metric.

NaN is kept as NULL. Which columns there are is the run's own affair: with validation rows there are those of the
validation rows, and classes are judged by other metrics than values are.

A row takes some microseconds, which is much beside an epoch of a tiny network: a working copy, which is written again
and again while it trains, has arrays of the same numbers instead (`blocks`), and so has a fork.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping
from math import inf, nan

import numpy as np

from nnstudio.data.preparation import PartName
from nnstudio.training.history import History
from nnstudio.training.metrics import Metric

from .store import TROUBLE, DamagedError, Store

Key = tuple[PartName, Metric]
COLUMNS: dict[str, Key] = {f"{part.value} {metric.value}": (part, metric) for part in PartName for metric in Metric}
"""The columns by name, as in "training cost"."""


def write_history(store: Store, history: History, since: int = 0) -> None:
    """Write the entries from number `since` on; those of the same epoch and later ones go."""
    names = [name for name, key in COLUMNS.items() if key in history.measured]
    _add_columns(store.connection, names)
    if since < len(history):
        for table in ("epochs", "gradient_norms"):
            store.connection.execute(f"DELETE FROM {table} WHERE epoch >= ?", (history.epochs[since],))
    columns = ["epoch", "penalty", "learning_rate", *(f'"{name}"' for name in names)]
    series = [history.penalty, history.learning_rate, *(history.measured[COLUMNS[name]] for name in names)]
    store.connection.executemany(
        f"INSERT INTO epochs ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
        zip(history.epochs[since:], *(one[since:] for one in series), strict=True),
    )
    for layer, norms in enumerate(history.gradient_norms, 1):
        store.connection.executemany(
            f"INSERT INTO gradient_norms (epoch, layer, norm) VALUES (?, {layer}, ?)",
            zip(history.epochs[since:], norms[since:], strict=True),
        )


def read_history(store: Store, like: History) -> History | None:
    """The history, with the series that the history of such a run has; None if it has no entry. DamagedError if what is
    there is none."""
    try:
        there = {str(row[1]) for row in store.connection.execute("PRAGMA table_xinfo(epochs)")}
        keys = [(name, key) for name, key in COLUMNS.items() if key in like.measured]
        wanted = ["penalty", "learning_rate", *(f'"{name}"' if name in there else "NULL" for name, _ in keys)]
        rows = store.connection.execute(f"SELECT epoch, {', '.join(wanted)} FROM epochs ORDER BY epoch")
        history = _history(rows, [key for _, key in keys], like)
        _read_norms(store.connection, history, len(like.gradient_norms))
    except (*TROUBLE, TypeError) as error:
        raise DamagedError(f"it cannot be read ({error})") from None
    return history if len(history) else None


def arrays_of(history: History) -> dict[str, np.ndarray]:
    """The same as arrays by name, to the last bit."""
    names = {key: name for name, key in COLUMNS.items()}
    series = {"penalty": history.penalty, "learning rate": history.learning_rate, "lowest": history.lowest}
    series |= {names[key]: one for key, one in history.measured.items()}
    series |= {f"norm {layer}": one for layer, one in enumerate(history.gradient_norms, 1)}
    arrays = {name: np.array(one, np.float64) for name, one in series.items()}
    return {"epochs": np.array(history.epochs, np.int64), **arrays}


def history_of(arrays: Mapping[str, np.ndarray], like: History) -> History:
    """The history that these are the arrays of, with the series that the history of such a run has."""
    own, epochs = arrays_of(like), arrays.get("epochs", np.empty(0))
    if arrays.keys() != own.keys() or any(arrays[name].dtype != one.dtype for name, one in own.items()):
        raise DamagedError("they are those of another network")
    rising = epochs.ndim == 1 and len(epochs) and epochs[0] >= 0 and (np.diff(epochs) > 0).all()
    if not rising or any(one.shape != epochs.shape for one in arrays.values()):
        raise DamagedError("there are not as many as there should be")
    series = {name: array("d", one.tobytes()) for name, one in arrays.items() if name != "epochs"}
    names = {key: name for name, key in COLUMNS.items()}
    return History(
        epochs=array("q", epochs.tobytes()),
        measured={key: series[names[key]] for key in like.measured},  # in the order in which records have them
        gradient_norms=[series[f"norm {layer}"] for layer in range(1, len(like.gradient_norms) + 1)],
        penalty=series["penalty"],
        learning_rate=series["learning rate"],
        lowest=series["lowest"],
    )


def _history(rows: Iterable[tuple[object, ...]], keys: list[Key], like: History) -> History:
    found: dict[Key, array[float]] = {key: array("d") for key in keys}
    history = History(measured={key: found[key] for key in like.measured})
    series = [history.penalty, history.learning_rate, *found.values()]
    for epoch, *values in rows:
        if not isinstance(epoch, int) or epoch < 0:
            raise DamagedError("it has an epoch that is none")
        history.epochs.append(epoch)
        for one, value in zip(series, values, strict=True):
            one.append(_number(value))
    history.lowest = array("d", _lowest(history.train_cost))
    return history


def _read_norms(connection: sqlite3.Connection, history: History, layers: int) -> None:
    places = {epoch: place for place, epoch in enumerate(history.epochs)}
    history.gradient_norms = [array("d", [nan]) * len(history) for _ in range(layers)]
    for epoch, layer, norm in connection.execute("SELECT epoch, layer, norm FROM gradient_norms"):
        if epoch in places and isinstance(layer, int) and 1 <= layer <= layers:
            history.gradient_norms[layer - 1][places[epoch]] = _number(norm)


def _add_columns(connection: sqlite3.Connection, names: Iterable[str]) -> None:
    there = {row[1] for row in connection.execute("PRAGMA table_info(epochs)")}
    for name in names:
        if name not in there:
            connection.execute(f'ALTER TABLE epochs ADD COLUMN "{name}"')


def _lowest(costs: Iterable[float]) -> Iterator[float]:
    """The lowest of all up to each; a NaN is passed over."""
    lowest = inf
    for cost in costs:
        lowest = min(lowest, cost)
        yield lowest


def _number(value: object) -> float:
    if value is None:
        return nan
    if not isinstance(value, int | float):
        raise DamagedError("it has a value that is no number")
    return float(value)
