"""What backpropagation writes is the slope of J: every parameter of random experiments against central differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine.activations import HardSigmoid
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import Phase
from nnstudio.engine.spec import LayerSpec, NetworkSpec, RegularizationSpec
from nnstudio.explain.gradcheck import check_gradients

from .drawn import machine_of, machines

MOST = 1e-8


@pytest.fixture(autouse=True, scope="module")
def exact_slope():
    """PyTorch rounds the slope of hard_sigmoid to single precision, and so does the engine: by how much that is off is
    no bound behind batch normalization, where a gradient is the small difference of large terms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HardSigmoid, "SLOPE", 1 / 6)
        patch.setattr(HardSigmoid, "slope_rounding", 0.0)
        yield


def hold_gradients(machine):
    """Each ∂J/∂θ of the mini-batch at hand must be the slope measured, away from kinks."""
    check = check_gradients(machine, tolerance=MOST)
    for slot in check.slots:
        size = np.abs(slot.analytic)
        allowed = MOST * np.maximum(size, max(1, abs(check.cost))) + 4 * slot.uncertainty
        wrong = slot.checked & ~slot.kinks & ~(slot.absolute <= allowed)
        assert not wrong.any(), f"d{slot.slot}\n{slot.analytic}\nmeasured\n{slot.numeric}"
    return check


@settings(max_examples=80, deadline=None)
@given(machines())
def test_every_gradient_is_the_slope_of_the_cost(machine):
    for _ in range(2):  # a whole mini-batch, and one that may be smaller
        hold_gradients(machine)
        with np.errstate(all="raise", under="ignore"):
            machine.run_iteration()


def step_to(machine, phase):
    while machine.op.phase is not phase:
        machine.step()


@given(st.integers(0, 2**32), st.sampled_from([0.0, 0.3]), st.sampled_from([0.0, 0.2]))
def test_penalties_are_over_weights_and_not_biases(seed, l1, l2):
    spec = ModelSpec(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(1))), regularization=RegularizationSpec(l1, l2))
    machine = machine_of(spec, seed, 4, 4)
    plain = machine_of(ModelSpec(spec.network), seed, 4, 4)
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
    machine = machine_of(spec, seed, 3 * batches, 3)
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
    machine = machine_of(ModelSpec(NetworkSpec(3, (LayerSpec(2),))), 1, 6, 3)
    found = machine.model.evaluate(machine.X, machine.Y)
    assert (found.data_cost, found.penalty) == (found.cost, 0)
