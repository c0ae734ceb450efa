"""The history of a run as arrays, for what is written again and again while it trains.

As many epochs as make a block lie side by side, each series an array of the owner `history N`. A block that is full is
written once, unless the run goes back: what is written is then what is new, and at most one block that was begun.
"""

import numpy as np

from nnstudio.training.history import History

from .epochs import history_of, series_of
from .store import DamagedError, Store

_BLOCK = 4096
"""Epochs: some 10 arrays of 32 kB, which are written again every two seconds at most."""
_OWNER = "history"


def write_blocks(store: Store, history: History, since: int = 0) -> None:
    """Write the entries from number `since` on; those that were written from there on go."""
    first = since // _BLOCK
    store.connection.execute(
        "DELETE FROM arrays WHERE owner LIKE ? AND CAST(substr(owner, ?) AS INTEGER) >= ?",
        (f"{_OWNER} %", len(_OWNER) + 2, first),
    )
    for begin in range(first * _BLOCK, len(history), _BLOCK):
        for name, series in series_of(history).items():  # no more than one of them in memory
            block = np.array(series[begin : begin + _BLOCK])
            store.put_arrays(f"{_OWNER} {begin // _BLOCK}", {name: block})


def read_blocks(store: Store, like: History) -> History | None:
    """The history, with the series that the history of such a run has; None if it was not written like this."""
    history: History | None = None
    number = 0
    while arrays := store.arrays(f"{_OWNER} {number}")[0]:
        block = history_of(arrays, like)
        if history is None:
            history = block
        elif block.epochs[0] > history.epochs[-1]:
            history.extend(block)
        else:
            raise DamagedError("they are not in order")
        number += 1
    return history
