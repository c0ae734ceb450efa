"""How columns go together: Pearson's correlation r, from −1 to 1, of each pair over the rows in which both are known.

    r = Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² Σ (y − ȳ)²)

It sees straight lines alone: r = 0 says nothing about a ring or a parabola. A column that does not vary has none.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column


def correlations(columns: Sequence[Column]) -> NDArray[np.float64]:
    """r of each pair of number columns (columns × columns), NaN where it has no meaning."""
    values = np.column_stack([column.values for column in columns]).astype(np.float64)
    known = np.isfinite(values)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        if known.all():
            return _of_whole(values)
        return _of_pairs(values, known)


def _of_whole(values: NDArray[np.float64]) -> NDArray[np.float64]:
    varies = values.max(axis=0) != values.min(axis=0)
    around = np.where(varies, values - values.mean(axis=0), np.nan)
    around /= np.sqrt((around**2).sum(axis=0))
    r: NDArray[np.float64] = np.clip(around.T @ around, -1.0, 1.0)
    return r


def _of_pairs(values: NDArray[np.float64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """A gap in one column takes its row out of the pairs that this column is in, and of no other."""
    count = values.shape[1]
    found = np.full((count, count), np.nan)
    for one in range(count):
        for other in range(one, count):
            both = known[:, one] & known[:, other]
            if np.count_nonzero(both) > 1:
                found[one, other] = found[other, one] = _of_whole(values[both][:, [one, other]])[0, 1]
    return found
