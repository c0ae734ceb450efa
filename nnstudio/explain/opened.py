"""The operation that runs next, opened: its elements in reading order, and the terms of each.

What it is going to write is found by running it and putting everything back: so the last sum of an element is, to the
last bit, what the operation then writes.
"""

from functools import cached_property
from math import prod

import numpy as np

from nnstudio.engine.arena import PARAMETERS, Role, Slot
from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import Op, OpKind, Phase

from .element import Element, element_at
from .explanation import Explanation
from .formulas import explain
from .ledger import ledger
from .reading import Reading
from .summing import sum_of
from .terms import Place, Terms

_NEURONS = (Role.SUM, Role.ACTIVATION, Role.STATISTIC, Role.RUNNING)
_NOUNS = {Role.WEIGHT: "weight", Role.BIAS: "bias", Role.SCALE: "scale", Role.SHIFT: "shift"}


def can_open(op: Op) -> bool:
    """Whether there is anything to see inside: not where an operation brings something in from outside, a mini-batch,
    the targets it is lent, or the mask that chance draws."""
    return bool(op.reads) and op.phase is not Phase.LOAD


class Opened:
    """The operation at `pc` for one sample. Elements and terms count from 0."""

    def __init__(self, machine: Machine, sample: int, decimals: int) -> None:
        self._machine, self._decimals = machine, decimals
        self.sample = min(max(sample, 0), machine.program.batch_size - 1)
        self.op, self.index = machine.op, machine.pc
        self._slots = tuple(machine.slot(name) for name in _shown(self.op))
        self._sizes = [slot.shape[1] if slot.sampled else prod(slot.shape) for slot in self._slots]
        self._starts = np.cumsum([0, *self._sizes])
        self._terms: tuple[int, Terms | None] | None = None

    def __len__(self) -> int:
        """How many elements there are."""
        return int(self._starts[-1])

    @cached_property
    def noun(self) -> str:
        """What an element is called."""
        nouns = {self._noun(slot) for slot in self._slots}
        if len(nouns) == 1:
            return nouns.pop()
        return "parameter" if all(self._base(slot).role in PARAMETERS for slot in self._slots) else "value"

    def place(self, element: int) -> Place:
        """The slot and index of an element."""
        which = int(np.searchsorted(self._starts, element, side="right")) - 1
        slot, at = self._slots[which], element - int(self._starts[which])
        if slot.sampled:
            return slot.name, (self.sample, at)
        return slot.name, tuple(int(n) for n in np.unravel_index(at, slot.shape))

    def find(self, slot: str, index: tuple[int, ...] | None) -> int | None:
        """The element that a slot and an index choose, None if they are elsewhere."""
        for which, own in enumerate(self._slots):
            if own.name == slot and index is not None and len(index) == len(own.shape):
                at = index[-1] if own.sampled else int(np.ravel_multi_index(index, own.shape, mode="clip"))
                return int(self._starts[which]) + at
        return None

    def sampled(self, slot: str) -> bool:
        """Whether a slot has a row for each sample, of which one is gone through."""
        return self._machine.slot(slot).sampled

    def value(self, element: int) -> float:
        """What the operation is going to write there."""
        slot, index = self.place(element)
        return float(self._outcome[slot][index])

    def terms(self, element: int) -> Terms | None:
        """The terms of an element, None where it comes about in one step."""
        if self._terms is None or self._terms[0] != element:
            with np.errstate(all="ignore"):
                made = sum_of(self._reading(element), self.place(element))
                terms = Terms(made, self.value(element), self._decimals) if made is not None else None
            self._terms = element, terms
        return self._terms[1]

    def count(self, element: int) -> int:
        """The number of terms of an element."""
        terms = self.terms(element)
        return 1 if terms is None else len(terms)

    def explain(self, element: int, term: int | None = None) -> Explanation:
        """The element as a whole, or as a sum that has come as far as a term."""
        whole = explain(self._machine, self.index, self._element(element))
        terms = self.terms(element) if term is not None else None
        if term is None or terms is None:
            return explain(self._machine, self.index, self._element(element), self._decimals)
        slot, index = self.place(element)
        return ledger(whole.headline, self._reading(element), (slot, index), terms, term)

    def at_work(self, element: int, term: int | None) -> tuple[Place, Place | None]:
        """The element and the parameter of the term at hand."""
        terms = self.terms(element) if term is not None else None
        return self.place(element), terms[term].place if terms is not None and term is not None else None

    def standing(self, element: int, term: int | None) -> str:
        """neuron 2 of 8 · term 3 of 5."""
        words = f"{self.noun} {element + 1} of {len(self)}"
        return words if term is None else f"{words} · term {term + 1} of {self.count(element)}"

    @cached_property
    def _outcome(self) -> dict[str, np.ndarray]:
        """What the operation writes, by slot; the machine is as it was."""
        arena = self._machine.program.arena
        before = {name: arena[name].copy() for name in self.op.writes}
        try:
            with np.errstate(all="ignore"):
                self._machine.next_run()
            return {slot.name: arena[slot.name].copy() for slot in self._slots}
        finally:
            for name, values in before.items():
                np.copyto(arena[name], values)

    def _element(self, element: int) -> Element:
        return element_at(self._machine, self.op, *self.place(element), self.sample)

    def _reading(self, element: int) -> Reading:
        return Reading(self._machine, self.index, self._element(element), self._decimals)

    def _base(self, slot: Slot) -> Slot:
        return self._machine.slot(slot.of) if slot.of is not None else slot

    def _noun(self, slot: Slot) -> str:
        base = self._base(slot)
        if base.role in _NOUNS:
            return _NOUNS[base.role]
        by_unit = (base.sampled and base.role is not Role.STATISTIC) or len(base.shape) == 1
        return "neuron" if base.role in _NEURONS and by_unit else "value"


def _shown(op: Op) -> tuple[str, ...]:
    """The slots whose elements are gone through: of a schedule what its formula ends in, else all that is written."""
    if op.kind is OpKind.SCHEDULE:
        return ("alpha",) if "alpha" in op.writes else ("J_sum",)
    return op.writes
