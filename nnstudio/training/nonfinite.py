"""Where a NaN or an infinity came from: the first operation that wrote one.

Training looks at J alone, which costs next to nothing. When J is no longer finite, the run goes back to a keyframe
from before the trouble and repeats the iterations operation by operation, looking at everything that is written. The
repetition is byte-identical, so it meets the same number at the same place, and stops right behind it with its inputs
at hand.
"""

from dataclasses import dataclass

import numpy as np

from nnstudio.engine.arena import Role
from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import Op

from .timeline import Timeline


@dataclass(frozen=True, slots=True)
class NonFinite:
    """Operation `op` wrote the first NaN or infinity, into `slot` at `index`, in this iteration (from 1)."""

    op: Op
    slot: str
    index: tuple[int, ...]
    value: float
    iteration: int
    epoch: int
    batch: int

    def __str__(self) -> str:
        what = "NaN" if np.isnan(self.value) else "infinite"
        return (
            f"{self.slot} became {what} in epoch {self.epoch}, mini-batch {self.batch}, "
            f"first written by: {self.op.label}"
        )


def written_by(machine: Machine, op: Op) -> NonFinite | None:
    """The first value that is not finite among what `op`, which has just run, wrote. What a schedule remembers is no
    trouble: its best cost begins at ∞."""
    for slot in op.writes:
        values = machine.value(slot)
        if not np.isfinite(values).all() and machine.slot(slot).role is not Role.SCHEDULE:
            index = tuple(int(i) for i in np.argwhere(~np.isfinite(np.atleast_1d(values)))[0][: values.ndim])
            iteration = machine.iterations + (not machine.at_boundary)
            where = machine.batches
            return NonFinite(op, slot, index, float(values[index]), iteration, where.epoch, where.number)
    return None


def replay_to_first(timeline: Timeline, limit: int) -> NonFinite | None:
    """Step on until an operation writes a value that is not finite; None if `limit` iterations are reached first."""
    while timeline.machine.iterations < limit:
        if found := written_by(timeline.machine, timeline.step()):
            return found
    return None
