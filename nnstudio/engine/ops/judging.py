"""Judging: J says how wrong the last layer's outputs are, and dA = ∂J/∂A in which direction.

A fusion does both for activation and cost at once, from the weighted sums Z. Where samples have weights, w, each
sample's loss counts w times, J = 1/m Σ w ℓ, and so does its slope.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from nnstudio.engine.arena import Arena
from nnstudio.engine.costs import Cost
from nnstudio.engine.fusion import Fusion

from .operation import Op, OpKind, Phase
from .scratch import pair, triple
from .wiring import preactivations_of, sample_weights_of

Scratch = tuple[np.ndarray, ...]


def cost(arena: Arena, layer: int, cost: Cost, target: str) -> Op:
    """J of the last layer's outputs."""
    a = f"A{layer}"
    run: Callable[[], object] = partial(_cost, cost.value, arena[a], arena["Y"], pair(arena[a]), arena[target])
    if "w" in arena:
        run = _weighted_cost_of(arena, target, partial(cost.losses, arena[a], arena["Y"]), pair(arena[a]))
    label, typst = _written(arena, cost.formula, cost.typst, a)
    reads = (a, "Y", *sample_weights_of(arena))
    return Op(OpKind.COST, Phase.COST, layer, f"{target} = {label}", typst, reads, (target,), run)


def fused_cost(arena: Arena, layer: int, fusion: Fusion, target: str) -> Op:
    """J straight from the weighted sums Z; a joint fusion writes A as well."""
    z, a = preactivations_of(arena, layer), f"A{layer}"
    scratch, judged = triple(arena[z]), ("Y", *sample_weights_of(arena))
    run: Callable[[], object] = partial(
        _fused_cost, fusion.value, arena[z], arena[a], arena["Y"], scratch, arena[target]
    )
    if "w" in arena:
        run = _weighted_cost_of(arena, target, partial(fusion.losses, arena[z], arena[a], arena["Y"]), scratch)
    if fusion.joint:
        label = f"{a}, {target} = {fusion.title}({', '.join((z, *judged))})"
        return Op(OpKind.FUSED, Phase.COST, layer, label, "", (z, *judged), (a, target), run)
    label = f"{target} = {fusion.title.split(',')[0]}({', '.join((a, *judged))})"
    return Op(OpKind.COST, Phase.COST, layer, label, "", (z, a, *judged), (target,), run)


def cost_gradient(arena: Arena, layer: int, cost: Cost) -> Op:
    """dA = ∂J/∂A of the last layer."""
    a, da = f"A{layer}", f"dA{layer}"
    run = _weighted(arena, da, partial(cost.gradient, arena[a], arena["Y"], arena[da], pair(arena[a])))
    label, typst = _written(arena, cost.gradient_formula, cost.gradient_typst, a)
    reads = (a, "Y", *sample_weights_of(arena))
    return Op(OpKind.COST_GRADIENT, Phase.BACKWARD, layer, f"{da} = {label}", typst, reads, (da,), run)


def fused_gradient(arena: Arena, layer: int, fusion: Fusion) -> Op:
    """dZ of the last layer, through cost and activation at once."""
    a, dz = f"A{layer}", f"d{preactivations_of(arena, layer)}"
    run = _weighted(arena, dz, partial(fusion.gradient, arena[a], arena["Y"], arena[dz], triple(arena[a])))
    label, typst = _written(arena, fusion.gradient_formula, fusion.gradient_typst, a)
    reads = (a, "Y", *sample_weights_of(arena))
    return Op(OpKind.FUSED_GRADIENT, Phase.BACKWARD, layer, f"{dz} = {label}", typst, reads, (dz,), run)


def _written(arena: Arena, formula: str, typst: str, a: str) -> tuple[str, str]:
    """A formula for the matrices at hand, and its typst source."""
    weighted = "w" in arena
    return formula.format(a=a, y="Y", w="w ⊙ " * weighted), typst.format(w="w dot.o " * weighted)


def _weighted_cost_of(
    arena: Arena, target: str, losses: Callable[[np.ndarray, Scratch], object], scratch: Scratch
) -> Callable[[], object]:
    """1/m Σ w ℓ, with ℓ from `losses`."""
    w = arena["w"].reshape(-1)
    return partial(_weighted_cost, losses, w, np.empty_like(w), scratch, arena[target])


def _weighted(arena: Arena, slot: str, gradient: Callable[[], object]) -> Callable[[], object]:
    """The slope that `gradient` writes to the slot, each sample's as many times as it counts."""
    if "w" not in arena:
        return gradient
    return partial(_weighted_gradient, gradient, arena["w"], np.empty_like(arena[slot]), arena[slot])


def _cost(
    value: Callable[..., float], a: np.ndarray, y: np.ndarray, scratch: tuple[np.ndarray, ...], J: np.ndarray
) -> None:
    J.fill(value(a, y, scratch))


def _fused_cost(
    value: Callable[..., float],
    z: np.ndarray,
    a: np.ndarray,
    y: np.ndarray,
    scratch: tuple[np.ndarray, ...],
    J: np.ndarray,
) -> None:
    J.fill(value(z, a, y, scratch))


def _weighted_cost(
    losses: Callable[[np.ndarray, Scratch], object], w: np.ndarray, each: np.ndarray, scratch: Scratch, J: np.ndarray
) -> None:
    losses(each, scratch)
    J.fill(float(w.dot(each)) / len(w))


def _weighted_gradient(gradient: Callable[[], object], w: np.ndarray, rows: np.ndarray, slope: np.ndarray) -> None:
    gradient()
    np.copyto(rows, w)
    np.multiply(slope, rows, slope)
