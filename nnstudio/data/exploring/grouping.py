"""Which class each row is of, for whatever is told apart by class: bars, points, shares."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column
from nnstudio.data.targets import class_name

NO_GROUP = -1
MOST_GROUPS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """`of` has for each row of the table the number of its group, NO_GROUP where its cell is missing."""

    title: str
    names: tuple[str, ...]
    of: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many rows each group has."""
        return np.bincount(self.of[self.of != NO_GROUP], minlength=len(self.names))


def grouping_of(column: Column) -> Grouping | None:
    """The groups that equal values of this column make, in the order of its classes; None where there are too many to
    tell apart, or only one."""
    known = column.filled & (column.values == column.values)  # a number that is NaN is not itself
    present, numbers = _distinct(column.values[known])
    if not 1 < len(present) <= MOST_GROUPS:
        return None
    of = np.full(len(column.values), NO_GROUP, dtype=np.int64)
    of[known] = numbers
    return Grouping(column.name, tuple(map(class_name, present)), of)


def _distinct(values: NDArray[Any]) -> tuple[list[Any], NDArray[np.int64]]:
    """The different values in their order, and the number among them of each value."""
    if values.dtype != object:
        present, numbers = np.unique(values, return_inverse=True)
        return present.tolist(), numbers
    texts = values.tolist()
    ordered = sorted(set(texts))  # to sort a million texts would take a second
    number = {text: place for place, text in enumerate(ordered)}
    return ordered, np.fromiter(map(number.__getitem__, texts), dtype=np.int64, count=len(texts))
