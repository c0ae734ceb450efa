"""Runs iterations until there is a reason to stop. This is the one loop that training is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np

from .nonfinite import NonFinite, replay_to_first
from .run import Run
from .timeline import Timeline


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
        self.timeline = Timeline(run.machine)
        self.limit = run.experiment.training.epochs
        self.seconds = 0.0

    @property
    def finished(self) -> bool:
        return self.run.machine.at_epoch_end and self.run.machine.epochs >= self.limit

    def train(self, goal: Goal, interrupted: Callable[[], bool] = never) -> Outcome:
        """Run iterations until the goal is reached, `interrupted` says so at the end of an iteration, or the cost is
        no longer finite. It always stops between two iterations, but for the last case."""
        machine, timeline = self.run.machine, self.timeline
        begun = time.perf_counter()
        with np.errstate(all="ignore"):
            while True:
                if timeline.edits_ahead:
                    timeline.run_iteration()
                else:
                    machine.run_iteration()
                now = time.perf_counter()
                if not isfinite(machine.cost):
                    self.seconds += now - begun
                    return Outcome(Stop.NOT_FINITE, self._find_nonfinite())
                if now >= timeline.due:
                    timeline.keep()
                if machine.batches.at_epoch_end:
                    self.seconds += now - begun
                    if outcome := self._end_epoch(goal):
                        return outcome
                    now = begun = time.perf_counter()
                if interrupted():
                    self.seconds += now - begun
                    return Outcome(Stop.INTERRUPTED)

    def _end_epoch(self, goal: Goal) -> Outcome | None:
        """What ends the training with this epoch, if anything does."""
        run = self.run
        if time.perf_counter() >= self.timeline.due_at_epoch_end:
            self.timeline.keep()
        if not run.epoch_recorded:
            run.record_epoch()
            if not isfinite(run.history.train_cost[-1]) and (found := self._find_nonfinite()):
                return Outcome(Stop.NOT_FINITE, found)
        return Outcome(Stop.REACHED) if goal is Goal.EPOCH or self.finished else None

    def _find_nonfinite(self) -> NonFinite | None:
        """Go back to a keyframe without trouble and on to the first operation that writes a NaN or an infinity. None
        if there is none (a sum over all rows may overflow where those of the mini-batches do not): then all is as it
        was."""
        machine, timeline = self.run.machine, self.timeline
        reached = machine.iterations
        timeline.restore(timeline.keyframes.before_trouble(self.run.model.store.remembered))
        found = replay_to_first(timeline, reached)
        timeline.forget_ahead()
        self.run.history.forget_from(machine.epochs + 1)
        return found
