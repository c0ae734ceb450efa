"""Training is stepping: whichever way a run comes to its n-th iteration, the whole state is the same byte for byte."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data.preparation import Part
from nnstudio.data.spec import DataSpec, InlineSource, MissingTargets, MissingUse, SplitSpec, TargetKind
from nnstudio.engine.optimizers import Adam, Optimizer, optimizer
from nnstudio.engine.schedules import (
    Constant,
    Cosine,
    Exponential,
    LinearWarmUp,
    OneCycle,
    ReduceOnPlateau,
    Step,
)
from nnstudio.engine.spec import LayerSpec, Normalization, Precision, RegularizationSpec
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.training.debugger import Debugger
from nnstudio.training.run import Run, build
from nnstudio.training.trainer import Goal, Stop, Trainer

SCHEDULES = [
    Constant(),
    Step(1, 0.5),
    Exponential(0.8),
    LinearWarmUp(2.5, 0.1),
    Cosine(1.5, 0.1, growth=2),
    Cosine(2.0, restarts=False),
    OneCycle(3.5),
    ReduceOnPlateau(0.5, 0, 0.1, cooldown=1),
]
OUTPUTS = [("identity", "half_mse"), ("tanh", "log_cosh"), ("softmax", "cross_entropy"), ("sigmoid", "mae")]


def experiment_of(rows=7, validation=0.0, **changed):
    table = np.random.default_rng(1).uniform(0, 1, (rows, 4)).round(3)
    source = InlineSource(("x1", "x2", "y1", "y2"), tuple(map(tuple, table.tolist())))
    data = DataSpec(source, ("x1", "x2"), ("y1", "y2"), split=SplitSpec(validation))
    return replace(Experiment(data, Network((LayerSpec(3, "tanh"), LayerSpec(2)))), **changed)


@st.composite
def experiments(draw):
    rows = draw(st.integers(2, 9))
    hidden = [
        LayerSpec(
            draw(st.integers(1, 4)),
            draw(st.sampled_from(["relu", "tanh", "gelu"])),
            bias=draw(st.booleans()),
            dropout=draw(st.sampled_from([0.0, 0.5])),
            normalization=draw(st.sampled_from([Normalization.NONE, Normalization.BATCH])),
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    sigma, cost = draw(st.sampled_from(OUTPUTS))
    name = draw(st.sampled_from(Optimizer.names()))
    momentum = {"momentum": 0.9, "nesterov": draw(st.booleans())} if name == "sgd" and draw(st.booleans()) else {}
    return experiment_of(
        rows,
        network=Network((*hidden, LayerSpec(2, sigma, normalization=draw(st.sampled_from(Normalization))))),
        cost=cost,
        regularization=RegularizationSpec(
            *(draw(st.sampled_from([0.0, value])) for value in (0.01, 0.01, 0.8, 0.1, 0.2))
        ),
        optimizer=optimizer(name, **momentum),
        schedule=draw(st.sampled_from(SCHEDULES)),
        training=TrainingSpec(
            draw(st.sampled_from([size for size in range(2, rows + 1) if rows % size != 1])),
            1000,
            draw(st.booleans()),
            draw(st.sampled_from(list(Precision))),
        ),
        seed=draw(st.integers(0, 1000)),
    )


def semi_supervised(rows, labelled, classes, **changed):
    """Half of `labelled` rows of each class, and the others without a target."""
    table = np.random.default_rng(2).normal(0, 1, (rows, 2)).round(3)
    kinds = [float(row % 2) if row < labelled else None for row in range(rows)]
    source = InlineSource(
        ("x1", "x2", "kind"), tuple((*x, kind) for x, kind in zip(table.tolist(), kinds, strict=True))
    )
    missing = MissingTargets(MissingUse.PSEUDO_LABELS, changed.pop("from_epoch", 2), changed.pop("confidence", 0.55))
    kind = TargetKind.CLASSES if classes else TargetKind.AUTO
    data = DataSpec(source, ("x1", "x2"), ("kind",), target_kind=kind, missing_targets=missing)
    last, cost = (
        (LayerSpec(2, "softmax"), "cross_entropy") if classes else (LayerSpec(1, "sigmoid"), "binary_cross_entropy")
    )
    return replace(Experiment(data, Network((LayerSpec(3, "tanh"), last)), cost=cost), **changed)


@st.composite
def semi_supervised_experiments(draw):
    labelled = draw(st.integers(2, 6))
    return semi_supervised(
        labelled + draw(st.integers(1, 8)),
        labelled,
        draw(st.booleans()),
        from_epoch=draw(st.integers(1, 3)),
        confidence=draw(st.sampled_from([0.5, 0.55, 0.7])),
        optimizer=Adam(learning_rate=0.05),
        schedule=draw(st.sampled_from(SCHEDULES)),
        training=TrainingSpec(
            draw(st.integers(1, labelled)), 1000, draw(st.booleans()), draw(st.sampled_from(list(Precision)))
        ),
        seed=draw(st.integers(0, 1000)),
    )


def bytes_of(run):
    """Everything a run is: where it stands, its order of rows, its generator, and every number."""
    state = run.machine.state()
    batches = state.batches
    numbers = {name: flat.tobytes() for name, flat in state.store.items()}
    for size, families in state.workspaces.items():
        numbers |= {f"{name} for {size} rows": flat.tobytes() for name, flat in families.items()}
    where = (state.pc, state.iterations, state.batch_size, batches.cursor, batches.epoch, batches.generator)
    rows = batches.order.tobytes(), batches.in_play.tobytes(), run.machine.batches.rows.tobytes()
    return where, rows, run.machine.Y.tobytes(), numbers


def straight(experiment, iterations):
    run = build(experiment)
    for _ in range(iterations):
        run.machine.run_iteration()
    return run


class Wanderer:
    """Comes to its goal on a path that someone else chose."""

    WAYS = ("iteration", "step", "over", "out", "batch", "train", "epoch", "look", "back", "away and back")

    def __init__(self, experiment, goal):
        self.run = build(experiment)
        self.debugger = Debugger(self.run)
        self.goal = goal
        self.kept = self.run.machine.state()

    def go(self, way, count):
        for _ in range(count):
            if self.run.machine.iterations < self.goal:
                getattr(self, way.replace(" ", "_"))()

    def finish(self):
        while self.run.machine.iterations < self.goal:
            self.run.machine.run_iteration()

    def iteration(self):
        self.run.machine.run_iteration()

    def step(self):
        self.run.machine.step()

    def over(self):
        self.debugger.step_over()

    def out(self):
        self.debugger.step_out()

    def batch(self):
        self.debugger.step_batch()

    def train(self):
        outcome = self.debugger.trainer.train(Goal.LIMIT, lambda: True)
        assert outcome.stop is Stop.INTERRUPTED

    def epoch(self):
        until = self.goal
        self.debugger.train(Goal.EPOCH, lambda: self.run.machine.iterations >= until)

    def look(self):
        self.run.record_epoch()
        self.run.model.predict(self.run.data.train.X[:3])
        self.kept = self.run.machine.state()

    def back(self):
        self.run.machine.restore(self.kept)

    def away_and_back(self):
        here = self.run.machine.state()
        for _ in range(17):
            self.run.machine.step()
        self.run.machine.restore(here)


@settings(max_examples=150, deadline=None)
@given(
    experiments() | semi_supervised_experiments(),
    st.integers(1, 12),
    st.lists(st.tuples(st.sampled_from(Wanderer.WAYS), st.integers(1, 9)), max_size=9),
)
def test_every_path_leads_to_the_same_bytes(experiment, goal, path):
    wanderer = Wanderer(experiment, goal)
    for way, count in path:
        wanderer.go(way, count)
    wanderer.finish()
    assert bytes_of(wanderer.run) == bytes_of(straight(experiment, goal))


@settings(max_examples=60, deadline=None)
@given(experiments() | semi_supervised_experiments(), st.integers(1, 60), st.integers(1, 60))
def test_stopping_in_mid_iteration_is_the_same_place_for_a_trained_and_a_stepped_run(experiment, before, after):
    stepped, trained = build(experiment), build(experiment)
    for _ in range(before + after):
        stepped.machine.step()
    for _ in range(before):
        trained.machine.step()
    goal = stepped.machine.iterations
    while trained.machine.iterations < goal:
        trained.machine.run_iteration()
    while trained.machine.pc != stepped.machine.pc:
        trained.machine.step()
    assert bytes_of(trained) == bytes_of(stepped)


@pytest.mark.parametrize("shuffle", [True, False])
def test_validation_does_not_change_training(shuffle):
    with_validation = build(experiment_of(20, 0.25, training=TrainingSpec(4, 50, shuffle)))
    data = with_validation.data
    assert len(data.validation.X) == 5
    none = Part(data.validation.X[:0], data.validation.Y[:0], data.validation.rows[:0])
    without = Run(with_validation.experiment, with_validation.dataset, replace(data, validation=none))
    for run in (with_validation, without):
        assert Trainer(run).train(Goal.LIMIT, lambda: False).stop is Stop.REACHED
    assert bytes_of(with_validation) == bytes_of(without)
    assert np.isfinite(with_validation.history.validation_cost).all()
    assert not without.history.validation_cost


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("normalization", Normalization)
@pytest.mark.parametrize("name", Optimizer.names())
def test_500_iterations_are_the_same_bytes_stepped_and_run_and_run_again(name, normalization, precision):
    """With dropout and every limit on, over mini-batches of which the last is ragged, and with a detour on the way."""
    hidden = LayerSpec(5, "tanh", dropout=0.3, normalization=normalization)
    experiment = experiment_of(
        8,
        network=Network((hidden, hidden, LayerSpec(2, "softmax", normalization=normalization))),
        cost="cross_entropy",
        regularization=RegularizationSpec(0.001, 0.001, 2.0, 0.5, 0.5),
        optimizer=optimizer(name),
        training=TrainingSpec(3, 1000, True, precision),
    )
    stepped = build(experiment)
    while stepped.machine.iterations < 500:
        if stepped.machine.iterations == 200 and stepped.machine.pc == 9:
            here = stepped.machine.state()
            stepped.machine.run_iteration()
            stepped.record_epoch()
            stepped.machine.restore(here)
        stepped.machine.step()
    expected = bytes_of(straight(experiment, 500))
    assert bytes_of(stepped) == expected
    assert bytes_of(straight(experiment, 500)) == expected
    assert np.isfinite(stepped.model.store.family("parameters")).all()


def test_another_seed_is_another_run():
    one, other = (straight(experiment_of(seed=seed), 3) for seed in (1, 2))
    assert bytes_of(one) != bytes_of(other)


def test_reset_goes_back_to_the_first_bytes_and_the_first_history():
    run = build(experiment_of(training=TrainingSpec(2, 5)))
    debugger, first, history = Debugger(run), bytes_of(run), list(run.history.train_cost)
    debugger.train(Goal.LIMIT, lambda: False)
    after = bytes_of(run)
    debugger.step_over()
    debugger.reset()
    assert bytes_of(run) == first
    assert run.history.train_cost.tolist() == history
    assert debugger.at_start
    debugger.train(Goal.LIMIT, lambda: False)
    assert bytes_of(run) == after


def test_reset_keeps_a_learning_rate_that_was_set():
    debugger = Debugger(build(experiment_of()))
    debugger.set_learning_rate(0.25)
    debugger.step_batch()
    debugger.reset()
    assert debugger.machine.value("alpha") == 0.25


@pytest.mark.parametrize("schedule", SCHEDULES[1:], ids=repr)
def test_the_rate_that_was_set_is_the_one_that_the_schedule_starts_from(schedule):
    experiment = experiment_of(9, schedule=schedule, optimizer=optimizer("sgd", learning_rate=0.5))
    debugger, slow = (Debugger(build(experiment)) for _ in range(2))
    for one in (debugger, slow):
        for _ in range(4):
            one.step_batch()
    before = bytes_of(debugger.run)
    slow.set_learning_rate(0.25)
    for one in (debugger, slow):
        one.step_batch()
    assert slow.machine.rate == debugger.machine.rate / 2
    slow.reset()
    assert slow.machine.value("alpha0") == 0.25
    slow.set_learning_rate(0.5)
    for _ in range(4):
        slow.step_batch()
    assert bytes_of(slow.run) == before


def test_a_run_that_takes_weights_over_begins_its_schedule_anew():
    old, new = (build(experiment_of(9, schedule=schedule)) for schedule in (Step(1, 0.5), Exponential(0.5)))
    for _ in range(5):
        old.machine.run_iteration()
    assert new.take_over(old)
    assert new.machine.value("W1").tobytes() == old.machine.value("W1").tobytes()
    assert new.machine.value("k") == 0
    new.machine.run_iteration()
    assert new.machine.rate == new.experiment.optimizer.learning_rate


@pytest.mark.parametrize("dtype", Precision)
def test_five_hundred_iterations_with_pseudo_labels_are_the_same_in_one_go_and_operation_by_operation(dtype):
    experiment = semi_supervised(
        60, 12, True, optimizer=Adam(learning_rate=0.01), training=TrainingSpec(5, dtype=dtype)
    )
    stepped = build(experiment)
    in_play = set()
    for _ in range(500 * len(stepped.machine.program.ops)):
        stepped.machine.step()
        in_play.add(stepped.machine.pseudo_labelled)
    assert len(in_play) > 3, "which rows are in play changes from epoch to epoch"
    assert bytes_of(stepped) == bytes_of(straight(experiment, 500))
