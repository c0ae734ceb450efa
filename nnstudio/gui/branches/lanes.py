"""What can be seen of branches: copies of their curves and numbers, taken while nothing runs."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np

from nnstudio.data.preparation import PartName
from nnstudio.gui.plots.series import Measured, SeriesName, Single
from nnstudio.training.branches import Branch, Lockstep
from nnstudio.training.history import History
from nnstudio.training.keyframes import Moment
from nnstudio.training.metrics import Metric
from nnstudio.training.series import Series

ORIGINAL = "As it was"


class Quantity(StrEnum):
    """What the curves show."""

    TRAINING = "Training"
    VALIDATION = "Validation"
    BATCH = "Mini-batch"


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Costs against epochs."""

    x: np.ndarray
    y: np.ndarray


Lines = Mapping[Quantity, Line]


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """A branch by its `number`, which stays with it; that of the original is 0. `cost` and `value` of the metric are
    of all training rows when an epoch ended last; `lines` begin at the fork, and so does `course`, all that is known
    of the training rows, against `epochs`."""

    branch: Branch
    number: int
    label: str
    moment: Moment
    epoch: int
    cost: float
    metric: Metric
    value: float
    lines: Lines
    epochs: np.ndarray
    course: Mapping[SeriesName, np.ndarray]

    @property
    def original(self) -> bool:
        return self.branch.difference is None

    @property
    def diverged(self) -> bool:
        return not isfinite(self.cost)


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """All of them, the original first. `trunk` is what they share: the epochs before the fork, which stands at epoch
    `fork`."""

    lanes: tuple[Lane, ...]
    trunk: Lines
    fork: float
    moment: Moment
    per_epoch: int
    nbytes: int
    full: bool

    @property
    def original(self) -> Lane:
        return self.lanes[0]

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Those that there are numbers of."""
        known = len(self.original.branch.fork.history.validation_cost) > 0
        return tuple(quantity for quantity in Quantity if known or quantity is not Quantity.VALIDATION)


def lanes_of(lockstep: Lockstep, numbers: Mapping[Branch, int]) -> Lanes:
    """The branches as they stand now; `numbers` are theirs, from 1."""
    fork = lockstep.fork
    finished = fork.history.epochs[-1]
    trunk = _by_epoch(fork.history, 0)
    return Lanes(
        tuple(_lane(branch, numbers.get(branch, 0), finished) for branch in lockstep),
        trunk,
        fork.moment.iterations / fork.per_epoch,
        fork.moment,
        fork.per_epoch,
        lockstep.nbytes,
        lockstep.full,
    )


def _lane(branch: Branch, number: int, fork_epoch: int) -> Lane:
    run, costs, per_epoch = branch.run, branch.batch_costs, branch.fork.per_epoch
    history, metric = run.history, run.metric
    batches = Line(np.array(costs.iterations, float) / per_epoch, np.array(costs.costs))
    start = bisect_left(history.epochs, fork_epoch)
    return Lane(
        branch,
        number,
        ORIGINAL if branch.difference is None else branch.difference.label,
        branch.moment,
        run.machine.epochs,
        _last(history.train_cost),
        metric,
        _last(history.of(PartName.TRAINING, metric)),
        {**_by_epoch(history, start), Quantity.BATCH: batches},
        np.array(history.epochs[start:], float),
        _course(history, start),
    )


def _by_epoch(history: History, start: int) -> dict[Quantity, Line]:
    series = {Quantity.TRAINING: history.train_cost, Quantity.VALIDATION: history.validation_cost}
    epochs = np.array(history.epochs[start:], float)
    return {quantity: Line(epochs, np.array(costs[start:])) for quantity, costs in series.items() if len(costs)}


def _course(history: History, start: int) -> dict[SeriesName, np.ndarray]:
    """The cost and the metrics of the training rows, and the learning rate."""
    course: dict[SeriesName, np.ndarray] = {
        Measured(part, metric): np.array(series[start:])
        for (part, metric), series in history.measured.items()
        if part is PartName.TRAINING
    }
    return {**course, Single.RATE: np.array(history.learning_rate[start:])}


def _last(series: Series[float]) -> float:
    return series[-1] if len(series) else float("nan")
