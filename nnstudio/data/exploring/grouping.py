"""Which class each row is of, for whatever is told apart by class: bars, points, shares."""

from dataclasses import dataclass

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
    present, numbers = np.unique(column.values[known], return_inverse=True)
    if not 1 < len(present) <= MOST_GROUPS:
        return None
    of = np.full(len(column.values), NO_GROUP, dtype=np.int64)
    of[known] = numbers
    return Grouping(column.name, tuple(map(class_name, present.tolist())), of)
