"""A heat map's numbers: one a pixel at most, however large the matrix, and their colours from one table."""

from dataclasses import dataclass

import numpy as np

from nnstudio.gui.theme import Theme

_HALF = 255


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """The values drawn, and which row and column of the matrix each is."""

    values: np.ndarray
    rows: np.ndarray
    columns: np.ndarray


def sample(matrix: np.ndarray, most_rows: int, most_columns: int) -> Sampled:
    """A copy of the matrix, of evenly spaced rows and columns where it has more than there is room for."""
    rows, columns = _spread(matrix.shape[0], most_rows), _spread(matrix.shape[1], most_columns)
    if len(rows) == matrix.shape[0] and len(columns) == matrix.shape[1]:
        return Sampled(matrix.copy(), rows, columns)
    return Sampled(matrix[rows[:, None], columns], rows, columns)


def colour_table(theme: Theme) -> np.ndarray:
    """0xAARRGGBB for −1 … 1 in 511 steps, and nothing (transparent) as the last entry, for NaN."""
    rgba = theme.diverging(np.linspace(-1, 1, 2 * _HALF + 1)).astype(np.uint32)
    argb = rgba[:, 3] << 24 | rgba[:, 0] << 16 | rgba[:, 1] << 8 | rgba[:, 2]
    return np.append(argb, np.uint32(0)).astype(np.uint32)


def colours(values: np.ndarray, scale: float, table: np.ndarray) -> np.ndarray:
    """The pixels of values by `colour_table`, where `scale` is the largest finite magnitude; ∞ has the last colour."""
    steps = values * (_HALF / (scale or 1.0))
    with np.errstate(invalid="ignore"):
        np.rint(steps, steps)
        np.clip(steps, -_HALF, _HALF, out=steps)
    unknown = np.isnan(steps)
    steps[unknown] = _HALF + 1
    pixels: np.ndarray = table[steps.astype(np.int32) + _HALF]
    return pixels


def _spread(count: int, most: int) -> np.ndarray:
    """`most` of the numbers below `count`, evenly spaced; all if there are no more."""
    if count <= most:
        return np.arange(count)
    return (np.arange(most) * count + count // 2) // most
