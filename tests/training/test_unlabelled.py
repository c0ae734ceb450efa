"""Rows without a target in a run: what they are good for, and where pseudo-labels are refused."""

from dataclasses import replace

import numpy as np
import pytest
from msgspec import structs

from nnstudio.data.preparation import PartName
from nnstudio.data.spec import DataSpec, InlineSource, MissingTargets, MissingUse, TargetKind
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.errors import ExperimentError
from nnstudio.experiment.open import open_sample
from nnstudio.training.metrics import Metric
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal, Trainer

PSEUDO = MissingTargets(MissingUse.PSEUDO_LABELS, 3, 0.6)


def experiment_of(targets, last=None, cost="cross_entropy", kind=TargetKind.AUTO, **changed):
    rows = tuple((float(row), float(row % 3), target) for row, target in enumerate(targets))
    data = DataSpec(
        InlineSource(("a", "b", "y"), rows), ("a", "b"), ("y",), standardize=True, target_kind=kind, **changed
    )
    last = last or LayerSpec(2, "softmax")
    return Experiment(data, Network((LayerSpec(4, "tanh"), last)), cost=cost, training=TrainingSpec(2))


def refusal(experiment):
    with pytest.raises(ExperimentError) as caught:
        build(experiment)
    assert "\n" not in str(caught.value)
    return str(caught.value)


KINDS = ["p", None, "q", None, "p", "q", None, None]


def test_left_out_they_change_nothing():
    with_gaps = build(experiment_of(KINDS))
    rows = with_gaps.experiment.data.source.rows
    known = InlineSource(("a", "b", "y"), tuple(row for row in rows if row[2] is not None))
    without = build(replace(with_gaps.experiment, data=structs.replace(with_gaps.experiment.data, source=known)))
    for run in (with_gaps, without):
        Trainer(run).train(Goal.EPOCH)
    assert with_gaps.model.store.family("parameters").tobytes() == without.model.store.family("parameters").tobytes()
    assert with_gaps.machine.unlabelled_rows.tolist() == []
    assert with_gaps.machine.program.ops[0].kind.value == "load"


def test_with_pseudo_labels_the_metrics_are_still_those_of_true_targets():
    run = build(experiment_of(KINDS, missing_targets=PSEUDO))
    Trainer(run).train(Goal.LIMIT)
    assert run.machine.pseudo_labelled > 0
    outputs = run.model.predict(run.data.train.X)
    right = np.mean(outputs.argmax(axis=1) == run.data.train.Y.argmax(axis=1))
    assert run.history.of(PartName.TRAINING, Metric.ACCURACY)[-1] == right
    assert run.history.train_cost[-1] == pytest.approx(-np.mean(np.log(np.sum(outputs * run.data.train.Y, axis=1))))


def test_the_mini_batch_names_the_rows_of_the_table():
    run = build(experiment_of(KINDS, missing_targets=PSEUDO))
    table = np.array([row[:2] for row in run.experiment.data.source.rows])
    while run.machine.pseudo_labelled == 0 or run.machine.epochs < 5:
        run.machine.run_iteration()
        shown = run.data.original_inputs(run.machine.value("X"))
        np.testing.assert_allclose(shown, table[run.machine.rows], atol=1e-12)
    assert run.machine.unlabelled_rows.tolist() == [1, 3, 6, 7]


def test_a_single_column_of_0_and_1_is_labelled_too():
    targets = [0.0, None, 1.0, None, 0.0, 1.0]
    run = build(experiment_of(targets, LayerSpec(1, "sigmoid"), "binary_cross_entropy", missing_targets=PSEUDO))
    Trainer(run).train(Goal.LIMIT)
    assert run.machine.pseudo_labelled > 0
    assert set(run.machine.value("T").ravel().tolist()) <= {0.0, 1.0}


class TestRefusals:
    def test_values(self):
        message = refusal(experiment_of([0.5, None, 2.0], LayerSpec(1), "half_mse", missing_targets=PSEUDO))
        assert message == (
            "pseudo-labels are for classes: these targets are values; set target_kind to classes if their numbers "
            "stand for classes, or set missing_targets to leave_out"
        )

    def test_classes_without_probabilities(self):
        message = refusal(experiment_of(KINDS, LayerSpec(2), "half_mse", missing_targets=PSEUDO))
        assert message == (
            "pseudo-labels need the probability of each class, which identity with half_mse does not give; use softmax "
            "with cross_entropy, or set missing_targets to leave_out"
        )
        message = refusal(experiment_of(KINDS, LayerSpec(2, "sigmoid"), "binary_cross_entropy", missing_targets=PSEUDO))
        assert "use softmax with cross_entropy" in message

    def test_0_and_1_without_a_probability(self):
        message = refusal(experiment_of([0.0, None, 1.0], LayerSpec(1, "tanh"), "half_mse", missing_targets=PSEUDO))
        assert "which tanh with half_mse does not give; use sigmoid with binary_cross_entropy" in message

    def test_one_class_alone_among_the_training_rows(self):
        targets = [1.0, None, 1.0, 1.0]
        experiment = experiment_of(targets, LayerSpec(1, "sigmoid"), "binary_cross_entropy", missing_targets=PSEUDO)
        assert refusal(experiment) == (
            "pseudo-labels are for classes: 'y' is 1 in every training row; fill in targets of the other class, or set "
            "missing_targets to leave_out"
        )

    @pytest.mark.parametrize("targets", [[0.5, 1.5, 2.0], [0.0, 1.0, 2.0]])
    def test_nothing_is_refused_where_no_target_is_missing(self, targets):
        build(experiment_of(targets, LayerSpec(1), "half_mse", missing_targets=PSEUDO))

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"from_epoch": 0}, r"$.data.missing_targets.from_epoch is 0; it must be from 1 to"),
            ({"confidence": 1.01}, r"$.data.missing_targets.confidence is 1.01; it must be at least 0.5 and at most 1"),
            ({"confidence": float("nan")}, r"$.data.missing_targets.confidence is nan; it must be at least 0.5"),
        ],
    )
    def test_settings_outside_of_their_domain(self, changed, message):
        assert refusal(experiment_of(KINDS, missing_targets=structs.replace(PSEUDO, **changed))).startswith(message)

    def test_more_rows_in_a_mini_batch_than_have_a_target(self):
        experiment = experiment_of(KINDS, missing_targets=PSEUDO)
        experiment = replace(experiment, training=TrainingSpec(5))
        assert "$.training.batch_size is 5, more than the 4 training rows; use at most 4" in refusal(experiment)


def test_the_sample_learns_more_with_pseudo_labels_than_without():
    """What its description says; without them with as many updates."""
    with_them = open_sample("bands")
    data = structs.replace(with_them.data, missing_targets=MissingTargets())
    accuracy = {}
    for experiment in (with_them, replace(with_them, data=data)):
        run = build(experiment)
        assert (len(run.data.train.X), len(run.data.validation.X), len(run.data.unlabelled.X)) == (6, 94, 300)
        updates = 2040
        for _ in range(updates):
            run.machine.run_iteration()
        run.record_epoch()
        use = experiment.data.missing_targets.use
        accuracy[use] = run.history.of(PartName.VALIDATION, Metric.ACCURACY)[-1]
    assert accuracy[MissingUse.PSEUDO_LABELS] == 1.0
    assert accuracy[MissingUse.LEAVE_OUT] == pytest.approx(0.86, abs=0.005)
