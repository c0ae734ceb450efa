"""Activating: A = σ(Z) bends the weighted sums, and dZ = dA ⊙ σ′(Z) is the chain rule through it."""

from functools import partial

from nnstudio.engine.activations import Activation
from nnstudio.engine.arena import Arena

from .operation import Op, OpKind, Phase
from .scratch import pair
from .wiring import preactivations_of


def activate(arena: Arena, layer: int, sigma: Activation) -> Op:
    """A = σ(Z)."""
    z, a = preactivations_of(arena, layer), f"A{layer}"
    run = partial(sigma.forward, arena[z], arena[a], pair(arena[z]))
    label = f"{a} = {sigma.formula.format(z=z, a=a)}"
    return Op(OpKind.ACTIVATION, Phase.FORWARD, layer, label, sigma.typst, (z,), (a,), run)


def activation_gradient(arena: Arena, layer: int, sigma: Activation) -> Op:
    """dZ = dA ⊙ σ′(Z)."""
    z = preactivations_of(arena, layer)
    a, da, dz = f"A{layer}", f"dA{layer}", f"d{z}"
    run = partial(sigma.backward, arena[z], arena[a], arena[da], arena[dz], pair(arena[z]))
    if sigma.elementwise:
        slope = sigma.slope_formula.format(z=z, a=a)
        label = f"{dz} = {da}" if slope == "1" else f"{dz} = {da} ⊙ ({slope})"
    else:
        label = f"{dz} = {a} ⊙ ({da} − Σ {a} ⊙ {da})"
    return Op(OpKind.ACTIVATION_GRADIENT, Phase.BACKWARD, layer, label, sigma.slope_typst, (z, a, da), (dz,), run)
