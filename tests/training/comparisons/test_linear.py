"""Linear maps: least squares against scikit-learn, and a deep linear network as the one map that it is."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import accuracy_score, r2_score

from nnstudio.data.preparation import PartName
from nnstudio.engine.model import Model
from nnstudio.engine.spec import LayerSpec, Normalization
from nnstudio.experiment.document import Network
from nnstudio.experiment.edits import set_layer
from nnstudio.experiment.open import open_sample
from nnstudio.training.comparisons.contender import Contender, Hidden, Record, is_linear
from nnstudio.training.comparisons.course import Course
from nnstudio.training.comparisons.linear import LeastSquares, collapse, least_squares
from nnstudio.training.comparisons.task import Materials
from nnstudio.training.run import build, model_spec


def materials_of(sample):
    experiment = open_sample(sample)
    run = build(experiment)
    return Materials(experiment, run.dataset, run.data)


@pytest.mark.parametrize("sample", ["circles", "iris", "wine", "diabetes", "sine", "digits"])
def test_least_squares_are_those_of_scikit_learn(sample):
    materials = materials_of(sample)
    train = materials.data.train
    found = LeastSquares().begin(materials).advance(0.1)
    theirs = LinearRegression().fit(train.X, train.Y)
    np.testing.assert_allclose(found.map.W, theirs.coef_, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.map.b, theirs.intercept_, rtol=1e-9, atol=1e-9)
    predicted = theirs.predict(train.X)
    if materials.data.classes:
        expected = accuracy_score(train.Y.argmax(axis=1), predicted.argmax(axis=1))
    elif sample == "circles":
        expected = accuracy_score(train.Y[:, 0] == 1, predicted[:, 0] >= 0.5)
    else:
        expected = r2_score(train.Y, predicted)
    assert found.metrics[PartName.TRAINING] == pytest.approx(expected, rel=1e-9)


def test_of_many_least_squares_the_smallest_are_taken():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(5, 9)), rng.normal(size=(5, 2))
    theirs = LinearRegression().fit(X, Y)
    found = least_squares(X, Y)
    np.testing.assert_allclose(found.W, theirs.coef_, rtol=1e-9)
    np.testing.assert_allclose(found.model().predict(X), Y, atol=1e-12)


def test_a_deep_linear_network_is_one_linear_map():
    rng = np.random.default_rng(1)
    layers = (LayerSpec(5), LayerSpec(4, bias=False), LayerSpec(3), LayerSpec(2))
    spec = model_spec(open_sample("circles"), materials_of("circles").data)
    model = Model(replace(spec, network=replace(spec.network, layers=layers), cost="half_mse"))
    model.store.family("parameters")[...] = rng.normal(size=model.spec.network.parameters)
    X = rng.normal(size=(20, 2))
    found = collapse(model)
    np.testing.assert_allclose(X @ found.W.T + found.b, model.predict(X), rtol=1e-12)
    np.testing.assert_allclose(found.model().predict(X), model.predict(X), rtol=1e-12)


def test_a_network_with_a_bend_is_none():
    assert collapse(build(open_sample("circles")).model) is None
    normalized = set_layer(
        Contender(1, hidden=Hidden.LINEAR).of(open_sample("circles")), 0, normalization=Normalization.LAYER
    ).experiment
    assert collapse(build(normalized).model) is None


def test_a_linear_network_comes_to_the_least_squares_as_it_trains():
    materials = materials_of("diabetes")
    straight = replace(Contender(1, hidden=Hidden.LINEAR).of(materials.experiment))
    contender = Contender(400, learning_rate=0.01, hidden=Hidden.LINEAR, record=Record.KNOWLEDGE)
    course, work = Course(contender), contender.begin(materials)
    while not course.finished:
        course.take(work.advance(1.0))
    best = LeastSquares().begin(materials).advance(0.1)
    assert course.metrics[PartName.TRAINING] == pytest.approx(best.metrics[PartName.TRAINING], abs=0.02)
    assert course.metrics[PartName.TRAINING] <= best.metrics[PartName.TRAINING] + 1e-12
    model = Model(model_spec(straight, materials.data))
    model.put_back(course.knowledge)
    X = materials.data.train.X
    np.testing.assert_allclose(collapse(model).model().predict(X), model.predict(X), rtol=1e-9, atol=1e-12)


def test_a_network_without_a_bend_gets_one_to_be_compared_with():
    plain = replace(open_sample("circles"), network=Network((LayerSpec(1, "sigmoid"),)))
    assert is_linear(plain)
    bent = Contender(1, hidden=Hidden.BENT).of(plain)
    assert [layer.activation for layer in bent.network.layers] == ["tanh", "sigmoid"]
    straight = Contender(1, hidden=Hidden.LINEAR).of(open_sample("circles"))
    assert [layer.activation for layer in Contender(1, hidden=Hidden.BENT).of(straight).network.layers] == [
        "tanh",
        "tanh",
        "sigmoid",
    ]
    assert Contender(1, hidden=Hidden.BENT).of(open_sample("circles")) == open_sample("circles")
