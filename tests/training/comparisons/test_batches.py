"""Full batch, mini-batch and single sample: their costs add up, and their ways can be drawn."""

import numpy as np
import pytest
from sklearn.decomposition import TruncatedSVD

from nnstudio.engine.spec import Normalization
from nnstudio.experiment.edits import set_layer, set_regularization, set_training
from nnstudio.experiment.open import open_sample
from nnstudio.training.comparisons.batches import Cutting, Portion, cut, portions
from nnstudio.training.comparisons.directions import along, directions
from nnstudio.training.comparisons.path import Path
from nnstudio.training.comparisons.task import Materials
from nnstudio.training.run import build


@pytest.mark.parametrize("sample", ["circles", "iris", "sine", "averages"])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_costs_of_mini_batches_weighed_by_their_rows_are_the_cost_of_the_data_set(sample, size):
    run = build(open_sample(sample))
    made = cut(run, size)
    assert made.rows.sum() == len(run.data.train.X)
    assert made.mean == pytest.approx(run.history.train_cost[0], rel=1e-12)


def test_the_penalty_belongs_to_every_mini_batch():
    run = build(set_regularization(open_sample("circles"), l2=0.3).experiment)
    assert run.history.penalty[0] > 0
    assert cut(run, 7).mean == pytest.approx(run.history.train_cost[0], rel=1e-12)


def test_the_mini_batches_are_those_of_the_first_epoch():
    experiment = set_training(open_sample("circles"), batch_size=10).experiment
    run, frozen = build(experiment), build(experiment)
    made = cut(frozen, 10)
    for batch in range(12):
        state = run.model.store.family("parameters").copy()
        run.machine.run_iteration()
        assert made.rows[batch] == len(run.machine.batches.rows)
        if batch == 0:
            assert made.costs[0] == pytest.approx(run.machine.cost, rel=1e-14)
        run.model.store.family("parameters")[...] = state  # as if nothing had been learned
        assert made.costs[batch] == pytest.approx(run.machine.cost, rel=1e-12)


def test_cutting_tells_of_a_size_at_a_time():
    experiment = open_sample("circles")
    run = build(experiment)
    work = Cutting((120, 10, 1)).begin(Materials(experiment, run.dataset, run.data))
    reports = [work.advance(0.1) for _ in range(3)]
    assert [len(report.cuts) for report in reports] == [1, 2, 3]
    assert [report.finished for report in reports] == [False, False, True]
    assert [len(made.costs) for made in reports[-1].cuts] == [1, 12, 120]


def test_the_mini_batch_is_the_experiments_own_where_it_is_one():
    experiment = open_sample("circles")
    assert portions(experiment, 120) == {Portion.FULL: 120, Portion.MINI: 10, Portion.SINGLE: 1}
    whole = set_training(experiment, batch_size=120).experiment
    assert portions(whole, 120)[Portion.MINI] == 15
    normalized = set_layer(experiment, 0, normalization=Normalization.BATCH).experiment
    assert portions(normalized, 120)[Portion.SINGLE] == 2


def test_the_directions_are_those_of_largest_change():
    rng = np.random.default_rng(0)
    paths = [np.cumsum(rng.normal(size=(50, 9)) * np.arange(1, 10), axis=0) for _ in range(3)]
    found = directions(paths)
    np.testing.assert_allclose(found @ found.T, np.eye(2), atol=1e-12)
    moved = np.concatenate([path - path[0] for path in paths])
    expected = TruncatedSVD(2, algorithm="arpack").fit(moved).components_
    np.testing.assert_allclose(np.abs((found * expected).sum(axis=1)), 1.0, rtol=1e-9)


def test_directions_keep_pointing_where_they_did():
    rng = np.random.default_rng(1)
    path = np.cumsum(rng.normal(size=(60, 5)), axis=0)
    before = directions([path[:40]])
    after = directions([path], before)
    assert ((after * before).sum(axis=1) > 0).all()
    np.testing.assert_allclose(along(path, after[0])[0], 0.0)


def test_a_path_of_one_point_or_one_parameter_has_two_directions_too():
    assert directions([np.zeros((1, 4))]).shape == (2, 4)
    assert directions([np.array([[0.0], [1.0]])]).shape == (2, 1)


def test_a_path_has_few_points_evenly_spaced_however_long_it_is():
    parameters = np.zeros(3)
    path = Path(parameters)
    for update in range(1, 10_001):
        parameters[...] = update
        path.note()
    path.end()
    updates = path.points()[:, 0]
    assert 120 <= len(updates) <= 242
    assert updates[0] == 0
    assert updates[-1] == 10_000
    assert len(set(np.diff(updates[:-1]))) == 1


def test_of_a_network_too_large_to_draw_no_path_is_kept():
    path = Path(np.zeros(1_000_000))
    path.note()
    assert path.points() is None
