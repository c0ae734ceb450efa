"""What a person may do to an iteration from outside: set a number, and skip or scale its update.

A number that an operation has computed can be set while there is something to compute from it. What is decided as a
whole, or only counts, cannot: the pseudo-labels of an epoch, the count of updates, what a schedule keeps in mind.

The update of an iteration is what the optimizer does: θ ← θ + s (θ′ − θ), where θ′ is what its links make of θ and s is
1 unless a person scales it. A skipped update, s = 0, leaves parameters and the optimizer's memory as they were, as if
the optimizer had not met this mini-batch. The other operations of the phase run as ever: a schedule counts iterations,
not updates, and running statistics belong to the pass forward.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from .arena import Role
from .ops import Op, OpKind
from .program import Program
from .spec import SpecError


def check_slot(program: Program, slot: str) -> None:
    """SpecError if no element of this slot can be set by hand."""
    found = program.arena.slot(slot)
    if found.role is Role.PSEUDO_LABEL:
        raise SpecError(f"{slot} is decided as a whole at the beginning of an epoch; set a weight or a bias")
    if found.role is Role.SCHEDULE:
        raise SpecError(f"{slot} is what the schedule keeps in mind; set alpha0, the learning rate that it starts from")
    if found.role is Role.OPTIMIZER and not found.shape:
        raise SpecError(f"{slot} is what the optimizer counts by; set a moment, a weight or a bias")
    if not found.lasting and program.first_use(slot) == len(program.ops):
        raise SpecError(f"nothing is computed from {slot}; set a number that it is computed from")


def check_factor(factor: float, dtype: np.dtype) -> None:
    """SpecError if an update cannot be scaled by this."""
    if not abs(factor) <= float(np.finfo(dtype).max):
        raise SpecError(f"the factor of an update must be a finite number in {dtype}, not {factor:g}")


def scaled_runs(program: Program, parameters: tuple[str, ...], factor: float) -> Iterator[Callable[[], object]]:
    """What runs the operations of a program when its update is scaled."""
    theta = program.arena.family("parameters")
    for op in program.ops:
        if op.kind is not OpKind.UPDATE:
            yield op.run
        elif factor == 0:
            yield _nothing
        else:
            yield partial(_scaled, op.run, theta, factor) if moves(op, parameters) else op.run


def moves(op: Op, parameters: tuple[str, ...]) -> bool:
    """Whether this link of an optimizer writes the parameters, and not what it remembers of them."""
    return op.kind is OpKind.UPDATE and op.writes[0] in parameters


def _nothing() -> None:
    """A link of an update that is skipped."""


def _scaled(run: Callable[[], object], theta: np.ndarray, factor: float) -> None:
    before = theta.copy()
    run()
    np.subtract(theta, before, theta)
    np.multiply(theta, factor, theta)
    np.add(theta, before, theta)
