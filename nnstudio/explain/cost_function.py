"""J as a function of the parameters alone, at one moment of a run.

A mini-batch, its targets and the masks drawn for it are held fixed; then J depends on nothing but the weights and
biases, and how it changes with one of them can be measured. All of it happens in float64 on a machine of its own, so
the run it was taken from stays as it is.

An operation that reads no slot brings something in from outside, a mini-batch or a mask; what it brought stays.
"""

from collections.abc import Iterator

import numpy as np

from nnstudio.engine.arena import Role, Slot
from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import OpKind, Phase
from nnstudio.engine.spec import Precision

_BRINGING_IN = (Phase.LOAD, Phase.FORWARD)
_COMPUTING_J = (Phase.FORWARD, Phase.COST)


class CostFunction:
    """J of the mini-batch at hand (between two iterations: of the next one) around the parameters as they stand.

    `parameters` is one flat array over all of `slots`, to be written into; `value` is J there. It is made on the thread
    that owns the machine and used on any.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine.twin(Precision.FLOAT64)
        """A machine of its own, which has just gone through the forward phase."""
        self._bring_in()
        model, program = self.machine.model, self.machine.program
        self.slots: tuple[Slot, ...] = model.parameter_slots
        self.parameters: np.ndarray = model.store.family("parameters")
        self._gradients = model.store.family("gradients")
        self._forward = [op.run for op in program.ops if op.phase in _COMPUTING_J and op.reads]
        self._backward = [op.run for op in program.ops if op.phase is Phase.BACKWARD]
        self._J = program.arena["J"]
        self._kinks = tuple(_kinks(self.machine))

    def value(self) -> float:
        """J with `parameters` as they stand."""
        for run in self._forward:
            run()
        return float(self._J)

    def gradient(self) -> np.ndarray:
        """∂J/∂θ as backpropagation computes it, in a new array of the order of `parameters`."""
        self.value()
        for run in self._backward:
            run()
        return self._gradients.copy()

    def branches(self) -> bytes:
        """On which side of each kink everything lay at the last `value`: of ReLU's corner at 0, of the tip of |w|.

        Two places with the same branches have no kink between them, as far as these two can tell.
        """
        return b"".join(np.sign(values - kink).astype(np.int8).tobytes() for values, kink in self._kinks)

    def _bring_in(self) -> None:
        """Go on to the end of the forward phase, where the machine is not past it."""
        machine = self.machine
        end = 1 + max(index for index, op in enumerate(machine.program.ops) if op.phase in _BRINGING_IN)
        with np.errstate(all="ignore"):
            while machine.pc < end:
                machine.step()


def _kinks(machine: Machine) -> Iterator[tuple[np.ndarray, np.ndarray | float]]:
    """Arrays and where their kinks are: inputs of piecewise activations, outputs under a piecewise cost, the weights
    under the tip of an l1 penalty."""
    model, arena = machine.model, machine.program.arena
    for op in machine.program.ops:
        if op.kind is OpKind.ACTIVATION and op.layer is not None:
            for kink in model.activations[op.layer - 1].kinks:
                yield arena[op.reads[0]], kink
    for kink in model.cost.kinks:
        yield arena[model.output], arena["Y"] + kink
    if model.spec.regularization.l1:
        for slot in model.parameter_slots:
            if slot.role is Role.WEIGHT:
                yield arena[slot.name], 0.0
