"""Judging: J says how wrong the last layer's outputs are, and dA = ∂J/∂A in which direction.

A fusion does both for activation and cost at once, from the weighted sums Z.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from nnstudio.engine.arena import Arena
from nnstudio.engine.costs import Cost
from nnstudio.engine.fusion import Fusion

from .operation import Op, OpKind, Phase
from .scratch import pair, triple
from .wiring import preactivations_of


def cost(arena: Arena, layer: int, cost: Cost, target: str) -> Op:
    """J of the last layer's outputs."""
    a = f"A{layer}"
    run = partial(_cost, cost.value, arena[a], arena["Y"], pair(arena[a]), arena[target])
    label = f"{target} = {cost.formula.format(a=a, y='Y')}"
    return Op(OpKind.COST, Phase.COST, layer, label, cost.typst, (a, "Y"), (target,), run)


def fused_cost(arena: Arena, layer: int, fusion: Fusion, target: str) -> Op:
    """J straight from the weighted sums Z; a joint fusion writes A as well."""
    z, a = preactivations_of(arena, layer), f"A{layer}"
    run = partial(_fused_cost, fusion.value, arena[z], arena[a], arena["Y"], triple(arena[z]), arena[target])
    if fusion.joint:
        label = f"{a}, {target} = {fusion.title}({z}, Y)"
        return Op(OpKind.FUSED, Phase.COST, layer, label, "", (z, "Y"), (a, target), run)
    label = f"{target} = {fusion.title.split(',')[0]}({a}, Y)"
    return Op(OpKind.COST, Phase.COST, layer, label, "", (z, a, "Y"), (target,), run)


def cost_gradient(arena: Arena, layer: int, cost: Cost) -> Op:
    """dA = ∂J/∂A of the last layer."""
    a, da = f"A{layer}", f"dA{layer}"
    run = partial(cost.gradient, arena[a], arena["Y"], arena[da], pair(arena[a]))
    label = f"{da} = {cost.gradient_formula.format(a=a, y='Y')}"
    return Op(OpKind.COST_GRADIENT, Phase.BACKWARD, layer, label, cost.gradient_typst, (a, "Y"), (da,), run)


def fused_gradient(arena: Arena, layer: int, fusion: Fusion) -> Op:
    """dZ of the last layer, through cost and activation at once."""
    a, dz = f"A{layer}", f"d{preactivations_of(arena, layer)}"
    run = partial(fusion.gradient, arena[a], arena["Y"], arena[dz], triple(arena[a]))
    label = f"{dz} = {fusion.gradient_formula.format(a=a, y='Y')}"
    return Op(OpKind.FUSED_GRADIENT, Phase.BACKWARD, layer, label, fusion.gradient_typst, (a, "Y"), (dz,), run)


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
