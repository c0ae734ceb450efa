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
from nnstudio.training.series import Series, reals, wholes

from .store import TROUBLE, DamagedError, Store

Key = tuple[PartName, Metric]
COLUMNS: dict[str, Key] = {f"{part.value} {metric.value}": (part, metric) for part in PartName for metric in Metric}
"""The columns by name, as in "training cost"."""
_TRAINING_COST = next(name for name, key in COLUMNS.items() if key == (PartName.TRAINING, Metric.COST))
_AT_ONCE = 4096  # rows
_MOST_EPOCHS = 2**53


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
    if history.gradient_norms:  # the layers of an epoch side by side, in the order of the key
        rows = ", ".join(f"(?1, {layer}, ?{layer + 1})" for layer, _ in enumerate(history.gradient_norms, 1))
        store.connection.executemany(
            f"INSERT INTO gradient_norms (epoch, layer, norm) VALUES {rows}",
            zip(history.epochs[since:], *(norms[since:] for norms in history.gradient_norms), strict=True),
        )


def read_history(store: Store, like: History) -> History | None:
    """The history, with the series that the history of such a run has; None if it has no entry. DamagedError if what is
    there is none."""
    try:
        there = {str(row[1]) for row in store.connection.execute("PRAGMA table_xinfo(epochs)")}
        names = {name: key for name, key in COLUMNS.items() if key in like.measured}
        wanted = ["epoch", "penalty", "learning_rate", *(f'"{name}"' if name in there else "NULL" for name in names)]
        own = f"{', '.join(wanted)} FROM epochs ORDER BY epoch"
        epochs, penalty, learning_rate, *measured = _series(store.connection, own)
        norms = _norms(store.connection, epochs, len(like.gradient_norms))
    except (*TROUBLE, TypeError, ValueError) as error:
        raise DamagedError(f"it cannot be read ({error})") from None
    if not len(epochs):
        return None
    arrays = {"epochs": epochs, "penalty": penalty, "learning rate": learning_rate, **norms}
    arrays |= dict(zip(names, measured, strict=True))
    arrays["lowest"] = np.fromiter(_lowest(arrays[_TRAINING_COST].tolist()), np.float64, len(epochs))
    return history_of(arrays, like)


def arrays_of(history: History) -> dict[str, np.ndarray]:
    """The same as arrays by name, to the last bit."""
    return {name: np.array(one) for name, one in series_of(history).items()}


def series_of(history: History) -> dict[str, Series[int] | Series[float]]:
    """The same by name, as it is."""
    names = {key: name for name, key in COLUMNS.items()}
    single = {"penalty": history.penalty, "learning rate": history.learning_rate, "lowest": history.lowest}
    measured = {names[key]: one for key, one in history.measured.items()}
    norms = {f"norm {layer}": one for layer, one in enumerate(history.gradient_norms, 1)}
    return {"epochs": history.epochs, **single, **measured, **norms}


def history_of(arrays: Mapping[str, np.ndarray], like: History) -> History:
    """The history that these are the arrays of, with the series that the history of such a run has."""
    own, epochs = arrays_of(like), arrays.get("epochs", np.empty(0))
    if arrays.keys() != own.keys() or any(arrays[name].dtype != one.dtype for name, one in own.items()):
        raise DamagedError("they are those of another network")
    rising = epochs.ndim == 1 and len(epochs) and epochs[0] >= 0 and (np.diff(epochs) > 0).all()
    if not rising or any(one.shape != epochs.shape for one in arrays.values()):
        raise DamagedError("there are not as many as there should be")
    series = {name: reals(array("d", one.tobytes())) for name, one in arrays.items() if name != "epochs"}
    names = {key: name for name, key in COLUMNS.items()}
    return History(
        epochs=wholes(array("q", epochs.tobytes())),
        measured={key: series[names[key]] for key in like.measured},  # in the order in which records have them
        gradient_norms=[series[f"norm {layer}"] for layer in range(1, len(like.gradient_norms) + 1)],
        penalty=series["penalty"],
        learning_rate=series["learning rate"],
        lowest=series["lowest"],
    )


def _series(connection: sqlite3.Connection, wanted: str) -> list[np.ndarray]:
    """Columns of numbers, the first of whole ones: NULL is NaN."""
    rows = connection.execute(f"SELECT {wanted}")
    parts = []
    while some := rows.fetchmany(_AT_ONCE):
        parts.append(np.array(some, np.float64).T)
    whole, *rest = np.concatenate(parts, axis=1) if parts else np.empty((len(rows.description), 0))
    if (np.abs(whole) >= _MOST_EPOCHS).any():
        raise DamagedError("it has an epoch that is none")
    return [whole.astype(np.int64), *rest]


def _norms(connection: sqlite3.Connection, epochs: np.ndarray, layers: int) -> dict[str, np.ndarray]:
    """Of each layer by epoch, NaN where there is none."""
    found = {layer: np.full(len(epochs), nan) for layer in range(1, layers + 1)}
    at, layer_of, norms = _series(connection, "epoch, layer, norm FROM gradient_norms")
    places = np.minimum(np.searchsorted(epochs, at), max(len(epochs) - 1, 0))
    for layer, series in found.items():
        own = (layer_of == layer) & (epochs[places] == at) if len(epochs) else np.zeros(len(at), np.bool_)
        series[places[own]] = norms[own]
    return {f"norm {layer}": series for layer, series in found.items()}


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
