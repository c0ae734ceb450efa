"""Keyframes: within their budget, denser near the present, and cheap; journeys leave some where one goes back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.training import timeline as timeline_module
from nnstudio.training.debugger import Debugger
from nnstudio.training.journey import Journey
from nnstudio.training.keyframes import Keyframe, Keyframes, Moment
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal


def debugger_of():
    table = np.random.default_rng(1).normal(size=(7, 3))
    data = DataSpec(InlineSource(("x1", "x2", "y"), tuple(map(tuple, table.tolist()))), ("x1", "x2"), ("y",))
    layers = (LayerSpec(2, "tanh"), LayerSpec(1))
    return Debugger(build(Experiment(data, Network(layers), training=TrainingSpec(3, 100_000))))


def keep_every_iteration(machine, iterations, room):
    """Keyframes of a run, each iteration's, with a budget for so many."""
    first = Keyframe.of(machine, 0)
    keyframes = Keyframes(first, room * first.nbytes)
    for _ in range(iterations):
        machine.run_iteration()
        keyframes.add(Keyframe.of(machine, 0), Moment(machine.iterations))
    return keyframes


def iterations_of(keyframes):
    return [keyframe.moment.iterations for keyframe in keyframes]


@settings(max_examples=20)
@given(st.integers(4, 60), st.integers(100, 1500))
def test_they_stay_within_the_budget_with_the_first_and_the_last(room, iterations):
    keyframes = keep_every_iteration(debugger_of().machine, iterations, room)
    kept = iterations_of(keyframes)
    assert kept[0] == 0
    assert kept[-1] == iterations
    assert kept == sorted(set(kept))
    assert keyframes.nbytes <= keyframes.budget
    assert keyframes.nbytes == sum(keyframe.nbytes for keyframe in keyframes)
    assert len(keyframes) >= min(room // 3, iterations)


def test_they_are_denser_near_the_present():
    kept = np.array(iterations_of(keep_every_iteration(debugger_of().machine, 3000, 60)))
    gaps, ages = np.diff(kept), 3000 - kept[1:]
    assert gaps[-5:].max() <= 8
    assert gaps.max() > 100
    assert (gaps <= 4 + ages).all()  # no gap is longer than the way from it to the present


def test_those_around_the_moment_that_is_looked_at_stay_too():
    debugger = debugger_of()
    keyframes, here = debugger.timeline.keyframes, Moment(500)
    keyframes.set_budget(10**9, here)
    while debugger.machine.iterations < 3000:
        debugger.machine.run_iteration()
        keyframes.add(Keyframe.of(debugger.machine, 0), Moment(debugger.machine.iterations))
    keyframes.set_budget(60 * next(iter(keyframes)).nbytes, here)
    kept = np.array(iterations_of(keyframes))
    assert keyframes.nbytes <= keyframes.budget
    assert 500 in kept
    near = np.diff(kept)[(kept[1:] > 480) & (kept[:-1] < 520)]
    far = np.diff(kept)[(kept[1:] > 1500) & (kept[:-1] < 2000)]
    assert near.max() < far.min()


def test_a_budget_too_small_for_two_still_keeps_the_ends():
    keyframes = keep_every_iteration(debugger_of().machine, 20, 1)
    assert iterations_of(keyframes) == [0, 20]


def test_the_last_one_at_or_before_a_moment_is_found():
    keyframes = keep_every_iteration(debugger_of().machine, 10, 100)
    keyframes.forget_after(Moment(7))
    assert keyframes.before(Moment(9)).moment == Moment(7)
    assert keyframes.before(Moment(4, 3)).moment == Moment(4)
    assert keyframes.before(Moment(4)).moment == Moment(4)
    assert iterations_of(keyframes) == list(range(8))


def test_what_they_say_they_take_is_what_they_take():
    tracemalloc = pytest.importorskip("tracemalloc")
    machine, kept = debugger_of().machine, []
    machine.run_iteration()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        kept += [Keyframe.of(machine, 0) for _ in range(50)]
        taken = (tracemalloc.get_traced_memory()[0] - before) / 50
    finally:
        tracemalloc.stop()
    assert 0.6 < kept[0].nbytes / taken < 1.7


def test_they_are_taken_rarely_enough_to_cost_a_percent(monkeypatch):
    """Whatever one costs, the next is due a hundred times that later, and never sooner than 25 ms."""
    now = [100.0]
    monkeypatch.setattr(timeline_module.time, "perf_counter", lambda: now[0])
    timeline = debugger_of().timeline
    assert timeline.due == 100.0 + 0.025
    state = timeline.machine.state

    def slowly():
        now[0] += 0.01
        return state()

    monkeypatch.setattr(timeline.machine, "state", slowly)
    timeline.machine.run_iteration()
    timeline.keep()
    assert timeline.due == pytest.approx(now[0] + 1.0)
    assert timeline.due_at_epoch_end == pytest.approx(now[0] + 0.5)


def test_training_keeps_one_when_it_is_due(monkeypatch):
    monkeypatch.setattr(timeline_module, "_SECONDS_APART", 1e9)
    debugger = debugger_of()
    debugger.train(Goal.EPOCH)
    assert iterations_of(debugger.timeline.keyframes) == [0]
    debugger.timeline.due = 0.0
    debugger.train(Goal.EPOCH)
    assert iterations_of(debugger.timeline.keyframes) == [0, 4]
    debugger.timeline.due_at_epoch_end = 0.0
    debugger.train(Goal.EPOCH)
    assert iterations_of(debugger.timeline.keyframes) == [0, 4, 9]


def test_a_long_way_back_leaves_some_for_the_next_step_back(monkeypatch):
    monkeypatch.setattr(timeline_module, "_SECONDS_APART", 1e9)
    debugger = debugger_of()
    while debugger.machine.iterations < 1000:
        debugger.train(Goal.EPOCH)
    end = debugger.timeline.here
    debugger.go_to(Moment(900, 3))
    kept = iterations_of(debugger.timeline.keyframes)
    assert kept == [0, 644, 836, 884, 896, 899, 900, end.iterations]
    for _ in range(200):
        before = debugger.timeline.here
        journey = Journey(debugger.timeline, before._replace(pc=before.pc - 1) if before.pc else Moment(before[0] - 1))
        assert journey.total <= 4 * (900 - journey.target.iterations + 1)
        debugger.travel(journey)


@pytest.mark.parametrize("moment", [Moment(0, 1), Moment(5), Moment(2, -1), Moment(2, 99), Moment(-1)])
def test_only_moments_of_the_run_can_be_gone_to(moment):
    debugger = debugger_of()
    if moment.iterations == 2:
        debugger.train(Goal.EPOCH)
    with pytest.raises(ValueError, match="is not among the moments"):
        debugger.go_to(moment)
