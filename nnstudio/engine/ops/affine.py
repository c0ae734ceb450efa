"""The weighted sum Z = A Wᵀ + b of the outputs before, and what it hands back: the three slopes of a product.

By the chain rule through a sum of products, dW = dZᵀ A (what came in, weighted by the slope of where it went),
db = Σ dZ over samples, and dA = dZ W for the layer before.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from nnstudio.engine.arena import Arena

from .operation import Op, OpKind, Phase
from .wiring import outputs_of


def affine(arena: Arena, layer: int) -> Op:
    """Z = A Wᵀ + b: each unit's weighted sum of the outputs before it, plus its bias."""
    source, weights, bias = outputs_of(arena, layer - 1), f"W{layer}", f"b{layer}"
    A, W, Z = arena[source], arena[weights], arena[f"Z{layer}"]
    label = f"Z{layer} = {source} {weights}ᵀ"
    reads: tuple[str, ...] = (source, weights)
    run: Callable[[], object] = partial(np.dot, A, W.T, Z)
    if bias in arena:
        label, reads = f"{label} + {bias}", (*reads, bias)
        run = partial(_affine, A, W.T, arena[bias], np.empty_like(Z), Z)
    return Op(OpKind.AFFINE, Phase.FORWARD, layer, label, "", reads, (f"Z{layer}",), run)


def weight_gradient(arena: Arena, layer: int) -> Op:
    """dW = dZᵀ A of the layer before: summed over samples, slope of the sum times what came in."""
    source, dz, dw, dp = outputs_of(arena, layer - 1), f"dZ{layer}", f"dW{layer}", f"dPW{layer}"
    label = f"{dw} = {dz}ᵀ {source}"
    reads: tuple[str, ...] = (dz, source)
    run: Callable[[], object] = partial(np.dot, arena[dz].T, arena[source], arena[dw])
    if dp in arena:
        label, reads = f"{label} + ∂P/∂W{layer}", (*reads, dp)
        run = partial(_dot_plus, arena[dz].T, arena[source], arena[dp], arena[dw])
    return Op(OpKind.WEIGHT_GRADIENT, Phase.BACKWARD, layer, label, "", reads, (dw,), run)


def bias_gradient(arena: Arena, layer: int) -> Op:
    """db = Σ dZ over samples (as a product with ones, which is faster than a sum at small sizes)."""
    dz, db = f"dZ{layer}", f"db{layer}"
    run = partial(np.dot, np.ones(len(arena[dz]), arena[dz].dtype), arena[dz], arena[db])
    return Op(OpKind.BIAS_GRADIENT, Phase.BACKWARD, layer, f"{db} = Σ {dz}", "", (dz,), (db,), run)


def input_gradient(arena: Arena, layer: int) -> Op:
    """dA of the layer before = dZ W: each unit hands its slope back along its weights."""
    dz, w, da = f"dZ{layer}", f"W{layer}", f"d{outputs_of(arena, layer - 1)}"
    run = partial(np.dot, arena[dz], arena[w], arena[da])
    return Op(OpKind.INPUT_GRADIENT, Phase.BACKWARD, layer, f"{da} = {dz} {w}", "", (dz, w), (da,), run)


def _affine(A: np.ndarray, WT: np.ndarray, b: np.ndarray, rows: np.ndarray, Z: np.ndarray) -> None:
    """`rows` takes b once a sample: adding arrays of different shapes, NumPy would make a buffer each time."""
    np.dot(A, WT, Z)
    np.copyto(rows, b)
    np.add(Z, rows, Z)


def _dot_plus(left: np.ndarray, right: np.ndarray, added: np.ndarray, out: np.ndarray) -> None:
    np.dot(left, right, out)
    np.add(out, added, out)
