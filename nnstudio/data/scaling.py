"""Standardizing columns: z = (x − mean) / deviation.

Columns in different units (years, milligrams) have slopes of very different size, and no one learning rate suits them
all. Standardized, each has mean 0 and deviation 1. Mean and deviation are those of the training rows alone: whatever is
measured on the other rows must not have known them. (Deviation with ddof 0, as scikit-learn's StandardScaler has it.)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.errors import DataError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """Mean and scale of each column: 0 and 1 where a column stays as it is."""

    mean: Array
    scale: Array

    def apply(self, table: Array) -> Array:
        """The standardized table, C-contiguous and read-only: what a run learns from never changes under it."""
        scaled = np.ascontiguousarray(table - self.mean)
        scaled /= self.scale
        scaled.flags.writeable = False
        return scaled


def no_scaling(columns: int) -> Scaling:
    return Scaling(np.zeros(columns), np.ones(columns))


def scaling_of(table: Array, names: tuple[str, ...]) -> Scaling:
    """The scaling that standardizes these (training) rows; a constant column keeps scale 1."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean, deviation = table.mean(axis=0), table.std(axis=0)
    for number, name in enumerate(names):
        if not np.isfinite(deviation[number]):
            largest = np.abs(table[:, number]).max()
            raise DataError(
                f"column '{name}' has numbers as large as {largest:.3g}, too large to standardize; "
                "use a larger unit or leave the column out"
            )
    constant = is_constant(table) | (deviation == 0.0)
    return Scaling(mean, np.where(constant, 1.0, deviation))


def is_constant(table: Array) -> NDArray[np.bool_]:
    """Which columns are the same in every row. (Their computed deviation may be a rounding error above 0.)"""
    return np.asarray(table.max(axis=0) == table.min(axis=0))
