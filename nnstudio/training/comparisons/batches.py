"""Full batch, mini-batch and single sample: what an update sees of the data, and what it makes of that.

An epoch cuts the rows into mini-batches B, each with a cost J_B of its own. Weighed by their rows, these costs add up
to the cost of the data set, as long as the weights stay the same: Σ (m_B / m) J_B = J. That is why the gradient of a
mini-batch is right on average, and wrong by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from nnstudio.engine.batches import Batches
from nnstudio.engine.spec import Normalization
from nnstudio.experiment.document import Experiment
from nnstudio.training.run import Run

from .task import Materials

_USUAL_SHARE = 8


class Portion(StrEnum):
    """What an update sees."""

    FULL = "Full batch"
    MINI = "Mini-batch"
    SINGLE = "Single sample"


def portions(experiment: Experiment, rows: int) -> dict[Portion, int]:
    """How many rows each is: the experiment's own mini-batch where it is one, else an eighth of the rows. A batch
    normalization needs two rows to learn from."""
    normalized = any(layer.normalization is Normalization.BATCH for layer in experiment.network.layers)
    least = min(2, rows) if normalized else 1
    own = experiment.training.batch_size
    mini = own if least < own < rows else max(rows // _USUAL_SHARE, least)
    return {Portion.FULL: rows, Portion.MINI: mini, Portion.SINGLE: least}


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """An epoch cut into mini-batches of `size`: how many rows each has, and its cost, in their order."""

    size: int
    rows: np.ndarray
    costs: np.ndarray

    @property
    def mean(self) -> float:
        """The costs weighed by their rows: Σ (m_B / m) J_B."""
        return float(np.dot(self.rows / self.rows.sum(), self.costs))


@dataclass(frozen=True, slots=True, eq=False)
class CutsReport:
    """The cuts made so far, and the cost of all training rows at once."""

    cuts: tuple[Cut, ...]
    cost: float
    finished: bool


@dataclass(frozen=True, slots=True)
class Cutting:
    """Cut the first epoch in all of these sizes, and find the costs with the initial weights."""

    sizes: tuple[int, ...]

    def begin(self, materials: Materials) -> "_CuttingWork":
        return _CuttingWork(self.sizes, materials.run(materials.experiment))


class _CuttingWork:
    """A size at a time."""

    def __init__(self, sizes: Sequence[int], run: Run) -> None:
        self._sizes, self._run = sizes, run
        self._cuts: list[Cut] = []

    def advance(self, _seconds: float) -> CutsReport:
        self._cuts.append(cut(self._run, self._sizes[len(self._cuts)]))
        return CutsReport(tuple(self._cuts), self._run.history.train_cost[0], len(self._cuts) == len(self._sizes))


def cut(run: Run, size: int) -> Cut:
    """The first epoch of a run in mini-batches of this size, with the weights as they stand."""
    train, experiment = run.data.train, run.experiment
    batches = Batches(len(train.X), size, shuffle=experiment.training.shuffle, seed=experiment.seed)
    rows, costs = [], []
    with np.errstate(all="ignore"):
        for _ in range(batches.per_epoch):
            chosen = batches.advance()
            rows.append(len(chosen))
            weights = None if train.weights is None else train.weights[chosen]
            costs.append(run.model.evaluate(train.X[chosen], train.Y[chosen], weights).cost)
    return Cut(size, np.array(rows), np.array(costs))
