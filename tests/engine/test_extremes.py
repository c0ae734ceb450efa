"""Weighted sums of ±10⁴, probabilities of exactly 0 and 1: no overflow, no NaN, in any network that can be built."""

import numpy as np
import pytest

from nnstudio.engine.activations import Activation, activation
from nnstudio.engine.costs import Cost, cost
from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.optimizers import Optimizer, Sgd, optimizer
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, Precision, RegularizationSpec

PAIRS = [
    (last, judged)
    for judged in Cost.names()
    for last in Activation.names()
    if cost(judged).outputs[0] <= activation(last).range[0] and activation(last).range[1] <= cost(judged).outputs[1]
]


def run_at_extremes(spec):
    """Three iterations whose first weighted sums are ±10⁴ and, in one row, 0; the next layer's are as large again."""
    model = Model(spec)
    store = model.store
    store["W1"][...] = [[1e4, 0], [0, 1e4], [-1e4, 1e4]]
    store["W2"][...] = np.resize([1e4, -1e4, 1.0], store["W2"].shape)
    X = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1], [0, 0], [1e-8, 1]])
    Y = np.eye(2)[[0, 1, 0, 1, 0, 1]]
    machine = Machine(model, X, Y, batch_size=6, shuffle=False, seed=0)
    with np.errstate(all="raise", under="ignore"):
        for _ in range(3):
            for _ in machine.program.ops:
                op = machine.step()
                for slot in op.writes:
                    assert np.isfinite(machine.value(slot)).all(), f"{op.label}: {slot}"
        assert np.isfinite(model.predict(X)).all()
        assert np.isfinite(model.evaluate(X, Y).cost)


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize(("last", "judged"), PAIRS)
def test_every_last_activation_and_cost(last, judged, precision):
    """With steps so short that a squared cost of such outputs does not make training itself diverge."""
    network = NetworkSpec(2, (LayerSpec(3), LayerSpec(2, last)))
    run_at_extremes(ModelSpec(network, judged, optimizer=Sgd(1e-12), precision=precision))


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("normalization", Normalization)
@pytest.mark.parametrize("hidden", Activation.names())
def test_every_hidden_activation(hidden, normalization, precision):
    layer = LayerSpec(3, hidden, dropout=0.2, normalization=normalization)
    network = NetworkSpec(2, (layer, LayerSpec(2, "softmax", normalization=normalization)))
    run_at_extremes(ModelSpec(network, "cross_entropy", precision=precision))


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("limits", [RegularizationSpec(), RegularizationSpec(0.1, 0.1, 1.0, 1.0, 1.0)])
@pytest.mark.parametrize("name", Optimizer.names())
def test_every_optimizer(name, limits, precision):
    network = NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(2, "sigmoid")))
    run_at_extremes(ModelSpec(network, "binary_cross_entropy", limits, optimizer(name), precision))
