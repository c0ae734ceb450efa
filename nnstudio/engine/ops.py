"""The operations a training iteration is made of.

Each function makes one operation, bound to its arrays: running it computes with `out=` everywhere and allocates
nothing. In the order of an iteration, with rows as samples and ∂J/∂Z written dZ:

    load       X, Y ← mini-batch
    forward    Z1 = X W1ᵀ + b1     A1 = σ(Z1)     …     AL
    cost       J                   (with a penalty: C, P, then J = C + P)
    backward   dAL = ∂J/∂AL     dZl = dAl ⊙ σ′(Zl)     dWl = dZlᵀ A(l−1)     dbl = Σ dZl     dA(l−1) = dZl Wl
    update     the links of the optimizer's chain
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np

from .activations import Activation
from .arena import Arena
from .batches import Batches
from .costs import Cost
from .fusion import Fusion
from .optimizers import Link
from .spec import RegularizationSpec


class Phase(StrEnum):
    LOAD = "load"
    FORWARD = "forward"
    COST = "cost"
    BACKWARD = "backward"
    UPDATE = "update"


class OpKind(StrEnum):
    """What an operation does, for whoever explains or draws it."""

    LOAD = "load"
    AFFINE = "weighted sum"
    ACTIVATION = "activation"
    FUSED = "activation and cost"
    COST = "cost"
    PENALTY = "penalty"
    TOTAL = "total cost"
    COST_GRADIENT = "gradient of the cost"
    ACTIVATION_GRADIENT = "gradient through the activation"
    FUSED_GRADIENT = "gradient through cost and activation"
    PENALTY_GRADIENT = "gradient of the penalty"
    WEIGHT_GRADIENT = "gradient of the weights"
    BIAS_GRADIENT = "gradient of the biases"
    INPUT_GRADIENT = "gradient of the layer's inputs"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Op:
    """One operation: what it is, which slots it reads and writes, and how to run it."""

    kind: OpKind
    phase: Phase
    layer: int | None
    label: str
    typst: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    run: Callable[[], object]


def load(arena: Arena, batches: Batches, X: np.ndarray, Y: np.ndarray) -> Op:
    """X, Y ← the next mini-batch of the data, whose rows `X` (n × inputs) and `Y` (n × outputs) are."""
    run = partial(_load, batches.advance, X.take, Y.take, arena["X"], arena["Y"])
    return Op(OpKind.LOAD, Phase.LOAD, None, "X, Y ← mini-batch", "X, Y <- #[mini-batch]", (), ("X", "Y"), run)


def affine(arena: Arena, layer: int) -> Op:
    """Z = A Wᵀ + b: each unit's weighted sum of the outputs before it, plus its bias."""
    source, weights, bias = outputs_of(layer - 1), f"W{layer}", f"b{layer}"
    A, W, Z = arena[source], arena[weights], arena[f"Z{layer}"]
    label = f"Z{layer} = {source} {weights}ᵀ"
    reads: tuple[str, ...] = (source, weights)
    run: Callable[[], object] = partial(np.dot, A, W.T, Z)
    if bias in arena:
        label, reads, run = (
            f"{label} + {bias}",
            (*reads, bias),
            partial(_affine, A, W.T, arena[bias], np.empty_like(Z), Z),
        )
    return Op(OpKind.AFFINE, Phase.FORWARD, layer, label, "", reads, (f"Z{layer}",), run)


def activate(arena: Arena, layer: int, sigma: Activation) -> Op:
    """A = σ(Z)."""
    z, a = f"Z{layer}", f"A{layer}"
    run = partial(sigma.forward, arena[z], arena[a], _scratch(arena[z]))
    label = f"{a} = {sigma.formula.format(z=z, a=a)}"
    return Op(OpKind.ACTIVATION, Phase.FORWARD, layer, label, sigma.typst, (z,), (a,), run)


def fused_cost(arena: Arena, layer: int, fusion: Fusion, target: str) -> Op:
    """J straight from the weighted sums Z; a joint fusion writes A as well."""
    z, a = f"Z{layer}", f"A{layer}"
    run = partial(
        _fused_cost,
        fusion.value,
        arena[z],
        arena[a],
        arena["Y"],
        (*_scratch(arena[z]), np.empty_like(arena[z])),
        arena[target],
    )
    if fusion.joint:
        label = f"{a}, {target} = {fusion.title}({z}, Y)"
        return Op(OpKind.FUSED, Phase.COST, layer, label, "", (z, "Y"), (a, target), run)
    label = f"{target} = {fusion.title.split(',')[0]}({a}, Y)"
    return Op(OpKind.COST, Phase.COST, layer, label, "", (z, a, "Y"), (target,), run)


def cost(arena: Arena, layer: int, cost: Cost, target: str) -> Op:
    """J of the last layer's outputs."""
    a = f"A{layer}"
    run = partial(_cost, cost.value, arena[a], arena["Y"], _scratch(arena[a]), arena[target])
    label = f"{target} = {cost.formula.format(a=a, y='Y')}"
    return Op(OpKind.COST, Phase.COST, layer, label, cost.typst, (a, "Y"), (target,), run)


