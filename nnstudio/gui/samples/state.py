"""Which rows the table of samples shows, and in what order: a filter and a sorting over the verdicts."""

import random
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.preparation import PartName
from nnstudio.training.places import Place, Places
from nnstudio.training.verdicts import Verdicts

Order = NDArray[np.int64]
"""Numbers of verdicts."""


class Field(IntEnum):
    """The columns of the table."""

    ROW = 0
    PART = 1
    TARGET = 2
    PREDICTION = 3
    CONFIDENCE = 4
    ERROR = 5


class Step(StrEnum):
    """A step of the walk."""

    FIRST = "first"
    PREVIOUS = "previous"
    NEXT = "next"
    LAST = "last"
    RANDOM = "random"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is left of all rows; None stands for any. The classes are numbers."""

    part: PartName | None = None
    true: int | None = None
    predicted: int | None = None
    mistakes: bool = False

    def holds(self, found: Verdicts) -> NDArray[np.bool_]:
        """For each verdict whether it is shown."""
        kept = np.ones(len(found), dtype=np.bool_)
        if self.part is not None:
            kept &= np.array([name is self.part for name in found.places.names], dtype=np.bool_)[found.places.parts]
        if found.by_class:
            if self.true is not None:
                kept &= found.true == self.true
            if self.predicted is not None:
                kept &= found.predicted == self.predicted
            if self.mistakes:
                kept &= found.wrong
        return kept


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column, and whether the largest stands first."""

    field: Field = Field.ROW
    descending: bool = False


class Listing:
    """The rows in the order of the table. `order` are the numbers of their verdicts."""

    def __init__(self, found: Verdicts, kept: Filter | None = None, sorting: Sorting | None = None) -> None:
        self.found = found
        self.filter = kept or Filter()
        self.sorting = sorting or Sorting()
        self.order = self._ordered()

    def with_filter(self, **changed: object) -> "Listing":
        """The same with another filter."""
        return Listing(self.found, replace(self.filter, **changed), self.sorting)  # type: ignore[arg-type]

    def with_sorting(self, sorting: Sorting) -> "Listing":
        """The same rows in another order."""
        return Listing(self.found, self.filter, sorting)

    def of(self, found: Verdicts) -> "Listing":
        """The same filter and order over other verdicts."""
        return Listing(found, self.filter, self.sorting)

    @property
    def places(self) -> Places:
        """The rows to walk through."""
        return self.found.places.ordered(self.order)

    def line_after(self, at: int, step: Step) -> int | None:
        """The line that a step leads to from a line, −1 where it begins before the first; None where there is none.
        There must be lines."""
        last = len(self.order) - 1
        match step:
            case Step.FIRST:
                return 0
            case Step.PREVIOUS:
                return max(at - 1, 0)
            case Step.NEXT:
                return min(at + 1, last)
            case Step.LAST:
                return last
            case Step.RANDOM:
                return random.randint(0, last)
            case Step.MISTAKE:
                return self.next_mistake(at)

    def next_mistake(self, after: int) -> int | None:
        """The line of the next mistake after a line, round the end; of values the line that is off most. None where
        there is none."""
        if not len(self.order):
            return None
        if not self.found.by_class:
            errors = self.found.error[self.order]
            return int(np.nanargmax(errors)) if np.isfinite(errors).any() else None
        wrong = np.flatnonzero(self.found.wrong[self.order])
        later = wrong[wrong > after]
        return int(later[0]) if len(later) else int(wrong[0]) if len(wrong) else None

    def line_of(self, place: Place) -> int | None:
        """Where a row stands in the table, None where it is filtered out."""
        return self.places.index(place)

    def _ordered(self) -> Order:
        kept = np.flatnonzero(self.filter.holds(self.found))
        keys = self._keys()[kept]
        order = np.argsort(-keys if self.sorting.descending else keys, kind="stable")
        return kept[order]

    def _keys(self) -> NDArray[np.float64]:
        """What is sorted by; NaN stands last."""
        found, field = self.found, self.sorting.field
        if field is Field.ROW:
            return found.table_rows.astype(np.float64)
        if field is Field.PART:
            known = list(PartName)
            return np.array([known.index(name) for name in found.places.names], dtype=np.float64)[found.places.parts]
        if field is Field.ERROR:
            return found.error
        if field is Field.CONFIDENCE and found.by_class:
            return found.confidence
        if found.by_class:
            return (found.true if field is Field.TARGET else found.predicted).astype(np.float64)
        return (found.targets if field is Field.TARGET else found.outputs)[:, 0]
