"""Finds what a breakpoint means in a program: at which places to look, and at which arrays."""

from collections.abc import Callable
from functools import singledispatch

import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.engine.program import Program
from nnstudio.training.conditions import Expression, ExpressionError, Scope, read_condition
from nnstudio.training.history import History

from .checks import Check, ConditionCheck, DataCheck, OpCheck, Tally
from .kinds import (
    Breakpoint,
    ConditionBreakpoint,
    DataBreakpoint,
    OpBreakpoint,
    WatchBreakpoint,
    find_operation,
)


class BindingError(ValueError):
    """Why a breakpoint cannot work in this network, in words."""


class Setting:
    """One program of a machine, and what names mean there."""

    def __init__(self, machine: Machine, history: History, program: Program) -> None:
        self.machine = machine
        self.history = history
        self.program = program
        self.scope = Scope(machine, history, program)

    def condition(self, text: str, place: int) -> Expression | None:
        """The condition, if there is one; a BindingError says when it is not known at that place."""
        if not text:
            return None
        condition = self._read(text)
        for slot in condition.slots:
            if not self.scope.slot(slot).lasting and self._written_at(slot) > place:
                writer = self.program.ops[self._written_at(slot) - 1].label
                raise BindingError(f"{slot} is not known yet where this looks; it is computed later, by {writer}")
        return condition

    def trigger(self, text: str) -> tuple[int, Expression]:
        """A condition, and the first place where all that it looks at has its value of the iteration at hand."""
        condition = self._read(text)
        return max((self._written_at(slot) for slot in condition.slots), default=1) or 1, condition

    def _written_at(self, slot: str) -> int:
        """The place right behind the operation that writes a slot, 0 for what none writes."""
        return self.program.writer.get(slot, -1) + 1

    def _read(self, text: str) -> Expression:
        try:
            return read_condition(text, self.scope)
        except ExpressionError as error:
            raise BindingError(f"in the condition, {error}") from None


@singledispatch
def bind(breakpoint_: Breakpoint, setting: Setting, tally: Tally) -> Check:
    """What to look at for this breakpoint; a BindingError says why it cannot work here."""
    raise NotImplementedError


@bind.register
def _(breakpoint_: OpBreakpoint, setting: Setting, tally: Tally) -> Check:
    program = setting.program
    index = find_operation(program, breakpoint_)
    if index is None:
        raise BindingError(f"there is no operation {breakpoint_.label} in this network")
    place = index or len(program.ops)  # the first operation of an iteration is come to at the end of the one before
    return OpCheck((place,), setting.condition(breakpoint_.condition, place), tally, program.ops[index].label)


@bind.register
def _(breakpoint_: ConditionBreakpoint, setting: Setting, tally: Tally) -> Check:
    place, condition = setting.trigger(breakpoint_.condition)
    return ConditionCheck((place,), condition, tally, condition.value)


@bind.register
def _(breakpoint_: DataBreakpoint, setting: Setting, tally: Tally) -> Check:
    scope, slot, index = setting.scope, breakpoint_.slot, breakpoint_.index
    if slot not in scope:
        raise BindingError(f"there is no slot {slot} in this network")
    array = scope.array(slot)
    if index is not None and not _inside(index, array.shape):
        raise BindingError(f"{slot} has no element [{', '.join(map(str, index))}] in this network")
    places = tuple(place for place, op in enumerate(setting.program.ops, 1) if slot in op.writes)
    if not places:
        raise BindingError(f"no operation writes {slot}; it never changes while training")
    condition = setting.condition(breakpoint_.condition, places[-1])
    return DataCheck(places, condition, tally, breakpoint_, array, _before(setting.machine, slot, index), [None])


@bind.register
def _(breakpoint_: WatchBreakpoint, setting: Setting, tally: Tally) -> Check:
    from nnstudio.training.watches.check import check_of  # no run without one loads the watches

    return check_of(breakpoint_, setting, tally)


def _before(machine: Machine, slot: str, index: tuple[int, ...] | None) -> Callable[[], np.ndarray | None]:
    """Where a slot's value stands before its writer runs: what lasts, in its one place; what belongs to a mini-batch,
    in the arrays of the iteration before, which may have no such element."""
    store = machine.model.store
    if slot in store:
        array, lasting = store[slot], store.slot(slot).lasting
        return lambda: array if lasting or machine.iterations else None
    arrays = {program: program.arena[slot] for program in machine.programs}
    having = {program: array for program, array in arrays.items() if index is None or _inside(index, array.shape)}
    return lambda: having.get(machine.program_before) if machine.iterations else None


def _inside(index: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return len(index) == len(shape) and all(map(int.__lt__, index, shape))
