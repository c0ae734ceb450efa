"""Drives a run for a person: train and pause, step by operation, phase, mini-batch and epoch, edit a weight, reset.

It has no thread of its own. Whoever calls it owns the machine at that moment: the training thread while it trains,
the window while it is paused.
"""

from collections.abc import Callable

import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import Op
from nnstudio.engine.settings import settings
from nnstudio.engine.spec import SpecError

from .nonfinite import NonFinite, written_by
from .run import Run
from .trainer import Goal, Outcome, Stop, Trainer, never


class Debugger:
    """A run and where it stands. `nonfinite` is set while the value at hand is a NaN or an infinity just written."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.trainer = Trainer(run)
        self.nonfinite: NonFinite | None = None

    @property
    def machine(self) -> Machine:
        return self.run.machine

    @property
    def at_start(self) -> bool:
        """Whether nothing has run yet, and the weights are the initial ones."""
        return self.machine.iterations == 0 and self.machine.at_boundary and not self.run.took_over

    def train(self, goal: Goal, interrupted: Callable[[], bool] = never) -> Outcome:
        """Train up to the goal. A run that has reached its last epoch goes on for as many epochs again."""
        self.nonfinite = None
        if goal is Goal.LIMIT and self.trainer.finished:
            self.trainer.limit = self.machine.epochs + self.run.experiment.training.epochs
        outcome = self.trainer.train(goal, interrupted)
        self.nonfinite = outcome.nonfinite
        return outcome

    def step_over(self) -> Op:
        """Run the next operation."""
        with np.errstate(all="ignore"):
            op = self.machine.step()
        self.nonfinite = written_by(self.machine, op)
        if self.machine.at_epoch_end:
            self.run.record_epoch()
        return op

    def step_out(self) -> None:
        """Run to the end of this phase: the rest of forward, backward or update."""
        self._step_to(self.machine.program.end_of_phase(self.machine.pc))

    def step_batch(self) -> None:
        """Run to the beginning of the next mini-batch."""
        self._step_to(len(self.machine.program.ops))

    def reset(self) -> None:
        """Back to the initial weights."""
        self.run.reset()
        self.nonfinite = None
        self.trainer = Trainer(self.run)

    def write(self, slot: str, index: tuple[int, ...], value: float) -> None:
        """Set one weight or bias."""
        self.machine.write(slot, index, value)
        self.trainer.keep()

    def set_learning_rate(self, rate: float) -> None:
        """From the next update on; a schedule goes on from where it is. SpecError if the optimizer cannot use this
        rate."""
        if problem := settings(self.run.experiment.optimizer)["learning_rate"].problem("learning_rate", rate):
            raise SpecError(problem)
        self.write(self.run.model.rate_setting, (), rate)

    def _step_to(self, target: int) -> None:
        """Run operations until `target`, or until one writes a value that is not finite."""
        iteration = self.machine.iterations
        while self.machine.iterations == iteration and self.machine.pc < target:
            self.step_over()
            if self.nonfinite is not None:
                return


__all__ = ["Debugger", "Goal", "Outcome", "Stop"]
