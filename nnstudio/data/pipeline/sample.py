"""Sampling: as many training rows of each class, where some classes are rare.

A network that says 'no' to everything is right in 99 of 100 rows where only one is a 'yes'. **Undersampling** draws as
many rows of each class as the rarest has and leaves out the others; **oversampling** repeats rows until each class has
as many as the most frequent. Only training rows are drawn: the others must stay as the world is.
"""

from enum import StrEnum

import numpy as np

from .step import StepSpec
from .table import Rows


class Sampling(StrEnum):
    """Whether rows are left out or repeated."""

    UNDER = "under"
    OVER = "over"


class Sample(StepSpec, frozen=True, kw_only=True, tag="sample"):
    """It is for rows, and so for no columns."""

    how: Sampling = Sampling.UNDER

    def draw(self, training: Rows, labels: Rows, rng: np.random.Generator) -> Rows:
        """The training rows that remain, ascending, some of them more than once; `labels` has their classes."""
        counts = np.bincount(labels)
        counts = counts[counts > 0]
        goal = int(counts.min() if self.how is Sampling.UNDER else counts.max())
        drawn = [_drawn(training[labels == label], goal, rng) for label in np.unique(labels)]
        return np.sort(np.concatenate(drawn))


def _drawn(rows: Rows, goal: int, rng: np.random.Generator) -> Rows:
    """So many of these rows: each as often as any other, to within once."""
    whole, rest = divmod(goal, len(rows))
    return np.concatenate([np.repeat(rows, whole), rng.permutation(rows)[:rest]])
