"""A run that is saved, closed and opened goes on as if it had never been interrupted: byte for byte, from any operation
of any epoch, whatever its optimizer, schedule, dropout, normalization, weights and pseudo-labels."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnstudio.engine.optimizers import Optimizer, optimizer
from nnstudio.engine.schedules import Schedule, schedule
from nnstudio.engine.spec import LayerSpec, Normalization, SpecError
from nnstudio.experiment.document import Network
from nnstudio.experiment.stopping import StoppingSpec
from nnstudio.training.breakpoints import ConditionBreakpoint, DataBreakpoint, Event
from nnstudio.training.debugger import Goal
from nnstudio.training.keyframes import Moment

from ..training.walked import (  # noqa: TID252 — tests are in no package that could be named
    experiment_of,
    experiments,
    with_pseudo_labels,
)
from .saved import debugger_of, everything, reopened, run_operations

RESUMED = int(os.environ.get("NNSTUDIO_RESUMED", "40"))
LATER = 500
HIDDEN = {
    "plain": LayerSpec(3, "tanh"),
    "dropout": LayerSpec(3, "relu", dropout=0.4),
    "batch normalization": LayerSpec(3, "tanh", normalization=Normalization.BATCH),
    "layer normalization": LayerSpec(3, "tanh", normalization=Normalization.LAYER),
}


def network(hidden):
    return Network((HIDDEN[hidden], LayerSpec(1)))


def assert_goes_on(debugger, path):
    """Here, and 500 operations on."""
    opened = reopened(debugger, path)
    assert everything(opened) == everything(debugger)
    for one in (debugger, opened):
        run_operations(one, LATER)
    assert everything(opened)[0] == everything(debugger)[0]


@pytest.mark.parametrize("name", Optimizer.names())
@pytest.mark.parametrize("hidden", HIDDEN)
def test_every_optimizer_goes_on_from_within_an_iteration(name, hidden, tmp_path):
    debugger = debugger_of(experiment_of(8, network=network(hidden), optimizer=optimizer(name)))
    run_operations(debugger, 99)
    assert_goes_on(debugger, tmp_path / "run.nnstudio")


@pytest.mark.parametrize("name", Schedule.names())
def test_every_schedule_goes_on(name, tmp_path):
    debugger = debugger_of(experiment_of(schedule=schedule(name)))
    run_operations(debugger, 99)
    assert_goes_on(debugger, tmp_path / "run.nnstudio")


@pytest.mark.parametrize("pseudo_labels", [False, True])
def test_a_run_goes_on_from_every_operation_of_an_epoch(pseudo_labels, tmp_path):
    made = experiment_of(10, network=network("dropout"))
    made = with_pseudo_labels(made) if pseudo_labels else made
    straight = debugger_of(made)
    straight.train(Goal.at(3))
    begun = straight.timeline.here
    while not straight.machine.at_epoch_end or straight.timeline.here == begun:
        opened = reopened(straight, tmp_path / "run.nnstudio")
        for one in (straight, opened):
            one.timeline.step()
        assert everything(opened)[0] == everything(straight)[0]


def test_a_run_that_has_been_opened_at_every_batch_is_the_one_that_never_was(tmp_path):
    made = experiment_of(8, network=network("batch normalization"), optimizer=optimizer("nadam"))
    straight, opened = debugger_of(made), debugger_of(made)
    while straight.machine.epochs < 3:
        opened = reopened(opened, tmp_path / "run.nnstudio")
        for one in (straight, opened):
            one.step_batch()
    assert everything(opened)[0] == everything(straight)[0]
    assert everything(opened)[4] == everything(straight)[4]


@settings(max_examples=RESUMED, suppress_health_check=[HealthCheck.too_slow])
@given(experiment=experiments(), number=st.integers(0, 200), epochs=st.integers(0, 4), back=st.integers(0, 6))
def test_whatever_a_run_is_made_of_it_goes_on(experiment, number, epochs, back):
    debugger = debugger_of(experiment)
    if epochs:
        debugger.train(Goal.at(epochs))
    run_operations(debugger, number)
    _edit(debugger)
    for _ in range(back):
        if not debugger.timeline.at_start:
            debugger.step_back()
    with TemporaryDirectory() as folder:
        assert_goes_on(debugger, Path(folder) / "run.nnstudio")


def _edit(debugger):
    """A weight that is −0, and an update of half its size."""
    debugger.write("W1", (0, 0), -0.0)
    with suppress(SpecError):  # in the middle of an update
        debugger.make(debugger.scaling(0.5))


def test_the_way_back_in_time_is_there_again(tmp_path):
    debugger = debugger_of(experiment_of())
    debugger.timeline.due = 0.0
    debugger.train(Goal.at(4))
    debugger.write("b1", (1,), 0.25)
    debugger.train(Goal.at(8))
    opened = reopened(debugger, tmp_path / "run.nnstudio")
    for moment in (Moment(2, 3), Moment(13, 1), debugger.timeline.furthest, Moment(0)):
        for one in (debugger, opened):
            one.go_to(moment)
        assert everything(opened)[0] == everything(debugger)[0]


def test_training_goes_on_to_the_same_stop(tmp_path):
    made = experiment_of(20, stopping=StoppingSpec(patience=3, min_delta=0.01, restore_best=True))
    straight, opened = debugger_of(made), debugger_of(made)
    opened.train(Goal.at(3))
    straight.train(Goal.at(3))
    opened = reopened(opened, tmp_path / "run.nnstudio")
    stops = [one.train(Goal.LIMIT).stopped for one in (straight, opened)]
    assert stops[0] is not None
    assert stops[0] == stops[1]
    again = reopened(opened, tmp_path / "run.nnstudio")
    assert again.stopped == opened.stopped
    assert [everything(one)[0] for one in (straight, again)] == [everything(opened)[0]] * 2


def test_breakpoints_count_on(tmp_path):
    debugger = debugger_of(experiment_of())
    breakpoints = (
        ConditionBreakpoint(condition="batch == 2", ignore=1),
        DataBreakpoint(slot="W1", index=(0, 1), event=Event.CROSSES, level=0.125, enabled=False, log="{W1}"),
    )
    debugger.watcher.watch(breakpoints)
    debugger.train(Goal.at(5))
    opened = reopened(debugger, tmp_path / "run.nnstudio")
    assert opened.watcher.breakpoints == breakpoints
    assert [opened.watcher.hits(one) for one in breakpoints] == [debugger.watcher.hits(one) for one in breakpoints]
    outcomes = [one.train(Goal.at(9)) for one in (debugger, opened)]
    assert [hit.count for hit in outcomes[0].hits] == [hit.count for hit in outcomes[1].hits]


def test_reset_goes_back_to_the_initial_weights(tmp_path):
    debugger = debugger_of(experiment_of())
    debugger.train(Goal.at(2))
    opened = reopened(debugger, tmp_path / "run.nnstudio")
    opened.reset()
    np.testing.assert_array_equal(opened.machine.value("W1"), debugger_of(experiment_of()).machine.value("W1"))


def test_a_run_that_took_over_weights_goes_on_with_them(tmp_path):
    old = debugger_of(experiment_of())
    old.train(Goal.at(2))
    wider = debugger_of(replace(experiment_of(), cost="mse"))
    wider.take_over(old)
    assert_goes_on(wider, tmp_path / "run.nnstudio")
