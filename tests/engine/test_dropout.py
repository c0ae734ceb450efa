"""Dropout: masks of the right share, drawn anew each iteration from the run's generator, and never but in training."""

import numpy as np
import pytest

from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Precision


def machine_of(p, units=50, rows=40, precision=Precision.FLOAT64):
    network = NetworkSpec(3, (LayerSpec(units, "tanh", dropout=p), LayerSpec(2)))
    model = Model(ModelSpec(network, precision=precision))
    model.initialize(0)
    rng = np.random.default_rng(0)
    data = rng.normal(size=(rows, 3)), rng.normal(size=(rows, 2))
    return Machine(model, *data, batch_size=rows, shuffle=False, seed=3)


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_a_share_of_the_outputs_is_dropped_and_the_rest_is_as_much_larger(p, precision):
    machine = machine_of(p, precision=precision)
    masks = []
    for _ in range(10):
        machine.run_iteration()
        masks.append(machine.value("M1").copy())
    kept = np.asarray(masks)
    assert set(np.unique(kept)) == {0, kept.dtype.type(1 / (1 - p))}
    count = kept.size
    assert np.mean(kept == 0) == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / count))
    assert len({mask.tobytes() for mask in masks}) == 10


def test_the_layer_after_sees_what_is_left_and_so_do_its_gradients():
    machine = machine_of(0.4)
    while machine.op.kind is not OpKind.UPDATE:
        machine.step()
    v = {slot.name: machine.value(slot.name) for slot in machine.slots()}
    np.testing.assert_array_equal(v["D1"], v["A1"] * v["M1"])
    np.testing.assert_allclose(v["Z2"], v["D1"] @ v["W2"].T + v["b2"])
    np.testing.assert_allclose(v["dW2"], v["dZ2"].T @ v["D1"])
    np.testing.assert_allclose(v["dD1"], v["dZ2"] @ v["W2"])
    np.testing.assert_array_equal(v["dA1"], v["dD1"] * v["M1"])


def test_nothing_is_dropped_where_the_network_is_asked_or_judged():
    machine = machine_of(0.4)
    machine.run_iteration()
    model = machine.model
    A = np.tanh(machine.X @ model.store["W1"].T + model.store["b1"])
    outputs = A @ model.store["W2"].T + model.store["b2"]
    before = machine.state()
    np.testing.assert_allclose(model.predict(machine.X), outputs)
    found = model.evaluate(machine.X, machine.Y)
    np.testing.assert_allclose(found.outputs, outputs)
    assert found.cost == pytest.approx(((outputs - machine.Y) ** 2).sum() / (2 * len(machine.X)))
    assert machine.state().batches.generator == before.batches.generator
    assert not any(op.kind is OpKind.MASK for op in model.predicting_program(4).ops)


def test_going_back_draws_the_same_masks_again():
    machine = machine_of(0.4)
    machine.run_iteration()
    kept, first = machine.state(), []
    for seen in (first, again := []):
        machine.restore(kept)
        for _ in range(3):
            machine.run_iteration()
            seen.append(machine.value("M1").tobytes())
    assert first == again


def test_a_layer_without_dropout_has_no_slots_for_it():
    assert not {"M1", "D1", "dD1"} & {slot.name for slot in machine_of(0.0).slots()}
