"""Dropout: in each iteration a random part of a layer's outputs is left out, for each sample another one.

No unit can rely on a particular other one being there, so they learn features that are of use by themselves. What is
kept is divided by the share 1 − p that is kept on average: so the layer after it sees sums of the usual size, and
predicting, which leaves nothing out, needs no correction (inverted dropout; Srivastava et al. 2014).
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from nnstudio.engine.arena import Arena

from .operation import Op, OpKind, Phase


def mask(arena: Arena, layer: int, p: float, generator: np.random.Generator) -> Op:
    """M ← 1/(1 − p) with probability 1 − p, else 0: drawn anew for each output of each sample."""
    m = f"M{layer}"
    M = arena[m]
    run = partial(_draw, generator.random, M.dtype, np.empty(M.shape, bool), 1 - p, M)
    label, typst = f"{m} ← Bernoulli({1 - p:g}) / {1 - p:g}", f'op("Bernoulli")({1 - p:g}) / {1 - p:g}'
    return Op(OpKind.MASK, Phase.FORWARD, layer, label, typst, (), (m,), run)


def drop(arena: Arena, layer: int) -> Op:
    """D = A ⊙ M."""
    a, m, d = f"A{layer}", f"M{layer}", f"D{layer}"
    run = partial(np.multiply, arena[a], arena[m], arena[d])
    return Op(OpKind.DROPOUT, Phase.FORWARD, layer, f"{d} = {a} ⊙ {m}", "", (a, m), (d,), run)


def dropout_gradient(arena: Arena, layer: int) -> Op:
    """dA = dD ⊙ M: what was left out had no part in J."""
    da, m, dd = f"dA{layer}", f"M{layer}", f"dD{layer}"
    run = partial(np.multiply, arena[dd], arena[m], arena[da])
    return Op(OpKind.DROPOUT_GRADIENT, Phase.BACKWARD, layer, f"{da} = {dd} ⊙ {m}", "", (dd, m), (da,), run)


def _draw(random: Callable[..., object], dtype: np.dtype, kept: np.ndarray, share: float, M: np.ndarray) -> None:
    random(dtype=dtype, out=M)
    np.less(M, share, kept)
    np.copyto(M, kept)
    np.multiply(M, 1 / share, M)
