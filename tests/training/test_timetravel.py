"""Time travel: whichever way a person wanders through a run, a moment is the same byte for byte.

The walks are as many as a test may take; NNSTUDIO_WALKS=1000 makes them a thousand of 50 moves.
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

from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.engine.arena import Arena
from nnstudio.engine.batches import Batches
from nnstudio.engine.optimizers import optimizer
from nnstudio.engine.schedules import Constant, Exponential, ReduceOnPlateau
from nnstudio.engine.spec import LayerSpec, Precision, RegularizationSpec
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.training import timeline as timeline_module
from nnstudio.training.branches import Fork, Lockstep
from nnstudio.training.debugger import Debugger
from nnstudio.training.journey import Journey
from nnstudio.training.keyframes import Moment
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal, never

WALKS = int(os.environ.get("NNSTUDIO_WALKS", "40"))
MOVES = 50
FARTHEST = 60


def experiment_of(rows=7, **changed):
    table = np.random.default_rng(1).uniform(0, 1, (rows, 3)).round(3)
    data = DataSpec(InlineSource(("x1", "x2", "y"), tuple(map(tuple, table.tolist()))), ("x1", "x2"), ("y",))
    usual = TrainingSpec(3, 1000, shuffle=True)
    made = Experiment(data, Network((LayerSpec(3, "tanh"), LayerSpec(1))), optimizer=optimizer("adam"), training=usual)
    return replace(made, **changed)


@st.composite
def experiments(draw):
    rows = draw(st.integers(2, 9))
    dropout = st.sampled_from([0.0, 0.4])
    hidden = [
        LayerSpec(draw(st.integers(1, 3)), draw(st.sampled_from(["relu", "tanh"])), dropout=draw(dropout))
        for _ in range(draw(st.integers(0, 2)))
    ]
    return experiment_of(
        rows,
        network=Network((*hidden, LayerSpec(1))),
        regularization=RegularizationSpec(
            draw(st.sampled_from([0.0, 0.01])), max_norm=draw(st.sampled_from([0.0, 1.0]))
        ),
        optimizer=optimizer(draw(st.sampled_from(["adam", "sgd", "adagrad"]))),
        schedule=draw(st.sampled_from([Constant(), Exponential(0.8), ReduceOnPlateau(0.5, 0)])),
        training=TrainingSpec(
            draw(st.integers(1, rows)), 1000, draw(st.booleans()), draw(st.sampled_from(list(Precision)))
        ),
        seed=draw(st.integers(0, 1000)),
    )


def bytes_of(machine):
    """Everything a run is: where it stands, its order of rows, its generator, and every number."""
    state = machine.state()
    batches = state.batches
    numbers = {name: flat.tobytes() for name, flat in state.store.items()}
    for size, families in state.workspaces.items():
        numbers |= {f"{name} for {size} rows": flat.tobytes() for name, flat in families.items()}
    where = (state.pc, state.iterations, state.batch_size, batches.cursor, batches.epoch, batches.generator)
    return where, batches.order.tobytes(), machine.batches.rows.tobytes(), numbers


class Straight:
    """The definition: a run from the start that never goes back, with the edits made where they were made."""

    def __init__(self, experiment):
        self._experiment = experiment
        self._made = ()
        self._machine = build(experiment).machine

    def bytes_at(self, moment, edits):
        done = [edit for edit in edits if edit[0] <= moment]
        if self._here > moment or self._made != tuple(done[: len(self._made)]) or self._late(done):
            self._machine, self._made = build(self._experiment).machine, ()
        for where, slot, index, value in done[len(self._made) :]:
            self._run_to(where)
            self._machine.write(slot, index, value)
        self._made = tuple(done)
        self._run_to(moment)
        return bytes_of(self._machine)

    @property
    def _here(self):
        return Moment(self._machine.iterations, self._machine.pc)

    def _late(self, done):
        """Whether it has passed the place of an edit that it has not made."""
        return any(edit[0] < self._here for edit in done[len(self._made) :])

    def _run_to(self, moment):
        while self._here < moment:
            self._machine.step()


class Walk(RuleBasedStateMachine):
    """A person at the keyboard, and what they have done so far."""

    @initialize(experiment=experiments(), dense=st.booleans(), few=st.booleans())
    def open(self, experiment, dense, few):
        self.debugger = Debugger(build(experiment))
        self.straight, self.aside = Straight(experiment), Straight(experiment)
        self.edits = []
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

    @precondition(lambda self: not self.far())
    @rule(iterations=st.integers(1, 9), goal=st.sampled_from([Goal.LIMIT, Goal.EPOCH, Goal.RISE, Goal.at(3)]))
    def train_and_pause(self, iterations, goal):
        if self.dense:
            self.timeline.due = 0.0
        until = self.machine.iterations + iterations
        self.debugger.train(goal, lambda: self.machine.iterations >= until)

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

    @rule(number=st.integers(0, 40), value=st.sampled_from([0.5, -0.0, 1e-3, -2.0]))
    def edit(self, number, value):
        slot = self.machine.model.parameters[number % len(self.machine.model.parameters)]
        size = self.machine.value(slot).size
        self.write(slot, np.unravel_index(number % size, self.machine.value(slot).shape), value)

    @rule(rate=st.sampled_from([0.01, 0.03]))
    def change_the_rate(self, rate):
        self.write(self.machine.model.rate_setting, (), rate)

    @precondition(lambda self: self.edits and self.edits[-1][0] <= self.timeline.here)
    @rule()
    def undo(self):
        """As the window undoes an edit: the value that was there before is set."""
        _, slot, index, _ = self.edits[-1]
        self.write(slot, index, 0.25)

    @rule(iterations=st.integers(1, 5))
    def fork(self, iterations):
        """The original beside a branch goes on from here, without what was edited further on."""
        lockstep, here = Lockstep(Fork.of(self.debugger.run)), self.timeline.here
        lockstep.goal = here.iterations + iterations
        lockstep.advance(never)
        made = [edit for edit in self.edits if edit[0] <= here]
        machine = lockstep.original.run.machine
        assert bytes_of(machine) == self.aside.bytes_at(lockstep.original.moment, made)

    @rule()
    def keep(self):
        self.timeline.keep()

    def write(self, slot, index, value):
        here = self.timeline.here
        self.edits = [edit for edit in self.edits if edit[0] <= here]
        self.edits.append((here, slot, tuple(map(int, index)), value))
        self.furthest = here
        self.debugger.write(slot, tuple(map(int, index)), value)

    @invariant()
    def the_moment_is_as_a_straight_run_has_it(self):
        if not hasattr(self, "debugger"):
            return
        here = self.timeline.here
        self.furthest = max(self.furthest, here)
        assert self.timeline.furthest == self.furthest
        assert self.debugger.run.history.epochs == list(range(self.furthest.iterations // self.per_epoch + 1))
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


def _half_word(self, state, whole):
    generator = state.generator | {"has_uint32": self._generator.bit_generator.state["has_uint32"]}
    whole(self, replace(state, generator=generator))


def _generator(self, state, whole):
    whole(self, replace(state, generator=self._generator.bit_generator.state))


def _cursor(self, state, whole):
    whole(self, replace(state, cursor=self.cursor))


def _order(self, state, whole):
    whole(self, replace(state, order=self._order.copy()))


def _step_count(self, families, whole):
    whole(self, {name: flat for name, flat in families.items() if name != "t"})


def _mean(self, families, whole):
    whole(self, {name: flat for name, flat in families.items() if name != "m"})


FAULTS = {
    "a half-word of the generator": (Batches, _half_word),
    "the generator": (Batches, _generator),
    "the cursor": (Batches, _cursor),
    "the order of the rows": (Batches, _order),
    "Adam's count of steps": (Arena, _step_count),
    "Adam's mean": (Arena, _mean),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_keyframe_that_leaves_something_out_is_found(monkeypatch, fault):
    kind, forgetful = FAULTS[fault]
    _without(monkeypatch, kind, "restore", forgetful)
    quick = walking(max_examples=200, derandomize=True, phases=[Phase.generate])
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Walk, settings=quick)
