"""A run with normalization: what it needs of the data, where its scales and shifts come from, and what reset means."""

from dataclasses import replace

import numpy as np
import pytest

from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.engine.spec import LayerSpec, Normalization, SpecError
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.errors import ExperimentError
from nnstudio.training.run import build

START = {"W1": [[0.5, 1], [1, -1]], "gamma1": [2, 3], "beta1": [-1, 0.5]}


def experiment_of(rows=9, size=3, kind=Normalization.BATCH, **changed):
    table = np.random.default_rng(1).normal(size=(rows, 3)).round(3)
    data = DataSpec(InlineSource(("x1", "x2", "y"), tuple(map(tuple, table.tolist()))), ("x1", "x2"), ("y",))
    network = Network((LayerSpec(2, "tanh", normalization=kind), LayerSpec(1)))
    return replace(Experiment(data, network, training=TrainingSpec(size, 5)), **changed)


@pytest.mark.parametrize(("rows", "size"), [(10, 3), (5, 1)])
def test_a_mini_batch_of_one_row_is_refused_with_batch_normalization_alone(rows, size):
    with pytest.raises(SpecError, match="layer 1: batch normalization needs two rows"):
        build(experiment_of(rows, size))
    build(experiment_of(rows, size, Normalization.LAYER)).machine.run_iteration()


def test_scales_and_shifts_can_be_given_like_weights():
    run = build(experiment_of(parameters=START))
    for name, values in START.items():
        np.testing.assert_array_equal(run.model.store[name], values)
    with pytest.raises(ExperimentError, match=r"\$\.parameters\.gamma1 has the shape 3"):
        build(experiment_of(parameters={"gamma1": [1, 2, 3]}))
    with pytest.raises(ExperimentError, match=r"gamma1 is not a parameter of this network; it has W1, W2, b1, b2$"):
        build(experiment_of(kind=Normalization.NONE, parameters=START))


def test_reset_forgets_the_running_statistics_too():
    run = build(experiment_of())
    before, cost = run.model.predict(run.data.train.X), run.history.train_cost[0]
    for _ in range(6):
        run.machine.run_iteration()
    assert not np.array_equal(run.model.predict(run.data.train.X), before)
    run.reset()
    assert run.model.predict(run.data.train.X).tobytes() == before.tobytes()
    assert list(run.history.train_cost) == [cost]


def test_taking_over_predicts_as_the_old_run_did():
    old, new = build(experiment_of()), build(experiment_of(seed=2))
    for _ in range(6):
        old.machine.run_iteration()
    new.take_over(old)
    assert new.model.predict(new.data.train.X).tobytes() == old.model.predict(new.data.train.X).tobytes()
