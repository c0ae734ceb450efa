"""Whatever network, cost and optimizer: what is said before an operation runs is what it then computes, and what is
said afterwards is the machine's number."""

from collections.abc import Iterator
from dataclasses import replace
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine.activations import Activation
from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind
from nnstudio.engine.ops.normalizing import EPSILON
from nnstudio.engine.ops.wiring import outputs_of
from nnstudio.engine.optimizers import Optimizer, Sgd
from nnstudio.engine.schedules import (
    Constant,
    Cosine,
    Exponential,
    LinearWarmUp,
    OneCycle,
    ReduceOnPlateau,
    Step,
)
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, Precision, RegularizationSpec
from nnstudio.explain.element import element_at
from nnstudio.explain.formulas import explain
from nnstudio.explain.sums import Products

HIDDEN = sorted(set(Activation.names()) - {"step"})
OUTPUTS = (
    ("identity", "half_mse"),
    ("identity", "mse"),
    ("tanh", "mae"),
    ("identity", "huber"),
    ("softplus", "log_cosh"),
    ("sigmoid", "binary_cross_entropy"),
    ("hard_sigmoid", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
    ("softmax", "half_mse"),
    ("sigmoid", "cross_entropy"),
)
normalizations = st.sampled_from(Normalization)
DROPOUT = st.sampled_from((0.0, 0.3))
OPTIMIZERS = (*(kind() for kind in Optimizer.registry.values()), Sgd(momentum=0.9), Sgd(momentum=0.9, nesterov=True))
SCHEDULES = (
    Constant(),
    Step(1, 0.5),
    Exponential(0.5),
    LinearWarmUp(1.5),
    Cosine(1.5, 0.1),
    Cosine(0.5, growth=2),
    Cosine(1.0, restarts=False),
    OneCycle(2.0),
    ReduceOnPlateau(patience=0),
)


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """A machine over a small random network and random data; every second one has samples with weights."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    last, cost = draw(st.sampled_from(OUTPUTS))
    classes = last == "softmax" or cost == "cross_entropy"
    outputs = draw(st.integers(2, 11)) if classes else draw(st.integers(1, 3))
    inputs, rows = draw(st.integers(1, 12)), draw(st.integers(2, 14))
    hidden = [
        LayerSpec(
            draw(st.integers(2, 10)),
            draw(st.sampled_from(HIDDEN)),
            bias=draw(st.booleans()),
            dropout=draw(DROPOUT),
            normalization=draw(normalizations),
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    usable = [kind for kind in Normalization if outputs > 1 or kind is not Normalization.LAYER]
    network = NetworkSpec(inputs, (*hidden, LayerSpec(outputs, last, normalization=draw(st.sampled_from(usable)))))
    penalties = RegularizationSpec(*(draw(st.sampled_from((0.0, value))) for value in (0.01, 0.1, 0.5, 0.05, 0.2)))
    optimizer, schedule = draw(st.sampled_from(OPTIMIZERS)), draw(st.sampled_from(SCHEDULES))
    spec = ModelSpec(network, cost, penalties, optimizer, schedule=schedule)
    model = Model(spec)
    model.initialize(draw(st.integers(0, 10_000)))
    targets = rng.random((rows, outputs)) if draw(st.booleans()) else np.eye(outputs)[rng.integers(outputs, size=rows)]
    weights = rng.choice([0.0, 0.5, 1.0, 2.5], rows) if draw(st.booleans()) else None
    return Machine(
        model, rng.normal(size=(rows, inputs)), targets, batch_size=rows, shuffle=False, seed=1, weights=weights
    )


def choices(machine: Machine, rng: np.random.Generator) -> Iterator[tuple[str, tuple[int, ...], int]]:
    """A weight of each layer, and a sample."""
    for layer in range(1, machine.model.depth + 1):
        shape = machine.value(f"W{layer}").shape
        yield f"W{layer}", tuple(int(rng.integers(n)) for n in shape), int(rng.integers(machine.program.batch_size))


@settings(max_examples=60, deadline=None)
@given(machines(), st.integers(0, 10_000))
def test_what_is_foretold_is_what_is_computed(machine: Machine, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(3):  # since the state of optimizer and schedule is not 0 then
        for _ in range(len(machine.program.ops)):
            index, op = machine.pc, machine.op
            elements = [element_at(machine, op, *choice) for choice in choices(machine, rng)]
            foretold = [explain(machine, index, element, upcoming=True) for element in elements]
            scale = max((np.abs(machine.value(slot)).max(initial=0.0) for slot in op.reads), default=1.0)
            scale *= 1 / np.sqrt(EPSILON) if op.kind in (OpKind.NORMALIZE, OpKind.NORMALIZE_GRADIENT) else 1
            machine.step()
            for element, before in zip(elements, foretold, strict=True):
                after = explain(machine, index, element)
                if op.kind is OpKind.MASK:
                    assert before.result is None
                    assert after.result in (0.0, 1 / 0.7)
                    continue
                assert (before.result is None) == (after.result is None), op.label
                if after.result is None or isnan(after.result):
                    continue
                allowed = 1e-12 * max(abs(after.result), float(scale), 1.0)
                assert before.result == pytest.approx(after.result, rel=1e-12, abs=allowed), op.label
                assert after.result in written(machine, index)


def written(machine: Machine, index: int) -> list[float]:
    slots = machine.program.ops[index].writes
    return [float(value) for slot in slots for value in machine.value(slot).ravel()]


@settings(max_examples=60, deadline=None)
@given(machines(), st.integers(0, 10_000))
def test_terms_add_up_to_the_machines_value(machine: Machine, seed: int) -> None:
    rng = np.random.default_rng(seed)
    while machine.op.kind is not OpKind.UPDATE:
        machine.step()
    for layer in range(1, machine.model.depth + 1):
        sample = int(rng.integers(machine.program.batch_size))
        unit, source = (int(rng.integers(n)) for n in machine.value(f"W{layer}").shape)
        before, z = machine.value(outputs_of(machine.program.arena, layer - 1)), machine.value(f"Z{layer}")
        bias = machine.value(f"b{layer}")[unit] if f"b{layer}" in machine.program.arena else 0.0
        sums = Products((machine.value(f"W{layer}")[unit], before[sample]), (None, None), source)
        shown = float(sums.terms[list(sums.shown)].sum()) + sums.rest + float(bias)
        assert shown == pytest.approx(z[sample, unit], abs=1e-12 * float(np.abs(sums.terms).sum() + abs(bias)))
        penalty = machine.value(f"dPW{layer}")[unit, source] if f"dPW{layer}" in machine.program.arena else 0.0
        sums = Products((machine.value(f"dZ{layer}")[:, unit], before[:, source]), (None, None), sample)
        shown = float(sums.terms[list(sums.shown)].sum()) + sums.rest + float(penalty)
        gradient = machine.value(f"dW{layer}")[unit, source]
        assert shown == pytest.approx(gradient, abs=1e-12 * float(np.abs(sums.terms).sum() + abs(penalty)))


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: f"{o.name} {getattr(o, 'momentum', '')}")
@pytest.mark.parametrize("precision", Precision)
def test_the_weight_before_the_update_is_the_one_that_was(optimizer: Optimizer, precision: Precision) -> None:
    rng = np.random.default_rng(3)
    network = NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(1)))
    model = Model(ModelSpec(network, optimizer=optimizer, precision=precision))
    model.initialize(1)
    machine = Machine(model, rng.normal(size=(6, 2)), rng.normal(size=(6, 1)), batch_size=6, shuffle=False, seed=1)
    machine.run_iteration()
    found = 0
    while not machine.at_boundary or machine.iterations < 20:
        index, op = machine.pc, machine.op
        if op.kind is OpKind.UPDATE and "W1" in op.writes:
            was = float(machine.value("W1")[0, 0])
            machine.step()
            explained = explain(machine, index, element_at(machine, op, "W1", (0, 0), 0))
            change = explained.formulas[-1].plain
            if "was" in change:
                found += 1
                assert f"was {was:.4f}".replace("-", "−") in change
        else:
            machine.step()
    assert found >= 15


def test_long_sums_are_abridged_and_say_so() -> None:
    sums = Products((np.arange(1.0, 13.0), np.ones(12)), (None, None), 10)
    assert sums.shown == (0, 1, 2, 3, 4, 5, 6, 10)
    assert sums.rest == 8 + 9 + 10 + 12
    assert sums.written(1).plain.endswith("(7.0)(1.0) + (11.0)(1.0) + … (4 more: 39.0)")


def test_a_weight_leads_to_the_neurons_at_both_its_ends() -> None:
    model = Model(ModelSpec(NetworkSpec(2, (LayerSpec(5, "tanh"), LayerSpec(3, "tanh"), LayerSpec(1)))))
    machine = Machine(model, np.zeros((4, 2)), np.zeros((4, 1)), batch_size=4, shuffle=False, seed=1)
    ops = {(op.kind, op.layer): op for op in machine.program.ops}
    at = element_at(machine, ops[OpKind.AFFINE, 2], "W2", (1, 4), 9)
    assert (at.unit, at.input, at.sample) == (1, 4, 3)
    assert element_at(machine, ops[OpKind.ACTIVATION, 1], "W2", (1, 4), 0).unit == 4
    assert element_at(machine, ops[OpKind.INPUT_GRADIENT, 2], "W2", (1, 4), 0).unit == 4
    assert element_at(machine, ops[OpKind.AFFINE, 3], "W2", (1, 4), 0).unit == 0
    assert element_at(machine, ops[OpKind.UPDATE, None], "dW2", (1, 4), 0).parameter == ("W2", (1, 4))
    assert element_at(machine, ops[OpKind.UPDATE, None], "A2", (0, 2), 0).parameter == ("W2", (2, 0))
    assert replace(at, sample=0) == element_at(machine, ops[OpKind.AFFINE, 2], "dW2", (1, 4), 0)
    assert element_at(machine, ops[OpKind.AFFINE, 2], "W9", (1, 4), 0).unit == 0
