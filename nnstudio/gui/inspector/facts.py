"""What a slot is like as a whole: its least and largest value, its norm √Σx², its mean.

NaN and infinities are left out and counted.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Facts:
    least: float
    largest: float
    norm: float
    mean: float
    not_finite: int = 0

    @property
    def scale(self) -> float:
        """The largest magnitude."""
        return max(abs(self.least), abs(self.largest))


def facts(values: np.ndarray) -> Facts | None:
    """None where there is no finite value."""
    flat = values.reshape(-1)
    if not flat.size:
        return None
    with np.errstate(all="ignore"):
        found = _facts(flat)
        if np.isfinite((found.least, found.largest)).all():
            return found
        finite = flat[np.isfinite(flat)]
        if not finite.size:
            return None
        found = _facts(finite)
    return Facts(found.least, found.largest, found.norm, found.mean, flat.size - finite.size)


def _facts(flat: np.ndarray) -> Facts:
    norm = float(np.sqrt(np.einsum("i,i", flat, flat)))  # not BLAS, whose threads the training keeps busy
    return Facts(float(flat.min()), float(flat.max()), norm, float(np.add.reduce(flat)) / flat.size)
