"""The range test: which learning rate suits, found in a single short run.

L. N. Smith, "Cyclical learning rates for training neural networks" (2017): from the initial weights on, the rate is
raised by the same factor after each update, from far too small to far too large. At first the cost stays where it is,
then it falls faster and faster, then it blows up. Costs of mini-batches are noisy, so they are smoothed first:
s ← β s + (1 − β) J, divided by 1 − βᵏ after k updates.

Proposed is a tenth of the rate at which the smoothed cost is lowest: there the cost falls fast, and the rate is well
clear of where it blows up. (The other rule in use, the rate of the steepest descent, is at the mercy of noise where
mini-batches are small.) The test ends where the smoothed cost has blown up: above four times its lowest and above where
it began.
"""

import time
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from nnstudio.engine.schedules import Constant
from nnstudio.experiment.document import MOST_EPOCHS, Experiment
from nnstudio.experiment.edits import set_hyperparameter
from nnstudio.training.run import Run
from nnstudio.training.trainer import Goal, Stop, Trainer

from .rates import rounded
from .task import Materials

BETA = 0.9
BLOWN_UP = 4.0
_LEAST_POINTS = 8


@dataclass(frozen=True, slots=True)
class RangeTest:
    """From `low` to `high` in so many updates. A schedule is left aside: it would change the rate too."""

    low: float = 1e-5
    high: float = 10.0
    updates: int = 240

    def begin(self, materials: Materials) -> "RangeTesting":
        return RangeTesting(self, materials.run(self.of(materials.experiment)))

    def of(self, experiment: Experiment) -> Experiment:
        """The experiment that it runs."""
        started = set_hyperparameter(experiment, "learning_rate", self.low).experiment
        return replace(started, schedule=Constant())

    def rate(self, update: int) -> float:
        """The rate of an update, from 0."""
        return float(self.low * (self.high / self.low) ** (update / (self.updates - 1)))


@dataclass(frozen=True, slots=True, eq=False)
class RangeStretch:
    """All updates so far: the rate of each, and J of its mini-batch before it."""

    rates: tuple[float, ...]
    costs: tuple[float, ...]
    finished: bool


class RangeTesting:
    """A range test under way."""

    def __init__(self, test: RangeTest, run: Run) -> None:
        self._test = test
        self._trainer = Trainer(run)
        self._trainer.limit = MOST_EPOCHS
        self._machine = run.machine
        self._setting = run.model.rate_setting
        self._rates: list[float] = []
        self._costs: list[float] = []
        self._until = 0.0
        self._blown_up = False
        self._smooth = _Smooth()

    def advance(self, seconds: float) -> RangeStretch:
        self._until = time.perf_counter() + seconds
        outcome = self._trainer.train(Goal.LIMIT, self._note)
        over = outcome.stop is not Stop.INTERRUPTED or self._over
        return RangeStretch(tuple(self._rates), tuple(self._costs), over)

    @property
    def _over(self) -> bool:
        return self._blown_up or len(self._rates) == self._test.updates

    def _note(self) -> bool:
        """At the end of each update: note it, and raise the rate for the next one."""
        self._rates.append(self._test.rate(len(self._rates)))
        self._costs.append(self._machine.cost)
        self._blown_up = self._smooth.add(self._machine.cost)
        if self._over:
            return True
        self._machine.write(self._setting, (), self._test.rate(len(self._rates)))
        return time.perf_counter() >= self._until


@dataclass(frozen=True, slots=True)
class Proposal:
    """`rate` is a tenth of `lowest_at`, the rate at which the smoothed cost is lowest, to two digits."""

    rate: float
    lowest_at: float
    blew_up: bool
    """Whether the cost has blown up beyond it; else it was still low at the end of the range."""


def smoothed(costs: np.ndarray) -> np.ndarray:
    """The costs (updates,), smoothed."""
    smooth = _Smooth()
    values = []
    for cost in costs.tolist():
        smooth.add(cost)
        values.append(smooth.value)
    return np.array(values)


def propose(test: RangeTest, rates: np.ndarray, costs: np.ndarray) -> Proposal | None:
    """What the test proposes once it is over; None where the cost fell at no rate, or there is too little to tell."""
    if len(rates) < _LEAST_POINTS:
        return None
    smooth = smoothed(costs)
    lowest = int(np.argmin(smooth))
    if lowest < 2 or not smooth[lowest] < smooth[0]:
        return None
    at = float(rates[lowest])
    return Proposal(rounded(at / 10), at, blew_up=len(rates) < test.updates)


class _Smooth:
    """An exponential average that is no lower at first than later."""

    def __init__(self) -> None:
        self.value = float("nan")
        self._sum, self._weight = 0.0, 0.0
        self._first, self._lowest = float("nan"), float("inf")

    def add(self, cost: float) -> bool:
        """Take another cost; whether it has blown up."""
        self._sum = BETA * self._sum + (1 - BETA) * cost
        self._weight = BETA * self._weight + (1 - BETA)
        self.value = self._sum / self._weight
        if not isfinite(self._first):
            self._first = self.value
        self._lowest = min(self._lowest, self.value)
        return not self.value <= max(BLOWN_UP * self._lowest, self._first)
