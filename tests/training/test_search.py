"""Reverse continue: it finds the moment that looking at every operation of the run, from its start, finds last."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.training.breakpoints import ConditionBreakpoint, DataBreakpoint, Event, at_operation
from nnstudio.training.debugger import Debugger
from nnstudio.training.keyframes import Moment
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal


def debugger_of(*breakpoints):
    table = np.random.default_rng(3).normal(size=(7, 3))
    data = DataSpec(InlineSource(("x1", "x2", "y"), tuple(map(tuple, table.tolist()))), ("x1", "x2"), ("y",))
    layers = (LayerSpec(3, "tanh"), LayerSpec(1))
    debugger = Debugger(build(Experiment(data, Network(layers), training=TrainingSpec(3, 1000))))
    debugger.watcher.watch(breakpoints)
    return debugger


def condition(text):
    return ConditionBreakpoint(condition=text)


def at(index):
    return at_operation(debugger_of().machine.program, index)


def forward_to(debugger, moment):
    while debugger.timeline.here < moment:
        debugger.machine.step()


def last_by_looking_everywhere(breakpoints, moment):
    debugger = debugger_of(*breakpoints)
    watcher, last = debugger.watcher.rehearsal(), None
    while debugger.timeline.here < moment:
        _, hits = watcher.step(debugger.timeline)
        if hits and debugger.timeline.here < moment:
            last = debugger.timeline.here
    return last


CONDITIONS = ["J < 0.35", "J > 0.8", "abs(dW1).max() < 0.05", "W2[0, 0] > 0.5", "epoch >= 3 and J > 0.5"]


@settings(max_examples=60)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(CONDITIONS).map(condition),
            st.integers(0, 12).map(at),
            st.just(DataBreakpoint(slot="dW1", index=(0, 0), event=Event.CHANGES_SIGN)),
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda one: one.key,
    ),
    st.integers(0, 25),
    st.integers(0, 12),
    st.lists(st.integers(0, 25), max_size=4),
)
def test_it_finds_the_last_moment_that_a_breakpoint_would_have_stopped_at(breakpoints, iterations, pc, keyframes):
    debugger, end = debugger_of(*breakpoints), Moment(iterations, pc)
    for kept in sorted(keyframes):
        if kept < iterations:
            forward_to(debugger, Moment(kept))
            debugger.timeline.keep()
    forward_to(debugger, end)
    expected = last_by_looking_everywhere(breakpoints, end)
    search = debugger.search()
    assert debugger.travel(search)
    assert debugger.timeline.here == (end if expected is None else expected)
    assert bool(debugger.hits) == (expected is not None)
    assert debugger.timeline.furthest == end


def test_again_and_again_it_goes_further_back():
    debugger = debugger_of(at(5))
    forward_to(debugger, Moment(9, 7))
    found = []
    for _ in range(4):
        debugger.travel(debugger.search())
        found.append(debugger.timeline.here)
    assert found == [Moment(9, 5), Moment(8, 5), Moment(7, 5), Moment(6, 5)]


def test_it_is_interrupted_and_goes_on_and_can_be_given_up():
    debugger = debugger_of(condition("J > 1e9"))
    for _ in range(3):
        debugger.train(Goal.EPOCH)
        debugger.timeline.keep()
    end = debugger.timeline.here
    search, stretches = debugger.search(), 0
    while not debugger.travel(search, lambda: True):
        stretches += 1
        assert 0 <= search.done <= search.total
    assert stretches >= 9
    assert search.done == search.total == 9
    assert debugger.timeline.here == end
    assert not debugger.hits
    search = debugger.search()
    assert not debugger.travel(search, lambda: True)
    search.give_up()
    assert debugger.timeline.here == end


def test_hits_are_not_counted_and_nothing_is_printed():
    debugger = debugger_of(replace(condition("J < 0.5"), log="J is {J}"), condition("J > 1e9"))
    debugger.train(Goal.EPOCH)
    printed = len(debugger.watcher.log)
    debugger.travel(debugger.search())
    assert len(debugger.watcher.log) == printed


@pytest.mark.parametrize("pc", [0, 4])
def test_at_the_start_there_is_nothing_before(pc):
    debugger = debugger_of(at(5))
    forward_to(debugger, Moment(0, pc))
    debugger.travel(debugger.search())
    assert debugger.timeline.here == Moment(0, pc)
    assert not debugger.hits
