"""Reads the machine's numbers for one operation, and knows which of them the operation saw or will see.

A value counts only while it is the one that the operation read: not when its writer has yet to run in this iteration,
and not when it was overwritten after the operation had run (parameters, by the update).
"""

from dataclasses import dataclass

import numpy as np

from nnstudio.engine.arena import Role, Slot
from nnstudio.engine.machine import Machine
from nnstudio.engine.naming import SAMPLED, parse
from nnstudio.engine.ops import Op
from nnstudio.engine.ops.wiring import outputs_of, preactivations_of

from . import notation
from .element import Element
from .symbols import shown_units
from .writing import Kind, Math, Quantity, Style

_KINDS = {
    Role.INPUT: Kind.LOAD,
    Role.TARGET: Kind.LOAD,
    Role.SAMPLE_WEIGHT: Kind.LOAD,
    Role.PSEUDO_LABEL: Kind.LOAD,
    Role.WEIGHT: Kind.PARAMETER,
    Role.BIAS: Kind.PARAMETER,
    Role.SCALE: Kind.PARAMETER,
    Role.SHIFT: Kind.PARAMETER,
    Role.SUM: Kind.FORWARD,
    Role.STATISTIC: Kind.FORWARD,
    Role.ACTIVATION: Kind.FORWARD,
    Role.MASK: Kind.FORWARD,
    Role.COST: Kind.COST,
    Role.GRADIENT: Kind.BACKWARD,
    Role.OPTIMIZER: Kind.UPDATE,
    Role.SCHEDULE: Kind.UPDATE,
    Role.RATE: Kind.UPDATE,
    Role.RUNNING: Kind.UPDATE,
    Role.SETTING: Kind.UPDATE,
}


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One operation at one element. `upcoming` says it is looked at as the next one, though the last iteration ran
    it too."""

    machine: Machine
    index: int
    element: Element
    decimals: int
    upcoming: bool = False

    @property
    def op(self) -> Op:
        return self.machine.program.ops[self.index]

    @property
    def layer(self) -> int:
        assert self.op.layer is not None
        return self.op.layer

    @property
    def source(self) -> str:
        """The slot that goes into this layer's weighted sums."""
        return outputs_of(self.machine.program.arena, self.layer - 1)

    @property
    def bent(self) -> str:
        """The slot that goes into this layer's activation."""
        return preactivations_of(self.machine.program.arena, self.layer)

    def fed(self, unit: notation.Index) -> Math:
        """The symbol of what unit `unit` before hands to this layer: a¹₃, d¹₃ with dropout, x₃ before the first."""
        return notation.element(self.source[0].lower(), self.layer - 1 or None, unit).coloured(self.kind(self.source))

    @property
    def inputs(self) -> int:
        """How many inputs a unit of this layer has."""
        return self.machine.model.spec.network.widths[self.layer - 1]

    @property
    def outputs(self) -> int:
        """K."""
        return self.machine.model.spec.network.outputs

    @property
    def batch_size(self) -> int:
        """m."""
        return self.machine.program.batch_size

    @property
    def weighted(self) -> bool:
        """Whether samples have weights."""
        return "w" in self.machine.program.arena

    @property
    def sample_weight(self) -> Quantity | None:
        """How much the chosen sample counts in the cost; None where all count the same."""
        return self.quantity("w", self.element.sample, 0) if self.weighted else None

    @property
    def ran(self) -> bool:
        """Whether the operation has run in the iteration at hand."""
        return not self.upcoming and self._has_run(self.index)

    def known(self, *slots: str) -> bool:
        """Whether these inputs of the operation still are (or already are) what it read (or will read)."""
        return all(self._known(slot) for slot in slots)

    def array(self, slot: str) -> np.ndarray:
        return self.machine.value(slot)

    def input(self, slot: str, *index: int) -> float | None:
        """An element of an input, None where it is not what the operation reads."""
        return float(self.array(slot)[index]) if self.known(slot) else None

    def result(self, slot: str, *index: int) -> float | None:
        """An element of what the operation wrote, None before it has run and after it was overwritten or set."""
        if not self.holds(slot) or self.set_since(slot, *index):
            return None
        return float(self.array(slot)[index])

    def holds(self, slot: str) -> bool:
        """Whether a slot has what the operation wrote: it has run, and none that writes there has run since."""
        later = (writer for writer in self._writers(slot) if writer > self.index)
        return self.ran and not any(self._has_run(writer) for writer in later)

    def quantity(self, slot: str, *index: int) -> Quantity:
        """An input with its symbol, number and colour."""
        return Quantity(symbol_of(self.machine, slot, *index), self.input(slot, *index), self.kind(slot))

    def kind(self, slot: str) -> Kind:
        return kind_of(self.machine.slot(slot))

    def rate(self) -> Quantity:
        value = None if self.set_since("alpha") else self.input("alpha")
        return Quantity(Math("alpha", "α"), value, Kind.UPDATE, Style.SETTING)

    @property
    def factor(self) -> float:
        """By what the update of the operation's iteration is scaled; 0 skips it."""
        return self.machine.update_factor(upcoming=self.upcoming)

    def set_since(self, slot: str, *index: int) -> bool:
        """Whether a person, or early stopping, has set this element after the operation had run."""
        return self.ran and self.machine.was_set_after(self.index, slot, index)

    @property
    def overwritten(self) -> tuple[str, ...]:
        """The inputs that were overwritten after the operation had run."""
        return tuple(slot for slot in self.op.reads if self.ran and not self._known(slot))

    def _known(self, slot: str) -> bool:
        if not self.machine.slot(slot).lasting:
            return self.machine.is_fresh(slot)
        writers = self._writers(slot)
        if self.ran:
            return not any(writer >= self.index and self._has_run(writer) for writer in writers)
        return not any(self.machine.pc <= writer < self.index for writer in writers)

    def _writers(self, slot: str) -> tuple[int, ...]:
        last = self.machine.program.writer.get(slot)
        if last is None:
            return ()
        return tuple(n for n in range(last + 1) if slot in self.machine.program.ops[n].writes)

    def _has_run(self, index: int) -> bool:
        pc = self.machine.pc
        return index < pc if pc else self.machine.iterations > 0


def kind_of(slot: Slot) -> Kind:
    """What kind of number a slot holds, which is its colour."""
    return _KINDS[slot.role]


def symbol_of(machine: Machine, slot: str, *index: int) -> Math:
    """The symbol of an element of a slot; samples are not part of it."""
    name = parse(slot)
    if name is None:
        return notation.NORM if slot == "gnorm" else Math(slot, slot)
    of = machine.slot(slot).of
    if name.prefix and of is not None:
        return notation.framed(name.prefix, symbol_of(machine, of, *index))
    letter = name.letter.lower() if name.letter in SAMPLED else name.letter
    return notation.element(letter, name.layer, *shown_units(name.letter, index))
