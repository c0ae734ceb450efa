"""The numbers of the links: the derivatives between neighbours, from the machine's arrays, for some samples.

∂J/∂a of the outputs was written by the first operation backward, ∂z/∂a are the weights, ∂z/∂w what came in along the
weight; ∂a/∂z is what the activation's own code makes of z and a; and of a normalization over n numbers (samples or
units) it is ∂hᵢ/∂zⱼ = ([i = j] − 1/n − hᵢ hⱼ/n) / √(σ² + ε). A number counts only while it is the one that the pass
backward works with: not before it is computed, and not after the update has written over the weights.
"""

import numpy as np

from nnstudio.engine.arena import Role
from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import OpKind
from nnstudio.engine.ops.normalizing import EPSILON
from nnstudio.engine.ops.wiring import outputs_of

from .route import COST, Link
from .steps import Joined, Step, across, fan, gather, own, start

_BACK = {"W": OpKind.INPUT_GRADIENT, "gamma": OpKind.NORMALIZED_GRADIENT}
"""What hands slopes back along a parameter."""


def factors_of(machine: Machine, link: Link, samples: slice) -> np.ndarray | None:
    """The derivatives of a link, None where they are not known. Weights (rows × columns) and γ (units) are the same in
    all samples; the others have an axis of samples before: that of rows × columns where the link is dense, else that of
    units; a crossing link has one of all samples of the mini-batch before that, which `joined` makes bit by bit."""
    kinds = of_kind(link)
    if kinds == (COST, ""):
        return _rows(machine, f"d{link.by}", samples)
    if lent := lent_by(link):
        return machine.value(lent) if still_lent(machine, lent) else None
    if kinds[0] == "D":
        return _rows(machine, f"M{link.layer}", samples)
    if kinds[0] == "H":
        return _normalization(machine, link, samples)
    z, a = _rows(machine, link.by, samples), _rows(machine, link.of, samples)
    return None if z is None or a is None else _slopes(machine, link, z, a)


def joined(machine: Machine, link: Link) -> Joined | None:
    """The derivatives of a crossing link for all samples; None where they are not known."""
    var = f"var{link.layer}"
    if not (machine.is_fresh(link.of) and machine.is_fresh(var)):
        return None
    return Joined(machine.value(link.of), np.sqrt(machine.value(var) + EPSILON))


def step_of(link: Link, factors: np.ndarray | Joined) -> Step:
    """The link as a step of a walk; behind a crossing link that is not joined there is only one sample."""
    if isinstance(factors, Joined):
        return across(factors, link.columns, len(factors.h))
    if link.of == COST:
        return start(factors)
    if link.crossing:
        return gather(factors[:, 0])
    if link.dense:
        return fan(factors.reshape(-1, link.columns), link.rows)
    return own(factors, link.columns)


def lent_by(link: Link) -> str:
    """The parameters that are the derivatives of a link, empty where it has none."""
    kinds = of_kind(link)
    if kinds[0] == "Z":
        return f"W{link.layer + 1}"
    return f"gamma{link.layer}" if kinds[0] == "N" else ""


def of_kind(link: Link) -> tuple[str, str]:
    """The letter of what is derived, and of what it is derived by (none for the cost)."""
    return (COST, "") if link.of == COST else (link.of[0], link.by[0])


def last_factor(machine: Machine, slot: str, index: tuple[int, ...], sample: int) -> float | None:
    """∂z/∂w, which is what comes in along a weight, or ∂n/∂γ = h; ∂z/∂b = ∂n/∂β = 1."""
    into = came_in(machine, slot)
    if not into:
        return 1.0
    return float(machine.value(into)[sample, index[-1]]) if machine.is_fresh(into) else None


def last_factors(machine: Machine, slot: str, index: tuple[int, ...]) -> np.ndarray | float:
    """The same for all samples; it must be known."""
    into = came_in(machine, slot)
    return machine.value(into)[:, index[-1]] if into else 1.0


def came_in(machine: Machine, slot: str) -> str:
    """The slot that a weight or a scale multiplies, empty for what is only added."""
    found = machine.slot(slot)
    assert found.layer is not None
    if found.role is Role.WEIGHT:
        return outputs_of(machine.program.arena, found.layer - 1)
    return f"H{found.layer}" if found.role is Role.SCALE else ""


def still_lent(machine: Machine, slot: str) -> bool:
    """Whether weights or scales are those that the slopes are handed back along: not written over by an update, and
    not set since."""
    found, ops = machine.slot(slot), machine.program.ops
    ran = machine.pc or (len(ops) if machine.iterations else 0)
    kind = _BACK[found.letter]
    back = next(n for n, op in enumerate(ops) if op.kind is kind and op.layer == found.layer)
    overwritten = any(slot in op.writes for op in ops[:ran])
    return not overwritten and not (ran > back and machine.any_set_after(back, slot))


def _rows(machine: Machine, slot: str, samples: slice) -> np.ndarray | None:
    return machine.value(slot)[samples] if machine.is_fresh(slot) else None


def _normalization(machine: Machine, link: Link, samples: slice) -> np.ndarray | None:
    """∂h/∂z: (all samples × samples × units) over the mini-batch, (samples × units × units) over the units."""
    var = f"var{link.layer}"
    if not (machine.is_fresh(link.of) and machine.is_fresh(var)):
        return None
    h, deviation = machine.value(link.of), np.sqrt(machine.value(var) + EPSILON)
    if link.crossing:
        same = np.eye(len(h), dtype=h.dtype)[:, samples, None]
        over_samples: np.ndarray = (same - (1 + h[:, None] * h[None, samples]) / len(h)) / deviation
        return over_samples
    h = h[samples]
    same = np.eye(link.rows, dtype=h.dtype)
    over_units: np.ndarray = (same - (1 + h[:, :, None] * h[:, None]) / link.rows) / deviation[samples, :, None]
    return over_units


def _slopes(machine: Machine, link: Link, z: np.ndarray, a: np.ndarray) -> np.ndarray:
    """∂a/∂z: the slope at each unit, or for softmax what comes back of a slope of 1 at each output."""
    sigma = machine.model.activations[link.layer - 1]
    if not link.dense:
        out = np.empty_like(z)
        sigma.slope(z, a, out, (np.empty_like(z), np.empty_like(z)))
        return out
    count, units = z.shape
    ones = np.tile(np.eye(units, dtype=z.dtype), (count, 1))
    z, a, out = np.repeat(z, units, axis=0), np.repeat(a, units, axis=0), np.empty_like(ones)
    sigma.backward(z, a, ones, out, (np.empty_like(ones), np.empty_like(ones)))
    return out.reshape(count, units, units)
