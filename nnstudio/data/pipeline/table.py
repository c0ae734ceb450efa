"""A table on its way from columns as they were read to the inputs of a network.

Each step of a pipeline takes such a table and gives another: columns change, come and go, rows never do. A gap is NaN
among numbers and None among categories, and *a gap stays a gap*: whatever a step makes of it is a gap again, until a
step fills it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.blocks import side_by_side
from nnstudio.data.errors import DataError

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


class FeatureKind(StrEnum):
    """What a column holds: numbers on a scale, only 0 and 1, or categories, which are text."""

    NUMBER = "number"
    INDICATOR = "indicator"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """One column. `labels` are what the numbers 0, 1, 2, … of an ordinal column stand for; of others there are none."""

    name: str
    kind: FeatureKind
    values: NDArray[Any]
    labels: tuple[str, ...] = ()

    @property
    def gaps(self) -> NDArray[np.bool_]:
        """Which rows have no value."""
        if self.kind is not FeatureKind.CATEGORY:
            gaps: NDArray[np.bool_] = np.isnan(self.values)
            return gaps
        return np.fromiter((value is None for value in self.values.tolist()), np.bool_, len(self.values))

    @property
    def known(self) -> NDArray[Any]:
        """The values that are no gaps."""
        return self.values[~self.gaps]

    def take(self, places: Rows) -> "Feature":
        return replace(self, values=self.values[places])


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of equal length; `rows` has the number of each row in the data set, from 0."""

    features: tuple[Feature, ...]
    rows: Rows

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(feature.name for feature in self.features)

    def take(self, places: Rows) -> "Table":
        """These rows, in this order."""
        return Table(tuple(feature.take(places) for feature in self.features), self.rows[places])

    def replaced(self, new: Mapping[str, tuple[Feature, ...]]) -> "Table":
        """With other columns in the place of those that are named."""
        return replace(self, features=tuple(made for old in self.features for made in new.get(old.name, (old,))))

    def extended(self, new: tuple[Feature, ...]) -> "Table":
        """With more columns behind those it has."""
        return replace(self, features=(*self.features, *new))

    def matrix(self) -> Array:
        """All columns side by side (rows × columns); a DataError names one that still holds text."""
        for feature in self.features:
            if feature.kind is FeatureKind.CATEGORY:
                raise DataError(
                    f"column '{feature.name}' holds text, and inputs are numbers; "
                    "leave it out of the inputs, write it as numbers, or add a step that encodes it"
                )
        return side_by_side([feature.values for feature in self.features])


def unused(name: str, taken: set[str]) -> str:
    """The name, or the first with a number behind it that no other column has; it is taken from then on."""
    made, number = name, 2
    while made in taken:
        made, number = f"{name} ({number})", number + 1
    taken.add(made)
    return made
