"""Walks through time: whichever way a person wanders through a run and whatever they do to it, a moment is the same
byte for byte as in a run that went straight there.

The walks are as many as a test may take; NNSTUDIO_WALKS=1000 makes them a thousand, of 50 moves each.
"""

import os
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from nnstudio.engine.arena import Arena, Role
from nnstudio.engine.batches import Batches
from nnstudio.engine.machine import Machine
from nnstudio.engine.spec import SpecError
from nnstudio.training import timeline as timeline_module
from nnstudio.training.branches import Fork, Lockstep
from nnstudio.training.debugger import Debugger
from nnstudio.training.journey import Journey
from nnstudio.training.keyframes import Moment
from nnstudio.training.run import build
from nnstudio.training.timeline import PutBack
from nnstudio.training.trainer import Goal, never

from .walked import experiments

WALKS = int(os.environ.get("NNSTUDIO_WALKS", "40"))
MOVES = 50
FARTHEST = 60


def bytes_of(machine):
    """Everything a run is: where it stands, its order of rows, its generator, and every number."""
    state = machine.state()
    batches = state.batches
    numbers = {name: flat.tobytes() for name, flat in state.store.items()}
    for size, families in state.workspaces.items():
        numbers |= {f"{name} for {size} rows": flat.tobytes() for name, flat in families.items()}
    where = (state.pc, state.iterations, state.batch_size, batches.cursor, batches.epoch, batches.generator)
    factors = machine.update_factor(), machine.update_factor(upcoming=True)
    rows = batches.order.tobytes(), batches.in_play.tobytes(), machine.batches.rows.tobytes()
    return where, rows, factors, state.set_after, numbers


class Straight:
    """The definition: a run from the start that never goes back, with the edits made where they were made."""

    def __init__(self, experiment):
        self._experiment = experiment
        self._made = []
        self._machine = build(experiment).machine

    def bytes_at(self, moment, edits):
        done = [edit for edit in edits if edit.moment <= moment]
        if self._here > moment or self._made != done[: len(self._made)] or self._late(done):
            self._machine, self._made = build(self._experiment).machine, []
        for edit in done[len(self._made) :]:
            self._run_to(edit.moment)
            edit.make(self._machine)
        self._made = done
        self._run_to(moment)
        return bytes_of(self._machine)

    @property
    def _here(self):
        return Moment(self._machine.iterations, self._machine.pc)

    def _late(self, done):
        """Whether it has passed the place of an edit that it has not made."""
        return any(edit.moment < self._here for edit in done[len(self._made) :])

    def _run_to(self, moment):
        with np.errstate(all="ignore"):
            while self._here < moment:
                self._machine.step()


