"""Weights of samples, J = 1/m Σ w ℓ: against PyTorch, against rows repeated, and in every state of a run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine.activations import Activation, activation
from nnstudio.engine.costs import Cost, cost
from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind, Phase
from nnstudio.engine.pseudo_labels import Unlabelled
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Precision

from .drawn import UNIT_RANGE, machine_of
from .test_costs import outputs_and_targets, scratch
from .test_machine import assert_takes_no_memory, bytes_of

PAIRS = [
    (sigma, name)
    for name in Cost.names()
    for sigma in Activation.names()
    if cost(name).outputs != UNIT_RANGE or activation(sigma).range == UNIT_RANGE
]
by_pair = pytest.mark.parametrize(("sigma", "name"), PAIRS)


def spec_of(sigma, name, **settings):
    return ModelSpec(NetworkSpec(3, (LayerSpec(4, "tanh"), LayerSpec(3, sigma))), name, **settings)


def with_gradients(machine):
    """Run to the end of the pass backward: J, and the gradients of all parameters."""
    with np.errstate(all="ignore"):
        while machine.op.phase is not Phase.UPDATE:
            machine.step()
    return machine.cost, {name: machine.value(f"d{name}").copy() for name in machine.model.parameters}


def machine_over(like, rows, weights=None):
    """The model of a machine, in mini-batches of all of these of its rows, in their order."""
    model = Model(like.model.spec)
    model.copy_fitting_parameters(like.model)
    X, Y = like.X[rows], like.Y[rows]
    return Machine(model, X, Y, batch_size=len(X), shuffle=False, seed=0, weights=weights)


@by_pair
def test_value_and_gradient_are_pytorch_s_mean_of_weighted_losses(sigma, name):
    pytest.importorskip("torch")
    import torch

    from .reference import Reference

    machine = machine_of(spec_of(sigma, name), 3, 6, 6, weighted=True)
    theirs = Reference(machine)
    J, ours = with_gradients(machine)
    rows = machine.rows
    _, value = theirs._forward(*map(torch.tensor, (machine.X[rows], machine.Y[rows], machine.w[rows])), {})
    value.backward()
    assert pytest.approx(value.item(), rel=1e-12) == J
    steepest = max(np.abs(gradient).max() for gradient in ours.values())
    for slot, gradient in ours.items():
        expected = theirs.parameters[slot].grad.numpy()
        np.testing.assert_allclose(gradient, expected, rtol=1e-12, atol=1e-12 * max(steepest, 1e-3), err_msg=slot)


@by_pair
def test_a_weight_counts_like_a_row_repeated(sigma, name):
    like = machine_of(spec_of(sigma, name), 1, 5, 5)
    times = np.array([2, 0, 1, 3, 1])
    J, gradients = with_gradients(machine_over(like, np.arange(5), times))
    repeated, expected = with_gradients(machine_over(like, np.repeat(np.arange(5), times)))
    factor = times.sum() / len(times)
    assert pytest.approx(factor * repeated, rel=1e-12) == J
    for slot, gradient in gradients.items():
        np.testing.assert_allclose(gradient, factor * expected[slot], rtol=1e-10, atol=1e-14, err_msg=slot)


@by_pair
def test_weights_of_1_change_nothing(sigma, name):
    like = machine_of(spec_of(sigma, name), 2, 5, 5)
    J, gradients = with_gradients(machine_over(like, np.arange(5), np.ones(5)))
    plain, expected = with_gradients(machine_over(like, np.arange(5)))
    assert pytest.approx(plain, rel=1e-14) == J
    for slot, gradient in gradients.items():
        assert gradient.tobytes() == expected[slot].tobytes()


@pytest.mark.parametrize("name", Cost.names())
@given(seed=st.integers(0, 2**32), shape=st.tuples(st.integers(1, 5), st.integers(1, 4)))
def test_the_loss_of_a_sample_is_its_cost_alone(name, seed, shape):
    a, y = outputs_and_targets(name, seed, shape)
    together, alone = np.empty(shape[0]), np.empty(shape[0])
    cost(name).losses(a, y, together, scratch(a))
    Cost.losses(cost(name), a, y, alone, scratch(a))
    np.testing.assert_allclose(together, alone, rtol=1e-13)
    assert together.mean() == pytest.approx(cost(name).value(a, y, scratch(a)), rel=1e-12)


@settings(deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(PAIRS))
def test_the_gradients_of_mini_batches_add_up_to_that_of_all_rows(seed, pair):
    like = machine_of(spec_of(*pair), seed, 6, 6, weighted=True)
    weights = like.w[:, 0]
    _, whole = with_gradients(machine_over(like, np.arange(6), weights))
    parts = [with_gradients(machine_over(like, half, weights[half]))[1] for half in (np.arange(4), np.arange(4, 6))]
    for slot, gradient in whole.items():
        added = (4 * parts[0][slot] + 2 * parts[1][slot]) / 6
        np.testing.assert_allclose(added, gradient, rtol=1e-9, atol=1e-13, err_msg=slot)


def test_without_weights_a_program_has_none():
    machine = machine_of(spec_of("softmax", "cross_entropy"))
    assert "w" not in machine.program.arena
    assert machine.program.ops[0].label == "X, Y ← mini-batch"
    assert not any("w" in op.reads for op in machine.program.ops)


@pytest.mark.parametrize(
    ("sigma", "name", "labels"),
    [
        ("identity", "half_mse", ("J = 1/(2m) Σ w ⊙ (Y − A2)²", "dA2 = w ⊙ (A2 − Y) / m")),
        ("sigmoid", "cross_entropy", ("J = −1/m Σ w ⊙ Y log A2", "dA2 = −w ⊙ Y / (A2 m)")),
        ("softmax", "cross_entropy", ("A2, J = softmax with cross-entropy(Z2, Y, w)", "dZ2 = w ⊙ (A2 − Y) / m")),
    ],
)
def test_the_operations_say_where_the_weights_are(sigma, name, labels):
    machine = machine_of(spec_of(sigma, name), weighted=True)
    written = [op.label for op in machine.program.ops if "w" in op.reads]
    assert machine.program.ops[0].label == "X, Y, w ← mini-batch"
    assert tuple(written) == labels


def test_a_mini_batch_has_the_weights_of_its_rows():
    machine = machine_of(spec_of("identity", "mse"), rows=10, batch_size=4, weighted=True)
    for _ in range(7):
        machine.step()
        assert machine.value("w").tobytes() == machine.w[machine.batches.rows].tobytes()
        machine.run_iteration()


def test_all_rows_are_judged_by_their_weights():
    rows = 2500  # more than are judged at once
    machine = machine_of(spec_of("identity", "mae"), rows=rows, weighted=True)
    found = machine.model.evaluate(machine.X, machine.Y, machine.w[:, 0])
    errors = np.abs(machine.model.predict(machine.X) - machine.Y).mean(axis=1)
    assert found.cost == pytest.approx((machine.w[:, 0] * errors).sum() / rows, rel=1e-12)
    assert machine.model.evaluate(machine.X, machine.Y).cost == pytest.approx(errors.mean(), rel=1e-12)


@pytest.mark.parametrize("ran", [0, 1, 9, 30, 47])
def test_a_run_goes_back_and_on_by_the_same_bytes(ran):
    machine = machine_of(spec_of("softmax", "cross_entropy"), rows=10, batch_size=4, weighted=True)
    for _ in range(ran):
        machine.step()
    state, there = machine.state(), bytes_of(machine)
    twin = machine.twin(Precision.FLOAT64)
    for _ in range(40):
        machine.step()
        twin.step()
    end = bytes_of(machine)
    assert bytes_of(twin) == end
    machine.restore(state)
    assert bytes_of(machine) == there
    for _ in range(40):
        machine.step()
    assert bytes_of(machine) == end


def test_a_row_that_is_lent_its_target_counts_once():
    model = Model(ModelSpec(NetworkSpec(2, (LayerSpec(2, "softmax"),)), "cross_entropy"))
    model.initialize(0)
    X, Y = np.eye(2), np.eye(2)
    lent = Unlabelled(np.array([[2.0, 0.0], [0.0, 3.0]]), 1, 0.5)
    machine = Machine(model, X, Y, batch_size=2, shuffle=False, seed=0, weights=np.array([5.0, 0.5]), unlabelled=lent)
    assert machine.w[:, 0].tolist() == [5, 0.5, 1, 1]
    assert machine.labelled_weights.tolist() == [5, 0.5]
    assert machine.twin(Precision.FLOAT32).w[:, 0].tolist() == [5, 0.5, 1, 1]


def test_a_weight_can_be_set_until_it_is_used():
    machine = machine_of(spec_of("identity", "half_mse"), weighted=True)
    machine.step()
    machine.write("w", (1, 0), 7.5)
    while machine.op.kind is not OpKind.WEIGHT_GRADIENT:
        machine.step()
    a, y, w = (machine.value(slot) for slot in ("A2", "Y", "w"))
    assert w[1, 0] == 7.5
    np.testing.assert_allclose(machine.value("dA2"), w * (a - y) / len(w), rtol=1e-14)


@pytest.mark.parametrize("dtype", list(Precision))
@pytest.mark.parametrize(
    ("sigma", "name"), [*(("sigmoid", name) for name in Cost.names()), ("softmax", "cross_entropy")]
)
def test_training_takes_no_memory(sigma, name, dtype):
    network = NetworkSpec(3, (LayerSpec(40, "tanh"), LayerSpec(40, sigma)))
    assert_takes_no_memory(
        machine_of(ModelSpec(network, name, precision=dtype), rows=150, batch_size=64, weighted=True)
    )
