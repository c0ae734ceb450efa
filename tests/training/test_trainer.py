"""Training by epochs: goals, interruptions, history, and the search for the first number that is not finite."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data.spec import DataSpec, InlineSource, SplitSpec
from nnstudio.engine.optimizers import Optimizer, optimizer
from nnstudio.engine.spec import LayerSpec, Precision, SpecError
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.training import timeline as timeline_module
from nnstudio.training.debugger import Debugger
from nnstudio.training.keyframes import Moment
from nnstudio.training.nonfinite import written_by
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal, Stop, Trainer


def never():
    return False


def experiment_of(rows=7, seed=1, scale=1.0, **changed):
    table = scale * np.random.default_rng(seed).normal(size=(rows, 3))
    data = DataSpec(InlineSource(("x1", "x2", "y"), tuple(map(tuple, table.tolist()))), ("x1", "x2"), ("y",))
    made = Experiment(data, Network((LayerSpec(3, "relu"), LayerSpec(1))), training=TrainingSpec(3, 4))
    return replace(made, **changed)


def first_nonfinite(experiment, steps=5000):
    """The definition: step from the start and look at everything each operation wrote."""
    machine = build(experiment).machine
    with np.errstate(all="ignore"):
        for _ in range(steps):
            if found := written_by(machine, machine.step()):
                return found
    return None


def key(found):
    return found and (found.op.label, found.slot, found.index, found.iteration, found.epoch, found.batch)


def test_it_trains_to_the_last_epoch_and_keeps_a_record_of_each():
    trainer = Trainer(build(experiment_of()))
    outcome = trainer.train(Goal.LIMIT, never)
    assert outcome.stop is Stop.REACHED
    assert trainer.finished
    assert trainer.run.machine.iterations == 4 * 3
    assert trainer.run.history.epochs.tolist() == [0, 1, 2, 3, 4]
    assert trainer.seconds > 0


def test_an_epoch_at_a_time_is_the_same_training():
    whole, parts = Trainer(build(experiment_of())), Trainer(build(experiment_of()))
    whole.train(Goal.LIMIT, never)
    while not parts.finished:
        parts.train(Goal.EPOCH, never)
    assert whole.run.history.train_cost == parts.run.history.train_cost


def test_an_interruption_is_heeded_at_the_end_of_the_iteration():
    trainer, asked = Trainer(build(experiment_of())), []
    outcome = trainer.train(Goal.LIMIT, lambda: asked.append(1) or len(asked) == 5)
    assert outcome.stop is Stop.INTERRUPTED
    assert trainer.run.machine.iterations == 5
    assert trainer.run.machine.at_boundary


def test_training_goes_on_where_stepping_stood():
    debugger = Debugger(build(experiment_of()))
    for _ in range(5):
        debugger.step_over()
    debugger.train(Goal.EPOCH, never)
    assert debugger.machine.iterations == 3
    assert debugger.run.history.epochs.tolist() == [0, 1]


def test_a_finished_run_goes_on_for_as_many_epochs_again():
    debugger = Debugger(build(experiment_of()))
    debugger.train(Goal.LIMIT, never)
    debugger.train(Goal.LIMIT, never)
    assert debugger.machine.epochs == 8


def test_the_cost_of_an_epoch_is_that_of_all_rows_after_it():
    run = build(experiment_of())
    Trainer(run).train(Goal.EPOCH, never)
    outputs = run.model.predict(run.data.train.X)
    assert run.history.train_cost[-1] == pytest.approx(np.sum((outputs - run.data.train.Y) ** 2) / (2 * 7))
    assert len(run.history.gradient_norms) == 2
    assert run.history.gradient_norms[1][-1] == pytest.approx(np.linalg.norm(run.machine.value("dW2")))


def test_an_epoch_that_is_stepped_through_is_recorded_too_and_only_once():
    debugger = Debugger(build(experiment_of()))
    debugger.train(Goal.EPOCH, never)
    state = debugger.machine.state()
    for _ in range(2):
        for _ in range(3):
            debugger.step_batch()
        assert debugger.run.history.epochs.tolist() == [0, 1, 2]
        debugger.machine.restore(state)


def test_finishing_a_phase_stops_before_the_next():
    debugger, phases = Debugger(build(experiment_of())), []
    for _ in range(5):
        phases.append(debugger.machine.op.phase.value)
        debugger.step_out()
    assert phases == ["load", "forward", "cost", "backward", "update"]
    assert debugger.machine.at_boundary


DIVERGING = {
    "sgd": lambda: optimizer("sgd", learning_rate=1e6),
    "momentum": lambda: optimizer("sgd", learning_rate=1e5, momentum=0.9),
    "adam": lambda: optimizer("adam", learning_rate=1e6),
}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(DIVERGING)),
    st.integers(1, 30),
    st.sampled_from(list(Precision)),
    st.integers(1, 7),
    st.sampled_from(["relu", "identity", "tanh", "softplus"]),
    st.sampled_from([0.0, 0.4]),
)
def test_a_diverging_run_stops_behind_the_operation_that_first_wrote_a_nan(name, seed, dtype, batch_size, sigma, p):
    experiment = experiment_of(
        seed=seed,
        optimizer=DIVERGING[name](),
        network=Network((LayerSpec(3, sigma, dropout=p), LayerSpec(1))),
        training=TrainingSpec(batch_size, 60, dtype=dtype),
    )
    expected = first_nonfinite(experiment)
    run = build(experiment)
    outcome = Trainer(run).train(Goal.LIMIT, never)
    if outcome.stop is not Stop.NOT_FINITE:
        return
    assert key(outcome.nonfinite) == key(expected)
    assert run.machine.last_op is outcome.nonfinite.op
    assert not np.isfinite(run.machine.value(outcome.nonfinite.slot)).all()
    assert run.history.epochs.tolist() == list(range(run.machine.epochs + 1))
    assert str(outcome.nonfinite).endswith(f"first written by: {expected.op.label}")


def test_the_usual_diverging_run_does_stop():
    experiment = experiment_of(optimizer=optimizer("sgd", learning_rate=1e5), training=TrainingSpec(3, 1000))
    assert Trainer(build(experiment)).train(Goal.LIMIT, never).stop is Stop.NOT_FINITE


def test_stepping_names_the_same_operation():
    experiment = experiment_of(optimizer=optimizer("sgd", learning_rate=1e6), training=TrainingSpec(3, 1000))
    debugger = Debugger(build(experiment))
    while debugger.nonfinite is None:
        debugger.step_batch()
    assert key(debugger.nonfinite) == key(first_nonfinite(experiment))
    assert debugger.machine.last_op is debugger.nonfinite.op
    debugger.reset()
    assert debugger.nonfinite is None


def overflowing_backward(batch_size):
    """The first mini-batch has a finite J, but dA1 = dZ2 W2 is 1e150 · 1e200, and its update ruins the weights."""
    table = InlineSource(("x", "y"), ((1.0, -1e150),) * 3)
    return Experiment(
        DataSpec(table, ("x",), ("y",)),
        Network((LayerSpec(1), LayerSpec(1))),
        training=TrainingSpec(batch_size, 1, shuffle=False),
        parameters={"W1": [[1e-200]], "W2": [[1e200]]},
    )


def test_weights_that_the_last_update_ruined_are_found_although_no_mini_batch_shows_it():
    experiment = overflowing_backward(3)
    run = build(experiment)
    outcome = Trainer(run).train(Goal.LIMIT, never)
    assert outcome.stop is Stop.NOT_FINITE
    assert outcome.nonfinite.slot == "dA1"
    assert key(outcome.nonfinite) == key(first_nonfinite(experiment))
    assert np.isfinite(run.machine.cost)
    assert run.history.epochs.tolist() == [0]  # epoch 1 was recorded when it ended, and is no longer behind


def test_a_keyframe_behind_the_first_nan_is_not_taken(monkeypatch):
    """Paused between the operation that overflowed and the J that shows it, where a keyframe was due."""
    monkeypatch.setattr(timeline_module, "_SECONDS_APART", 0.0)
    monkeypatch.setattr(timeline_module, "_COSTS_APART", 0.0)
    experiment = overflowing_backward(1)
    trainer = Trainer(build(experiment))
    assert trainer.train(Goal.LIMIT, lambda: True).stop is Stop.INTERRUPTED
    outcome = trainer.train(Goal.LIMIT, lambda: True)
    assert outcome.stop is Stop.NOT_FINITE
    assert key(outcome.nonfinite) == key(first_nonfinite(experiment))
    assert outcome.nonfinite.iteration == 1


def test_an_edit_is_not_undone_by_the_search():
    experiment = experiment_of(optimizer=optimizer("sgd", learning_rate=1e6), training=TrainingSpec(3, 1000))
    debugger = Debugger(build(experiment))
    debugger.step_batch()
    debugger.write("W1", (0, 0), 1e200)
    outcome = debugger.train(Goal.LIMIT, never)
    assert outcome.stop is Stop.NOT_FINITE
    assert outcome.nonfinite.iteration == 2


def test_a_run_that_went_back_searches_from_there():
    experiment = experiment_of(optimizer=optimizer("sgd", learning_rate=0.01), training=TrainingSpec(3, 1000))
    debugger = Debugger(build(experiment))
    debugger.train(Goal.EPOCH, never)
    debugger.timeline.keep()
    debugger.go_to(Moment(0))
    debugger.write("W1", (0, 0), 1e300)
    debugger.write("W2", (0, 0), 1e300)
    outcome = debugger.train(Goal.LIMIT, never)
    assert outcome.nonfinite is not None
    assert outcome.nonfinite.iteration == 1


@pytest.mark.parametrize("rate", [0, -1, float("nan"), 1e308])
def test_a_learning_rate_that_cannot_be_used_is_refused_while_running(rate):
    debugger = Debugger(build(experiment_of()))
    with pytest.raises(SpecError, match="learning_rate is"):
        debugger.set_learning_rate(rate)
    assert debugger.machine.value("alpha") == 0.01


@pytest.mark.parametrize("name", Optimizer.names())
def test_every_optimizer_learns(name):
    run = build(experiment_of(optimizer=optimizer(name), training=TrainingSpec(3, 60)))
    Trainer(run).train(Goal.LIMIT, never)
    assert run.history.train_cost[-1] < run.history.train_cost[0]


def test_rows_of_a_mini_batch_are_named_by_their_place_in_the_table():
    experiment = experiment_of(12)
    experiment = replace(experiment, data=replace_split(experiment.data, 0.5))
    run = build(experiment)
    run.machine.step()
    rows = run.machine.rows
    table = np.array(experiment.data.source.rows)
    assert run.machine.value("X").tolist() == table[rows, :2].tolist()


def replace_split(data, validation):
    return DataSpec(data.source, data.inputs, data.targets, split=SplitSpec(validation))
