"""What backpropagation writes is the slope of J: every parameter of random networks against central differences."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnstudio.engine.activations import Activation, activation
from nnstudio.engine.costs import Cost, cost
from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import Phase
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, RegularizationSpec

unit_range = (0.0, 1.0)


@st.composite
def specs(draw):
    name = draw(st.sampled_from(Cost.names()))
    last = [s for s in Activation.names() if cost(name).outputs != unit_range or activation(s).range == unit_range]
    layers = [
        LayerSpec(
            draw(st.integers(2, 4)),
            draw(st.sampled_from(Activation.names())),
            bias=draw(st.booleans()),
            dropout=draw(st.sampled_from([0.0, 0.4])),
            normalization=draw(st.sampled_from(Normalization)),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    layers.append(
        LayerSpec(
            draw(st.integers(2, 3)),
            draw(st.sampled_from(last)),
            bias=draw(st.booleans()),
            normalization=draw(st.sampled_from(Normalization)),
        )
    )
    penalty = RegularizationSpec(draw(st.sampled_from([0.0, 0.05])), draw(st.sampled_from([0.0, 0.1])))
    return ModelSpec(NetworkSpec(draw(st.integers(1, 4)), tuple(layers)), name, penalty)


def machine_for(spec, seed, rows, batch_size):
    """Random weights, biases and data; targets within what the cost takes."""
    rng = np.random.default_rng(seed)
    model = Model(spec)
    parameters = model.store.family("parameters")
    parameters[...] = rng.normal(0, 0.7, parameters.shape)
    X = rng.normal(size=(rows, spec.network.inputs))
    Y = rng.uniform(0.05, 0.95, (rows, spec.network.outputs))
    return Machine(model, X, Y, batch_size=batch_size, shuffle=False, seed=0)


def batch_normalized(spec):
    return any(layer.normalization is Normalization.BATCH for layer in spec.network.layers)


def step_to(machine, phase):
    while machine.op.phase is not phase:
        machine.step()


def J(machine):
    """The cost of the mini-batch at hand, and with its dropout masks, with the parameters as they stand."""
    for op in machine.program.ops:
        if op.phase in (Phase.FORWARD, Phase.COST) and op.reads:
            op.run()
    return machine.program.arena["J"].item()


def difference(machine, parameters, index, h):
    kept = parameters[index]
    parameters[index] = kept + h
    up = J(machine)
    parameters[index] = kept - h
    down = J(machine)
    parameters[index] = kept
    return (up - down) / (2 * h)


@settings(max_examples=200, deadline=None)
@given(specs(), st.integers(0, 2**32), st.integers(1, 5), st.integers(1, 3))
def test_every_gradient_is_the_slope_of_the_cost(spec, seed, batch_size, more):
    assume(1 not in (batch_size, more % batch_size) or not batch_normalized(spec))
    machine = machine_for(spec, seed, batch_size + more, batch_size)
    for _ in range(2):  # a whole mini-batch, and one that may be smaller
        with np.errstate(all="raise", under="ignore"):
            step_to(machine, Phase.UPDATE)
        parameters, gradients = machine.model.store.family("parameters"), machine.model.store.family("gradients").copy()
        for index in range(parameters.size):
            coarse, fine = (difference(machine, parameters, index, h) for h in (2e-6, 1e-6))
            if abs(coarse - fine) > 1e-4 * (1 + abs(fine)):
                continue  # a kink lies between the two points, where there is no slope
            assert gradients[index] == pytest.approx(fine, rel=1e-4, abs=1e-6), f"parameter {index}"
        machine.run_iteration()


@given(st.integers(0, 2**32), st.sampled_from([0.0, 0.3]), st.sampled_from([0.0, 0.2]))
def test_penalties_are_over_weights_and_not_biases(seed, l1, l2):
    spec = ModelSpec(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(1))), regularization=RegularizationSpec(l1, l2))
    machine = machine_for(spec, seed, 4, 4)
    plain = machine_for(ModelSpec(spec.network), seed, 4, 4)
    step_to(machine, Phase.UPDATE)
    step_to(plain, Phase.UPDATE)
    weights = np.concatenate([machine.value(name).ravel() for name in ("W1", "W2")])
    penalty = l1 * np.abs(weights).sum() + 0.5 * l2 * (weights**2).sum()
    assert machine.cost == pytest.approx(plain.cost + penalty)
    for name in ("W1", "W2"):
        share = l1 * np.sign(machine.value(name)) + l2 * machine.value(name)
        np.testing.assert_allclose(machine.value(f"d{name}"), plain.value(f"d{name}") + share)
    for name in ("b1", "b2"):
        assert machine.value(f"d{name}").tobytes() == plain.value(f"d{name}").tobytes()


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_evaluating_all_rows_is_the_mean_over_mini_batches_of_one_size(seed, batches):
    spec = ModelSpec(
        NetworkSpec(3, (LayerSpec(4, "relu"), LayerSpec(2, "softmax"))),
        "cross_entropy",
        RegularizationSpec(l2=0.1),
    )
    machine = machine_for(spec, seed, 3 * batches, 3)
    costs = []
    for _ in range(batches):
        step_to(machine, Phase.BACKWARD)
        costs.append(machine.cost)
        machine.pc = 0  # leave the parameters as they are
    found = machine.model.evaluate(machine.X, machine.Y)
    assert found.cost == pytest.approx(np.mean(costs))
    assert found.cost == pytest.approx(found.data_cost + found.penalty)
    weights = np.concatenate([machine.value(name).ravel() for name in ("W1", "W2")])
    assert found.penalty == pytest.approx(0.05 * np.sum(weights**2))
    np.testing.assert_allclose(found.outputs, machine.model.predict(machine.X))


def test_without_a_penalty_the_cost_is_that_of_the_data():
    machine = machine_for(ModelSpec(NetworkSpec(3, (LayerSpec(2),))), 1, 6, 3)
    found = machine.model.evaluate(machine.X, machine.Y)
    assert (found.data_cost, found.penalty) == (found.cost, 0)
