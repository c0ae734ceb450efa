"""Tables that are drawn rather than read: small problems with a shape one can see.

Each generator takes a `Drawing`, which says how many rows and how they are drawn, and a random generator. It returns
the columns by name, NaN where a cell is missing. The same seed draws the same table on every machine.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Columns = dict[str, Array]


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a table is drawn. What a generator has no use for it does not read."""

    rows: int
    noise: float = 0.0
    """The deviation of the normal errors that are added."""
    turns: float = 1.0
    """How often a spiral winds around its middle, or how many waves a curve has."""
    balance: float = 0.5
    """The share of the rows that are of class 1."""


Generator = Callable[[Drawing, np.random.Generator], Columns]

_CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
_AVERAGED = np.array([[0.1, 0.3], [0.1, -0.1], [-0.8, 0.2]])


def averages(drawing: Drawing, rng: np.random.Generator) -> Columns:
    """Two numbers and their average: the three rows of the first experiment, and random ones beyond them."""
    rows = drawing.rows
    drawn = rng.uniform(-1.0, 1.0, (max(rows - len(_AVERAGED), 0), 2)).round(2)
    x1, x2 = np.vstack([_AVERAGED, drawn])[:rows].T
    # Rounding makes 0.2 of (0.1 + 0.3) / 2 exactly, not its neighbour, so the example can be followed by hand.
    return {"x1": x1, "x2": x2, "y": ((x1 + x2) / 2 + drawing.noise * rng.standard_normal(rows)).round(12)}


def logical_and(drawing: Drawing, rng: np.random.Generator) -> Columns:
    """1 where both inputs are 1."""
    return _clusters(_CORNERS[:, 0] * _CORNERS[:, 1], drawing, rng)


def logical_xor(drawing: Drawing, rng: np.random.Generator) -> Columns:
    """1 where exactly one input is 1: no straight line separates the two classes."""
    return _clusters(np.abs(_CORNERS[:, 0] - _CORNERS[:, 1]), drawing, rng)


def circles(drawing: Drawing, rng: np.random.Generator) -> Columns:
    """An inner disc (class 1) in an outer ring (class 0)."""
    rows, inner = drawing.rows, _of_class_1(drawing)
    # The square root spreads points evenly over the disc; without it they would crowd at its centre.
    radius = np.where(inner, 0.5 * np.sqrt(rng.uniform(0.0, 1.0, rows)), rng.uniform(0.85, 1.1, rows))
    angle = rng.uniform(0.0, 2.0 * np.pi, rows)
    # Noise is held within ±2 deviations, so that the ring stays a ring to the eye.
    errors = drawing.noise * np.clip(rng.standard_normal((2, rows)), -2.0, 2.0)
    x1, x2 = radius * np.cos(angle) + errors[0] / 2, radius * np.sin(angle) + errors[1] / 2
    return {"x1": x1, "x2": x2, "class": inner.astype(np.float64)}


def spirals(drawing: Drawing, rng: np.random.Generator) -> Columns:
    """Two arms of a spiral, wound into each other."""
    rows, noise, second = drawing.rows, drawing.noise, _of_class_1(drawing)
    along = np.sqrt(rng.uniform(0.02, 1.0, rows))
    angle = 2.0 * drawing.turns * np.pi * along + np.pi * second
    x1 = along * np.cos(angle) + noise * rng.standard_normal(rows)
    x2 = along * np.sin(angle) + noise * rng.standard_normal(rows)
    return {"x1": x1, "x2": x2, "class": second.astype(np.float64)}


def bands(drawing: Drawing, rng: np.random.Generator) -> Columns:
    """Two bands that run beside each other from one corner to the other, in waves; of one row in four of each the class
    is known, NaN of the others."""
    rows, second = drawing.rows, _of_class_1(drawing)
    along = rng.uniform(-1.0, 1.0, rows)
    wave = 0.15 * np.sin(drawing.turns * np.pi * along)
    across = np.where(second, 0.3, -0.3) + wave + drawing.noise * rng.standard_normal(rows)
    x1, x2 = (along - across) * np.sqrt(0.5), (along + across) * np.sqrt(0.5)
    known = np.where(second, np.cumsum(second) - 1, np.cumsum(~second) - 1) % 4 == 0
    return {"x1": x1, "x2": x2, "class": np.where(known, second, np.nan)}


def sine(drawing: Drawing, rng: np.random.Generator) -> Columns:
    """A sine on [−2, 2] in so many waves, x ascending; y = sin πx has two."""
    x = np.sort(rng.uniform(-2.0, 2.0, drawing.rows))
    waves = np.sin(np.pi * drawing.turns / 2.0 * x)
    return {"x": x, "y": waves + drawing.noise * rng.standard_normal(drawing.rows)}


def _of_class_1(drawing: Drawing) -> NDArray[np.bool_]:
    """Which rows are of class 1: they lie evenly between the others, and from two rows on each class has one."""
    rows = drawing.rows
    share = min(max(drawing.balance, 1 / rows), 1 - 1 / rows)
    whole = np.floor(np.arange(rows + 1) * share + 1e-9)
    of_class_1: NDArray[np.bool_] = np.diff(whole) > 0
    return of_class_1


def _clusters(classes: Array, drawing: Drawing, rng: np.random.Generator) -> Columns:
    """Points around the corners of a square, each of its corner's class; each class takes its corners in turn."""
    if drawing.balance == classes.mean():
        taken = np.arange(drawing.rows) % len(classes)  # in the order of a truth table
    else:
        taken = _in_turn(classes, _of_class_1(drawing))
    corners = _CORNERS[taken]
    x1, x2 = (corners + drawing.noise * rng.standard_normal(corners.shape)).T
    return {"x1": x1, "x2": x2, "y": classes[taken]}


def _in_turn(classes: Array, of_class_1: NDArray[np.bool_]) -> NDArray[np.int64]:
    taken = np.empty(len(of_class_1), dtype=np.int64)
    for rows, corners in ((~of_class_1, np.flatnonzero(classes == 0)), (of_class_1, np.flatnonzero(classes == 1))):
        taken[rows] = np.resize(corners, np.count_nonzero(rows))
    return taken