def penalty(arena: Arena, spec: RegularizationSpec, weights: np.ndarray, names: tuple[str, ...]) -> Op:
    """P = l1·Σ|w| + ½·l2·Σw² over all weights."""
    terms = [f"{spec.l1:g} Σ|W|"] * (spec.l1 > 0) + [f"½·{spec.l2:g} Σ W²"] * (spec.l2 > 0)
    run = partial(_penalty, weights, np.empty_like(weights), spec.l1, spec.l2, arena["P"])
    return Op(OpKind.PENALTY, Phase.COST, None, "P = " + " + ".join(terms), "", names, ("P",), run)


def total_cost(arena: Arena) -> Op:
    """J = C + P: the data's cost and the penalty."""
    run = partial(np.add, arena["C"], arena["P"], arena["J"])
    return Op(OpKind.TOTAL, Phase.COST, None, "J = C + P", "J = C + P", ("C", "P"), ("J",), run)


def cost_gradient(arena: Arena, layer: int, cost: Cost) -> Op:
    """dA = ∂J/∂A of the last layer."""
    a, da = f"A{layer}", f"dA{layer}"
    run = partial(cost.gradient, arena[a], arena["Y"], arena[da], _scratch(arena[a]))
    label = f"{da} = {cost.gradient_formula.format(a=a, y='Y')}"
    return Op(OpKind.COST_GRADIENT, Phase.BACKWARD, layer, label, cost.gradient_typst, (a, "Y"), (da,), run)


def fused_gradient(arena: Arena, layer: int, fusion: Fusion) -> Op:
    """dZ of the last layer, through cost and activation at once."""
    a, dz = f"A{layer}", f"dZ{layer}"
    run = partial(fusion.gradient, arena[a], arena["Y"], arena[dz], (*_scratch(arena[a]), np.empty_like(arena[a])))
    label = f"{dz} = {fusion.gradient_formula.format(a=a, y='Y')}"
    return Op(OpKind.FUSED_GRADIENT, Phase.BACKWARD, layer, label, fusion.gradient_typst, (a, "Y"), (dz,), run)


def activation_gradient(arena: Arena, layer: int, sigma: Activation) -> Op:
    """dZ = dA ⊙ σ′(Z)."""
    z, a, da, dz = f"Z{layer}", f"A{layer}", f"dA{layer}", f"dZ{layer}"
    run = partial(sigma.backward, arena[z], arena[a], arena[da], arena[dz], _scratch(arena[z]))
    if sigma.elementwise:
        slope = sigma.slope_formula.format(z=z, a=a)
        label = f"{dz} = {da}" if slope == "1" else f"{dz} = {da} ⊙ ({slope})"
    else:
        label = f"{dz} = {a} ⊙ ({da} − Σ {a} ⊙ {da})"
    return Op(OpKind.ACTIVATION_GRADIENT, Phase.BACKWARD, layer, label, sigma.slope_typst, (z, a, da), (dz,), run)


def penalty_gradient(arena: Arena, spec: RegularizationSpec, weights: np.ndarray, names: tuple[str, ...]) -> Op:
    """∂P/∂W = l1·sign(W) + l2·W for all weights at once; each dW adds its share."""
    flat = arena.family("penalty gradients")
    terms = [f"{spec.l1:g} sign(W)"] * (spec.l1 > 0) + [f"{spec.l2:g} W"] * (spec.l2 > 0)
    run = partial(_penalty_gradient, weights, flat, np.empty_like(weights), spec.l1, spec.l2)
    label = "∂P/∂W = " + " + ".join(terms)
    writes = tuple(f"dP{name}" for name in names)
    return Op(OpKind.PENALTY_GRADIENT, Phase.BACKWARD, None, label, "", names, writes, run)


def weight_gradient(arena: Arena, layer: int) -> Op:
    """dW = dZᵀ A of the layer before: summed over samples, slope of the sum times what came in."""
    source, dz, dw, dp = outputs_of(layer - 1), f"dZ{layer}", f"dW{layer}", f"dPW{layer}"
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
    dz, w, da = f"dZ{layer}", f"W{layer}", f"dA{layer - 1}"
    run = partial(np.dot, arena[dz], arena[w], arena[da])
    return Op(OpKind.INPUT_GRADIENT, Phase.BACKWARD, layer, f"{da} = {dz} {w}", "", (dz, w), (da,), run)


def update(link: Link, names: dict[str, tuple[str, ...]]) -> Op:
    """One link of the optimizer; `names` gives the slots of "θ", "g" and each state family."""
    reads = tuple(slot for family in link.reads for slot in names.get(family, (family,)))
    writes = tuple(slot for family in link.writes for slot in names.get(family, (family,)))
    return Op(OpKind.UPDATE, Phase.UPDATE, None, link.label, link.typst, reads, writes, link.run)


def outputs_of(layer: int) -> str:
    """The slot that holds what layer `layer` puts out: X before the first."""
    return f"A{layer}" if layer else "X"


def _scratch(like: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.empty_like(like), np.empty_like(like)


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


def _affine(A: np.ndarray, WT: np.ndarray, b: np.ndarray, rows: np.ndarray, Z: np.ndarray) -> None:
    """`rows` takes b once a sample: adding arrays of different shapes, NumPy would make a buffer each time."""
    np.dot(A, WT, Z)
    np.copyto(rows, b)
    np.add(Z, rows, Z)


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


def _dot_plus(left: np.ndarray, right: np.ndarray, added: np.ndarray, out: np.ndarray) -> None:
    np.dot(left, right, out)
    np.add(out, added, out)
