"""The tables that come with the program are what they say they are, the same on every machine."""

import numpy as np
import pytest
from sklearn import datasets

from nnstudio.data.dataset import ColumnKind
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import Task, prepare
from nnstudio.data.samples import SAMPLES, sample
from nnstudio.data.sources import load
from nnstudio.data.spec import SampleSource

STORED = ["iris", "wine", "digits", "breast_cancer", "diabetes"]
NOISY = ["and", "xor", "circles", "spirals", "bands", "sine"]


def table(name: str, **how: float) -> np.ndarray:
    return np.column_stack([column.values for column in sample(name).load(SampleSource(name, **how)).columns])


def test_the_samples_are_offered_from_the_simplest_on():
    assert list(SAMPLES) == ["averages", "and", "xor", "circles", "spirals", "bands", "sine", *STORED]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_can_be_used_with_the_spec_it_recommends(name):
    entry = SAMPLES[name]
    assert entry.name == name
    assert entry.data.source == SampleSource(name)
    dataset = load(entry.data.source, None)
    assert all(column.problem is None for column in dataset.columns if column.name in entry.data.inputs)
    assert all(column.target_problem is None for column in dataset.columns)
    assert dataset.name == entry.title
    assert dataset.description == entry.description
    assert dataset.source
    prepared = prepare(dataset, entry.data, seed=0)
    assert np.isfinite(prepared.train.X).all()
    # Nothing in the table goes unused, nor is anything recommended that is not there.
    assert {*entry.data.inputs, *entry.data.targets} == set(dataset.names)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_defaults_of_a_sample_are_its_recommended_columns(name):
    dataset = sample(name).load()
    assert dataset.default_targets() == SAMPLES[name].data.targets
    assert dataset.default_inputs() == SAMPLES[name].data.inputs


def test_averages_are_the_three_rows_of_the_first_experiment():
    assert sample("averages").load().names == ("x1", "x2", "y")
    assert table("averages").tolist() == [[0.1, 0.3, 0.2], [0.1, -0.1, 0.0], [-0.8, 0.2, -0.3]]


def test_more_averages_are_averages_too():
    more = table("averages", rows=10)
    assert more.shape == (10, 3)
    np.testing.assert_allclose(more[:, 2], more[:, :2].mean(axis=1), atol=1e-12)


def test_and_and_xor_are_tables_of_truth():
    assert table("and").tolist() == [[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 1]]
    assert table("xor").tolist() == [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]


@pytest.mark.parametrize("how", [{"rows": 40}, {"noise": 0.1}, {"rows": 40, "noise": 0.1}])
def test_xor_with_rows_or_noise_is_clusters_around_the_corners(how):
    x1, x2, y = table("xor", **how).T
    assert len(y) > 4
    assert len(set(x1)) > 4
    assert (np.mean((np.abs(np.round(x1) - np.round(x2)) == 1) == (y == 1))) > 0.9


def test_circles_are_a_disc_and_a_ring_apart():
    x1, x2, inner = table("circles").T
    radius = np.hypot(x1, x2)
    assert len(radius) == 160
    assert inner.sum() == 80
    assert radius[inner == 1].max() < radius[inner == 0].min()
    assert radius.max() < 1.4


def test_spirals_wind_around_each_other():
    x1, x2, second = table("spirals", noise=0.0).T
    assert len(x1) == 200
    # No straight line through the middle separates them: along each direction both arms come several times.
    x_order = second[np.argsort(x1)]
    assert np.count_nonzero(np.diff(x_order)) > 10
    assert np.hypot(x1, x2).max() <= 1.0 + 1e-12


def test_of_the_bands_one_row_in_four_has_a_class_half_of_each():
    x1, x2, second = table("bands", noise=0.0).T
    known = ~np.isnan(second)
    assert len(x1) == 400
    assert known.sum() == 100
    assert second[known].sum() == 50
    across, along = (x2 - x1) * np.sqrt(0.5), (x2 + x1) * np.sqrt(0.5)
    np.testing.assert_allclose(np.abs(across - 0.15 * np.sin(np.pi * along)), 0.3)
    assert ((across > 0.15 * np.sin(np.pi * along)) == (second == 1))[known].all()


def test_the_sine_is_a_sine():
    x, y = table("sine", noise=0.0).T
    assert len(x) == 120
    np.testing.assert_allclose(y, np.sin(np.pi * x))
    assert x.min() >= -2.0
    assert x.max() <= 2.0


@pytest.mark.parametrize("name", NOISY)
def test_a_drawn_sample_depends_on_its_seed_alone(name):
    how = {"rows": 30, "noise": 0.2}
    assert table(name, seed=3, **how).tobytes() == table(name, seed=3, **how).tobytes()
    assert table(name, seed=3, **how).tobytes() != table(name, seed=4, **how).tobytes()
    assert table(name, rows=30, noise=0.3).tobytes() != table(name, **how).tobytes()


@pytest.mark.parametrize("name", NOISY)
@pytest.mark.parametrize("rows", [1, 7])
def test_a_drawn_sample_has_the_rows_asked_for(name, rows):
    assert sample(name).load(SampleSource(name, rows=rows)).rows == rows


@pytest.mark.parametrize("name", ["xor", "and", "circles", "spirals", "bands", "sine"])
def test_what_is_left_out_is_the_samples_own(name):
    entry = SAMPLES[name]
    said = {setting: getattr(entry.own, setting) for setting in ("turns", "balance") if entry.has(setting)}
    assert table(name, rows=40, **said).tobytes() == table(name, rows=40).tobytes()


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("name", ["and", "xor", "circles", "spirals"])
def test_the_balance_is_the_share_of_class_1_evenly_between_the_others(name, share):
    ones = table(name, rows=200, balance=share)[:, 2]
    assert ones.sum() == round(200 * share)
    for first in (ones[:100], ones[100:]):
        assert abs(first.mean() - share) <= 0.01 + 1e-12


