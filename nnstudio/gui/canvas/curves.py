"""How the weights of a layer run: smooth curves from the right edge of one neuron to the left edge of the next.

All curves between two columns are the same cubic, stretched vertically: x(t) is shared, and
y = y₀ + (y₁ − y₀)(3t² − 2t³). So the curve nearest to a point needs no search along each one: t follows from x.
"""

from dataclasses import dataclass

import numpy as np

from .layout import Column

_T = np.linspace(0.0, 1.0, 129)
_X = 1.5 * _T * (1 - _T) ** 2 + 1.5 * _T**2 * (1 - _T) + _T**3
_Y = 3 * _T**2 - 2 * _T**3
_SLOPE = np.gradient(_Y, _X)


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """The room between two columns; its edges are numbered unit by unit, input by input."""

    layer: int
    left: float
    right: float
    starts: np.ndarray
    ends: np.ndarray

    @classmethod
    def between(cls, source: Column, target: Column) -> "Gap":
        outputs, inputs = len(target.ys), len(source.ys)
        starts, ends = np.tile(source.ys, outputs), np.repeat(target.ys, inputs)
        return cls(target.layer, source.right, target.left, starts, ends)

    @property
    def width(self) -> float:
        return self.right - self.left

    def nearest(self, x: float, y: float, reach: float) -> int | None:
        """The number of the edge that passes nearest to a point, None where none is within `reach`."""
        if not self.left - 1 <= x <= self.right + 1 or self.width <= 0:
            return None
        share = (x - self.left) / self.width
        risen, slope = np.interp(share, _X, _Y), np.interp(share, _X, _SLOPE)
        rise = self.ends - self.starts
        away = np.abs(self.starts + rise * risen - y) / np.hypot(1.0, rise * slope / self.width)
        number = int(np.argmin(away))
        return number if away[number] <= reach else None

    def middle(self, number: int) -> tuple[float, float]:
        """The point halfway along an edge."""
        return (self.left + self.right) / 2, float(self.starts[number] + self.ends[number]) / 2
