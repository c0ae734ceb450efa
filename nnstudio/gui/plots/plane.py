"""The plane of two columns: its stretch, a grid over it, and the colours of what a network says there.

Classes are blended from neutral, where all are equally likely, to their own colours, where one is certain: the weight
of class k is the part of (pₖ − 1/K) / (1 − 1/K) above 0. With two classes this is the diverging map. Values take the
diverging map itself, around 0 where the targets have both signs and else around their middle.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from PySide6.QtGui import QColor

from nnstudio.data.preparation import PreparedData
from nnstudio.gui.theme import Theme

from .ranges import padded, square

STRENGTH = 0.85
"""How far the ground of a class goes towards its colour: its points stand out from it."""
_SHADES = 512


class Plane:
    """Where the data lie, in the table's units, and grids over it as the network sees them."""

    def __init__(self, data: PreparedData) -> None:
        self._data = data
        inputs = data.raw(np.concatenate((data.train.rows, data.validation.rows, data.unlabelled.rows)))
        low, high = inputs.min(axis=0), inputs.max(axis=0)
        x, y = (padded(float(low[n]), float(high[n])) for n in (0, 1))
        self.x, self.y = square(x, y)
        self._grids: dict[int, np.ndarray] = {}

    def places(self, side: int) -> np.ndarray:
        """The middles of side × side cells in the table's units (side² × 2), row by row from the top left."""
        steps = (np.arange(side) + 0.5) / side
        x = self.x[0] + steps * (self.x[1] - self.x[0])
        y = self.y[1] - steps * (self.y[1] - self.y[0])
        return np.column_stack((np.tile(x, side), np.repeat(y, side)))

    def grid(self, side: int) -> np.ndarray:
        """The same places as the network sees them."""
        if side not in self._grids:
            self._grids[side] = self._data.inputs_of(self.places(side))
        return self._grids[side]

    def cell(self, x: float, y: float, side: int) -> int | None:
        """The number of the cell at a place in the table's units, None outside."""
        column = int((x - self.x[0]) / (self.x[1] - self.x[0]) * side)
        row = int((self.y[1] - y) / (self.y[1] - self.y[0]) * side)
        return row * side + column if 0 <= row < side and 0 <= column < side else None


@dataclass(frozen=True, slots=True)
class Scale:
    """How values become positions in [−1, 1] of the diverging map."""

    middle: float
    reach: float

    @classmethod
    def of(cls, values: np.ndarray) -> "Scale":
        low, high = float(values.min()), float(values.max())
        middle = 0.0 if low < 0 < high and min(-low, high) > 0.25 * max(-low, high) else (low + high) / 2
        return cls(middle, max(high - middle, middle - low) or 1.0)

    def positions(self, values: np.ndarray) -> np.ndarray:
        scaled: np.ndarray = (values - self.middle) / self.reach
        return scaled


def probabilities(outputs: np.ndarray) -> np.ndarray:
    """Outputs (n × K) as shares of 1; those that are none already are clipped and divided by their sum."""
    clipped = np.clip(outputs, 0.0, 1.0)
    total = clipped.sum(axis=1, keepdims=True)
    shares: np.ndarray = np.divide(clipped, total, out=np.full_like(clipped, 1 / outputs.shape[1]), where=total > 0)
    return shares


def diverging_colours(positions: np.ndarray, theme: Theme) -> np.ndarray:
    """Positions in [−1, 1] as 0xAARRGGBB; transparent where there is no number."""
    known = np.isfinite(positions)
    steps = np.clip(np.nan_to_num(positions, nan=0.0) * (_SHADES / 2) + _SHADES / 2, 0, _SHADES).astype(np.intp)
    colours = _shades(theme)[steps]
    return colours if known.all() else np.where(known, colours, np.uint32(0))


def class_colours(outputs: np.ndarray, theme: Theme) -> np.ndarray:
    """Outputs (n × K) of K classes as 0xAARRGGBB; transparent where one is not finite."""
    count = outputs.shape[1]
    even = 1 / count
    weights = np.maximum(probabilities(outputs) - even, 0) / (1 - even)
    ground, own = _rgb(theme.neutral), np.array([_rgb(class_colour(n, theme)) for n in range(count)])
    rgb = ground + STRENGTH * weights @ (own - ground)
    parts = np.rint(np.nan_to_num(rgb)).astype(np.uint32)
    colours: np.ndarray = 0xFF000000 | parts[:, 0] << 16 | parts[:, 1] << 8 | parts[:, 2]
    return np.where(np.isfinite(outputs).all(axis=1), colours, 0).astype(np.uint32)


def class_colour(number: int, theme: Theme) -> str:
    return theme.classes[number % len(theme.classes)]


@cache
def _shades(theme: Theme) -> np.ndarray:
    rgba = theme.diverging(np.linspace(-1, 1, _SHADES + 1)).astype(np.uint32)
    shades: np.ndarray = (0xFF000000 | rgba[:, 0] << 16 | rgba[:, 1] << 8 | rgba[:, 2]).astype(np.uint32)
    return shades


def _rgb(name: str) -> np.ndarray:
    colour = QColor(name)
    return np.array((colour.red(), colour.green(), colour.blue()), dtype=np.float64)
