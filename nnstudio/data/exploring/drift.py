"""Whether two parts of the rows are alike in a column: the test of Kolmogorov and Smirnov.

D is the largest distance between the two cumulative distributions. Were both drawn from the same one, D would exceed

    √(−½ ln(α/2)) √((n + m) / (n m))

with a probability of about α (Smirnov, 1948). Many columns are looked at, so α is shared among them (Bonferroni).
"""

from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

_ALPHA = 0.001


def distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """D of two samples, each at least one number long; both may be in any order."""
    one, other = np.sort(one), np.sort(other)
    both = np.concatenate((one, other))
    apart = np.searchsorted(one, both, "right") / len(one) - np.searchsorted(other, both, "right") / len(other)
    return float(np.abs(apart).max())


def drifts(one: NDArray[np.float64], other: NDArray[np.float64], tests: int = 1) -> bool:
    """Whether the difference is larger than chance makes it in one of a thousand data sets, of so many tests."""
    limit = sqrt(-log(_ALPHA / (2 * max(tests, 1))) / 2) * sqrt((len(one) + len(other)) / (len(one) * len(other)))
    return distance(one, other) > limit
