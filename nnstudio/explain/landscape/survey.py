"""J measured along one axis or over the plane of two, from coarse to fine.

Each level has the points of the one before and those halfway between, so nothing is measured twice, and there is a
picture from the first level on. The point in the middle is where the network stands.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .axes import Axes
from .ground import Ground

LINE_LEVELS = (17, 33, 65, 129, 257)
PLANE_LEVELS = (9, 17, 33, 65)


class GivenUpError(Exception):
    """The survey was told to stop."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """J at points that lie equally far apart: `values` has an axis for each of the landscape's, the same number of
    points along each, in the order of rising distances. NaN or infinite where J is."""

    axes: Axes
    values: np.ndarray

    @property
    def side(self) -> int:
        return len(self.values)

    def distances(self, axis: int = 0) -> np.ndarray:
        """Those of the points along an axis."""
        return _distances(self.axes, axis, self.side)

    @property
    def middle(self) -> float:
        """J where the network stands."""
        return float(self.values[(self.side // 2,) * self.values.ndim])


def levels_of(axes: Axes) -> tuple[int, ...]:
    """How many points along each axis, level by level."""
    return LINE_LEVELS if len(axes.axes) == 1 else PLANE_LEVELS


def measure(
    ground: Ground, axes: Axes, side: int, before: Level | None = None, stopped: Callable[[], bool] = lambda: False
) -> Level:
    """The level with so many points along each axis; `before` is the one before it, whose values are taken over.
    GivenUpError once `stopped` says so."""
    dimensions = len(axes.axes)
    values = np.full((side,) * dimensions, np.nan)
    if before is not None:
        values[(slice(None, None, 2),) * dimensions] = before.values
    along = [_distances(axes, axis, side) for axis in range(dimensions)]
    for index in _new(side, dimensions, everything=before is None):
        if stopped():
            raise GivenUpError
        distances = (float(along[axis][place]) for axis, place in enumerate(index))
        values[index] = ground.value(axes.point(*distances))
    return Level(axes, values)


def _new(side: int, dimensions: int, *, everything: bool) -> Iterator[tuple[int, ...]]:
    """The points of a level that the one before does not have."""
    for index in np.ndindex((side,) * dimensions):
        if everything or any(place % 2 for place in index):
            yield index


def _distances(axes: Axes, axis: int, side: int) -> np.ndarray:
    reach = axes.axes[axis].reach
    return np.linspace(-reach, reach, side)
