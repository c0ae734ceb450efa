"""The slope of a function of one number, measured: central differences, (f(+h) − f(−h)) / 2h.

Their error has two parts: the curve that the chord cuts off, h²/6 · f‴, which shrinks with h, and the rounding of f,
about ε |f| / h, which grows. The sum is least near h = ∛(3 ε |f| / f‴), so without knowing f‴ one takes h ≈ ∛ε times
the scale of the argument, 6·10⁻⁶ max(1, |w|), and is right to about ε^⅔ ≈ 4·10⁻¹¹.

Where that is not enough, the curve being sharper or f being large, Ridders' method measures with a row of ever smaller
steps and extrapolates to h = 0 (Ridders 1982, Advances in Engineering Software 4:75; Numerical Recipes §5.7): each
column of its table cancels one more even power of h, and the best entry is the one its neighbours agree with most.

A function with a corner between −h and h has no slope to be found there. Steps that reach beyond a kink are left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, log2

import numpy as np

EPSILON = float(np.finfo(np.float64).eps)
_FIRST, _FACTOR, _ROWS, _NEEDED = 64.0, 4.0, 9, 5


@dataclass(frozen=True, slots=True)
class Point:
    """A value of the function, and on which side of each kink it was computed."""

    value: float
    branches: bytes


@dataclass(frozen=True, slots=True)
class Slope:
    """A slope that was measured, and about how far it may be from the true one."""

    value: float
    uncertainty: float


Line = Callable[[float], float]
"""The value of the function at a distance from where its slope is asked for."""


def step(scale: float) -> float:
    """h for an argument of this magnitude: the power of two nearest to ∛ε max(1, |scale|), since adding such a step to
    an argument rounds it as little as can be."""
    wanted: float = np.cbrt(EPSILON).item() * max(1.0, abs(scale))
    return float(2.0 ** round(log2(wanted)))


def central(f: Line, h: float) -> float:
    """The plain central difference."""
    return (f(h) - f(-h)) / (2 * h)


def extrapolated(f: Callable[[float], Point], h: float) -> Slope | None:
    """The slope by Ridders' method with steps from 64 h down to h / 1024; None where a kink lies within h / 4, for
    smaller steps alone are drowned in rounding."""
    middle = f(0.0)
    measured: list[tuple[float, float]] = []
    bends = []
    for row in range(_ROWS):
        size = _FIRST * h / _FACTOR**row
        up, down = f(size), f(-size)
        bends.append(abs(up.value - 2 * middle.value + down.value))
        if up.branches == middle.branches == down.branches:
            measured.append((size, (up.value - down.value) / (2 * size)))
        else:
            measured.clear()
    if len(measured) < _NEEDED:
        return None
    # The smallest steps are too small for f to bend: what bends there is rounding, which may be far more than that of
    # the last operation.
    return _ridders(measured, max(EPSILON * abs(middle.value), *bends[-2:]))


def _ridders(measured: list[tuple[float, float]], rounding: float) -> Slope:
    """The best entry of the table whose first column are the slopes measured, from the largest step to the smallest.

    No estimate is taken to be better than the `rounding` of the function lets it be.
    """
    best = Slope(measured[0][1], inf)
    above: list[float] = []
    for size, slope in measured:
        row = [slope]
        for column, before in enumerate(above, 1):
            power = _FACTOR ** (2 * column)
            row.append((power * row[-1] - before) / (power - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - before)) + rounding / size
            if error < best.uncertainty:
                best = Slope(row[-1], error)
        above = row
    return best
