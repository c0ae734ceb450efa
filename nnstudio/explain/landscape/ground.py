"""Where a network stands in the landscape of J: a copy of its own, to walk about on while the run goes on.

J is that of the mini-batch at hand (between two iterations: of the next one), whose rows and masks are held fixed, or
that of all training rows as it is measured at the end of an epoch, without dropout. Where the next update lands is
found by doing it on a twin of the machine. Nothing is drawn from the run's generator, and its arrays stay as they are.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from nnstudio.engine.arena import Slot
from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import Phase
from nnstudio.engine.spec import Precision
from nnstudio.explain.cost_function import CostFunction
from nnstudio.explain.differences import central, step


class Rows(StrEnum):
    """Whose J it is."""

    BATCH = "Mini-batch"
    TRAINING = "All training rows"


class Cost(Protocol):
    """J as a function of the parameters: one flat array, to be written into."""

    parameters: np.ndarray

    def value(self) -> float:
        """J there."""
        ...


class TrainingCost:
    """J of all training rows that have a target, by the model's evaluating programs, in float64."""

    def __init__(self, machine: Machine) -> None:
        twin = machine.twin(Precision.FLOAT64)
        self._model = twin.model
        self._rows = twin.X[: twin.labelled], twin.Y[: twin.labelled], twin.labelled_weights
        self.parameters: np.ndarray = twin.model.store.family("parameters")

    def value(self) -> float:
        return self._model.evaluate(*self._rows).cost


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """All vectors are flat, in the order of the model's parameters: `here` are the parameters as they stand, `gradient`
    is ∂J/∂θ of the mini-batch, and `landing` is where they will stand after the update."""

    rows: Rows
    cost: Cost
    slots: tuple[Slot, ...]
    here: np.ndarray
    gradient: np.ndarray
    landing: np.ndarray

    def place(self, slot: str, index: tuple[int, ...]) -> int:
        """Where an element of a parameter slot lies in the flat vectors."""
        start = 0
        for one in self.slots:
            if one.name == slot:
                return start + int(np.ravel_multi_index(index, one.shape))
            start += int(np.prod(one.shape))
        raise KeyError(slot)

    def value(self, at: np.ndarray) -> float:
        """J with the parameters there."""
        np.copyto(self.cost.parameters, at)
        with np.errstate(all="ignore"):
            return self.cost.value()

    def slope(self, direction: np.ndarray) -> float:
        """How J rises along a direction: the gradient's share in it. J of all training rows is measured to either side,
        for no operation of the machine computes its gradient."""
        if self.rows is Rows.BATCH:
            return float(self.gradient @ direction)
        return central(lambda distance: self.value(self.here + distance * direction), step(1.0))


def ground_of(machine: Machine, rows: Rows) -> Ground:
    """Where the machine stands; whoever owns it calls this."""
    batch = CostFunction(machine)
    with np.errstate(all="ignore"):
        gradient = batch.gradient()
    cost: Cost = batch if rows is Rows.BATCH else TrainingCost(machine)
    here = machine.model.store.family("parameters").astype(np.float64)
    return Ground(rows, cost, machine.model.parameter_slots, here, gradient, _landing(machine))


def machine_gradient(machine: Machine, slot: str, index: tuple[int, ...]) -> float | None:
    """∂J/∂θ as the machine has it, for the mini-batch at hand and the parameters as they stand; None where it has not
    computed it yet, or where they have moved on since."""
    if machine.pc == 0 or not machine.is_fresh(f"d{slot}"):
        return None
    moved = any(slot in op.writes for op in machine.program.ops[: machine.pc] if op.phase is Phase.UPDATE)
    return None if moved else float(machine.value(f"d{slot}")[index])


def _landing(machine: Machine) -> np.ndarray:
    """The parameters at the end of the iteration, on a twin that runs it to there."""
    twin = machine.twin(machine.model.spec.precision)
    with np.errstate(all="ignore"):
        twin.run_iteration()
    landing: np.ndarray = twin.model.store.family("parameters").astype(np.float64)
    return landing
