"""The brush: how wide it is, and how many points it leaves where it touches the plane."""

from dataclasses import dataclass, field
from math import cos, pi, sin, sqrt

import numpy as np

from nnstudio.data.drawn import Sheet

_NEXT_DAB = 0.6
_LEAST_STEP = 0.025
_LEAST_ERASER = 0.02


@dataclass(slots=True)
class Brush:
    """`size` is the radius as a share of the plane, `count` how many points a dab leaves."""

    size: float = 0.06
    count: int = 4
    _random: np.random.Generator = field(default_factory=np.random.default_rng)

    @property
    def eraser(self) -> float:
        """The radius within which points are taken away."""
        return max(self.size, _LEAST_ERASER)

    @property
    def step(self) -> float:
        """How far, as a share of the plane, the brush moves from one dab to the next."""
        return max(_NEXT_DAB * self.size, _LEAST_STEP)

    def dab(self, sheet: Sheet, x: float, y: float) -> list[tuple[float, float]]:
        """Places spread evenly over the brush around a place; a single point is the place itself."""
        if self.count == 1:
            return [(x, y)]
        across, up = self.size * (sheet.x[1] - sheet.x[0]), self.size * (sheet.y[1] - sheet.y[0])
        drawn = self._random.uniform(0.0, 1.0, (self.count, 2)).tolist()
        polar = [(sqrt(share), 2 * pi * turn) for share, turn in drawn]
        return [(x + across * r * cos(angle), y + up * r * sin(angle)) for r, angle in polar]
