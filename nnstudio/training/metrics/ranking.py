"""ROC AUC: how well the outputs rank the rows, whatever threshold one would choose.

The area under the receiver operating characteristic is the probability that a row of the class has a higher output than
a row that is not of it, where equal ones count half: the Mann-Whitney statistic U / (n₊ n₋). So it needs no curve: for
each row of the class one counts the others below it, by bisecting their sorted outputs.

    AUC = 1/(n₊ n₋) Σ over pairs of 1 if a₊ > a₋, ½ if a₊ = a₋, else 0

For two classes it is that of the second, as in scikit-learn's `roc_auc_score`. For more it is the mean of one class
against the rest (`multi_class="ovr"`). It has no meaning where a class does not occur, or nothing but it.
"""

import numpy as np

from .classes import Classes


class Ranking:
    """Rows of known classes, waiting for outputs. `count` is 2 for a single output."""

    def __init__(self, true: Classes, count: int) -> None:
        wanted = (1,) if count == 2 else range(count)
        self._pairs = [(np.flatnonzero(true == number), np.flatnonzero(true != number)) for number in wanted]
        self._defined = all(len(inside) and len(outside) for inside, outside in self._pairs)

    def auc(self, outputs: np.ndarray) -> float:
        """The area for finite outputs (n × K); NaN where it has no meaning."""
        if not self._defined:
            return float("nan")
        columns = outputs.T[-len(self._pairs) :]  # of two outputs, and of one, the last
        areas = [_area(a[inside], a[outside]) for a, (inside, outside) in zip(columns, self._pairs, strict=True)]
        return sum(areas) / len(areas)


def _area(inside: np.ndarray, outside: np.ndarray) -> float:
    """Sorting both keeps the bisections near each other in memory."""
    inside.sort()
    outside.sort()
    below = outside.searchsorted(inside, "left") + outside.searchsorted(inside, "right")
    return int(below.sum()) / (2 * len(inside) * len(outside))
