"""The parts of an expression: each is bound to its array or to its parts when it is made, and says its value.

A value is a number or an array of numbers, or true or false, or an array of these. Arithmetic is NumPy's, so nothing
raises: 1/0 is ∞ and √−1 is NaN, to which every comparison but ≠ says false. Nothing here can write to a slot: the
arrays are read-only views.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Node(ABC):
    """A part of an expression, at `column` of its text; `truth` if it is true or false, else it is a number. The shape
    of one value is ()."""

    column: int
    shape: Shape
    truth: bool

    @property
    def size(self) -> int:
        return prod(self.shape)

    @abstractmethod
    def value(self) -> Any:
        """What it is at this moment."""


@dataclass(frozen=True, slots=True, eq=False)
class Number(Node):
    """A number that stands in the text."""

    number: np.float64

    def value(self) -> np.float64:
        return self.number


@dataclass(frozen=True, slots=True, eq=False)
class Counter(Node):
    """How far the run is: the epoch, the mini-batch, the iteration, the lowest cost."""

    read: Callable[[], float]

    def value(self) -> np.float64:
        return np.float64(self.read())


@dataclass(frozen=True, slots=True, eq=False)
class SlotNode(Node):
    """A slot, whole."""

    name: str
    array: np.ndarray

    def value(self) -> np.ndarray:
        return self.array


@dataclass(frozen=True, slots=True, eq=False)
class Element(Node):
    """A number or a row of a slot, by its indices from 0; a slot of shape () has the index ()."""

    name: str
    array: np.ndarray
    index: tuple[int, ...]

    def value(self) -> Any:
        return self.array[self.index]


@dataclass(frozen=True, slots=True, eq=False)
class Applied(Node):
    """A function of one operand: √, not, the greatest of all numbers."""

    function: Callable[[Any], Any]
    operand: Node

    def value(self) -> Any:
        return self.function(self.operand.value())


@dataclass(frozen=True, slots=True, eq=False)
class Joined(Node):
    """Two operands with an operator between them: a sum, a comparison."""

    function: Callable[[Any, Any], Any]
    left: Node
    right: Node

    def value(self) -> Any:
        return self.function(self.left.value(), self.right.value())


@dataclass(frozen=True, slots=True, eq=False)
class Chain(Node):
    """a < b ≤ c of single numbers: each with the next, up to the first that is false."""

    compare: tuple[Callable[[Any, Any], Any], ...]
    operands: tuple[Node, ...]

    def value(self) -> bool:
        left = self.operands[0].value()
        for compare, operand in zip(self.compare, self.operands[1:], strict=True):
            right = operand.value()
            if not compare(left, right):
                return False
            left = right
        return True


@dataclass(frozen=True, slots=True, eq=False)
class Every(Node):
    """a and b and c: up to the first that is false."""

    operands: tuple[Node, ...]

    def value(self) -> bool:
        return all(operand.value() for operand in self.operands)


@dataclass(frozen=True, slots=True, eq=False)
class Some(Node):
    """a or b or c: up to the first that is true."""

    operands: tuple[Node, ...]

    def value(self) -> bool:
        return any(operand.value() for operand in self.operands)
