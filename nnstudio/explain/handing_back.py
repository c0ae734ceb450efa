"""The sums over all paths to all units of a layer at once, for all samples: added up link by link.

So backpropagation does it. The same with absolute values says how much is added up, by which rounding is measured.
"""

from collections.abc import Sequence

import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.engine.ops.normalizing import EPSILON

from .factors import factors_of, lent_by, of_kind
from .route import COST, Link

_ALL = slice(None)


def handed_back(machine: Machine, links: Sequence[Link]) -> np.ndarray:
    """∂J/∂ of the last link's units: (samples × units). The factors must be known."""
    slopes = np.ones((machine.program.batch_size, 1), machine.model.dtype)
    for link in links:
        slopes = _through(machine, link, slopes)
    return slopes


def sizes_back(machine: Machine, links: Sequence[Link]) -> np.ndarray:
    """The sums of the absolute products, each derivative taken as large as what is added up for it: the machine
    computes a softmax's as aₖ (∂J/∂aₖ − Σⱼ aⱼ ∂J/∂aⱼ) and a normalization's with two means, which nearly cancel where
    an aₖ is nearly 1, or where all slopes are alike."""
    sizes = np.ones((machine.program.batch_size, 1))
    for link in links:
        sizes = _sizes_through(machine, link, sizes)
    return sizes


def means_back(machine: Machine, link: Link, sample: int) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """By what a normalization hands back slopes of a sample: the means of ∂J/∂h and of ∂J/∂h ⊙ h, and √(σ² + ε). None
    where they are not known."""
    if not (machine.is_fresh(f"d{link.of}") and machine.is_fresh(link.of)):
        return None
    slopes, h, axis = machine.value(f"d{link.of}"), machine.value(link.of), 0 if link.crossing else 1
    means = [np.mean(each, axis=axis, keepdims=True) for each in (slopes, slopes * h)]
    rows = [each[0] if link.crossing else each[sample] for each in (*means, np.atleast_2d(_deviation(machine, link)))]
    return rows[0], rows[1], rows[2]


def _through(machine: Machine, link: Link, slopes: np.ndarray) -> np.ndarray:
    """Slopes of J by what a link derives, made those by what it derives by."""
    if of_kind(link)[0] == "H":
        h, axis = machine.value(link.of), 0 if link.crossing else 1
        means = (np.mean(each, axis=axis, keepdims=True) for each in (slopes, slopes * h))
        back: np.ndarray = (slopes - next(means) - h * next(means)) / _deviation(machine, link)
        return back
    if of_kind(link)[0] == "A":
        z, a, out = machine.value(link.by), machine.value(link.of), np.empty_like(slopes)
        sigma = machine.model.activations[link.layer - 1]
        sigma.backward(z, a, slopes, out, (np.empty_like(z), np.empty_like(z)))
        return out
    return _by_factors(machine, link, slopes)


def _sizes_through(machine: Machine, link: Link, sizes: np.ndarray) -> np.ndarray:
    if of_kind(link)[0] == "H":
        h, axis = np.abs(machine.value(link.of)), 0 if link.crossing else 1
        means = (np.mean(each, axis=axis, keepdims=True) for each in (sizes, sizes * h))
        back: np.ndarray = (sizes + next(means) + h * next(means)) / _deviation(machine, link)
        return back
    if of_kind(link)[0] == "A" and link.dense:
        a = machine.value(link.of)
        dense: np.ndarray = a * (sizes + np.sum(sizes * a, axis=1, keepdims=True))
        return dense
    return _by_factors(machine, link, sizes, absolute=True)


def _by_factors(machine: Machine, link: Link, values: np.ndarray, *, absolute: bool = False) -> np.ndarray:
    factors = factors_of(machine, link, _ALL)
    assert factors is not None
    factors = np.abs(factors) if absolute else factors
    if link.of == COST:
        return factors
    found: np.ndarray = values @ factors if lent_by(link) and link.dense else values * factors
    return found


def _deviation(machine: Machine, link: Link) -> np.ndarray:
    deviation: np.ndarray = np.sqrt(machine.value(f"var{link.layer}") + EPSILON)
    return deviation
