"""Metrics are scikit-learn's, in their edge cases too; and they are unknown where they have no meaning."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.experiment.outputs import Nature
from nnstudio.training.metrics import Metric, classes, confusion, judge, metrics_of

NAN = float("nan")
ONE = np.ones(1)


def measured(nature, targets, outputs, scale=None):
    """Each metric of the outputs, by name."""
    Y = np.asarray(targets, dtype=np.float64)
    scale = np.ones(Y.shape[1]) if scale is None else np.asarray(scale)
    found = judge(nature, Y, scale)
    assert found.metrics == metrics_of(nature)
    return dict(zip(found.metrics, found.measure(np.asarray(outputs, dtype=np.float64)), strict=True))


def onehot(labels, count):
    return np.eye(count)[np.asarray(labels)]


def column(*values):
    return np.array(values, dtype=np.float64)[:, None]


class TestNumbersOfScikitLearn:
    """Computed once with scikit-learn 1.9.1."""

    def test_three_classes(self):
        outputs = [
            [0.7, 0.2, 0.1],
            [0.2, 0.5, 0.3],
            [0.5, 0.4, 0.1],
            [0.1, 0.3, 0.6],
            [0.3, 0.3, 0.4],
            [0.2, 0.6, 0.2],
        ]
        found = measured(Nature.CLASSES, onehot([0, 1, 1, 2, 0, 2], 3), outputs)
        assert found[Metric.ACCURACY] == 0.5
        assert found[Metric.BALANCED_ACCURACY] == 0.5
        assert found[Metric.MACRO_F1] == pytest.approx(0.5)
        assert found[Metric.ROC_AUC] == pytest.approx(0.7916666666666666)

    def test_unequal_classes(self):
        outputs = onehot([0, 0, 0, 0, 1, 1, 0, 2], 3)
        found = measured(Nature.CLASSES, onehot([0, 0, 0, 0, 0, 1, 1, 2], 3), outputs)
        assert found[Metric.ACCURACY] == 0.75
        assert found[Metric.BALANCED_ACCURACY] == pytest.approx(0.7666666666666666)
        assert found[Metric.MACRO_F1] == pytest.approx(0.7666666666666666)
        assert found[Metric.ROC_AUC] == pytest.approx(0.7999999999999999)

    def test_two_classes_with_ties(self):
        found = measured(Nature.BINARY, column(0, 0, 1, 1, 1, 0), column(0.1, 0.4, 0.4, 0.8, 0.4, 0.9))
        assert found[Metric.ACCURACY] == 0.5
        assert found[Metric.BALANCED_ACCURACY] == 0.5
        assert found[Metric.MACRO_F1] == pytest.approx(0.48571428571428565)
        assert found[Metric.ROC_AUC] == pytest.approx(0.5555555555555556)

    def test_a_class_that_is_predicted_but_does_not_occur(self):
        found = measured(Nature.CLASSES, onehot([0, 0, 1], 3), onehot([0, 2, 1], 3))
        assert found[Metric.BALANCED_ACCURACY] == 0.75
        assert found[Metric.MACRO_F1] == pytest.approx(0.5555555555555556)
        assert np.isnan(found[Metric.ROC_AUC])

    def test_a_class_that_neither_occurs_nor_is_predicted(self):
        found = measured(Nature.CLASSES, onehot([0, 0, 1], 3), onehot([0, 1, 1], 3))
        assert found[Metric.BALANCED_ACCURACY] == 0.75
        assert found[Metric.MACRO_F1] == pytest.approx(0.6666666666666666)
        assert np.isnan(found[Metric.ROC_AUC])

    def test_one_class_only(self):
        found = measured(Nature.BINARY, column(0, 0), column(0.2, 0.7))
        assert found[Metric.ACCURACY] == 0.5
        assert found[Metric.BALANCED_ACCURACY] == 0.5
        assert found[Metric.MACRO_F1] == pytest.approx(0.3333333333333333)
        assert np.isnan(found[Metric.ROC_AUC])

    def test_values_of_two_targets(self):
        Y, A = [[1.0, 10.0], [2.0, 30.0], [4.0, 20.0]], [[1.5, 11.0], [2.0, 27.0], [3.0, 25.0]]
        found = measured(Nature.VALUES, Y, A)
        assert found[Metric.MAE] == pytest.approx(1.75)
        assert found[Metric.RMSE] == pytest.approx(2.0305737398438843)
        assert found[Metric.R2] == pytest.approx(0.7785714285714285)


@st.composite
def classified(draw):
    """Labels and scores of a few rows; scores are coarse, so that there are ties."""
    count, rows = draw(st.integers(2, 4)), draw(st.integers(2, 15))
    labels = draw(st.lists(st.integers(0, count - 1), min_size=rows, max_size=rows))
    scores = draw(st.lists(st.lists(st.integers(0, 4), min_size=count, max_size=count), min_size=rows, max_size=rows))
    return count, np.array(labels), np.array(scores) / 4


@given(classified())
def test_metrics_of_classes_are_scikit_learn_s(case):
    peer = pytest.importorskip("sklearn.metrics")
    count, labels, scores = case
    found = measured(Nature.CLASSES, onehot(labels, count), scores)
    guessed = scores.argmax(axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if count == 2:
            auc = peer.roc_auc_score(labels, scores[:, 1])
        else:
            auc = peer.roc_auc_score(onehot(labels, count), scores, average="macro")
        expected = {
            Metric.ACCURACY: peer.accuracy_score(labels, guessed),
            Metric.BALANCED_ACCURACY: peer.balanced_accuracy_score(labels, guessed),
            Metric.MACRO_F1: peer.f1_score(labels, guessed, average="macro"),
            Metric.ROC_AUC: auc,
        }
    assert found == pytest.approx(expected, nan_ok=True)
    matrix = peer.confusion_matrix(labels, guessed, labels=range(count))
    assert confusion(scores, onehot(labels, count), count).tolist() == matrix.tolist()


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=2, max_size=20))
def test_metrics_of_a_single_output_are_scikit_learn_s(rows):
    peer = pytest.importorskip("sklearn.metrics")
    labels, scores = np.array([label for label, _ in rows], int), np.array([score for _, score in rows]) / 8
    found = measured(Nature.BINARY, column(*labels), column(*scores))
    guessed = scores >= 0.5
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = {
            Metric.ACCURACY: peer.accuracy_score(labels, guessed),
            Metric.BALANCED_ACCURACY: peer.balanced_accuracy_score(labels, guessed),
            Metric.MACRO_F1: peer.f1_score(labels, guessed, average="macro"),
            Metric.ROC_AUC: peer.roc_auc_score(labels, scores),
        }
    assert found == pytest.approx(expected, nan_ok=True)


@given(st.integers(0, 2**32), st.integers(2, 20), st.integers(1, 4))
def test_metrics_of_values_are_scikit_learn_s(seed, rows, columns):
    peer = pytest.importorskip("sklearn.metrics")
    outputs, targets = np.random.default_rng(seed).normal(size=(2, rows, columns))
    assert measured(Nature.VALUES, targets, outputs) == pytest.approx(
        {
            Metric.R2: peer.r2_score(targets, outputs),
            Metric.MAE: peer.mean_absolute_error(targets, outputs),
            Metric.RMSE: peer.root_mean_squared_error(targets, outputs),
        }
    )


def test_r2_of_an_autoencoder_is_weighted_by_variance():
    peer = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(3)
    targets = rng.normal(size=(50, 4)) * [5.0, 1.0, 0.01, 0.0]
    outputs = targets + rng.normal(size=(50, 4))
    r2 = judge(Nature.VALUES, targets, np.ones(4), together=True).measure(outputs)[0]
    assert r2 == pytest.approx(peer.r2_score(targets, outputs, multioutput="variance_weighted"))
    assert r2 > 0 > judge(Nature.VALUES, targets, np.ones(4)).measure(outputs)[0]
    still = np.ones((3, 2))
    assert judge(Nature.VALUES, still, np.ones(2), together=True).measure(still)[0] == 1


def test_errors_of_standardized_targets_are_in_the_units_of_the_table():
    found = measured(Nature.VALUES, [[0.0, 0.0], [1.0, 1.0]], [[0.5, 0.0], [0.5, 2.0]], scale=[10.0, 2.0])
    assert found[Metric.MAE] == pytest.approx((5 + 1) / 2)
    assert found[Metric.RMSE] == pytest.approx((5 + np.sqrt(2)) / 2)


def test_a_constant_target_is_met_or_it_is_not():
    assert measured(Nature.VALUES, column(0.1, 0.1, 0.1), column(0.1, 0.1, 0.1))[Metric.R2] == 1
    assert measured(Nature.VALUES, column(0.1, 0.1, 0.1), column(0.1, 0.1, 0.2))[Metric.R2] == 0


def test_a_single_row_has_errors_but_no_variance():
    found = measured(Nature.VALUES, column(1.0), column(3.0))
    assert (found[Metric.MAE], found[Metric.RMSE]) == (2, 2)
    assert np.isnan(found[Metric.R2])


@pytest.mark.parametrize("bad", [NAN, np.inf, -np.inf])
def test_outputs_that_are_not_finite_have_no_metrics(bad):
    for nature, targets, outputs in (
        (Nature.CLASSES, onehot([0, 1], 2), [[bad, 0.0], [0.0, 1.0]]),
        (Nature.BINARY, column(0, 1), column(bad, 1)),
        (Nature.VALUES, column(0, 1), column(bad, 1)),
    ):
        assert np.isnan(list(measured(nature, targets, outputs).values())).all()


def test_an_error_too_large_for_a_number_is_unknown():
    with np.errstate(over="ignore"):
        found = measured(Nature.VALUES, column(0, 1), column(1e200, 1))
    assert found[Metric.MAE] == pytest.approx(5e199)
    assert np.isnan(found[Metric.RMSE])
    assert np.isnan(found[Metric.R2])


def test_single_precision_is_summed_in_double():
    rows = 100_000
    outputs = np.full((rows, 1), 0.1, np.float32)
    found = judge(Nature.VALUES, np.zeros((rows, 1)), ONE).measure(outputs)
    assert dict(zip(metrics_of(Nature.VALUES), found, strict=True))[Metric.MAE] == pytest.approx(np.float32(0.1), 1e-12)


def test_a_single_output_is_a_class_from_one_half_on():
    assert classes(np.array([[0.4], [0.5], [0.9]])).tolist() == [0, 1, 1]


def test_the_first_of_equal_outputs_is_the_class():
    assert classes(np.array([[0.2, 0.4, 0.4], [0.5, 0.5, 0.0]])).tolist() == [1, 0]


@pytest.mark.parametrize("nature", list(Nature))
def test_measuring_leaves_the_outputs_as_they_were(nature):
    Y = onehot([0, 1, 2, 1], 3) if nature is Nature.CLASSES else column(0, 1, 1, 0)
    outputs = np.random.default_rng(1).random(Y.shape)
    before = outputs.copy()
    judge(nature, Y, np.ones(Y.shape[1])).measure(outputs)
    np.testing.assert_array_equal(outputs, before)
