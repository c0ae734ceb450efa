"""Runs iterations until there is a reason to stop. This is the one loop that training is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np

from .nonfinite import NonFinite, replay_to_first
from .run import Run

_KEYFRAME_SECONDS = 1.0


class Goal(StrEnum):
    """Where a stretch of training ends by itself."""

    LIMIT = "the last epoch"
    EPOCH = "the end of the epoch"


class Stop(StrEnum):
    """Why it stopped."""

    INTERRUPTED = "interrupted"
    REACHED = "reached its goal"
    NOT_FINITE = "the cost is not finite"


@dataclass(frozen=True, slots=True)
class Outcome:
    stop: Stop
    nonfinite: NonFinite | None = None


def never() -> bool:
    """Nothing interrupts."""
    return False


class Trainer:
    """Trains a run up to `limit` epochs. `seconds` counts the time of training alone, without evaluation."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.limit = run.experiment.training.epochs
        self.seconds = 0.0
        self.keep()

    @property
    def finished(self) -> bool:
        return self.run.machine.at_epoch_end and self.run.machine.epochs >= self.limit

    def keep(self) -> None:
        """Take the state at hand as the keyframe that a search for a NaN starts from."""
        self._keyframe = self.run.machine.state()
        self._keyframe_time = time.perf_counter()

    def train(self, goal: Goal, interrupted: Callable[[], bool] = never) -> Outcome:
        """Run iterations until the goal is reached, `interrupted` says so at the end of an iteration, or the cost is
        no longer finite. It always stops between two iterations, but for the last case."""
        run, machine = self.run, self.run.machine
        self._keep_if_due()
        begun = time.perf_counter()
        with np.errstate(all="ignore"):
            while True:
                machine.run_iteration()
                if not isfinite(machine.cost):
                    self.seconds += time.perf_counter() - begun
                    return Outcome(Stop.NOT_FINITE, self._find_nonfinite())
                if machine.batches.at_epoch_end:
                    self.seconds += time.perf_counter() - begun
                    run.record_epoch()
                    if not isfinite(run.history.train_cost[-1]) and (found := self._find_nonfinite()):
                        return Outcome(Stop.NOT_FINITE, found)
                    if goal is Goal.EPOCH or self.finished:
                        return Outcome(Stop.REACHED)
                    self._keep_if_due()
                    begun = time.perf_counter()
                if interrupted():
                    self.seconds += time.perf_counter() - begun
                    return Outcome(Stop.INTERRUPTED)

    def _keep_if_due(self) -> None:
        """A keyframe is due every second, and when the machine went back behind the last one. It must hold no NaN
        and no infinity: the operation that wrote one lies behind it and would not be found from there."""
        machine, kept = self.run.machine, self._keyframe
        went_back = (machine.iterations, machine.pc) < (kept.iterations, kept.pc)
        due = time.perf_counter() - self._keyframe_time > _KEYFRAME_SECONDS
        if went_back or (due and machine.at_boundary and self.run.model.store.is_finite):
            self.keep()

    def _find_nonfinite(self) -> NonFinite | None:
        """Go back to the keyframe and on to the first operation that writes a NaN or an infinity. None if there is
        none (a sum over all rows may overflow where those of the mini-batches do not): then all is as it was."""
        reached = self.run.machine.iterations
        self.run.machine.restore(self._keyframe)
        found = replay_to_first(self.run.machine, reached)
        self.run.history.forget_from(self.run.machine.epochs + 1)
        return found
