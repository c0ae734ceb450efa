"""Where a person looks below an operation: at one of its elements, or at one of the terms that an element is made of.

An operation is run as a whole; what a person walks through is its explanation. So the cursor moves while the machine
stands, and passing the last element is what runs the operation. The rungs of the ladder are term, neuron, operation,
phase, mini-batch and epoch.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol


class Level(StrEnum):
    """How far one step goes."""

    TERM = "term"
    NEURON = "neuron"
    OPERATION = "operation"
    PHASE = "phase"
    BATCH = "mini-batch"
    EPOCH = "epoch"

    @property
    def below(self) -> bool:
        """Whether such a step does not run anything."""
        return self in (Level.TERM, Level.NEURON)


class Depths(Protocol):
    """How many elements an operation has, and how many terms each of them."""

    def __len__(self) -> int: ...

    def count(self, element: int) -> int:
        """The number of terms of an element, at least 1."""
        ...


@dataclass(frozen=True, slots=True)
class Cursor:
    """An element of the operation that runs next, and one of its terms, None at the level of elements. From 0."""

    element: int = 0
    term: int | None = None

    @property
    def level(self) -> Level:
        return Level.NEURON if self.term is None else Level.TERM

    def into(self, depths: Depths) -> "Cursor | None":
        """A level down; on the lowest level to the next term. None behind the last one: the operation is to run."""
        return replace(self, term=0) if self.term is None else self.over(depths)

    def over(self, depths: Depths) -> "Cursor | None":
        """To the next on this level, from the last term of an element to the first of the next element. None behind
        the last one: the operation is to run."""
        if self.term is not None and self.term + 1 < depths.count(self.element):
            return replace(self, term=self.term + 1)
        if self.element + 1 < len(depths):
            return Cursor(self.element + 1, None if self.term is None else 0)
        return None

    def back(self, depths: Depths) -> "Cursor | None":
        """The way back of `over`; from the very first a level up."""
        if self.term:
            return replace(self, term=self.term - 1)
        if self.element == 0:
            return self.out()
        element = self.element - 1
        return Cursor(element, None if self.term is None else depths.count(element) - 1)

    def out(self) -> "Cursor | None":
        """A level up; None from the elements, which leaves to the operation."""
        return None if self.term is None else replace(self, term=None)

    def at(self, level: Level) -> "Cursor":
        """The same element at the level of neurons or of terms."""
        return self if level is self.level else replace(self, term=0 if level is Level.TERM else None)
