"""Tables that are drawn rather than read: small problems with a shape one can see.

Each generator takes the number of rows, the noise (the deviation of the normal errors that are added) and a random
generator, and returns the columns by name, NaN where a cell is missing. The same seed draws the same table on every
machine.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Columns = dict[str, Array]
Generator = Callable[[int, float, np.random.Generator], Columns]

_CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
_AVERAGED = np.array([[0.1, 0.3], [0.1, -0.1], [-0.8, 0.2]])


def averages(rows: int, noise: float, rng: np.random.Generator) -> Columns:
    """Two numbers and their average: the three rows of the first experiment, and random ones beyond them."""
    drawn = rng.uniform(-1.0, 1.0, (max(rows - len(_AVERAGED), 0), 2)).round(2)
    x1, x2 = np.vstack([_AVERAGED, drawn])[:rows].T
    # Rounding makes 0.2 of (0.1 + 0.3) / 2 exactly, not its neighbour, so the example can be followed by hand.
    return {"x1": x1, "x2": x2, "y": ((x1 + x2) / 2 + noise * rng.standard_normal(rows)).round(12)}


def logical_and(rows: int, noise: float, rng: np.random.Generator) -> Columns:
    """1 where both inputs are 1."""
    corners = _CORNERS[np.arange(rows) % 4]
    return _clusters(corners, corners[:, 0] * corners[:, 1], noise, rng)


def logical_xor(rows: int, noise: float, rng: np.random.Generator) -> Columns:
    """1 where exactly one input is 1: no straight line separates the two classes."""
    corners = _CORNERS[np.arange(rows) % 4]
    return _clusters(corners, np.abs(corners[:, 0] - corners[:, 1]), noise, rng)


def circles(rows: int, noise: float, rng: np.random.Generator) -> Columns:
    """An inner disc (class 1) in an outer ring (class 0), half of the rows each."""
    inner = np.arange(rows) % 2 == 1
    # The square root spreads points evenly over the disc; without it they would crowd at its centre.
    radius = np.where(inner, 0.5 * np.sqrt(rng.uniform(0.0, 1.0, rows)), rng.uniform(0.85, 1.1, rows))
    angle = rng.uniform(0.0, 2.0 * np.pi, rows)
    # Noise is held within ±2 deviations, so that the ring stays a ring to the eye.
    errors = noise * np.clip(rng.standard_normal((2, rows)), -2.0, 2.0)
    x1, x2 = radius * np.cos(angle) + errors[0] / 2, radius * np.sin(angle) + errors[1] / 2
    return {"x1": x1, "x2": x2, "class": inner.astype(np.float64)}


def spirals(rows: int, noise: float, rng: np.random.Generator) -> Columns:
    """Two arms of a spiral, a turn and a half each, wound into each other."""
    second = np.arange(rows) % 2 == 1
    along = np.sqrt(rng.uniform(0.02, 1.0, rows))
    angle = 3.0 * np.pi * along + np.pi * second
    x1 = along * np.cos(angle) + noise * rng.standard_normal(rows)
    x2 = along * np.sin(angle) + noise * rng.standard_normal(rows)
    return {"x1": x1, "x2": x2, "class": second.astype(np.float64)}


def bands(rows: int, noise: float, rng: np.random.Generator) -> Columns:
    """Two bands that run beside each other from one corner to the other, in waves; of one row in four the class is
    known, NaN of the others."""
    second = np.arange(rows) % 2 == 1
    along = rng.uniform(-1.0, 1.0, rows)
    across = np.where(second, 0.3, -0.3) + 0.15 * np.sin(np.pi * along) + noise * rng.standard_normal(rows)
    x1, x2 = (along - across) * np.sqrt(0.5), (along + across) * np.sqrt(0.5)
    known = np.arange(rows) // 2 % 4 == 0
    return {"x1": x1, "x2": x2, "class": np.where(known, second, np.nan)}


def sine(rows: int, noise: float, rng: np.random.Generator) -> Columns:
    """y = sin πx on [−2, 2], two full waves, x ascending."""
    x = np.sort(rng.uniform(-2.0, 2.0, rows))
    return {"x": x, "y": np.sin(np.pi * x) + noise * rng.standard_normal(rows)}


def _clusters(corners: Array, y: Array, noise: float, rng: np.random.Generator) -> Columns:
    x1, x2 = (corners + noise * rng.standard_normal(corners.shape)).T
    return {"x1": x1, "x2": x2, "y": y}
