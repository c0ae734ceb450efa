"""Clipping: where the cost falls off a cliff, a single gradient would throw the parameters far away; so it is limited.

By value each ∂J/∂θ is cut off at ±c, which may turn its direction. By norm the whole gradient g, of all parameters at
once, is scaled down where it is longer than c, which keeps its direction (Pascanu et al. 2013; as PyTorch does it):
g̃ = g · min(1, c / (‖g‖ + 10⁻⁶)). With both on, the norm is that of the values cut off, ĝ.
"""

from functools import partial
from math import sqrt

import numpy as np

from nnstudio.engine.layout import Store

from .operation import Op, OpKind, Phase

MARGIN = 1e-6
PLAIN = {"d": "∂J/∂θ", "cd": "ĝ", "nd": "g̃"}
"""The gradient of all parameters, by what its slots are called by: as it is, cut off, scaled down."""
TYPST = {"d": "(partial J)/(partial theta)", "cd": "hat(g)", "nd": "tilde(g)"}
_FAMILIES = {"d": "gradients", "cd": "cd", "nd": "nd"}


def clip(store: Store, most: float) -> Op:
    """ĝ ← ∂J/∂θ, cut off at ±`most`."""
    run = partial(_clip, store.family("gradients"), most, store.family("cd"))
    label, typst = f"ĝ ← clip({PLAIN['d']}, ±{most:g})", f'hat(g) <- op("clip")({TYPST["d"]}, plus.minus {most:g})'
    reads, writes = store.of_parameters("d"), store.of_parameters("cd")
    return Op(OpKind.CLIP, Phase.UPDATE, None, label, typst, reads, writes, run)


def norm(store: Store, gradient: str) -> Op:
    """‖g‖ = √Σ g², the length of the whole gradient."""
    run = partial(_norm, store.family(_FAMILIES[gradient]), store["gnorm"])
    square = f"({PLAIN[gradient]})²" if gradient == "d" else f"{PLAIN[gradient]}²"
    label, typst = f"|g| = √Σ {square}", f"norm(g) = sqrt(limits(sum) ({TYPST[gradient]})^2)"
    return Op(OpKind.GRADIENT_NORM, Phase.UPDATE, None, label, typst, store.of_parameters(gradient), ("gnorm",), run)


def scale_down(store: Store, gradient: str, most: float) -> Op:
    """g̃ ← g · min(1, `most` / (‖g‖ + 10⁻⁶))."""
    run = partial(_scale_down, store.family(_FAMILIES[gradient]), store["gnorm"], most, store.family("nd"))
    label = f"g̃ ← {PLAIN[gradient]} · min(1, {most:g} / |g|)"
    typst = f"tilde(g) <- {TYPST[gradient]} min(1, {most:g} / norm(g))"
    reads = (*store.of_parameters(gradient), "gnorm")
    return Op(OpKind.SCALE_DOWN, Phase.UPDATE, None, label, typst, reads, store.of_parameters("nd"), run)


def _clip(g: np.ndarray, most: float, out: np.ndarray) -> None:
    np.minimum(g, most, out=out)
    np.maximum(out, -most, out=out)


def _norm(g: np.ndarray, out: np.ndarray) -> None:
    out.fill(sqrt(np.dot(g, g)))


def _scale_down(g: np.ndarray, norm: np.ndarray, most: float, out: np.ndarray) -> None:
    np.multiply(g, min(1.0, most / (norm.item() + MARGIN)), out)
