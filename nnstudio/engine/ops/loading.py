"""Loading: the rows of the next mini-batch are copied into X and Y."""

from collections.abc import Callable
from functools import partial

import numpy as np

from nnstudio.engine.arena import Arena
from nnstudio.engine.batches import Batches

from .operation import Op, OpKind, Phase


def load(arena: Arena, batches: Batches, X: np.ndarray, Y: np.ndarray) -> Op:
    """X, Y ← the next mini-batch of the data, whose rows `X` (n × inputs) and `Y` (n × outputs) are; among the targets
    are those that are lent to rows without one, T."""
    reads = ("T",) if "T" in arena else ()
    run = partial(_load, batches.advance, X.take, Y.take, arena["X"], arena["Y"])
    return Op(OpKind.LOAD, Phase.LOAD, None, "X, Y ← mini-batch", "X, Y <- #[mini-batch]", reads, ("X", "Y"), run)


def _load(
    advance: Callable[[], np.ndarray],
    take_x: Callable[..., object],
    take_y: Callable[..., object],
    X: np.ndarray,
    Y: np.ndarray,
) -> None:
    rows = advance()
    take_x(rows, 0, X, "clip")  # "clip" because "raise" would work in a copy; the rows are always in range
    take_y(rows, 0, Y, "clip")
