"""Formulas of samples with weights, worked by hand: w stands where it counts, with its number."""

import numpy as np
import pytest

from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind
from nnstudio.engine.spec import LayerSpec, NetworkSpec
from nnstudio.explain.contributions import contributions
from nnstudio.explain.element import element_at
from nnstudio.explain.formulas import explain
from nnstudio.explain.ideas import idea_of
from nnstudio.explain.inputs import inputs_of
from nnstudio.explain.matrices import matrices
from nnstudio.explain.network import network
from nnstudio.explain.reading import Reading
from nnstudio.explain.symbols import of_sample

X, Y, W = [[1.0], [2.0], [-1.0]], [[1.0], [0.0], [1.0]], [2.5, 0.5, 0.0]


def machine_of(last="identity", cost="half_mse", weights=W):
    """a = σ(0.4 x) over three samples."""
    units = 2 if last == "softmax" else 1
    model = Model(ModelSpec(NetworkSpec(1, (LayerSpec(units, last, bias=False),)), cost))
    model.store["W1"][...] = [[0.4], [-0.4]][:units]
    targets = np.eye(2)[[0, 1, 0]] if units > 1 else np.array(Y)
    return Machine(
        model, np.array(X), targets, batch_size=3, shuffle=False, seed=0, weights=weights and np.array(weights)
    )


def said_of(machine, kind, sample=1):
    """The formulas of the operation once it has run."""
    while machine.op.kind is not kind:
        machine.step()
    index, op = machine.pc, machine.op
    machine.step()
    found = explain(machine, index, element_at(machine, op, "W1", (0, 0), sample))
    return "\n".join(formula.plain for formula in found.formulas)


@pytest.mark.parametrize(
    ("kind", "formula"),
    [
        (OpKind.LOAD, "w = 0.5000"),
        (OpKind.COST, "c = w ½ (y₁ − a¹₁)² = (0.5000) ½ (0.0000 − 0.8000)² = 0.1600"),
        (OpKind.COST, "J = 1/m Σ over samples c\n= 1/3 (0.4500 + 0.1600 + 0.0000)\n= 0.2033"),
        (OpKind.COST_GRADIENT, "∂J/∂a¹₁ = w (a¹₁ − y₁) / m = (0.5000) (0.8000 − 0.0000) / 3 = 0.1333"),
        (OpKind.WEIGHT_GRADIENT, "= (−0.5000)(1.0000) + (0.1333)(2.0000) + (0.0000)(−1.0000)\n= −0.2333"),
        (OpKind.WEIGHT_GRADIENT, "= w (a¹₁ − y₁) / m · 1 · x₁ = (0.1333)(1.0000)(2.0000) = 0.2667"),
    ],
)
def test_a_squared_error_counts_w_times(kind, formula):
    assert formula in said_of(machine_of(), kind)


@pytest.mark.parametrize(
    ("last", "cost", "kind", "formula"),
    [
        (
            "sigmoid",
            "binary_cross_entropy",
            OpKind.COST,
            "c = −w (y₁ log a¹₁ + (1 − y₁) log(1 − a¹₁)) = −(0.5000) (0.0",
        ),
        ("sigmoid", "binary_cross_entropy", OpKind.COST, "c = w (max(z¹₁, 0) − z¹₁ y₁ + log(1 + e^(−|z¹₁|)))"),
        ("sigmoid", "binary_cross_entropy", OpKind.FUSED_GRADIENT, "= (0.5000) (0.6900 − 0.0000) / 3 = 0.1150"),
        ("softmax", "cross_entropy", OpKind.FUSED, "c = −w Σₖ yₖ log a¹ₖ = −(0.5000) 1.0000 log 0.1680 = 0.8920"),
        ("softmax", "cross_entropy", OpKind.FUSED_GRADIENT, "= w (a¹₁ − y₁) / m = (0.5000) (0.8320 − 0.0000) / 3"),
    ],
)
def test_a_logarithmic_cost_counts_w_times(last, cost, kind, formula):
    assert formula in said_of(machine_of(last, cost), kind)


def test_without_weights_no_formula_has_w():
    machine = machine_of(weights=None)
    said = [said_of(machine, kind) for kind in (OpKind.LOAD, OpKind.COST, OpKind.COST_GRADIENT)]
    assert not any("w" in text for text in said)


def test_the_matrices_show_w_beside_the_targets():
    machine = machine_of()
    for kind in (OpKind.COST, OpKind.COST_GRADIENT):
        while machine.op.kind is not kind:
            machine.step()
        equation = matrices(Reading(machine, machine.pc, element_at(machine, machine.op, "W1", (0, 0), 1), 4))
        grid = next(grid for grid in equation.grids if grid.slot == "w")
        assert [grid.at(row, 0) for row in range(3)] == W


def test_the_network_s_cost_says_where_w_is():
    machine = machine_of()
    assert network(machine.model).formulas[-1].plain == "J = 1/(2m) Σ (Y − A¹)²"
    assert network(machine.model, weighted=True).formulas[-1].plain == "J = 1/(2m) Σ w (Y − A¹)²"


def test_a_sample_of_weight_0_pulls_nowhere():
    machine = machine_of()
    while machine.op.kind is not OpKind.UPDATE:
        machine.step()
    parts = contributions(machine, "dW1", (0, 0))
    np.testing.assert_allclose(parts.parts, [-0.5, 4 / 15, 0], atol=1e-15)
    assert parts.adds_up


def test_a_slope_is_made_of_the_sample_s_weight_and_a_probability_is_not():
    machine = machine_of("softmax", "cross_entropy")
    while machine.op.kind is not OpKind.FUSED:
        machine.step()
    at = element_at(machine, machine.op, "A1", (1, 0), 1)
    reading = Reading(machine, machine.pc, at, 4)
    assert {slot for slot, _ in inputs_of(reading, ("A1", (1, 0)))} == {"Z1"}
    assert ("w", (2, 0)) in inputs_of(reading, ("J", ()))
    machine.step()
    assert ("w", (1, 0)) in inputs_of(Reading(machine, machine.pc, at, 4), ("dZ1", (1, 0)))


def test_the_idea_says_what_weights_do_only_where_there_are_some():
    for weights, said in ((W, True), (None, False)):
        machine = machine_of(weights=weights)
        at = next(n for n, op in enumerate(machine.program.ops) if op.kind is OpKind.COST_GRADIENT)
        reading = Reading(machine, at, element_at(machine, machine.program.ops[at], "W1", (0, 0), 1), 4)
        assert ("w times as steep" in idea_of(reading).text) is said


@pytest.mark.parametrize(
    ("slot", "index", "own"),
    [
        ("w", (2, 0), True),
        ("Y", (2, 0), True),
        ("dZ1", (2, 1), True),
        ("W1", (2, 0), False),
        ("mW1", (2, 0), False),
        ("b1", (2,), False),
        ("T", (2, 0), False),
    ],
)
def test_an_element_is_of_a_sample_where_its_row_is_one(slot, index, own):
    assert of_sample(slot, index) is own
