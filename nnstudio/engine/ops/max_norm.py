"""The max-norm constraint: after each update, a unit's vector of weights that is longer than c is cut back to c.

Its direction stays, so a large learning rate cannot blow weights up (Srebro & Shraibman 2005; often with dropout).
"""

from functools import partial

import numpy as np

from nnstudio.engine.arena import Arena

from .operation import Op, OpKind, Phase


def limit(arena: Arena, layer: int, most: float) -> Op:
    """w ← w · min(1, c / ‖w‖) for each row w of W, the weights that come in to one unit."""
    name = f"W{layer}"
    W = arena[name]
    run = partial(_limit, W, most, np.empty_like(W), np.empty((len(W), 1), W.dtype))
    label, typst = f"{name} ← {name} · min(1, {most:g} / √Σw²)", f"w <- w min(1, {most:g} / norm(w))"
    return Op(OpKind.MAX_NORM, Phase.UPDATE, layer, label, typst, (name,), (name,), run)


def _limit(W: np.ndarray, most: float, s: np.ndarray, lengths: np.ndarray) -> None:
    np.multiply(W, W, s)
    np.add.reduce(s, 1, out=lengths, keepdims=True)
    np.sqrt(lengths, lengths)
    np.maximum(lengths, most, out=lengths)
    np.divide(most, lengths, lengths)  # exactly 1 for those that are short enough
    np.copyto(s, lengths)
    np.multiply(W, s, W)
