"""Loading: the rows of the next mini-batch are copied into X and Y, and their weights into w."""

from collections.abc import Callable
from functools import partial

import numpy as np

from nnstudio.engine.arena import Arena
from nnstudio.engine.batches import Batches

from .operation import Op, OpKind, Phase
from .wiring import sample_weights_of


def load(arena: Arena, batches: Batches, X: np.ndarray, Y: np.ndarray, w: np.ndarray | None = None) -> Op:
    """X, Y ← the next mini-batch of the data, whose rows `X` (n × inputs) and `Y` (n × outputs) are, and w ← its
    weights, of those of all rows (n × 1), where they have some; among the targets are those that are lent to rows
    without one, T."""
    reads = ("T",) if "T" in arena else ()
    run = partial(_load, batches.advance, X.take, Y.take, arena["X"], arena["Y"])
    if w is not None:
        run = partial(_load_weighted, batches.advance, X.take, Y.take, w.take, arena["X"], arena["Y"], arena["w"])
    writes = ("X", "Y", *sample_weights_of(arena))
    names = ", ".join(writes)
    return Op(OpKind.LOAD, Phase.LOAD, None, f"{names} ← mini-batch", f"{names} <- #[mini-batch]", reads, writes, run)


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


def _load_weighted(
    advance: Callable[[], np.ndarray],
    take_x: Callable[..., object],
    take_y: Callable[..., object],
    take_w: Callable[..., object],
    X: np.ndarray,
    Y: np.ndarray,
    w: np.ndarray,
) -> None:
    rows = advance()
    take_x(rows, 0, X, "clip")
    take_y(rows, 0, Y, "clip")
    take_w(rows, 0, w, "clip")