@pytest.mark.parametrize("rows", range(2, 9))
def test_from_two_rows_on_a_sample_of_classes_has_both(rows):
    for share in (0.01, 0.99):
        assert set(table("circles", rows=rows, balance=share)[:, 2]) == {0.0, 1.0}


def test_of_unbalanced_bands_the_class_of_one_row_in_four_of_each_is_known():
    second = table("bands", rows=200, balance=0.2)[:, 2]
    assert np.count_nonzero(second == 1) == 10
    assert np.count_nonzero(second == 0) == 40


def test_a_truth_table_asked_for_another_balance_is_clusters_around_all_corners():
    x1, x2, y = table("and", balance=0.5, noise=0.0).T
    assert len(y) == 80
    assert y.mean() == 0.5
    assert {(a, b) for a, b in zip(x1, x2, strict=True)} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert ((x1 * x2) == y).all()


def test_a_spiral_turns_as_often_as_it_is_asked_to():
    for turns in (0.5, 3.0):
        x1, x2, second = table("spirals", rows=400, noise=0.0, turns=turns).T
        radius, angle = np.hypot(x1, x2), np.arctan2(x2, x1)
        expected = 2 * np.pi * turns * radius + np.pi * second
        np.testing.assert_allclose(np.cos(angle - expected), 1.0)


def test_a_curve_has_as_many_waves_as_are_asked_for():
    x, y = table("sine", noise=0.0, turns=5.0).T
    np.testing.assert_allclose(y, np.sin(2 * np.pi * 5 * x / 4), atol=1e-12)


@pytest.mark.parametrize(
    ("name", "original", "kind"),
    [
        ("iris", datasets.load_iris(), ColumnKind.TEXT),
        ("wine", datasets.load_wine(), ColumnKind.TEXT),
        ("digits", datasets.load_digits(), ColumnKind.NUMBER),
        ("breast_cancer", datasets.load_breast_cancer(), ColumnKind.TEXT),
        ("diabetes", datasets.load_diabetes(scaled=False), ColumnKind.NUMBER),
    ],
)
def test_a_stored_sample_is_the_original_to_the_last_bit(name, original, kind):
    dataset = sample(name).load()
    inputs = np.column_stack([column.values for column in dataset.columns[:-1]])
    assert inputs.tobytes() == np.ascontiguousarray(original.data).tobytes()
    target = dataset.columns[-1]
    assert target.kind is kind
    if kind is ColumnKind.NUMBER:
        assert target.values.tolist() == original.target.tolist()
    else:
        words = {str(t): v for t, v in zip(original.target, target.values, strict=True)}
        assert [words[str(t)] for t in original.target] == target.values.tolist()
        assert len(set(words.values())) == len(original.target_names)


@pytest.mark.parametrize("name", STORED)
def test_a_stored_sample_says_where_it_comes_from_and_on_what_terms(name):
    dataset = sample(name).load()
    assert dataset.source
    assert dataset.licence


def test_malignant_is_malignant():
    original = datasets.load_breast_cancer()
    expected = [str(original.target_names[target]) for target in original.target]
    assert sample("breast_cancer").load().column("diagnosis").values.tolist() == expected


def test_digits_are_ten_classes():
    prepared = prepare(sample("digits").load(), SAMPLES["digits"].data, seed=0)
    assert prepared.task is Task.CLASSES
    assert prepared.classes == tuple("0123456789")


def test_fewer_rows_of_a_stored_sample_are_some_of_its_rows_in_order():
    whole = [tuple(row) for row in table("diabetes").tolist()]
    some = [tuple(row) for row in table("diabetes", rows=50, seed=1).tolist()]
    assert len(some) == 50
    places = [whole.index(row) for row in some]
    assert places == sorted(places)
    assert table("diabetes", rows=50, seed=2).tolist() != table("diabetes", rows=50, seed=1).tolist()


def test_an_unknown_sample_brings_its_nearest_name_to_mind():
    with pytest.raises(DataError, match="there is no sample 'irris'; did you mean 'iris'"):
        sample("irris")


@pytest.mark.parametrize(
    ("name", "how", "message"),
    [
        ("iris", {"noise": 0.1}, "'iris' has no noise to set"),
        ("iris", {"rows": 151}, "has 150 rows, not 151"),
        ("sine", {"rows": 0}, "'sine' can't have 0 rows"),
        ("sine", {"rows": 10**9}, "'sine' can't have 1000000000 rows"),
        ("sine", {"noise": -1.0}, "'sine' can't have the noise -1"),
        ("sine", {"noise": float("nan")}, "'sine' can't have the noise nan"),
        ("sine", {"seed": -1}, "'sine' has the seed -1"),
        ("sine", {"turns": 101.0}, "'sine' can't have the turns 101; give a number from 0 to 100"),
        ("sine", {"balance": 0.5}, "'sine' has no balance to set"),
        ("circles", {"turns": 2.0}, "'circles' has no turns to set"),
        ("circles", {"balance": 0.0}, "'circles' can't have the balance 0; give a number from 0.01 to 0.99"),
        ("spirals", {"turns": float("nan")}, "'spirals' can't have the turns nan"),
    ],
)
def test_a_wish_that_a_sample_can_not_fulfil_is_refused(name, how, message):
    with pytest.raises(DataError, match=message):
        sample(name).load(SampleSource(name, **how))
