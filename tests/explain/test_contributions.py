"""What a sample contributes to a gradient, held against networks that are given that one sample alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import Phase
from nnstudio.engine.ops.normalizing import EPSILON
from nnstudio.engine.ops.wiring import outputs_of
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, Precision
from nnstudio.explain.contributions import Contributions, contributions, gradient_of

from .test_truth import machines


def to_update(machine: Machine) -> Machine:
    """To where all gradients are there."""
    last = max(machine.program.writer[f"d{name}"] for name in machine.model.parameters)
    machine.run_until(last + 1)
    return machine


def gradients(machine: Machine, rng: np.random.Generator) -> list[tuple[str, tuple[int, ...]]]:
    """An element of each gradient."""
    names = machine.model.parameters
    return [(f"d{name}", tuple(int(rng.integers(n)) for n in machine.slot(name).shape)) for name in names]


def found(machine: Machine, slot: str, index: tuple[int, ...]) -> Contributions:
    made = contributions(machine, slot, index)
    assert made is not None
    return made


def alone(machine: Machine, sample: int) -> Machine:
    """The same network without a penalty, given that sample alone, with its weight."""
    spec = replace(machine.model.spec, regularization=replace(machine.model.spec.regularization, l1=0.0, l2=0.0))
    model = Model(spec)
    for name in machine.model.parameters:
        model.store[name][...] = machine.value(name)
    rows = slice(sample, sample + 1)
    weights = machine.value("w")[rows, 0] if "w" in machine.program.arena else None
    X, Y = machine.value("X")[rows], machine.value("Y")[rows]
    return Machine(model, X, Y, batch_size=1, shuffle=False, seed=0, weights=weights)


def terms(machine: Machine, slot: str) -> float:
    """No less than the sum, without signs, of all that is added up for an element of a gradient: what its rounding is
    to be measured by, however much cancels on the way back. A slope is at most 2, and a layer normalization of n units,
    where |h| ≤ √n, adds up no more than 3 n times what comes back to it, over its standard deviation."""
    network, layer = machine.model.spec.network, machine.slot(slot).layer or 0
    first = next(op for op in machine.program.ops if op.phase is Phase.BACKWARD)
    size = float(np.abs(machine.value(first.writes[0])).sum())
    for n in range(len(network.layers), layer - 1, -1):
        size *= 2 * (float(np.abs(machine.value(f"W{n + 1}")).sum()) if n < len(network.layers) else 1.0)
        if network.layers[n - 1].normalized:
            deviation = np.sqrt(float(machine.value(f"var{n}").min()) + EPSILON)
            size *= 3 * network.widths[n] * float(np.abs(machine.value(f"gamma{n}")).max()) / deviation
    inputs = machine.value(outputs_of(machine.program.arena, layer - 1))
    return size * max(1.0, float(np.abs(inputs).max()), network.widths[layer] ** 0.5)


@settings(max_examples=40, deadline=None)
@given(machines(), st.integers(0, 10_000))
def test_the_parts_add_up_to_the_gradient_of_the_machine(machine: Machine, seed: int) -> None:
    for slot, index in gradients(to_update(machine), np.random.default_rng(seed)):
        made = found(machine, slot, index)
        assert len(made.parts) == len(made.rows) == machine.program.batch_size
        scale = float(np.abs(made.parts).sum()) + abs(made.penalty or 0.0)
        assert made.gradient == machine.value(slot)[index]
        assert made.residue == pytest.approx(0.0, abs=1e-12 * (scale + 1e-300))
        assert made.up + made.down + (made.penalty or 0.0) == pytest.approx(made.total, abs=1e-12 * (scale + 1e-300))
        sizes = np.abs(made.parts[made.order])
        assert (np.diff(sizes) <= 0).all()


@settings(max_examples=40, deadline=None)
@given(machines(), st.integers(0, 10_000))
def test_a_part_times_m_is_the_gradient_of_that_sample_alone(machine: Machine, seed: int) -> None:
    rng = np.random.default_rng(seed)
    layers = machine.model.spec.network.layers
    to_update(machine)
    places = gradients(machine, rng)
    if any(layer.dropout or layer.normalization is Normalization.BATCH for layer in layers):
        return  # chance, or the others, would have a say
    sample = int(rng.integers(machine.program.batch_size))
    other = to_update(alone(machine, sample))
    for slot, index in places:
        made = found(machine, slot, index)
        assert not made.joined
        part = float(made.parts[sample]) * machine.program.batch_size
        assert part == pytest.approx(float(other.value(slot)[index]), abs=1e-13 * terms(other, slot))


@pytest.mark.parametrize("normalization", ["none", "layer"])
def test_the_parts_are_what_autograd_finds_sample_by_sample(normalization: str) -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(3)
    machine = to_update(small(normalization))
    X, Y = (torch.tensor(machine.value(slot)) for slot in "XY")
    values = {name: torch.tensor(machine.value(name).copy(), requires_grad=True) for name in machine.model.parameters}
    for sample in range(len(X)):
        z = X[sample] @ values["W1"].T + values["b1"]
        if normalization == "layer":
            z = torch.nn.functional.layer_norm(z, z.shape, values["gamma1"], values["beta1"], eps=1e-5)
        prediction = torch.tanh(z) @ values["W2"].T + values["b2"]
        (((prediction - Y[sample]) ** 2).sum() / 2 / len(X)).backward()
        for slot, index in gradients(machine, rng):
            part = found(machine, slot, index).parts[sample]
            assert part == pytest.approx(float(values[slot[1:]].grad[index]), rel=1e-9, abs=1e-14)
        for value in values.values():
            value.grad = None


def small(normalization: str = "none", precision: Precision = Precision.FLOAT64) -> Machine:
    """2-3-1 with half the mean square error."""
    hidden = LayerSpec(3, "tanh", normalization=Normalization(normalization))
    model = Model(ModelSpec(NetworkSpec(2, (hidden, LayerSpec(1))), precision=precision))
    model.initialize(1)
    rng = np.random.default_rng(2)
    return Machine(model, rng.normal(size=(4, 2)), rng.normal(size=(4, 1)), batch_size=4, shuffle=False, seed=1)


def test_batch_normalization_joins_the_samples_of_what_comes_before_it() -> None:
    machine = to_update(small("batch"))
    index = {"W1": (0, 0), "b1": (0,), "gamma1": (0,), "beta1": (0,), "W2": (0, 0), "b2": (0,)}
    told = {name: found(machine, f"d{name}", at).joined for name, at in index.items()}
    assert told == {"W1": True, "b1": True, "gamma1": False, "beta1": False, "W2": False, "b2": False}


def test_there_are_none_while_the_gradient_is_not_computed() -> None:
    machine = small()
    assert contributions(machine, "dW1", (0, 0)) is None
    machine.run_iteration()
    assert contributions(machine, "dW1", (0, 0)) is not None
    machine.step()
    assert contributions(machine, "dW1", (0, 0)) is None


def test_in_single_precision_the_sum_is_the_gradient_up_to_its_rounding() -> None:
    made = found(to_update(small(precision=Precision.FLOAT32)), "dW1", (1, 0))
    assert made.residue == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("precision", Precision)
def test_it_does_not_add_up_where_a_number_was_set_since(precision: Precision) -> None:
    machine = to_update(small(precision=precision))
    assert found(machine, "dW1", (1, 0)).adds_up
    machine.program.arena["dW1"][1, 0] += 0.01
    assert not found(machine, "dW1", (1, 0)).adds_up
    assert found(machine, "dW1", (1, 1)).adds_up


def test_a_weight_and_its_gradient_ask_for_the_same() -> None:
    machine = small()
    assert gradient_of(machine, "W1") == gradient_of(machine, "dW1") == "dW1"
    assert [gradient_of(machine, slot) for slot in ("Z1", "dZ1", "J", "X")] == [None] * 4