class Walk(RuleBasedStateMachine):
    """A person at the keyboard, and what they have done so far."""

    @initialize(experiment=experiments(), dense=st.booleans(), few=st.booleans())
    def open(self, experiment, dense, few):
        self.debugger = Debugger(build(experiment))
        self.straight, self.aside = Straight(experiment), Straight(experiment)
        self.edits, self.undoable, self.undone = [], [], []
        self.furthest = Moment(0)
        self.dense = dense
        if few:
            keyframes = self.timeline.keyframes
            keyframes.set_budget(3 * keyframes.nbytes, self.timeline.here)

    @property
    def timeline(self):
        return self.debugger.timeline

    @property
    def machine(self):
        return self.debugger.machine

    def far(self):
        return self.machine.iterations > FARTHEST

    @rule(times=st.integers(1, 6))
    def step(self, times):
        for _ in range(times):
            self.debugger.step_over()

    @rule(name=st.sampled_from(["step_out", "step_batch"]))
    def run_on(self, name):
        getattr(self.debugger, name)()

    @rule(index=st.integers(0, 40))
    def run_to_operation(self, index):
        self.debugger.run_to_operation(index % min(len(program.ops) for program in self.machine.programs))

    @precondition(lambda self: not self.far())
    @rule(iterations=st.integers(1, 9), goal=st.sampled_from([Goal.LIMIT, Goal.EPOCH, Goal.RISE, Goal.at(3)]))
    def train_and_pause(self, iterations, goal):
        if self.dense:
            self.timeline.due = 0.0
        until = self.machine.iterations + iterations
        outcome = self.debugger.train(goal, lambda: self.machine.iterations >= until)
        if outcome.stopped is not None and outcome.stopped.restored is not None:
            self.note(self.timeline.edits[-1])
            assert isinstance(self.edits[-1], PutBack)

    @rule(name=st.sampled_from(["step_back", "step_back", "back_phase", "back_batch", "back_epoch"]))
    def back(self, name):
        if not self.timeline.at_start:
            before = self.timeline.here
            getattr(self.debugger, name)()
            assert self.timeline.here < before

    @rule(iterations=st.integers(0, FARTHEST), pc=st.integers(0, 40))
    def go_to(self, iterations, pc):
        moment = Moment(iterations, pc % len(self.machine.program.ops))
        self.debugger.go_to(min(moment, self.timeline.furthest))

    @rule()
    def go_to_the_start_or_return(self):
        self.debugger.go_to(self.timeline.furthest if self.timeline.at_start else Moment(0))

    @rule(iterations=st.integers(0, FARTHEST))
    def give_a_journey_up(self, iterations):
        here, count = self.timeline.here, []
        journey = Journey(self.timeline, min(Moment(iterations), self.timeline.furthest))
        journey.advance(lambda: count.append(1) or len(count) > 1)
        journey.give_up()
        assert self.timeline.here == here

    @rule(number=st.integers(0, 400), value=st.sampled_from([0.5, -0.0, 1e-3, -2.0]), learned=st.booleans())
    def set_a_number(self, number, value, learned):
        """A weight or a bias half of the time, else any number at all, which may not be possible."""
        names = self.machine.model.parameters if learned else [slot.name for slot in self.machine.slots()]
        slot = self.machine.slot(names[number % len(names)])
        if slot.role in (Role.OPTIMIZER, Role.STATISTIC, Role.RUNNING, Role.SETTING, Role.RATE):
            value = max(value, 0.01)  # a mean of squares is not negative
        index = tuple(map(int, np.unravel_index(number % (self.machine.value(slot.name).size), slot.shape)))
        before = bytes_of(self.machine)
        try:
            edit = self.debugger.setting(slot.name, index, value)
        except SpecError:
            assert bytes_of(self.machine) == before
            return
        self.make(edit)

    @rule(rate=st.sampled_from([0.01, 0.03]))
    def change_the_rate(self, rate):
        self.make(self.debugger.setting(self.machine.model.rate_setting, (), rate))

    @rule(factor=st.sampled_from([0.0, 0.0, 0.5, -1.0, 2.0, 1.0]))
    def scale_or_skip_the_update(self, factor):
        self.make(self.debugger.scaling(factor))

    @precondition(lambda self: self.undoable)
    @rule()
    def undo(self):
        """The run stands where it did before the edit, with what lay ahead then, unless it has gone back to before it,
        or another branch has done away with it."""
        edit, end, ahead, without = self.undoable.pop()
        here, with_it = self.timeline.here, (self.edits, self.furthest)
        if edit in self.edits:
            way, left = self.debugger.take_back(edit, end, ahead)
            self.debugger.travel(way)
            self.edits, self.furthest = without
            self.undone.append((edit, end, left, with_it))
            assert self.timeline.here == (here if here < edit.moment else end)

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self):
        """What lay ahead with the edit lies ahead again."""
        edit, end, ahead, with_it = self.undone.pop()
        without = self.edits, self.furthest
        self.debugger.go_to(edit.moment)
        left = self.debugger.make(edit, ahead)
        self.edits, self.furthest = with_it
        self.undoable.append((edit, end, left, without))

    @rule(iterations=st.integers(1, 5))
    def fork(self, iterations):
        """The original beside a branch goes on from here, without what was edited further on."""
        lockstep, here = Lockstep(Fork.of(self.debugger.run)), self.timeline.here
        lockstep.goal = here.iterations + iterations
        lockstep.advance(never)
        made = [edit for edit in self.edits if edit.moment <= here]
        machine = lockstep.original.run.machine
        assert bytes_of(machine) == self.aside.bytes_at(lockstep.original.moment, made)

    @rule()
    def keep(self):
        self.timeline.keep()

    def make(self, edit):
        """As the window makes it: at its moment, which the run goes back to. It can be undone."""
        here, without = self.timeline.here, (self.edits, self.furthest)
        self.debugger.go_to(edit.moment)
        left = self.debugger.make(edit)
        self.note(edit)
        self.undoable.append((edit, here, left, without))
        self.undone.clear()

    def note(self, edit):
        self.edits = [*(earlier for earlier in self.edits if earlier.moment <= edit.moment), edit]
        self.furthest = edit.moment

    @invariant()
    def the_moment_is_as_a_straight_run_has_it(self):
        if not hasattr(self, "debugger"):
            return
        here = self.timeline.here
        self.furthest = max(self.furthest, here)
        assert self.timeline.furthest == self.furthest
        assert self.debugger.run.history.epochs.tolist() == list(range(self.furthest.iterations // self.per_epoch + 1))
        assert bytes_of(self.machine) == self.straight.bytes_at(here, self.edits)

    @property
    def per_epoch(self):
        return self.machine.batches.per_epoch


walking = partial(
    settings, stateful_step_count=MOVES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@pytest.fixture(autouse=True)
def _keyframes_where_a_walk_wants_them(monkeypatch):
    monkeypatch.setattr(timeline_module, "_SECONDS_APART", 1e9)


def test_every_walk_through_time_meets_the_same_bytes():
    run_state_machine_as_test(Walk, settings=walking(max_examples=WALKS))


def _without(monkeypatch, kind, name, forgetful):
    """Let `kind.restore` leave something out, which is as if a keyframe did not have it."""
    whole = kind.restore
    monkeypatch.setattr(kind, name, lambda self, state: forgetful(self, state, whole))


def _but_for(word, self, state, whole):
    generator = state.generator | {word: self._generator.bit_generator.state[word]}
    whole(self, replace(state, generator=generator))


def _generator(self, state, whole):
    whole(self, replace(state, generator=self._generator.bit_generator.state))


def _cursor(self, state, whole):
    whole(self, replace(state, cursor=self.cursor))


def _order(self, state, whole):
    whole(self, replace(state, order=self._order.copy()))


def _step_count(self, families, whole):
    whole(self, {name: flat for name, flat in families.items() if name != "t"})


def _factors(self, state, whole):
    whole(self, replace(state, factors={}))


def _mean(self, families, whole):
    whole(self, {name: flat for name, flat in families.items() if name != "m"})


FAULTS = {
    "the generator's half a word": (Batches, partial(_but_for, "uinteger")),
    "whether the generator has half a word": (Batches, partial(_but_for, "has_uint32")),
    "the generator": (Batches, _generator),
    "the cursor": (Batches, _cursor),
    "the order of the rows": (Batches, _order),
    "Adam's count of steps": (Arena, _step_count),
    "Adam's mean": (Arena, _mean),
    "the factor of an update": (Machine, _factors),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_keyframe_that_leaves_something_out_is_found(monkeypatch, fault):
    kind, forgetful = FAULTS[fault]
    _without(monkeypatch, kind, "restore", forgetful)
    quick = walking(max_examples=200, derandomize=True, phases=[Phase.generate])
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Walk, settings=quick)
