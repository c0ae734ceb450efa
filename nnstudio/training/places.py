"""Where the rows of the data are: in which part, and which row of it.

A table may have a million rows, so that a list of all places is a few numbers, and a place is made when it is asked
for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.preparation import PartName, PreparedData

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a part, from 0."""

    part: PartName
    row: int


class Places:
    """The rows of some parts, one part behind the other, or in an order of their own.

    `names` are the parts and `begins` where each begins among all rows, with the number of rows at the end.
    """

    def __init__(self, names: tuple[PartName, ...], begins: Numbers, order: Numbers | None = None) -> None:
        self.names, self.begins = names, begins
        self._order = order

    def __len__(self) -> int:
        return int(self.begins[-1]) if self._order is None else len(self._order)

    def __getitem__(self, at: int) -> Place:
        at = at + len(self) if at < 0 else at
        if not 0 <= at < len(self):
            raise IndexError(at)
        number = at if self._order is None else int(self._order[at])
        part = int(np.searchsorted(self.begins, number, side="right")) - 1
        return Place(self.names[part], number - int(self.begins[part]))

    def __iter__(self) -> Iterator[Place]:
        return map(self.__getitem__, range(len(self)))

    @property
    def parts(self) -> NDArray[np.intp]:
        """For each row of all, in which of `names` it is."""
        return np.repeat(np.arange(len(self.names)), np.diff(self.begins))

    def index(self, place: Place) -> int | None:
        """Where a row stands here, None where it does not."""
        if place.part not in self.names:
            return None
        part = self.names.index(place.part)
        number = int(self.begins[part]) + place.row
        if not number < self.begins[part + 1]:
            return None
        if self._order is None:
            return number
        found = np.flatnonzero(self._order == number)
        return int(found[0]) if len(found) else None

    def ordered(self, order: Numbers) -> "Places":
        """Some of all rows, by their numbers, in this order."""
        return Places(self.names, self.begins, order)


def places_of(data: PreparedData) -> Places:
    """All rows that have a target, part by part."""
    lengths = [len(data.part(part).X) for part in data.parts]
    return Places(tuple(data.parts), np.cumsum([0, *lengths]))


def place_of_table_row(data: PreparedData, row: int) -> Place | None:
    """The first place of a row of the table, from 0; None where it is in no part."""
    for part in data.parts:
        found = np.flatnonzero(data.part(part).rows == row)
        if len(found):
            return Place(part, int(found[0]))
    return None
