"""A branch: a run that goes on from a fork, with one difference or as it was."""

import numpy as np

from nnstudio.engine.machine import MachineState
from nnstudio.training.debugger import Debugger
from nnstudio.training.history import History
from nnstudio.training.keyframes import Keyframe, Moment
from nnstudio.training.run import Run

from .batch_costs import BatchCosts
from .carrying import carry_over
from .difference import Difference
from .fork import Fork


class Branch:
    """A run of its own, over arrays of its own. `start` is where it began; `difference` is None for the original.
    An ExperimentError or SpecError says why a network or an optimizer cannot work so."""

    def __init__(self, fork: Fork, difference: Difference | None = None) -> None:
        self.fork = fork
        self.difference = difference
        experiment = fork.experiment if difference is None else difference.experiment
        self.run = Run(experiment, fork.dataset, fork.data)
        self.batch_costs = BatchCosts()
        with np.errstate(all="ignore"):
            self._begin()
        self.start: MachineState = self.run.machine.state()

    @property
    def moment(self) -> Moment:
        """Where it stands."""
        return Moment(self.run.machine.iterations, self.run.machine.pc)

    @property
    def begins(self) -> Moment:
        """The fork, or the end of the iteration at hand there where the branch has other operations."""
        return Moment(self.start.iterations, self.start.pc)

    @property
    def nbytes(self) -> int:
        """What it takes, but for the data, which all share."""
        history = self.run.history
        numbers = len(history) * (len(history.measured) + len(history.gradient_norms) + 4) + 2 * len(self.batch_costs)
        return 2 * self.start.nbytes + 8 * numbers

    def advance(self) -> None:
        """Run the rest of the iteration, and measure the network where an epoch ends with it."""
        run, machine = self.run, self.run.machine
        machine.run_iteration()
        self.batch_costs.add(machine.iterations, machine.cost)
        if machine.at_epoch_end:
            run.record_epoch()

    def go_on(self) -> Debugger:
        """A run like this one that goes on by itself, and leads back to where the branch began."""
        run = Run(self.run.experiment, self.fork.dataset, self.fork.data)
        run.history = self.run.history.copy()
        run.took_over = True
        run.machine.restore(self.start)
        debugger = Debugger(run)
        debugger.timeline.restore(Keyframe(self.run.machine.state(), 0))
        debugger.timeline.keep()
        return debugger

    def _begin(self) -> None:
        difference, run = self.difference, self.run
        if difference is None or difference.at_once:
            self._restore(self.fork.state)
            self._take_history(self.fork.history)
        else:
            old = Branch(self.fork)
            if not old.run.machine.at_boundary:
                old.advance()
            carry_over(old.run.machine, run.machine)
            self._take_history(old.run.history)
        if difference is not None:
            self._differ(difference)
        if run.machine.at_epoch_end:
            run.record_epoch()

    def _restore(self, state: MachineState) -> None:
        machine = self.run.machine
        fresh = machine.batches.state().generator
        machine.restore(state)
        if self.difference is not None and self.difference.reseeded:
            machine.batches.generator.bit_generator.state = fresh

    def _differ(self, difference: Difference) -> None:
        machine, model = self.run.machine, self.run.model
        rate = difference.experiment.optimizer.learning_rate
        if rate != self.fork.experiment.optimizer.learning_rate:
            machine.write(model.rate_setting, (), rate)
        if difference.value is not None:
            machine.write(difference.value.slot, difference.value.index, difference.value.value)

    def _take_history(self, history: History) -> None:
        """The epochs before the fork, as far as a network of other layers can have had them."""
        if len(history.gradient_norms) == self.run.model.depth:
            self.run.history = history.copy()
        else:
            self.run.history.clear()
