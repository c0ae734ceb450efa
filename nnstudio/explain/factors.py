"""The numbers of the links: the derivatives between neighbours, from the machine's arrays, for one sample.

∂J/∂a of the outputs was written by the first operation backward, ∂z/∂a are the weights, ∂z/∂w what came in along the
weight; and ∂a/∂z is what the activation's own code makes of z and a. A number counts only while it is the one that the
pass backward works with: not before it is computed, and not after the update has written over the weights.
"""

from collections.abc import Sequence

import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import OpKind
from nnstudio.engine.ops.wiring import outputs_of

from .route import COST, Link


def factors_of(machine: Machine, link: Link, sample: int) -> np.ndarray | None:
    """The derivatives of a link: (rows × columns) where it is dense, else one a unit; None where they are not known."""
    kinds = of_kind(link)
    if kinds == (COST, ""):
        slope = _fresh(machine, f"d{link.by}")
        return None if slope is None else slope[sample : sample + 1]
    if kinds[0] == "Z":
        return machine.value(f"W{link.layer + 1}") if weights_known(machine, link.layer + 1) else None
    if kinds[0] == "D":
        mask = _fresh(machine, f"M{link.layer}")
        return None if mask is None else mask[sample]
    z, a = _fresh(machine, link.by), _fresh(machine, link.of)
    return None if z is None or a is None else _slopes(machine, link, z[sample : sample + 1], a[sample : sample + 1])


def sizes_of(machine: Machine, link: Link, sample: int) -> np.ndarray | None:
    """The derivatives of a link as large as what is added up for them. The machine computes a softmax's slopes as
    aₖ (∂J/∂aₖ − Σⱼ aⱼ ∂J/∂aⱼ): where an aₖ is nearly 1 the two terms nearly cancel, and the derivative aₖ (1 − aₖ) is
    far smaller than they are."""
    if of_kind(link) == ("A", "Z") and link.dense:
        outputs = _fresh(machine, link.of)
        return None if outputs is None else np.diag(outputs[sample]) + np.outer(outputs[sample], outputs[sample])
    return factors_of(machine, link, sample)


def handed_back(machine: Machine, links: Sequence[Link]) -> np.ndarray:
    """The sums over all paths, added up link by link for all samples at once: (samples × units of the last link). The
    factors must be known."""
    slopes = np.ones((machine.program.batch_size, 1), machine.model.dtype)
    for link in links:
        slopes = _through(machine, link, slopes)
    return slopes


def of_kind(link: Link) -> tuple[str, str]:
    """The letter of what is derived, and of what it is derived by (none for the cost)."""
    return (COST, "") if link.of == COST else (link.of[0], link.by[0])


def last_factor(machine: Machine, slot: str, index: tuple[int, ...], sample: int) -> float | None:
    """∂z/∂w, which is what comes in along a weight; ∂z/∂b = 1."""
    if len(index) == 1:
        return 1.0
    layer = machine.slot(slot).layer
    assert layer is not None
    source = _fresh(machine, outputs_of(machine.program.arena, layer - 1))
    return None if source is None else float(source[sample, index[1]])


def last_factors(machine: Machine, slot: str, index: tuple[int, ...]) -> np.ndarray | float:
    """The same for all samples."""
    layer = machine.slot(slot).layer
    assert layer is not None
    return 1.0 if len(index) == 1 else machine.value(outputs_of(machine.program.arena, layer - 1))[:, index[1]]


def weights_known(machine: Machine, layer: int) -> bool:
    """Whether the weights of a layer are those that its outputs hand their slopes back along: not written over by an
    update, and not set since."""
    slot, ops = f"W{layer}", machine.program.ops
    ran = machine.pc or (len(ops) if machine.iterations else 0)
    back = next(n for n, op in enumerate(ops) if op.kind is OpKind.INPUT_GRADIENT and op.layer == layer)
    overwritten = any(slot in op.writes for op in ops[:ran])
    return not overwritten and not (ran > back and machine.any_set_after(back, slot))


def _through(machine: Machine, link: Link, slopes: np.ndarray) -> np.ndarray:
    """Slopes of J by what a link derives, made those by what it derives by."""
    kinds = of_kind(link)
    if kinds == (COST, ""):
        return machine.value(f"d{link.by}")
    if kinds[0] == "Z":
        back: np.ndarray = slopes @ machine.value(f"W{link.layer + 1}")
        return back
    if kinds[0] == "D":
        masked: np.ndarray = slopes * machine.value(f"M{link.layer}")
        return masked
    z, a, out = machine.value(link.by), machine.value(link.of), np.empty_like(slopes)
    sigma = machine.model.activations[link.layer - 1]
    sigma.backward(z, a, slopes, out, (np.empty_like(z), np.empty_like(z)))
    return out


def _fresh(machine: Machine, slot: str) -> np.ndarray | None:
    return machine.value(slot) if machine.is_fresh(slot) else None


def _slopes(machine: Machine, link: Link, z: np.ndarray, a: np.ndarray) -> np.ndarray:
    """∂a/∂z of one row: the slope at each unit, or for softmax what comes back of a slope of 1 at each output."""
    sigma = machine.model.activations[link.layer - 1]
    if not link.dense:
        out = np.empty_like(z)
        sigma.slope(z, a, out, (np.empty_like(z), np.empty_like(z)))
        row: np.ndarray = out[0]
        return row
    ones = np.eye(link.rows, dtype=z.dtype)
    z, a, out = np.repeat(z, link.rows, axis=0), np.repeat(a, link.rows, axis=0), np.empty_like(ones)
    sigma.backward(z, a, ones, out, (np.empty_like(ones), np.empty_like(ones)))
    return out
