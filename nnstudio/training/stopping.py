"""Stopping before the last epoch, as the experiment asks for it: asked at the end of each epoch of training.

- **Target cost**: J of all training rows has come down to it. It stops once: who trains on then wants less, and is
  stopped again only by a lower target.
- **Early stopping** (Prechelt, "Early stopping — but when?", 1998): the cost of the validation rows, or without such
  rows of the training rows, has not fallen by more than `min_delta` below its best for `patience` epochs. The weights
  of the best epoch are put back if that is asked for; optimizer, schedule, counters and random generator stay where
  they are, so that training can go on from there without repeating itself.
- **Time limit**: so many seconds of training have passed at the end of an epoch. How many epochs that are depends on
  the machine and on what else it does: of all that ends a run, this alone is not deterministic by its nature.

After a stop everything is counted anew, but for the best cost and its weights, which stand until they are beaten.
Epochs that a person steps through count, but stop nothing.
"""

from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from .run import Run
from .series import Series
from .timeline import Timeline


@dataclass(frozen=True, slots=True)
class Stopped:
    """After which epoch it stopped and why; `restored` is the epoch whose weights are back, None where none are."""

    epoch: int
    why: str
    restored: int | None = None

    def __str__(self) -> str:
        back = f"; the weights of epoch {self.restored} are back" if self.restored is not None else ""
        return f"Stopped after epoch {self.epoch}: {self.why}{back}"


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The epoch with the lowest cost so far, and what the network knew then."""

    epoch: int
    cost: float
    knowledge: dict[str, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class StoppingStanding:
    """Everything needed to go on watching: the best epoch, since when it counts, the target that has been met, and how
    many seconds of training had passed when it began to count them."""

    best: Best | None
    since: int
    target_met: float
    seconds_before: float


class Stopping:
    """Watches one run. `note` every epoch when it ends; then `verdict` says whether training ends too."""

    def __init__(self, run: Run, timeline: Timeline) -> None:
        self._run = run
        self._timeline = timeline
        self._best: Best | None = None
        self._since = 0
        """The epoch from which on the cost has not fallen, or since when it is counted anew."""
        self._target_met = inf
        self._seconds_before = 0.0

    def standing(self) -> StoppingStanding:
        return StoppingStanding(self._best, self._since, self._target_met, self._seconds_before)

    def resume(self, standing: StoppingStanding) -> None:
        """Go on watching from there."""
        self._best, self._since = standing.best, standing.since
        self._target_met, self._seconds_before = standing.target_met, standing.seconds_before

    def note(self) -> None:
        """The epoch that has just ended and is in the history. The run may have gone back, and branched off since."""
        spec, epoch, cost = self._run.experiment.stopping, self._epoch, self._watched[-1]
        if spec.patience is None or (self._best is not None and self._best.epoch >= epoch):
            self._best = None
        self._since = min(self._since, epoch - 1)
        if spec.patience is None:
            self._since = epoch
        elif isfinite(cost) and (self._best is None or cost < self._best.cost - spec.min_delta):
            self._best, self._since = Best(epoch, cost, self._run.model.knowledge()), epoch

    def verdict(self, seconds: float) -> Stopped | None:
        """Whether training ends with the epoch that was noted last, `seconds` of training after its begin."""
        stopped = self._by_target() or self._by_patience() or self._by_time(seconds)
        if stopped is not None:
            self._since, self._seconds_before = self._epoch, seconds
        return stopped

    @property
    def _epoch(self) -> int:
        return self._run.history.epochs[-1]

    @property
    def _watched(self) -> Series[float]:
        history = self._run.history
        return history.validation_cost or history.train_cost

    def _by_target(self) -> Stopped | None:
        target, cost = self._run.experiment.stopping.target_cost, self._run.history.train_cost[-1]
        if target is None or not cost <= target or target >= self._target_met:
            return None
        self._target_met = target
        return self._stopped(f"the training cost {cost:.4g} has come down to the target {target:g}")

    def _by_patience(self) -> Stopped | None:
        spec, best = self._run.experiment.stopping, self._best
        waited = self._epoch - self._since
        if spec.patience is None or waited < spec.patience:
            return None
        which = "validation" if self._run.history.validation_cost else "training"
        during = f"for {waited} epoch{'s' * (waited != 1)}"
        if best is None:
            return self._stopped(f"{which} cost has not been a finite number {during}")
        by = f" by more than {spec.min_delta:g}" if spec.min_delta else ""
        why = f"{which} cost has not fallen below {best.cost:.4g} (epoch {best.epoch}){by} {during}"
        if not spec.restore_best:
            return self._stopped(why)
        self._timeline.put_back(best.knowledge)
        self._run.note_put_back(best.epoch)
        return self._stopped(why, best.epoch)

    def _by_time(self, seconds: float) -> Stopped | None:
        limit = self._run.experiment.stopping.seconds
        if limit is None or seconds - self._seconds_before < limit:
            return None
        return self._stopped(f"the {limit:g} s of training are over")

    def _stopped(self, why: str, restored: int | None = None) -> Stopped:
        return Stopped(self._epoch, why, restored)
