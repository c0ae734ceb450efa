"""Penalties on large weights: P = l1·Σ|w| + ½·l2·Σw² is added to the cost of the data, J = C + P.

Their slope ∂P/∂W = l1·sign(W) + l2·W is what pulls weights towards 0 (the lasso and weight decay). Biases are free.
"""

from functools import partial

import numpy as np

from nnstudio.engine.arena import Arena
from nnstudio.engine.spec import RegularizationSpec

from .operation import Op, OpKind, Phase


def penalty(arena: Arena, spec: RegularizationSpec, weights: np.ndarray, names: tuple[str, ...]) -> Op:
    """P = l1·Σ|w| + ½·l2·Σw² over all weights."""
    terms = [f"{spec.l1:g} Σ|W|"] * (spec.l1 > 0) + [f"½·{spec.l2:g} Σ W²"] * (spec.l2 > 0)
    run = partial(_penalty, weights, np.empty_like(weights), spec.l1, spec.l2, arena["P"])
    return Op(OpKind.PENALTY, Phase.COST, None, "P = " + " + ".join(terms), "", names, ("P",), run)


def total_cost(arena: Arena) -> Op:
    """J = C + P: the data's cost and the penalty."""
    run = partial(np.add, arena["C"], arena["P"], arena["J"])
    return Op(OpKind.TOTAL, Phase.COST, None, "J = C + P", "J = C + P", ("C", "P"), ("J",), run)


def penalty_gradient(arena: Arena, spec: RegularizationSpec, weights: np.ndarray, names: tuple[str, ...]) -> Op:
    """∂P/∂W = l1·sign(W) + l2·W for all weights at once; each dW adds its share."""
    flat = arena.family("penalty gradients")
    terms = [f"{spec.l1:g} sign(W)"] * (spec.l1 > 0) + [f"{spec.l2:g} W"] * (spec.l2 > 0)
    run = partial(_penalty_gradient, weights, flat, np.empty_like(weights), spec.l1, spec.l2)
    label = "∂P/∂W = " + " + ".join(terms)
    writes = tuple(f"dP{name}" for name in names)
    return Op(OpKind.PENALTY_GRADIENT, Phase.BACKWARD, None, label, "", names, writes, run)


def _penalty(weights: np.ndarray, s: np.ndarray, l1: float, l2: float, P: np.ndarray) -> None:
    total = 0.0
    if l1:
        np.abs(weights, s)
        total += l1 * float(np.add.reduce(s))
    if l2:
        total += 0.5 * l2 * float(np.dot(weights, weights))
    P.fill(total)


def _penalty_gradient(weights: np.ndarray, out: np.ndarray, s: np.ndarray, l1: float, l2: float) -> None:
    np.multiply(weights, l2, out)
    if l1:
        np.sign(weights, s)
        np.multiply(s, l1, s)
        np.add(out, s, out)
