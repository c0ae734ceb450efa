"""Clipping and the max-norm constraint: the numbers are PyTorch's, and what is short enough stays as it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind
from nnstudio.engine.optimizers import Sgd
from nnstudio.engine.spec import LayerSpec, NetworkSpec, RegularizationSpec

NETWORK = NetworkSpec(3, (LayerSpec(4, "tanh"), LayerSpec(2)))


def machine_of(seed=0, **limits):
    spec = ModelSpec(NETWORK, regularization=RegularizationSpec(**limits), optimizer=Sgd(0.5))
    rng = np.random.default_rng(seed)
    model = Model(spec)
    parameters = model.store.family("parameters")
    parameters[...] = rng.normal(size=parameters.shape)
    return Machine(model, rng.normal(size=(6, 3)), rng.normal(size=(6, 2)), batch_size=6, shuffle=False, seed=1)


def flat(machine, prefix=""):
    return np.concatenate([machine.value(f"{prefix}{name}").ravel() for name in machine.model.parameters])


limits = st.floats(0.001, 10)


@given(st.integers(0, 1000), limits)
def test_each_value_is_cut_off_at_the_limit(seed, limit):
    machine = machine_of(seed, clip_value=limit)
    before = flat(machine)
    machine.run_iteration()
    clipped = np.clip(flat(machine, "d"), -limit, limit)
    assert flat(machine, "cd").tobytes() == clipped.tobytes()
    np.testing.assert_allclose(flat(machine), before - 0.5 * clipped)


@given(st.integers(0, 1000), limits)
def test_the_whole_gradient_keeps_its_direction_and_is_at_most_as_long_as_the_limit(seed, limit):
    machine = machine_of(seed, clip_norm=limit)
    before = flat(machine)
    machine.run_iteration()
    g, scaled = flat(machine, "d"), flat(machine, "nd")
    length = np.linalg.norm(g)
    assert machine.value("gnorm") == pytest.approx(length)
    np.testing.assert_allclose(scaled, g * min(1, limit / (length + 1e-6)))
    np.testing.assert_allclose(flat(machine), before - 0.5 * scaled)


def test_values_are_cut_off_before_the_norm_is_taken():
    machine = machine_of(clip_value=0.2, clip_norm=0.3)
    machine.run_iteration()
    clipped = flat(machine, "cd")
    assert machine.value("gnorm") == pytest.approx(np.linalg.norm(clipped))
    np.testing.assert_allclose(flat(machine, "nd"), clipped * 0.3 / (np.linalg.norm(clipped) + 1e-6))


@given(st.integers(0, 1000), limits)
def test_no_unit_has_longer_weights_than_the_limit(seed, limit):
    free, bound = machine_of(seed), machine_of(seed, max_norm=limit)
    free.run_iteration()
    bound.run_iteration()
    for name in ("W1", "W2"):
        lengths = np.linalg.norm(free.value(name), axis=1, keepdims=True)
        np.testing.assert_allclose(bound.value(name), free.value(name) * np.minimum(1, limit / lengths))
        short = lengths[:, 0] <= limit
        assert bound.value(name)[short].tobytes() == free.value(name)[short].tobytes()
    for name in ("b1", "b2"):
        assert bound.value(name).tobytes() == free.value(name).tobytes()


def test_the_optimizer_says_which_gradient_it_reads():
    def update(**limits):
        return next(op for op in machine_of(**limits).program.ops if op.kind is OpKind.UPDATE)

    assert update().label == "θ ← θ − α ∂J/∂θ"
    assert update(clip_value=1).label == "θ ← θ − α ĝ"
    assert update(clip_value=1, clip_norm=1).label == "θ ← θ − α g̃"
    assert "ndW1" in update(clip_norm=1).reads
    assert "dW1" not in update(clip_norm=1).reads


def test_numbers_of_pytorch():
    """clip_grad_value_(0.5), clip_grad_norm_(1.0) of the gradient (0.3, −2, 0.7, 4); renorm(2, 0, 1.5) of weights."""
    machine = machine_of(clip_value=0.5, clip_norm=0.6, max_norm=1.5)
    store = machine.model.store
    ops = {op.kind: op for op in machine.program.ops}
    store.family("gradients").fill(0)
    store["dW1"].flat[:4] = [0.3, -2, 0.7, 4]
    store["W1"][...] = [[3, 4, 0], [0.6, 0.8, 0], [-1, 1, 1], [0, 0, 0]]
    for kind in (OpKind.CLIP, OpKind.GRADIENT_NORM, OpKind.SCALE_DOWN):
        ops[kind].run()
    next(op for op in machine.program.ops if op.kind is OpKind.MAX_NORM).run()
    assert store["gnorm"] == pytest.approx(0.916515138991168)
    expected = [0.19639588, -0.32732647, 0.32732647, 0.32732647]
    np.testing.assert_allclose(store["ndW1"].flat[:4], expected, rtol=1e-6)
    root = 1.5 / np.sqrt(3)
    np.testing.assert_allclose(store["W1"], [[0.9, 1.2, 0], [0.6, 0.8, 0], [-root, root, root], [0, 0, 0]])


@given(seed=st.integers(0, 1000))
def test_clipping_is_pytorch_s(seed):
    torch = pytest.importorskip("torch")
    machine = machine_of(seed, clip_value=0.2, clip_norm=0.4)
    machine.run_iteration()
    theirs = [torch.zeros(machine.value(name).shape, dtype=torch.float64) for name in machine.model.parameters]
    for tensor, name in zip(theirs, machine.model.parameters, strict=True):
        tensor.grad = torch.tensor(machine.value(f"d{name}").copy())
    torch.nn.utils.clip_grad_value_(theirs, 0.2)
    torch.nn.utils.clip_grad_norm_(theirs, 0.4)
    for tensor, name in zip(theirs, machine.model.parameters, strict=True):
        np.testing.assert_allclose(machine.value(f"nd{name}"), tensor.grad.numpy(), rtol=1e-12)
