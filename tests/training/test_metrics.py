"""Metrics against scikit-learn, and where they have no meaning."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.training.history import EpochRecord, History
from nnstudio.training.metrics import Metric, accuracy, classes, confusion, measure, r2


@given(st.integers(0, 2**32), st.integers(2, 20), st.integers(1, 4))
def test_metrics_are_scikit_learn_s(seed, rows, columns):
    peer = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(seed)
    outputs, targets = rng.normal(size=(2, rows, columns))
    assert measure(Metric.R2, outputs, targets) == pytest.approx(peer.r2_score(targets, outputs))
    if columns > 1:
        labels = rng.integers(0, columns, rows)
        onehot = np.eye(columns)[labels]
        guessed = outputs.argmax(axis=1)
        assert measure(Metric.ACCURACY, outputs, onehot) == peer.accuracy_score(labels, guessed)
        expected = peer.confusion_matrix(labels, guessed, labels=range(columns))
        assert confusion(outputs, onehot, columns).tolist() == expected.tolist()


def test_a_single_output_is_a_class_from_one_half_on():
    assert classes(np.array([[0.4], [0.5], [0.9]])).tolist() == [0, 1, 1]
    assert accuracy(np.array([[0.4], [0.6]]), np.array([[0.0], [0.0]])) == 0.5


def test_outputs_that_are_not_finite_or_not_there_have_no_accuracy():
    assert np.isnan(accuracy(np.array([[np.nan, 0.0]]), np.array([[1.0, 0.0]])))
    assert np.isnan(accuracy(np.zeros((0, 2)), np.zeros((0, 2))))
    assert np.isnan(r2(np.zeros((1, 1)), np.zeros((1, 1))))


def test_a_constant_target_is_met_or_it_is_not():
    assert r2(np.array([[1.0], [1.0]]), np.array([[1.0], [1.0]])) == 1
    assert r2(np.array([[1.0], [2.0]]), np.array([[1.0], [1.0]])) == 0


def record(epoch):
    return EpochRecord(epoch, float(epoch), 0.0, 0.0, 0.0, (float(epoch), 2.0))


def test_a_history_has_one_list_a_series():
    history = History()
    for epoch in range(3):
        history.add(record(epoch))
    assert len(history) == 3
    assert history.train_cost == [0, 1, 2]
    assert history.gradient_norms == [[0, 1, 2], [2, 2, 2]]


def test_a_history_that_goes_back_writes_its_epochs_anew():
    history = History()
    for epoch in (0, 1, 2, 3, 1):
        history.add(record(epoch))
    assert history.epochs == [0, 1]
    assert history.gradient_norms == [[0, 1], [2, 2]]
    history.forget_from(0)
    assert len(history) == 0
    history.add(record(0))
    history.clear()
    assert history.gradient_norms == []
