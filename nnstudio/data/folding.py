"""Folds: rows dealt into k parts of like size, for cross-validation.

Each fold validates once while the network learns from the others, so that every row has a say in how good it is.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


def deal(strata: Rows, folds: int) -> Rows:
    """The fold (from 0) of each of these rows, which are in a random order. The folds are of like size to within one
    row, and so is each stratum within them."""
    by_stratum = np.argsort(strata, kind="stable")
    fold = np.empty(len(strata), dtype=np.int64)
    fold[by_stratum] = np.arange(len(strata)) % folds
    return fold


def deal_groups(sizes: Rows, groups: Sequence[int], folds: int) -> Rows:
    """The fold of each of these groups, by the number of the group: the largest first, each to the smallest fold."""
    fold_of = np.full(len(sizes), -1, dtype=np.int64)
    rows = [0] * folds
    for group in sorted(groups, key=lambda group: -int(sizes[group])):
        smallest = rows.index(min(rows))
        fold_of[group] = smallest
        rows[smallest] += int(sizes[group])
    return fold_of
