"""What each sample of the mini-batch contributes to a gradient: who pulls which way, and the sum that it is.

The gradient of a parameter is a sum over the samples, ∂J/∂w = Σₛ ∂J/∂zₛ aₛ (for a bias Σₛ ∂J/∂zₛ, for a scale
Σₛ ∂J/∂nₛ hₛ, for a shift Σₛ ∂J/∂nₛ), and a penalty adds a term of its own. J is a mean, so 1/m is within each part: a
part times m is the gradient of the cost of that sample alone, times its weight where it has one. Only where a batch
normalization behind the parameter joins the samples is it not: there a part holds what its sample does to the mean and
variance of all of them, too.
"""

from dataclasses import dataclass
from math import fsum, isfinite

import numpy as np

from nnstudio.engine.arena import PARAMETERS, Role
from nnstudio.engine.machine import Machine
from nnstudio.engine.ops.wiring import outputs_of
from nnstudio.engine.spec import Normalization

from .terms import Place

_ROUNDING = 1e-5
"""That of single precision, and some."""


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """The gradient `slot` at `index`: a part for each row of the mini-batch, what the penalty adds (None without one),
    and what the machine has. `rows` are the samples' rows in the table, from 0; `joined` says whether batch
    normalization joins them."""

    slot: str
    index: tuple[int, ...]
    parts: np.ndarray
    penalty: float | None
    gradient: float
    rows: np.ndarray
    joined: bool

    @property
    def total(self) -> float:
        """The sum of all parts, in float64."""
        numbers = [*self.parts.tolist(), self.penalty or 0.0]
        return fsum(numbers) if all(map(isfinite, numbers)) else float(np.sum(numbers))

    @property
    def residue(self) -> float:
        """How far the sum is from the machine's own number: rounding."""
        return self.total - self.gradient

    @property
    def adds_up(self) -> bool:
        """Whether the sum is the gradient up to rounding: not where one of the numbers was set since."""
        return not abs(self.residue) > _ROUNDING * (float(np.abs(self.parts).sum()) + abs(self.penalty or 0.0))

    @property
    def order(self) -> np.ndarray:
        """The samples by how hard they pull, the hardest first."""
        order: np.ndarray = np.argsort(-np.nan_to_num(np.abs(self.parts), nan=np.inf), kind="stable")
        return order

    @property
    def up(self) -> float:
        """The sum of the parts that make the gradient smaller, and so the update raise the parameter."""
        return float(self.parts[self.parts < 0].sum())

    @property
    def down(self) -> float:
        """The sum of the parts that make the gradient larger, and so the update lower the parameter."""
        return float(self.parts[self.parts > 0].sum())


def gradient_of(machine: Machine, slot: str) -> str | None:
    """The slot of the gradient that is asked about with a parameter or its gradient; None for anything else."""
    found = machine.slot(slot)
    if found.role in PARAMETERS:
        return f"d{slot}"
    is_gradient = found.role is Role.GRADIENT and found.of is not None and slot == f"d{found.of}"
    return slot if is_gradient and machine.slot(found.of or "").role in PARAMETERS else None


def contributions(machine: Machine, slot: str, index: tuple[int, ...]) -> Contributions | None:
    """Of the gradient `slot`, such as dW2, at `index`; None while it is not fresh."""
    found = machine.slot(slot)
    if not machine.is_fresh(slot) or found.layer is None:
        return None
    penalty = f"dP{found.of}"
    added = float(machine.value(penalty)[index]) if penalty in machine.program.arena else None
    return Contributions(
        slot,
        index,
        _parts(machine, found.letter, found.layer, index),
        added,
        float(machine.value(slot)[index]),
        machine.rows,
        _joined(machine, found.letter, found.layer),
    )


def _parts(machine: Machine, letter: str, layer: int, index: tuple[int, ...]) -> np.ndarray:
    factors: tuple[Place, ...] = {
        "W": ((f"dZ{layer}", index[:1]), (outputs_of(machine.program.arena, layer - 1), index[1:])),
        "b": ((f"dZ{layer}", index),),
        "gamma": ((f"dN{layer}", index), (f"H{layer}", index)),
        "beta": ((f"dN{layer}", index),),
    }[letter]
    columns = [machine.value(slot)[:, unit[0]].astype(np.float64) for slot, unit in factors]
    with np.errstate(all="ignore"):
        parts: np.ndarray = np.prod(np.stack(columns), axis=0)
    return parts


def _joined(machine: Machine, letter: str, layer: int) -> bool:
    """Whether a batch normalization stands between the parameter and the cost; scale and shift come after their own."""
    first = layer if letter in ("W", "b") else layer + 1
    layers = machine.model.spec.network.layers
    return any(one.normalization is Normalization.BATCH for one in layers[first - 1 :])
