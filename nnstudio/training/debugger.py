"""Drives a run for a person: train and pause, step by operation, phase, mini-batch and epoch, forward and back, set a
number, scale an update, reset.

It has no thread of its own. Whoever calls it owns the machine at that moment: the training thread while it trains,
the window while it is paused.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnstudio.engine.interventions import check_factor
from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import Op
from nnstudio.engine.settings import settings
from nnstudio.engine.spec import SpecError

from . import waypoints
from .ahead import Ahead
from .breakpoints import Hit, HitCount, Watcher
from .cursor import Cursor
from .journey import Journey
from .keyframes import BUDGET, Moment
from .nonfinite import NonFinite, written_by
from .run import Run, RunStanding
from .search import Search
from .stopping import Stopped
from .timeline import AnyEdit, Edit, Scaling, Timeline, TimelineStanding
from .trainer import Goal, Outcome, Stop, Trainer, TrainerStanding, never
from .ways import Way


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How a run stands: with its experiment and data, everything that determines what comes next, byte for byte, and
    all that has been so far."""

    run: RunStanding
    timeline: TimelineStanding
    trainer: TrainerStanding
    breakpoints: tuple[HitCount, ...] = ()
    stopped: Stopped | None = None


class Debugger:
    """A run and where it stands. `nonfinite` is set while the value at hand is a NaN or an infinity just written,
    `stopped` while it stands where the experiment had the training stop, `hits` are the breakpoints that stopped it
    here. `watcher` is told where to stop. `cursor` is where a person looks below the operation that runs next; whatever
    moves the run or changes it leaves there."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.watcher = Watcher(run.machine, run.history)
        self.trainer = Trainer(run, self.watcher, BUDGET)
        self.nonfinite: NonFinite | None = None
        self.stopped: Stopped | None = None
        self.hits: tuple[Hit, ...] = ()
        self.cursor: Cursor | None = None

    @property
    def machine(self) -> Machine:
        return self.run.machine

    @property
    def timeline(self) -> Timeline:
        """The moments of the run, to go back to."""
        return self.trainer.timeline

    @property
    def at_start(self) -> bool:
        """Whether nothing has run yet, and the weights are the initial ones."""
        return self.machine.iterations == 0 and self.machine.at_boundary and not self.run.took_over

    @property
    def untouched(self) -> bool:
        """Whether nothing has run at all: nor is there anything ahead to go forward to."""
        return self.at_start and not self.timeline.in_past

    def train(self, goal: Goal, interrupted: Callable[[], bool] = never) -> Outcome:
        """Train up to the goal. A run that has reached its last epoch goes on for as many epochs again. Whatever error
        an operation raises, the run then stands where that iteration began."""
        self.nonfinite, self.cursor, trainer = None, None, self.trainer
        if goal is not Goal.EPOCH and trainer.finished:
            trainer.limit = self.machine.epochs + self.run.experiment.training.epochs
        trainer.limit = max(trainer.limit, goal.epoch)
        try:
            outcome = trainer.train(goal, interrupted)
        except BaseException:
            self._go_back_to_whole_numbers()
            raise
        self.nonfinite, self.stopped, self.hits = outcome.nonfinite, outcome.stopped, outcome.hits
        self._mark()
        return outcome

    def step_over(self) -> Op:
        """Run the next operation. Whatever error it raises, the run then stands before it."""
        self.cursor = None
        try:
            with np.errstate(all="ignore"):
                op, self.hits = self.watcher.step(self.timeline)
        except BaseException:
            self._go_back_to_whole_numbers()
            raise
        self.nonfinite, self.stopped = written_by(self.machine, op), None
        if self.machine.at_epoch_end:
            self.trainer.record_epoch()
            self.hits += self.watcher.end_epoch()
        self._mark()
        return op

    def play(self, operations: int) -> None:
        """Run so many operations, or up to one that writes a value that is not finite or comes to a breakpoint."""
        left = iter(range(operations - 1, -1, -1))
        self._step_until(lambda: next(left) == 0)

    def step_out(self) -> None:
        """Run to the end of this phase: the rest of forward, backward or update."""
        self._step_to(self.machine.program.end_of_phase(self.machine.pc))

    def step_batch(self) -> None:
        """Run to the beginning of the next mini-batch."""
        self._step_to(len(self.machine.program.ops))

    def run_to_operation(self, index: int) -> None:
        """Run until the operation of this index comes next."""
        self._step_until(lambda: self.machine.pc == index)

    def run_to_layer(self, layer: int) -> None:
        """Run until the first operation of a layer comes next, on the way forward or back."""

        def arrived() -> bool:
            ops, pc = self.machine.program.ops, self.machine.pc
            return ops[pc].layer == layer and (pc == 0 or ops[pc - 1].layer != layer)

        self._step_until(arrived)

    def step_back(self) -> None:
        """Back to before the operation that has just run."""
        self.go_to(waypoints.operation_before(self.machine))

    def back_phase(self) -> None:
        """Back to the beginning of the phase of the operation that has just run."""
        self.go_to(waypoints.phase_before(self.machine))

    def back_batch(self) -> None:
        """Back to the beginning of this mini-batch, or from there to that of the one before."""
        self.go_to(waypoints.batch_before(self.machine))

    def back_epoch(self) -> None:
        """Back to the beginning of this epoch, or from there to that of the one before."""
        self.go_to(waypoints.epoch_before(self.machine))

    def go_to(self, moment: Moment) -> None:
        """Go to a moment that the run has come to before, however long that takes."""
        self.travel(Journey(self.timeline, moment))

    def travel(self, way: Way, interrupted: Callable[[], bool] = never) -> bool:
        """Go on with a way through time until it is there, which is true, or `interrupted` says so."""
        self.cursor = None
        arrived = way.advance(interrupted)
        if arrived:
            self.stopped, last = None, self.machine.last_op
            self.hits = way.hits if isinstance(way, Search) else ()
            self.nonfinite = written_by(self.machine, last) if last else None
            self.watcher.moved()
            if self.machine.at_epoch_end:
                self.trainer.record_epoch()
        return arrived

    def search(self) -> Search:
        """The search for the last moment before here at which a breakpoint would have stopped the run."""
        return Search(self.timeline, self.watcher)

    def reset(self) -> None:
        """Begin again with the initial weights; what has been so far is forgotten."""
        self.run.reset()
        self._begin()

    def take_over(self, old: "Debugger") -> tuple[str, ...]:
        """Begin with the weights of another run, as far as they fit; their names."""
        kept = self.run.take_over(old.run)
        self._begin()
        return kept

    def standing(self) -> Standing:
        """How the run stands. It is a copy: whoever has it may write it down while the run goes on."""
        run, trainer = self.run.standing(), self.trainer
        return Standing(run, self.timeline.standing(), trainer.standing(), self.watcher.tallies(), self.stopped)

    def resume(self, standing: Standing) -> None:
        """Stand where a run of the same experiment and data stood, and go on from there as if it had never ended."""
        self._begin()
        self.run.resume(standing.run)
        self.trainer.resume(standing.trainer)
        self.timeline.resume(standing.timeline)
        self.watcher.resume(standing.breakpoints)
        last = self.machine.last_op
        self.nonfinite = written_by(self.machine, last) if last else None
        self.stopped = standing.stopped

    def write(self, slot: str, index: tuple[int, ...], value: float) -> None:
        """Set one number, here."""
        self.make(Edit(self.timeline.here, slot, index, value))

    def setting(self, slot: str, index: tuple[int, ...], value: float) -> Edit:
        """The edit that sets one number of the iteration at hand: before the first operation that has read it, so that
        what follows from it is computed anew. SpecError if it cannot be set."""
        self.machine.check_write(slot, value)
        return Edit(waypoints.before_use(self.machine, slot), slot, index, value)

    def scaling(self, factor: float) -> Scaling:
        """The edit that lets the update that comes next, or is under way, move the parameters so many times as far: 0
        skips it. SpecError if the factor is not finite."""
        check_factor(factor, self.machine.model.dtype)
        return Scaling(waypoints.before_update(self.machine), factor)

    def make(self, edit: Edit | Scaling, ahead: Ahead | None = None) -> Ahead | None:
        """Make an edit, whose moment the run has to stand at. In the past another run branches off with it, with what
        lay `ahead` of the edit if it was made before; what lies ahead without it is returned, None if nothing does.
        SpecError if that is not possible, and then nothing happens."""
        left = self._ahead(edit.moment, self.timeline.held)
        self.timeline.make(edit)
        self.forget_ahead()
        self._rejoin(ahead)
        return left

    def take_back(self, edit: AnyEdit, end: Moment, ahead: Ahead | None = None) -> tuple[Journey, Ahead | None]:
        """As if an edit had not been made: the way to `end`, where the run stood before it, with what lay `ahead` then,
        as `make` gave it; and what lies ahead with the edit, None if nothing does. Who has gone back to before it stays
        there."""
        self.cursor = None
        timeline, here = self.timeline, self.timeline.here
        before = here < edit.moment
        left = self._ahead(edit.moment, timeline.edits.index(edit) + 1)
        timeline.take_back(edit, edit.moment if before else end)
        self.run.history.forget_from(edit.moment.iterations // self.machine.batches.per_epoch + 1)
        self._rejoin(ahead)
        return Journey(timeline, here if before else end), left

    def forget_ahead(self) -> None:
        """The run ends here: forget what it went on to from here."""
        self.cursor = None
        self.timeline.forget_ahead()
        self.run.history.forget_from(self.machine.epochs + 1)

    def set_learning_rate(self, rate: float) -> None:
        """From the next update on; a schedule goes on from where it is. SpecError if the optimizer cannot use this
        rate."""
        if problem := settings(self.run.experiment.optimizer)["learning_rate"].problem("learning_rate", rate):
            raise SpecError(problem)
        self.write(self.run.model.rate_setting, (), rate)

    def set_budget(self, budget: int) -> None:
        """Keep no more bytes of moments to go back to, in this run and whenever it is begun anew."""
        if budget != self.timeline.keyframes.budget:
            self.timeline.keyframes.set_budget(budget, self.timeline.here)

    def _go_back_to_whole_numbers(self) -> None:
        """An operation broke off with an error, so its numbers are half written: go back to where the run was taken up
        before it, or if that fails too to the last moment that was kept whole, and end there."""
        here, timeline = self.timeline.here, self.timeline
        kept = timeline.keyframes.before(here)
        timeline.restore(kept)
        try:
            Journey(timeline, here).advance(never)
        except Exception:
            timeline.restore(kept)
        self.nonfinite, self.stopped, self.hits = None, None, ()
        self.watcher.moved()
        self.forget_ahead()

    def _begin(self) -> None:
        self.nonfinite, self.stopped, self.hits, self.cursor = None, None, (), None
        self.watcher.forget_hits()
        self.trainer = Trainer(self.run, self.watcher, self.timeline.keyframes.budget)

    def _ahead(self, moment: Moment, made: int) -> Ahead | None:
        """What lies behind a moment and its first `made` edits."""
        return Ahead.of(self.run, self.timeline, self.trainer.stopping, moment, made)

    def _rejoin(self, ahead: Ahead | None) -> None:
        if ahead is not None:
            ahead.rejoin(self.run, self.timeline, self.trainer.stopping)

    def _step_to(self, target: int) -> None:
        """Run operations until `target` of this iteration, or until something stops it."""
        iteration = self.machine.iterations
        self._step_until(lambda: self.machine.iterations > iteration or self.machine.pc >= target)

    def _step_until(self, arrived: Callable[[], bool]) -> None:
        """Run operations, at least one, until it has arrived, or until one writes a value that is not finite or comes
        to a breakpoint."""
        while True:
            self.step_over()
            if self.nonfinite is not None or self.hits or arrived():
                return

    def _mark(self) -> None:
        """Mark on the timeline what has stopped the run here."""
        for what in (self.nonfinite, self.stopped, *self.hits):
            if what is not None:
                self.timeline.mark(str(what))


__all__ = ["Debugger", "Goal", "Outcome", "Stop"]
