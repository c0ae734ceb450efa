"""The parts of an expression: each is bound to its array or to its parts when it is made, and makes a function that
says its value at the moment. That of the whole is made once and called in every iteration.

A value is a number or an array of numbers, or true or false, or an array of these. Arithmetic is NumPy's, so nothing
raises: 1/0 is ∞ and √−1 is NaN, to which every comparison but ≠ says false. Nothing here can write to a slot: the
arrays are read-only views.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import prod
from typing import Any, TypeAlias

import numpy as np

Shape = tuple[int, ...]
Value: TypeAlias = Callable[[], Any]
"""Says what a part is at this moment."""


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
    def value(self) -> Value:
        """What says what it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Number(Node):
    """A number that stands in the text."""

    number: np.float64

    def value(self) -> Value:
        return lambda: self.number


@dataclass(frozen=True, slots=True, eq=False)
class Counter(Node):
    """How far the run is: the epoch, the mini-batch, the iteration, the lowest cost."""

    read: Callable[[], float]

    def value(self) -> Value:
        read, number = self.read, np.float64
        return lambda: number(read())


@dataclass(frozen=True, slots=True, eq=False)
class SlotNode(Node):
    """A slot, whole."""

    name: str
    array: np.ndarray

    def value(self) -> Value:
        return lambda: self.array


@dataclass(frozen=True, slots=True, eq=False)
class Element(Node):
    """A number or a row of a slot, by its indices from 0; a slot of shape () has the index ()."""

    name: str
    array: np.ndarray
    index: tuple[int, ...]

    def value(self) -> Value:
        array, index = self.array, self.index
        return lambda: array[index]


@dataclass(frozen=True, slots=True, eq=False)
class Applied(Node):
    """A function of one operand: √, not, the greatest of all numbers."""

    function: Callable[[Any], Any]
    operand: Node

    def value(self) -> Value:
        function, operand = self.function, self.operand
        if isinstance(operand, SlotNode):
            return partial(function, operand.array)
        inner = operand.value()
        return lambda: function(inner())


@dataclass(frozen=True, slots=True, eq=False)
class Joined(Node):
    """Two operands with an operator between them: a sum, a comparison."""

    function: Callable[[Any, Any], Any]
    left: Node
    right: Node

    def value(self) -> Value:
        function, left = self.function, self.left.value()
        if isinstance(self.right, Number):
            number = self.right.number
            return lambda: function(left(), number)
        right = self.right.value()
        return lambda: function(left(), right())


@dataclass(frozen=True, slots=True, eq=False)
class Chain(Node):
    """a < b ≤ c of single numbers: each with the next, up to the first that is false."""

    compare: tuple[Callable[[Any, Any], Any], ...]
    operands: tuple[Node, ...]

    def value(self) -> Value:
        compare, values = self.compare, [operand.value() for operand in self.operands]
        pairs = [(function, *pair) for function, pair in zip(compare, pairwise(values), strict=True)]
        return lambda: all(function(left(), right()) for function, left, right in pairs)


@dataclass(frozen=True, slots=True, eq=False)
class Every(Node):
    """a and b and c: up to the first that is false."""

    operands: tuple[Node, ...]

    def value(self) -> Value:
        first, *rest = [operand.value() for operand in self.operands]
        return lambda: bool(first()) and all(one() for one in rest)


@dataclass(frozen=True, slots=True, eq=False)
class Some(Node):
    """a or b or c: up to the first that is true."""

    operands: tuple[Node, ...]

    def value(self) -> Value:
        first, *rest = [operand.value() for operand in self.operands]
        return lambda: bool(first()) or any(one() for one in rest)
