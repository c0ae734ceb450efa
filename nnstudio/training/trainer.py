"""Runs iterations until there is a reason to stop. This is the one loop that training is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from math import isfinite

import numpy as np

from .breakpoints import Hit, Watcher
from .goals import Goal
from .keyframes import MEGABYTE
from .nonfinite import NonFinite, replay_to_first, written_by
from .run import Run
from .stopping import Stopped, Stopping, StoppingStanding
from .timeline import Timeline

_BUDGET = 16 * MEGABYTE
"""Enough to look for a NaN from, where nobody goes back in time."""


class Stop(StrEnum):
    """Why it stopped."""

    INTERRUPTED = "interrupted"
    REACHED = "reached its goal"
    EARLY = "stopped before its last epoch"
    NOT_FINITE = "the cost is not finite"
    BREAKPOINT = "a breakpoint"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Why it stopped: `stopped` and `nonfinite` say more where there is more to say."""

    stop: Stop
    nonfinite: NonFinite | None = None
    stopped: Stopped | None = None
    hits: tuple[Hit, ...] = ()
    """The breakpoints that stopped it."""


def never() -> bool:
    """Nothing interrupts."""
    return False


@dataclass(frozen=True, slots=True)
class TrainerStanding:
    """Up to which epoch it trains, for how many seconds it has, and what the stopping has seen."""

    limit: int
    seconds: float
    stopping: StoppingStanding


class Trainer:
    """Trains a run up to `limit` epochs. `seconds` counts the time of training alone, without evaluation;
    `budget` is the memory for keyframes, in bytes."""

    def __init__(self, run: Run, watcher: Watcher | None = None, budget: int = _BUDGET) -> None:
        self.run = run
        self.watcher = watcher or Watcher(run.machine, run.history)
        self.timeline = Timeline(run.machine, budget)
        self.limit = run.experiment.training.epochs
        self.seconds = 0.0
        self.stopping = Stopping(run, self.timeline)

    def standing(self) -> TrainerStanding:
        return TrainerStanding(self.limit, self.seconds, self.stopping.standing())

    def resume(self, standing: TrainerStanding) -> None:
        """Go on training from there; the timeline is told apart."""
        self.limit, self.seconds = standing.limit, standing.seconds
        self.stopping.resume(standing.stopping)

    @property
    def finished(self) -> bool:
        return self.run.machine.at_epoch_end and self.run.machine.epochs >= self.limit

    def train(self, goal: Goal, interrupted: Callable[[], bool] = never) -> Outcome:
        """Run iterations until the goal is reached, the experiment says to stop (on the way to the last epoch),
        `interrupted` says so at the end of an iteration, a breakpoint stops it, or a number is no longer finite. Only
        in these last two cases may it stop within an iteration."""
        machine, timeline = self.run.machine, self.timeline
        advance = self._advance()
        begun = time.perf_counter()
        with np.errstate(all="ignore"):
            while True:
                hits = advance()
                if hits and not machine.at_boundary:
                    self.seconds += time.perf_counter() - begun
                    return self._broken_off(hits)
                now = time.perf_counter()
                if not isfinite(machine.cost):
                    self.seconds += now - begun
                    return Outcome(Stop.NOT_FINITE, self._find_nonfinite())
                if now >= timeline.due:
                    timeline.keep()
                if machine.batches.at_epoch_end:
                    self.seconds += now - begun
                    if outcome := self._end_epoch(goal, hits or ()):
                        return outcome
                    now = begun = time.perf_counter()
                if hits:
                    self.seconds += now - begun
                    return Outcome(Stop.BREAKPOINT, hits=hits)
                if interrupted():
                    self.seconds += now - begun
                    return Outcome(Stop.INTERRUPTED)

    def record_epoch(self) -> bool:
        """The machine has come to the end of an epoch, in training or by steps: measure it. False if it has been
        there before."""
        if self.run.epoch_recorded:
            return False
        self.run.record_epoch()
        self.stopping.note()
        return True

    def _advance(self) -> Callable[[], tuple[Hit, ...] | None]:
        """What runs an iteration, chosen once for a whole stretch: nothing is looked for that cannot be there."""
        if not self.watcher.idle:
            return partial(self.watcher.run_iteration, self.timeline)
        return self.timeline.run_iteration if self.timeline.edits_ahead else self.run.machine.run_iteration

    def _broken_off(self, hits: tuple[Hit, ...]) -> Outcome:
        """Stopped in the middle of an iteration: by a NaN or an infinity if there is one, else by breakpoints."""
        machine = self.run.machine
        if any(written_by(machine, op) for op in machine.program.ops[: machine.pc]):
            return Outcome(Stop.NOT_FINITE, self._find_nonfinite())
        return Outcome(Stop.BREAKPOINT, hits=hits)

    def _end_epoch(self, goal: Goal, hits: tuple[Hit, ...]) -> Outcome | None:
        """What ends the training with this epoch, if anything does."""
        if time.perf_counter() >= self.timeline.due_at_epoch_end:
            self.timeline.keep()
        new = self.record_epoch()
        hits += self.watcher.end_epoch()
        if new:
            if self._in_trouble and (found := self._find_nonfinite()):
                return Outcome(Stop.NOT_FINITE, found)
            if goal is Goal.LIMIT and (stopped := self.stopping.verdict(self.seconds)):
                return Outcome(Stop.EARLY, stopped=stopped)
        if hits:
            return Outcome(Stop.BREAKPOINT, hits=hits)
        return Outcome(Stop.REACHED) if goal.reached(self.run) or self.finished else None

    @property
    def _in_trouble(self) -> bool:
        """Whether the epoch just measured has left a NaN or an infinity: in the cost over all rows, or in what lasts
        and need not show in any cost, such as a squared gradient that no weight moves by any more."""
        store = self.run.model.store
        return not isfinite(self.run.history.train_cost[-1]) or not store.is_finite(store.remembered)

    def _find_nonfinite(self) -> NonFinite | None:
        """Go back to a keyframe without trouble and on to the first operation that writes a NaN or an infinity. None
        if there is none (a sum over all rows may overflow where those of the mini-batches do not): then all is as it
        was."""
        machine, timeline = self.run.machine, self.timeline
        reached = machine.iterations + (not machine.at_boundary)
        timeline.restore(timeline.keyframes.before_trouble(self.run.model.store.remembered))
        found = replay_to_first(timeline, reached)
        timeline.forget_ahead()
        self.run.history.forget_from(machine.epochs + 1)
        return found


__all__ = ["Goal", "Outcome", "Stop", "Trainer", "never"]
