"""Breakpoints: they stop where they should, say why, and never change a run."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.engine.optimizers import optimizer
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.training.breakpoints import (
    ConditionBreakpoint,
    DataBreakpoint,
    Event,
    OpBreakpoint,
    Watcher,
    at_operation,
    find_operation,
)
from nnstudio.training.debugger import Debugger, Goal, Stop
from nnstudio.training.run import build


def experiment_of(rows=7, batch=3, epochs=6, activations=("tanh",), scale=1.0, **changed):
    table = scale * np.random.default_rng(3).normal(size=(rows, 3))
    data = DataSpec(InlineSource(("x1", "x2", "y"), tuple(map(tuple, table.tolist()))), ("x1", "x2"), ("y",))
    layers = (*(LayerSpec(3, activation) for activation in activations), LayerSpec(1))
    return replace(Experiment(data, Network(layers), training=TrainingSpec(batch, epochs)), **changed)


def debugger_of(*breakpoints, **changed):
    debugger = Debugger(build(experiment_of(**changed)))
    debugger.watcher.watch(breakpoints)
    return debugger


def index_of(debugger, label):
    return next(i for i, op in enumerate(debugger.machine.program.ops) if op.label.startswith(label))


def at(debugger, label, **options):
    return replace(at_operation(debugger.machine.program, index_of(debugger, label)), **options)


def place(debugger):
    return debugger.machine.iterations, debugger.machine.pc


def bytes_of(debugger):
    state = debugger.machine.state()
    families = [state.store, *state.workspaces.values()]
    flats = [flat.tobytes() for family in families for flat in family.values()]
    return (
        state.pc,
        state.iterations,
        state.batches.order.tobytes(),
        state.batches.cursor,
        str(state.batches.generator),
        *flats,
    )


def run_on(debugger, most=1000):
    """Train to the end, and on from every stop; where it stopped and why."""
    stops = []
    while not debugger.trainer.finished and len(stops) < most:
        outcome = debugger.train(Goal.LIMIT)
        if outcome.stop is Stop.BREAKPOINT:
            stops += [(place(debugger), str(hit)) for hit in outcome.hits]
        else:
            assert outcome.stop is Stop.REACHED
    return stops


def step_on(debugger):
    """The same by steps."""
    stops = []
    while not debugger.trainer.finished:
        debugger.step_over()
        stops += [(place(debugger), str(hit)) for hit in debugger.hits]
    return stops


def test_it_stops_before_the_operation_in_every_iteration():
    debugger = debugger_of()
    index = index_of(debugger, "A1")
    debugger.watcher.watch([at(debugger, "A1")])
    for iteration in range(3):
        outcome = debugger.train(Goal.LIMIT)
        assert outcome.stop is Stop.BREAKPOINT
        assert place(debugger) == (iteration, index)
        assert debugger.machine.op.label.startswith("A1")
    assert str(outcome.hits[0]) == "before A1 = tanh(Z1) (epoch 1, mini-batch 3, hit 3)"


def test_at_the_first_operation_it_stops_between_two_iterations():
    debugger = debugger_of()
    debugger.watcher.watch([at_operation(debugger.machine.program, 0)])
    assert [stop for stop, _ in run_on(debugger)] == [(iteration, 0) for iteration in range(1, 19)]


def test_the_epoch_that_ends_at_a_breakpoint_is_measured():
    debugger = debugger_of()
    debugger.watcher.watch([replace(at_operation(debugger.machine.program, 0), condition="batch == 3")])
    debugger.train(Goal.EPOCH)
    assert debugger.hits
    assert debugger.run.history.epochs.tolist() == [0, 1]
    assert not debugger.trainer.finished


def test_stepping_comes_to_breakpoints_too_and_a_longer_step_stops_there():
    debugger = debugger_of()
    debugger.watcher.watch([at(debugger, "Z2"), at(debugger, "dW1")])
    debugger.step_batch()
    assert debugger.machine.op.label.startswith("Z2")
    debugger.step_over()
    assert debugger.hits == ()
    debugger.step_batch()
    assert debugger.machine.op.label.startswith("dW1")
    debugger.step_batch()
    assert place(debugger) == (1, 0)


def test_what_is_disabled_does_not_stop():
    debugger = debugger_of()
    debugger.watcher.watch([at(debugger, "A1", enabled=False)])
    assert debugger.watcher.idle
    assert run_on(debugger) == []
    assert debugger.watcher.hits(at(debugger, "A1")) == 0


def test_the_first_hits_pass_and_of_the_others_each_third_counts():
    debugger = debugger_of()
    breakpoint_ = at(debugger, "A1", ignore=4, every=3)
    debugger.watcher.watch([breakpoint_])
    assert [iteration for (iteration, _), _ in run_on(debugger)] == [4, 7, 10, 13, 16]
    assert debugger.watcher.hits(breakpoint_) == 18
    debugger.reset()
    assert debugger.watcher.hits(breakpoint_) == 0


def test_a_condition_is_looked_at_when_the_operation_is_reached():
    debugger = debugger_of()
    debugger.watcher.watch([at(debugger, "dW1", condition="epoch == 2 and J >= 0")])
    stops = run_on(debugger)
    assert [iteration for (iteration, _), _ in stops] == [3, 4, 5]
    assert stops[0][1].startswith("before dW1 = dZ1ᵀ X, where epoch == 2 and J >= 0 holds (epoch 2, mini-batch 1")


def test_a_condition_about_what_is_not_known_there_is_told_and_never_true():
    debugger = debugger_of()
    breakpoint_ = at(debugger, "Z1", condition="J > 0")
    debugger.watcher.watch([breakpoint_])
    assert debugger.watcher.problems[breakpoint_.key].startswith("J is not known yet where this looks; it is computed ")
    assert run_on(debugger) == []


def test_a_condition_alone_stops_when_it_has_become_true_behind_what_it_looks_at():
    debugger = debugger_of(ConditionBreakpoint(condition="J < 1e9"))
    cost = index_of(debugger, "J")
    stops = run_on(debugger)
    assert [stop for stop, _ in stops] == [(0, cost + 1)]
    assert re.fullmatch(r"J < 1e9 has become true \([\d.]+\) \(epoch 1, mini-batch 1\)", stops[0][1])


def test_a_condition_about_the_counters_stops_behind_the_load():
    debugger = debugger_of(ConditionBreakpoint(condition="epoch == 2 or epoch == 5"))
    assert [stop for stop, _ in run_on(debugger)] == [(3, 1), (12, 1)]


def test_a_condition_about_weights_stops_behind_their_update():
    debugger = debugger_of(ConditionBreakpoint(condition="norm(W1) > 0"))
    debugger.train(Goal.LIMIT)
    assert place(debugger) == (1, 0)


def test_the_machine_that_was_put_elsewhere_looks_anew_at_what_holds():
    debugger = debugger_of(ConditionBreakpoint(condition="epoch > 1"))
    debugger.train(Goal.LIMIT)
    assert debugger.train(Goal.EPOCH).stop is Stop.REACHED
    debugger.step_back()
    assert debugger.train(Goal.LIMIT).stop is Stop.BREAKPOINT


EVENTS = {
    Event.CHANGES: lambda a, b: b != a,
    Event.CROSSES: lambda a, b: (a < 0.1 <= b) or (b < 0.1 <= a),
    Event.CHANGES_SIGN: lambda a, b: (a < 0 <= b) or (b < 0 <= a),
}
WATCHED = [
    ("W1", (2, 0)), ("W1", None), ("b2", (0,)), ("J", None), ("J", ()), ("dW2", (0, 1)), ("dW2", None),
    ("Z1", (0, 1)), ("Z1", None), ("A2", (2, 0)), ("vW1", (0, 0)), ("X", (1, 1)),
]  # fmt: skip


def expected(slot, index, event, **changed):
    """The definition: what the slot held before and what it holds now, at every operation that writes it."""
    debugger = debugger_of(**changed)
    found, last = [], None
    machine = debugger.machine
    lasting = machine.slot(slot).lasting
    if lasting:
        last = machine.value(slot).copy()
    while not debugger.trainer.finished:
        op = debugger.step_over()
        if slot not in op.writes:
            continue
        now = machine.value(slot).copy()
        if last is not None:
            rows = min(len(last), len(now)) if now.ndim else None
            indices = [index] if index is not None else np.ndindex(now[:rows].shape) if now.ndim else [()]
            inside = [i for i in indices if not i or i[0] < rows]
            if any(EVENTS[event](last[i], now[i]) for i in inside):
                found.append(place(debugger))
        last = now
    return found


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize(("slot", "index"), WATCHED)
def test_a_data_breakpoint_stops_behind_the_operation_that_made_it_happen(slot, index, event):
    changed = {"optimizer": optimizer("sgd", learning_rate=0.5, momentum=0.5), "epochs": 8}
    debugger = debugger_of(DataBreakpoint(slot=slot, index=index, event=event, level=0.1), **changed)
    assert not debugger.watcher.problems
    assert [stop for stop, _ in run_on(debugger)] == expected(slot, index, event, **changed)


def test_it_says_which_number_it_was_and_what_it_was_before():
    debugger = debugger_of(DataBreakpoint(slot="W1", event=Event.CHANGES), epochs=1)
    before = debugger.machine.value("W1")[0, 0]
    debugger.train(Goal.LIMIT)
    now = debugger.machine.value("W1")[0, 0]
    assert str(debugger.hits[0]) == f"W1[0, 0] has changed: {before:.6g} → {now:.6g} (epoch 1, mini-batch 1)"


def test_a_data_breakpoint_may_have_a_condition_besides():
    debugger = debugger_of(DataBreakpoint(slot="J", event=Event.CHANGES, condition="iteration == 5"))
    assert [iteration for (iteration, _), _ in run_on(debugger)] == [4]


def test_a_slot_that_becomes_infinite_stops_where_the_search_for_it_stops():
    changed = {"activations": ("relu",), "optimizer": optimizer("sgd", learning_rate=1e5), "epochs": 100}
    plain, watched = debugger_of(**changed), debugger_of(DataBreakpoint(slot="J", event=Event.NOT_FINITE), **changed)
    condition = debugger_of(ConditionBreakpoint(condition="isinf(J)"), **changed)
    outcomes = [one.train(Goal.LIMIT) for one in (plain, watched, condition)]
    assert [outcome.stop for outcome in outcomes] == [Stop.NOT_FINITE] * 3
    assert len({str(outcome.nonfinite) for outcome in outcomes}) == 1
    assert bytes_of(plain) == bytes_of(watched) == bytes_of(condition)


def test_an_infinity_that_the_cost_does_not_show_is_caught_by_its_slot():
    changed = {"activations": ("sigmoid",), "scale": 1.0}
    debugger = debugger_of(**changed)
    check_before = DataBreakpoint(slot="Z1", event=Event.NOT_FINITE)
    debugger.watcher.watch([check_before])
    debugger.write("W1", (0, 0), 1.7e308)
    debugger.write("W1", (0, 1), 1.7e308)
    outcome = debugger.train(Goal.LIMIT)
    assert outcome.stop is Stop.NOT_FINITE
    assert outcome.nonfinite.slot == "Z1"
    assert debugger.machine.last_op.label.startswith("Z1")


def test_a_log_point_prints_and_does_not_stop():
    debugger = debugger_of()
    line = "iteration {iteration}: J is {J}, {J > 0}, stale {norm(dZ1)}"
    debugger.watcher.watch([at(debugger, "dA1", log=line, ignore=2, every=5)])
    costs = []
    other = debugger_of()
    while not other.trainer.finished:
        other.step_batch()
        costs.append(other.machine.cost)
    assert run_on(debugger) == []
    assert [entry.text for entry in debugger.watcher.log] == [
        f"iteration {i + 1}: J is {costs[i]:.6g}, true, stale —" for i in (2, 7, 12, 17)
    ]
    assert [entry.number for entry in debugger.watcher.log] == [1, 2, 3, 4]
    assert debugger.watcher.log[-1].epoch == 6


LINES = {
    "": "in the line to print, write what to print, such as J is {J}",
    "J is {J": "in the line to print, column 6: a brace is opened and not closed, or closed and not opened",
    "J}": "in the line to print, column 2: a brace is opened and not closed, or closed and not opened",
    "{J} {K}": "in the line to print, column 6: there is no slot 'K'",
    "{W1}": "in the line to print, column 2: W1 is 6 numbers; ask for one, such as max(W1)",
    "x" * 301: "in the line to print, this is 301 characters long; at most 300 are allowed",
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_cannot_be_printed_is_told(line):
    debugger = debugger_of()
    assert debugger.watcher.problem(at(debugger, "J", log=line)).startswith(LINES[line])


UNFIT = {
    DataBreakpoint(slot="W9", event=Event.CHANGES): "there is no slot W9 in this network",
    DataBreakpoint(slot="W1", index=(3, 0), event=Event.CHANGES): "W1 has no element [3, 0] in this network",
    DataBreakpoint(slot="W1", index=(0,), event=Event.CHANGES): "W1 has no element [0] in this network",
    DataBreakpoint(slot="alpha", event=Event.CHANGES): "no operation writes alpha; it never changes while training",
    ConditionBreakpoint(condition="W9 > 0"): "in the condition, column 1: there is no slot 'W9'",
    ConditionBreakpoint(condition=""): "in the condition, write a condition, such as J < 0.1",
    OpBreakpoint(slot="Z9", label="Z9 = A8 W9ᵀ + b9"): "there is no operation Z9 = A8 W9ᵀ + b9 in this network",
}


@pytest.mark.parametrize("unfit", UNFIT)
def test_what_cannot_work_in_this_network_says_why_and_the_others_work(unfit):
    debugger = debugger_of()
    debugger.watcher.watch([unfit, at(debugger, "A1")])
    assert debugger.watcher.problems[unfit.key].startswith(UNFIT[unfit])
    assert list(debugger.watcher.problems) == [unfit.key]
    assert len(run_on(debugger)) == 18


def test_it_finds_its_operation_in_another_network():
    narrow, deep = debugger_of(), debugger_of(activations=("relu", "relu"))
    for label, there in (("A1", "A1 = relu"), ("θ", "θ"), ("dW2", "dW2"), ("J", "J")):
        index = find_operation(deep.machine.program, at(narrow, label))
        assert deep.machine.program.ops[index].label.startswith(there)
    assert find_operation(narrow.machine.program, at(deep, "Z3")) is None


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw", "nadam", "adagrad", "rmsprop", "adadelta"])
def test_every_operation_is_found_again_and_no_two_are_mixed_up(name):
    program = debugger_of(optimizer=optimizer(name)).machine.program
    found = [find_operation(program, at_operation(program, index)) for index in range(len(program.ops))]
    assert found == list(range(len(program.ops)))


def test_of_several_operations_on_the_weights_the_last_stays_the_last():
    decaying, plain = debugger_of(optimizer=optimizer("adamw")), debugger_of(optimizer=optimizer("adam"))
    last = at_operation(decaying.machine.program, len(decaying.machine.program.ops) - 1)
    assert find_operation(plain.machine.program, last) == len(plain.machine.program.ops) - 1


def test_a_rehearsal_stops_wherever_a_condition_holds_and_counts_nothing():
    breakpoint_ = ConditionBreakpoint(condition="epoch == 2", ignore=5)
    debugger = debugger_of(breakpoint_)
    quiet, stops = debugger.watcher.rehearsal(), []
    while debugger.machine.iterations < 9:
        if quiet.run_iteration(debugger.timeline):
            stops.append(place(debugger))
    assert stops == [(3, 1), (4, 1), (5, 1)]
    assert debugger.watcher.hits(breakpoint_) == 0


CONDITIONS = st.sampled_from(
    ["", "J > 0.5", "epoch >= 2", "norm(W1) > 1", "abs(dW2).max() < 0.1", "dead(A1) > 0", "max(A2) > 0"]
)
COMMON = {
    "enabled": st.booleans() | st.just(True),
    "condition": CONDITIONS,
    "ignore": st.integers(0, 3),
    "every": st.integers(1, 3),
    "log": st.none() | st.just("{J} {epoch}"),
}
BREAKPOINTS = st.lists(
    st.builds(
        OpBreakpoint,
        slot=st.sampled_from(["X", "Z1", "A1", "Z2", "J", "dZ1", "dW1", "vW1", "W1"]),
        label=st.just("?"),
        **COMMON,
    )
    | st.builds(
        DataBreakpoint,
        slot=st.sampled_from(["W1", "Z1", "A2", "dW1", "b1", "J"]),
        event=st.sampled_from(Event),
        level=st.sampled_from([0.0, 0.1, 0.5]),
        **COMMON,
    )
    | st.builds(ConditionBreakpoint, **COMMON),
    max_size=8,
    unique_by=lambda one: one.key,
)


@settings(max_examples=40)
@given(BREAKPOINTS, st.sampled_from([3, 7, 1]), st.sampled_from(["relu", "tanh"]))
def test_breakpoints_never_change_a_run_and_training_stops_where_stepping_does(breakpoints, batch, activation):
    changed = {"batch": batch, "activations": (activation,), "optimizer": optimizer("sgd", momentum=0.9), "epochs": 3}
    plain, stepped, trained = (
        debugger_of(**changed),
        debugger_of(*breakpoints, **changed),
        debugger_of(*breakpoints, **changed),
    )
    plain.train(Goal.LIMIT)
    assert run_on(trained) == step_on(stepped)
    assert bytes_of(plain) == bytes_of(trained) == bytes_of(stepped)
    assert list(trained.watcher.log) == list(stepped.watcher.log)
    assert plain.run.history.train_cost == trained.run.history.train_cost == stepped.run.history.train_cost


def test_another_set_of_breakpoints_keeps_the_hits_of_those_that_stay():
    debugger = debugger_of()
    stays, new = at(debugger, "A1"), at(debugger, "Z2")
    debugger.watcher.watch([stays])
    debugger.train(Goal.LIMIT)
    debugger.watcher.watch([replace(stays, condition="epoch > 1"), new])
    assert debugger.watcher.hits(stays) == 1
    assert debugger.watcher.hits(new) == 0


def test_without_breakpoints_the_loop_runs_whole_iterations(monkeypatch):
    debugger = debugger_of()
    monkeypatch.setattr(Watcher, "run_iteration", None)
    assert debugger.train(Goal.LIMIT).stop is Stop.REACHED
