"""A history: a series for each part and metric, going back, and what a run writes into it."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from nnstudio.data.preparation import PartName
from nnstudio.data.spec import DataSpec, SampleSource, SplitSpec
from nnstudio.engine.schedules import Step
from nnstudio.engine.spec import LayerSpec, RegularizationSpec
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.training.history import EpochRecord, History
from nnstudio.training.metrics import Metric
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal, Trainer

TRAIN = (PartName.TRAINING, Metric.COST)


def record(epoch):
    return EpochRecord(epoch, {TRAIN: float(epoch)}, (float(epoch), 2.0), penalty=0.5, learning_rate=0.1)


def test_a_history_has_one_series_a_part_and_metric():
    history = History()
    for epoch in range(3):
        history.add(record(epoch))
    assert len(history) == 3
    assert history.of(*TRAIN).tolist() == history.train_cost.tolist() == [0, 1, 2]
    assert history.penalty.tolist() == [0.5] * 3
    assert history.learning_rate.tolist() == [0.1] * 3
    assert [series.tolist() for series in history.gradient_norms] == [[0, 1, 2], [2, 2, 2]]


def history_of(number, changed=None, **changes):
    history = History()
    for epoch in range(number):
        history.add(replace(record(epoch), **changes) if epoch == changed else record(epoch))
    return history


@pytest.mark.parametrize(
    "changes",
    [
        {"measured": {TRAIN: 7.0}},
        {"gradient_norms": (7.0, 2.0)},
        {"gradient_norms": (600.0, 7.0)},
        {"penalty": 7.0},
        {"learning_rate": 7.0},
    ],
)
def test_two_histories_are_alike_up_to_the_first_number_that_differs(changes):
    history = history_of(700)
    assert history.alike(history_of(700, 600, **changes)) == history_of(700, 600, **changes).alike(history) == 600
    assert history.alike(history.copy()) == history.alike(history_of(900)) == 700


def test_histories_of_other_epochs_or_other_series_are_not_alike():
    late = History()
    for epoch in (0, 2):
        late.add(replace(record(1), epoch=epoch))
    assert late.alike(history_of(2, 0, measured={TRAIN: 1.0}, gradient_norms=(1.0, 2.0))) == 1
    shallow, other = History(), History()
    shallow.add(replace(record(0), gradient_norms=(0.0,)))
    other.add(replace(record(0), measured={(PartName.TRAINING, Metric.R2): 0.0}))
    assert history_of(1).alike(shallow) == history_of(1).alike(other) == 0


def test_what_was_not_measured_is_an_empty_series():
    history = History()
    history.add(record(0))
    assert not history.validation_cost
    assert not history.of(PartName.TEST, Metric.R2)


def test_a_history_that_goes_back_writes_its_epochs_anew():
    history = History()
    for epoch in (0, 1, 2, 3, 1):
        history.add(record(epoch))
    assert history.epochs.tolist() == [0, 1]
    assert history.train_cost.tolist() == [0, 1]
    assert [series.tolist() for series in history.gradient_norms] == [[0, 1], [2, 2]]
    history.clear()
    assert len(history) == len(history.train_cost) == len(history.penalty) == 0


def test_an_epoch_takes_8_bytes_for_each_number_and_little_more():
    history, epochs = History(), 5_000
    history.add(record(0))
    tracemalloc.start()
    for epoch in range(1, epochs):
        history.add(record(epoch))
    taken, numbers = tracemalloc.get_traced_memory()[0], 7
    tracemalloc.stop()
    assert taken < 1.25 * epochs * 8 * numbers


IRIS = Experiment(
    DataSpec(SampleSource("iris"), split=SplitSpec(validation=0.2, test=0.1)),
    Network((LayerSpec(5, "tanh"), LayerSpec(3, "softmax"))),
    cost="cross_entropy",
    training=TrainingSpec(10, 3),
    seed=2,
)


def trained(experiment):
    run = build(experiment)
    Trainer(run).train(Goal.LIMIT)
    return run


@pytest.mark.parametrize("part", list(PartName))
def test_every_part_is_measured_over_all_its_rows_after_the_epoch(part):
    run = trained(IRIS)
    rows, history = run.data.part(part), run.history
    outputs = run.model.predict(rows.X)
    assert history.of(part, Metric.COST)[-1] == pytest.approx(-np.mean(np.log((outputs * rows.Y).sum(axis=1))))
    right = outputs.argmax(axis=1) == rows.Y.argmax(axis=1)
    assert history.of(part, Metric.ACCURACY)[-1] == pytest.approx(right.mean())
    assert len(history.of(part, Metric.ROC_AUC)) == 4


def test_the_cost_is_the_data_s_part_and_the_penalty():
    run = trained(replace(IRIS, regularization=RegularizationSpec(l1=0.01, l2=0.02)))
    history = run.history
    weights = np.concatenate([run.machine.value(name).ravel() for name in ("W1", "W2")])
    assert history.penalty[-1] == pytest.approx(0.01 * np.abs(weights).sum() + 0.01 * np.sum(weights**2))
    for part in PartName:
        data_cost = np.array(history.of(part, Metric.DATA_COST))
        np.testing.assert_allclose(history.of(part, Metric.COST), data_cost + np.array(history.penalty))


def test_without_a_penalty_it_is_zero():
    history = trained(IRIS).history
    assert set(history.penalty) == {0.0}
    assert history.of(PartName.TRAINING, Metric.DATA_COST) == history.train_cost


def test_the_learning_rate_is_that_at_the_end_of_the_epoch():
    from nnstudio.training.debugger import Debugger

    debugger = Debugger(build(IRIS))
    debugger.train(Goal.EPOCH)
    debugger.set_learning_rate(0.5)
    debugger.train(Goal.EPOCH)
    assert debugger.run.history.learning_rate.tolist() == [0.01, 0.01, 0.5]


def test_before_a_schedule_has_said_the_learning_rate_is_unknown():
    run = build(replace(IRIS, schedule=Step(1, 0.5)))
    trainer = Trainer(run)
    for _ in range(3):
        trainer.train(Goal.EPOCH)
    assert run.history.learning_rate.tolist() == pytest.approx([np.nan, 0.01, 0.005, 0.0025], nan_ok=True)


def test_a_part_without_rows_is_not_measured():
    run = trained(replace(IRIS, data=DataSpec(SampleSource("iris"))))
    assert not run.history.validation_cost
    assert not run.history.of(PartName.TEST, Metric.COST)


def test_values_have_errors_in_the_units_of_the_table():
    data = DataSpec(SampleSource("diabetes"), standardize=True, standardize_targets=True)
    run = trained(Experiment(data, Network((LayerSpec(1),)), training=TrainingSpec(50, 2)))
    rows = run.data.train
    predicted, desired = (run.data.original_targets(Y) for Y in (run.model.predict(rows.X), rows.Y))
    found = run.history.of(PartName.TRAINING, Metric.MAE)[-1]
    assert found == pytest.approx(np.abs(predicted - desired).mean())
