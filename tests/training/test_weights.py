"""Weights of rows in a run: what they change, what they leave as it is, and which are refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.utils.class_weight import compute_class_weight

from nnstudio.cli import main
from nnstudio.data.preparation import PartName
from nnstudio.engine.spec import Precision
from nnstudio.experiment import file
from nnstudio.experiment.edits import set_training
from nnstudio.experiment.errors import ExperimentError
from nnstudio.experiment.open import open_sample
from nnstudio.explain.landscape.ground import TrainingCost
from nnstudio.training.comparisons.batches import cut
from nnstudio.training.comparisons.linear import least_squares
from nnstudio.training.debugger import Debugger
from nnstudio.training.metrics import Metric
from nnstudio.training.run import Run, build
from nnstudio.training.trainer import Goal, Trainer
from nnstudio.training.watches.settings import LearningRate

FIELDS = {PartName.TRAINING: "train", PartName.VALIDATION: "validation", PartName.TEST: "test"}


def run_with(weigh, sample="iris", **training):
    """A sample whose rows have the weights that `weigh` makes of each part."""
    experiment = set_training(open_sample(sample), **training).experiment
    plain = build(experiment)
    parts = {FIELDS[name]: plain.data.part(name) for name in plain.data.parts}
    weighed = {field: replace(part, weights=weigh(part)) for field, part in parts.items()}
    return Run(experiment, plain.dataset, replace(plain.data, **weighed))


def uneven(part):
    return np.random.default_rng(0).uniform(0, 3, len(part.X))


def balanced(part):
    """n / (classes · count), as scikit-learn balances classes."""
    labels = part.Y.argmax(axis=1)
    return compute_class_weight("balanced", classes=np.unique(labels), y=labels)[labels]


@pytest.mark.parametrize("weigh", [uneven, balanced])
def test_the_cost_counts_rows_by_their_weight_and_a_metric_each_of_them_once(weigh):
    run = run_with(weigh)
    Trainer(run).train(Goal.EPOCH)
    assert len(run.data.parts) > 1
    for name in run.data.parts:
        part = run.data.part(name)
        outputs = run.model.predict(part.X)
        losses = -np.log((outputs * part.Y).sum(axis=1))
        right = outputs.argmax(axis=1) == part.Y.argmax(axis=1)
        assert run.history.of(name, Metric.COST)[-1] == pytest.approx((part.weights * losses).mean(), rel=1e-12)
        assert run.history.of(name, Metric.ACCURACY)[-1] == right.mean()


def test_weights_change_what_is_learned():
    run, plain = run_with(uneven), build(open_sample("iris"))
    for each in (run, plain):
        Trainer(each).train(Goal.EPOCH)
    assert not np.allclose(run.machine.value("W1"), plain.machine.value("W1"))


def test_a_debugger_goes_back_to_the_same_bytes():
    debugger = Debugger(run_with(uneven))
    states = []
    for _ in range(60):
        states.append(debugger.machine.value("w").tobytes() + debugger.machine.value("dW1").tobytes())
        debugger.step_over()
    for state in reversed(states):
        debugger.step_back()
        assert debugger.machine.value("w").tobytes() + debugger.machine.value("dW1").tobytes() == state


def test_whatever_else_measures_the_cost_counts_by_weight_too():
    run = run_with(uneven)
    cost = run.history.train_cost[0]
    assert cut(run, 7).mean == pytest.approx(cost, rel=1e-12)
    assert TrainingCost(run.machine).value() == pytest.approx(cost, rel=1e-12)
    while not np.isfinite(run.machine.cost):
        run.machine.step()
    assert LearningRate().note(run.machine) == pytest.approx(run.machine.cost, rel=1e-12)


def test_weighted_least_squares_are_those_of_scikit_learn():
    rng = np.random.default_rng(3)
    X, Y, weights = rng.normal(size=(20, 3)), rng.normal(size=(20, 2)), rng.uniform(0, 2, 20)
    theirs = LinearRegression().fit(X, Y, sample_weight=weights)
    found = least_squares(X, Y, weights)
    np.testing.assert_allclose(found.W, theirs.coef_, rtol=1e-9)
    np.testing.assert_allclose(found.b, theirs.intercept_, rtol=1e-9)


@pytest.mark.parametrize(
    ("value", "precision", "words"),
    [
        (-0.5, Precision.FLOAT64, "is -0.5; it must be a finite number"),
        (np.nan, Precision.FLOAT64, "is nan; it must be a finite number"),
        (np.inf, Precision.FLOAT64, "is inf; it must be a finite number"),
        (1e39, Precision.FLOAT32, r"is 1e\+39; it must be a finite number in float32"),
    ],
)
def test_a_weight_that_cannot_count_is_refused_with_its_row(value, precision, words):
    def spoilt(part):
        weights = uneven(part)
        weights[3] = value
        return weights

    row = build(open_sample("iris")).data.train.rows[3] + 1
    with pytest.raises(ExperimentError, match=f"the weight of row {row} {words}"):
        run_with(spoilt, dtype=precision)


def test_weights_that_are_all_0_are_refused_with_their_part():
    with pytest.raises(ExperimentError, match=r"all \d+ training rows, from row \d+ on, have the weight 0"):
        run_with(lambda part: np.zeros(len(part.X)))


RARE = {
    "format": "nnstudio-experiment/1",
    "data": {
        "source": {
            "kind": "inline",
            "columns": ["x", "seen", "kind"],
            "rows": [
                [n / 10, 1 + n % 3, "rare" if n % 6 == 5 else "some" if n % 6 == 2 else "usual"] for n in range(24)
            ],
        },
        "inputs": ["x"],
        "targets": ["kind"],
        "weight": "seen",
        "class_weights": "balanced",
        "split": {"validation": 0.25},
    },
    "network": {"layers": [{"units": 3, "activation": "softmax"}]},
    "cost": "cross_entropy",
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
    "training": {"batch_size": 18, "epochs": 20, "shuffle": False},
    "parameters": {"W1": [[0.1], [0.2], [-0.3]], "b1": [0.0, 0.0, 0.0]},
}


def test_an_experiment_with_rare_classes_is_trained_as_scikit_learn_balances_them(tmp_path):
    """From the file by the command line to the report, against gradient descent written out here."""
    path, out = tmp_path / "rare.nns.json", tmp_path / "report.json"
    path.write_text(json.dumps(RARE))
    assert main(["train", str(path), "--report", str(out)]) == 0
    report, data = json.loads(out.read_text()), build(file.load(path)).data
    cells = RARE["data"]["source"]["rows"]
    kinds = np.array([cells[row][2] for row in data.train.rows])
    balance = compute_class_weight("balanced", classes=np.array(data.classes), y=kinds)
    of_class = dict(zip(data.classes, balance, strict=True))
    parts = {"train": data.train, "validation": data.validation}
    weights = {name: np.array([cells[row][1] * of_class[cells[row][2]] for row in parts[name].rows]) for name in parts}
    W, b = np.array(RARE["parameters"]["W1"]), np.zeros(3)
    for epoch in range(RARE["training"]["epochs"]):
        off = weights["train"][:, None] * (softmax(data.train.X @ W.T + b) - data.train.Y) / len(data.train.X)
        W, b = W - 0.5 * off.T @ data.train.X, b - 0.5 * off.sum(axis=0)
        for name, part in parts.items():
            losses = -np.log((softmax(part.X @ W.T + b) * part.Y).sum(axis=1))
            assert report["cost"][name][epoch] == pytest.approx((weights[name] * losses).mean(), rel=1e-12)
    np.testing.assert_allclose(report["parameters"]["W1"], W, rtol=1e-10)
    np.testing.assert_allclose(report["parameters"]["b1"], b, rtol=1e-10, atol=1e-12)


def softmax(z):
    powers = np.exp(z)
    return powers / powers.sum(axis=1, keepdims=True)


def test_a_trace_has_the_weights_of_each_mini_batch(tmp_path):
    path, out = tmp_path / "rare.nns.json", tmp_path / "trace.json"
    path.write_text(json.dumps(RARE))
    assert main(["trace", str(path), "--iterations", "1", "--out", str(out)]) == 0
    (iteration,) = json.loads(out.read_text())["iterations"]
    train = build(file.load(path)).data.train
    load = iteration["ops"][0]
    assert load["label"] == "X, Y, w ← mini-batch"
    assert load["writes"]["w"] == train.weights[:, None].tolist()


@pytest.mark.parametrize(
    ("cell", "words"),
    [(-2.0, "row 8 of 'seen' is -2"), (None, "row 8")],
)
def test_a_bad_cell_of_the_weight_column_is_refused_with_its_row(tmp_path, capsys, cell, words):
    spoilt = json.loads(json.dumps(RARE))
    spoilt["data"]["source"]["rows"][7][1] = cell
    path = tmp_path / "spoilt.nns.json"
    path.write_text(json.dumps(spoilt))
    assert main(["train", str(path)]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
