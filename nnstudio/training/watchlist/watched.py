"""One thing that is watched: an expression of the condition language, and what it says at this moment.

A curve needs one number. Where the expression is many of them, a whole slot such as W1, that number is their norm
√Σx²; where it is true or false for each of many, the share for which it is true.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnstudio.engine.arena import Role
from nnstudio.engine.machine import Machine
from nnstudio.engine.program import Program
from nnstudio.training.conditions import Expression, ExpressionError, Scope, read_expression
from nnstudio.training.conditions.nodes import Element, Shape, SlotNode
from nnstudio.training.history import History


@dataclass(frozen=True, slots=True)
class Reading:
    """What it says at a moment. `number` is the one to draw; of many, `shape` is theirs, and `least` and `largest`
    are the ends of what they span."""

    number: float
    truth: bool = False
    shape: Shape = ()
    least: float = float("nan")
    largest: float = float("nan")


class Watched:
    """`text` bound to the arrays of a machine. `problem` says why its network cannot tell, and is empty if it can."""

    def __init__(self, text: str, machine: Machine, history: History) -> None:
        self.text = text.strip()
        self.problem = ""
        self._machine = machine
        self._expressions: dict[Program, Expression] = {}
        for program in machine.programs:  # a ragged last mini-batch may lack an element that the others have
            try:
                self._expressions[program] = read_expression(text, Scope(machine, history, program))
            except ExpressionError as error:
                self.problem = self.problem or str(error)
        if self._expressions:
            self.problem = ""

    def read(self) -> Reading | None:
        """What it says now; None where that is not known: what it looks at is stale, or not there."""
        expression = self._expressions.get(self._machine.program)
        if expression is None:
            return None
        with np.errstate(all="ignore"):
            value = expression.known_value(self._machine)
            return None if value is None else _reading(value, expression.root.truth)

    @property
    def place(self) -> tuple[str, tuple[int, ...] | None] | None:
        """The slot, or the element of it, where it is no more than that."""
        match self._root:
            case SlotNode(name=name):
                return name, None
            case Element(name=name, shape=shape, index=index):
                return (name, index) if not shape else None
        return None

    @property
    def shape(self) -> Shape:
        """Of how many numbers it is; () for one."""
        return self._any.root.shape if self._any is not None else ()

    @property
    def truth(self) -> bool:
        """Whether it is true or false."""
        return self._any is not None and self._any.root.truth

    @property
    def role(self) -> Role | None:
        """What kind of number it begins with; None where it looks at counters alone."""
        expression = self._any
        if expression is None or not expression.slots:
            return None
        return self._machine.slot(expression.slots[0]).role

    @property
    def _any(self) -> Expression | None:
        return next(iter(self._expressions.values()), None)

    @property
    def _root(self) -> object:
        return None if self._any is None else self._any.root


def _reading(value: Any, truth: bool) -> Reading:
    values = np.asarray(value)
    if not values.shape:
        return Reading(float(values), truth)
    if truth:
        return Reading(float(values.mean()), truth, values.shape)
    flat = values.reshape(-1).astype(np.float64, copy=False)
    norm = float(np.sqrt(np.einsum("i,i", flat, flat)))  # not BLAS, whose threads the training keeps busy
    return Reading(norm, truth, values.shape, float(flat.min()), float(flat.max()))
