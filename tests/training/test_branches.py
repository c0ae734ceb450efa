"""Branches: all is equal but the one thing that was changed, and the first operation that differs is found."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data.spec import DataSpec, InlineSource, MissingTargets, MissingUse
from nnstudio.engine.optimizers import optimizer
from nnstudio.engine.schedules import ReduceOnPlateau
from nnstudio.engine.spec import LayerSpec, Normalization, RegularizationSpec
from nnstudio.experiment import edits
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.errors import ExperimentError
from nnstudio.training.branches import (
    BatchCosts,
    Branch,
    Fork,
    Lockstep,
    PartingSearch,
    Value,
    of_edit,
    of_value,
)
from nnstudio.training.branches.carrying import carry_over
from nnstudio.training.branches.parting import first_difference
from nnstudio.training.debugger import Debugger
from nnstudio.training.keyframes import Moment
from nnstudio.training.run import build
from nnstudio.training.trainer import never


def experiment_of(**changed):
    table = np.random.default_rng(5).normal(size=(8, 3)).round(3)
    data = DataSpec(InlineSource(("x1", "x2", "y"), tuple(map(tuple, table.tolist()))), ("x1", "x2"), ("y",))
    layers = (LayerSpec(3, "sigmoid"), LayerSpec(3, "sigmoid"), LayerSpec(1))
    usual = Experiment(data, Network(layers), optimizer=optimizer("adam"), training=TrainingSpec(3, 1000))
    return replace(usual, **changed)


KINDS = ["p", None, "q", None, "p", "q", None, None]
SEMI_SUPERVISED = DataSpec(
    InlineSource(("a", "b", "y"), tuple((float(n), float(n % 3), kind) for n, kind in enumerate(KINDS))),
    ("a", "b"),
    ("y",),
    standardize=True,
    missing_targets=MissingTargets(MissingUse.PSEUDO_LABELS, 2, 0.6),
)


def run_of(operations=40, **changed):
    run = build(experiment_of(**changed))
    for _ in range(operations):
        run.machine.step()
        if run.machine.at_epoch_end:
            run.record_epoch()
    return run


def bytes_of(state):
    families = [state.store, *state.workspaces.values()]
    numbers = b"".join(flat.tobytes() for family in families for flat in family.values())
    where = (state.pc, state.iterations, state.batches.cursor, state.batches.epoch, str(state.batches.generator))
    return numbers, where, state.batches.order.tobytes()


def values_of(machine):
    """Where a machine stands, and every number of it."""
    return bytes_of(machine.state()), machine.batches.rows.tobytes(), machine.batches.state().in_play.tobytes()


def parting(fork, difference, epochs=3):
    lockstep = Lockstep(fork)
    branch = Branch(fork, difference)
    until = fork.moment.iterations + epochs * fork.per_epoch
    search = PartingSearch(lockstep.original, branch, until)
    assert search.advance(never)
    return search.comparison


def edited(run, edit):
    return of_edit(run.experiment, edit)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 90), st.integers(1, 4), st.booleans())
def test_the_original_goes_on_as_the_run_itself_does(operations, epochs, dropout):
    layers = (LayerSpec(3, "tanh", dropout=0.4 if dropout else 0.0), LayerSpec(1))
    run = run_of(operations, network=Network(layers))
    before = bytes_of(run.machine.state())
    lockstep = Lockstep(Fork.of(run))
    lockstep.aim_for(epochs)
    assert lockstep.advance(never)
    assert bytes_of(run.machine.state()) == before, "the run itself was moved"
    while run.machine.iterations < lockstep.goal:
        run.machine.run_iteration()
        if run.machine.at_epoch_end:
            run.record_epoch()
    original = lockstep.original.run
    assert bytes_of(original.machine.state()) == bytes_of(run.machine.state())
    assert original.history.train_cost.tobytes() == run.history.train_cost.tobytes()


def test_another_learning_rate_parts_at_the_first_update():
    run = run_of(43)
    fork = Fork.of(run)
    found = parting(fork, edited(run, edits.set_hyperparameter(run.experiment, "learning_rate", 0.03))).parting
    assert found is not None
    assert found.op.phase == "update"
    assert found.slot == "W1"
    assert found.iteration == fork.moment.iterations + 1
    assert found.value != found.other_value
    debugger = Debugger(build(run.experiment))
    while debugger.timeline.here < found.moment:
        debugger.step_over()
    assert debugger.machine.value(found.slot)[found.index] == found.value


def test_a_weight_parts_at_the_first_operation_that_reads_it():
    run = run_of(0)
    fork = Fork.of(run)
    difference = of_value(run.experiment, Value("W2", (1, 2), 0.75), "W2")
    found = parting(fork, difference).parting
    assert found is not None
    assert (found.op.label, found.slot, found.index[1]) == ("Z2 = A1 W2ᵀ + b2", "Z2", 1)
    assert Branch(fork, difference).run.machine.value("W2")[1, 2] == 0.75


def test_another_seed_parts_where_the_rows_are_shuffled_next():
    run = run_of(2)
    fork = Fork.of(run)
    found = parting(fork, edited(run, edits.set_seed(run.experiment, 7))).parting
    assert found is not None
    assert (found.op.phase, found.epoch, found.batch) == ("load", 2, 1)


def test_another_seed_keeps_the_weights():
    run = run_of(25)
    branch = Branch(Fork.of(run), edited(run, edits.set_seed(run.experiment, 7)))
    family = branch.run.model.store.family("parameters")
    assert family.tobytes() == run.model.store.family("parameters").tobytes()


def test_another_seed_where_nothing_is_drawn_parts_nowhere():
    run = run_of(25, training=TrainingSpec(3, 1000, shuffle=False))
    found = parting(Fork.of(run), edited(run, edits.set_seed(run.experiment, 7)), epochs=4)
    assert found.parting is None
    assert found.begin == Moment(run.machine.iterations, run.machine.pc)
    assert found.end == Moment(run.machine.iterations + 12)
    assert found.operations > 12 * 20
    assert found.left_out == ()


def test_another_activation_parts_at_the_layer_that_has_it_once_the_mini_batch_is_over():
    run = run_of(30)
    assert run.machine.pc
    fork = Fork.of(run)
    branch = Branch(fork, edited(run, edits.set_hidden_activation(run.experiment, "relu")))
    assert branch.begins == Moment(fork.moment.iterations + 1)
    found = parting(fork, branch.difference).parting
    assert found is not None
    assert (found.op.label, found.other_op.label) == ("A1 = sigmoid(Z1)", "A1 = relu(Z1)")
    assert found.iteration == fork.moment.iterations + 2
    z = Debugger(build(run.experiment))
    while z.timeline.here < found.moment:
        z.step_over()
    weighted = z.machine.value("Z1")[found.index]
    assert found.value == pytest.approx(1 / (1 + np.exp(-weighted)))
    assert found.other_value == max(weighted, 0)


def test_another_activation_goes_on_with_weights_moments_and_rows():
    run = run_of(0)
    for _ in range(5):
        run.machine.run_iteration()
    branch = Branch(Fork.of(run), edited(run, edits.set_layer(run.experiment, 0, activation="relu")))
    for slot in ("W1", "b3", "mW2", "vW2", "t", "alpha"):
        assert branch.run.machine.value(slot).tobytes() == run.machine.value(slot).tobytes(), slot
    run.machine.step()
    branch.run.machine.step()
    assert branch.run.machine.value("X").tobytes() == run.machine.value("X").tobytes()


CARRIED = [
    {},
    {"schedule": ReduceOnPlateau(0.5, 0)},
    {"network": Network((LayerSpec(3, "tanh", dropout=0.4, normalization=Normalization.BATCH), LayerSpec(1)))},
    {"regularization": RegularizationSpec(l2=0.01, clip_norm=1.0, max_norm=1.0), "optimizer": optimizer("nadam")},
    {
        "data": SEMI_SUPERVISED,
        "network": Network((LayerSpec(4, "tanh"), LayerSpec(2, "softmax"))),
        "cost": "cross_entropy",
    },
]


@pytest.mark.parametrize("changed", CARRIED)
@pytest.mark.parametrize("iterations", [0, 1, 5, 9])
def test_nothing_is_left_behind_where_all_fits(changed, iterations):
    run = run_of(0, **changed)
    for _ in range(iterations):
        run.machine.run_iteration()
    other = build(replace(run.experiment, seed=99)).machine
    carry_over(run.machine, other)
    for _ in range(7):
        assert values_of(other) == values_of(run.machine)
        other.run_iteration()
        run.machine.run_iteration()


def test_another_optimizer_begins_without_what_the_old_one_remembers():
    sgd = optimizer("sgd", learning_rate=0.1, momentum=0.9)
    run = run_of(0, optimizer=sgd)
    for _ in range(5):
        run.machine.run_iteration()
    branch = Branch(Fork.of(run), edited(run, edits.set_optimizer(run.experiment, optimizer("adam"))))
    assert branch.run.machine.value("W1").tobytes() == run.machine.value("W1").tobytes()
    assert not branch.run.machine.value("vW1").any()
    assert branch.run.machine.value("alpha") == branch.run.experiment.optimizer.learning_rate
    comparison = parting(Fork.of(run), branch.difference)
    assert comparison.parting is not None
    assert comparison.parting.op.phase == "update"


def test_a_fused_output_is_held_against_its_parts_slot_by_slot():
    table = np.random.default_rng(5).integers(0, 2, size=(8, 3)).astype(float)
    data = DataSpec(InlineSource(("x1", "x2", "y"), tuple(map(tuple, table.tolist()))), ("x1", "x2"), ("y",))
    layers = (LayerSpec(3, "sigmoid"), LayerSpec(1, "sigmoid"))
    run = run_of(0, data=data, network=Network(layers), cost="binary_cross_entropy")
    comparison = parting(Fork.of(run), edited(run, edits.set_cost(run.experiment, "half_mse")))
    assert comparison.parting is not None
    assert comparison.parting.slot == "J"


def test_branches_added_later_catch_up_and_can_be_removed():
    run = run_of(7)
    lockstep = Lockstep(Fork.of(run))
    rate = edits.set_hyperparameter(run.experiment, "learning_rate", 0.03)
    first = Branch(lockstep.fork, edited(run, rate))
    lockstep.add(first)
    lockstep.aim_for(2)
    stops = iter([False, True])
    assert not lockstep.advance(lambda: next(stops))
    assert {branch.moment for branch in lockstep} == {Moment(run.machine.iterations + 2)}
    lockstep.advance(never)
    late = Branch(lockstep.fork, edited(run, edits.set_seed(run.experiment, 3)))
    lockstep.add(late)
    assert not lockstep.arrived
    lockstep.advance(never)
    assert {branch.moment.iterations for branch in lockstep} == {lockstep.goal}
    assert list(first.run.history.epochs) == list(late.run.history.epochs) == [0, 1, 2]
    taken = lockstep.nbytes
    lockstep.remove(first)
    assert lockstep.nbytes == taken - first.nbytes
    assert list(lockstep) == [lockstep.original, late]


def test_a_branch_goes_on_as_a_run_of_its_own_that_leads_back_to_the_fork():
    run = run_of(60)
    fork = Fork.of(run)
    lockstep = Lockstep(fork)
    branch = Branch(fork, edited(run, edits.set_hyperparameter(run.experiment, "learning_rate", 0.03)))
    lockstep.add(branch)
    lockstep.aim_for(3)
    lockstep.advance(never)
    debugger, stands = branch.go_on(), bytes_of(branch.run.machine.state())
    assert bytes_of(debugger.machine.state()) == stands
    debugger.step_back()
    debugger.go_to(fork.moment)
    assert bytes_of(debugger.machine.state()) == bytes_of(branch.start)
    debugger.go_to(debugger.timeline.furthest)
    assert bytes_of(debugger.machine.state()) == stands
    assert list(debugger.run.history.train_cost) == list(branch.run.history.train_cost)


def test_what_would_change_the_samples_is_refused():
    experiment = experiment_of()
    for edit in (
        edits.set_training(experiment, batch_size=2),
        edits.set_standardize(experiment, inputs=True, targets=False),
    ):
        with pytest.raises(ExperimentError, match="same rows in the same mini-batches"):
            of_edit(experiment, edit)
    with pytest.raises(ExperimentError, match="has this already"):
        of_edit(experiment, edits.set_seed(experiment, experiment.seed))


def test_bytes_tell_a_negative_zero_from_a_positive_one():
    one, other = np.zeros((2, 3)), np.zeros((2, 3))
    assert first_difference(one, other) is None
    other[1, 2] = -0.0
    assert first_difference(one, other) == (1, 2)
    assert first_difference(np.array(1.0), np.array(2.0)) == ()
    assert first_difference(np.full(2, np.nan), np.full(2, np.nan)) is None


def test_costs_of_mini_batches_are_kept_within_bounds():
    costs = BatchCosts(most=8)
    for iteration in range(1, 101):
        costs.add(iteration, float(iteration))
    assert len(costs) <= 8
    assert list(costs.iterations) == [int(cost) for cost in costs.costs]
    assert {n % costs.apart for n in costs.iterations} == {0}
    assert max(costs.iterations) + costs.apart > 100
