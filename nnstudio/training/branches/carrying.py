"""Carrying the state of one machine over to another whose operations differ: all that fits, slot by slot.

What an optimizer remembers is carried over to one of the same kind alone: SGD's velocity and Adam's mean of squares are
both called v, and neither can be taken for the other.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from nnstudio.engine.arena import Arena, Role, Slot
from nnstudio.engine.machine import Machine


def carry_over(old: Machine, new: Machine) -> None:
    """Let `new` go on from where `old` stands between two iterations: with its mini-batches and random numbers, and all
    values that it has a slot of the same name and shape for."""
    if not old.at_boundary:
        raise ValueError("only between two iterations can other operations go on from here")
    left_out = _left_out(old, new)
    pairs: list[tuple[Arena, Arena]] = [(old.model.store, new.model.store)]
    pairs += [(a.arena, b.arena) for a, b in zip(old.programs, new.programs, strict=True)]
    for source, target in pairs:
        _copy(source, target, (slot for slot in target.slots() if slot.role not in left_out))
    before = old.state()
    new.restore(
        replace(new.state(), iterations=before.iterations, batches=before.batches, batch_size=before.batch_size)
    )


def _left_out(old: Machine, new: Machine) -> set[Role]:
    left_out: set[Role] = set()
    if type(old.model.spec.optimizer) is not type(new.model.spec.optimizer):
        left_out.add(Role.OPTIMIZER)
    if type(old.model.spec.schedule) is not type(new.model.spec.schedule):
        left_out |= {Role.SCHEDULE, Role.RATE}
    return left_out


def _copy(source: Arena, target: Arena, slots: Iterable[Slot]) -> None:
    for slot in slots:
        if slot.name in source and source.slot(slot.name).shape == slot.shape:
            np.copyto(target[slot.name], source[slot.name])
