"""The experiment of the documentation, whose numbers can be checked by hand: 2-3-1, ReLU, three rows, half_mse.

The first row is (0.1, 0.3) → 0.2. Its weighted sums are 0.5, 0.5 and −0.2, so its outputs 0.5, 0.5 and 0, and the
prediction 0.4·0.5 − 0.6·0.5 = −0.1.
"""

import numpy as np
import pytest

from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import OpKind
from nnstudio.experiment.open import open_sample
from nnstudio.explain.element import Element, element_at
from nnstudio.explain.explanation import Explanation
from nnstudio.explain.formulas import explain
from nnstudio.training.run import build


@pytest.fixture
def machine() -> Machine:
    return build(open_sample("averages")).machine


def run_to(machine: Machine, kind: OpKind, layer: int | None = None) -> int:
    """Run up to and with the operation; return its index."""
    while True:
        index = machine.pc
        op = machine.step()
        if op.kind is kind and layer in (None, op.layer):
            return index


def of_weight(machine: Machine, index: int, slot: str) -> Explanation:
    return explain(machine, index, element_at(machine, machine.program.ops[index], slot, (0, 0), 0))


def test_the_first_prediction_is_minus_a_tenth(machine: Machine) -> None:
    index = run_to(machine, OpKind.AFFINE, 2)
    explained = explain(machine, index, Element())
    assert explained.headline == "the weighted sum of neuron 1 in the output layer, for sample 1"
    assert explained.formulas[0].plain == (
        "z²₁ = Σᵢ W²₁ᵢ a¹ᵢ + b²₁\n= (0.4000)(0.5000) + (−0.6000)(0.5000) + (0.5000)(0.0000) + (0.0000)\n= −0.1000"
    )
    assert explained.result == pytest.approx(-0.1, abs=1e-15)


def test_the_next_operation_is_computed_from_what_is_known(machine: Machine) -> None:
    run_to(machine, OpKind.AFFINE, 1)
    coming = explain(machine, machine.pc, Element(), upcoming=True)
    assert coming.formulas[0].plain == "a¹₁ = relu(z¹₁) = relu(0.5000) = 0.5000"


def test_the_difference_is_three_tenths(machine: Machine) -> None:
    index = run_to(machine, OpKind.COST_GRADIENT)
    assert explain(machine, index, Element()).formulas[0].plain == (
        "∂J/∂a²₁ = (a²₁ − y₁) / m = (−0.1000 − 0.2000) / 3 = −0.1000"
    )


def test_the_share_of_the_first_sample_is_half_the_square_of_three_tenths(machine: Machine) -> None:
    index = run_to(machine, OpKind.COST)
    share, mean = explain(machine, index, Element()).formulas
    assert share.plain == "c = ½ (y₁ − a²₁)² = ½ (0.2000 − (−0.1000))² = 0.0450"
    assert mean.plain.startswith("J = 1/m Σ over samples c\n= 1/3 (0.0450 + ")


def test_the_gradient_of_the_first_hidden_to_output_weight_has_its_factors(machine: Machine) -> None:
    index = run_to(machine, OpKind.WEIGHT_GRADIENT, 2)
    explained = of_weight(machine, index, "W2")
    whole, chain = explained.formulas
    assert whole.plain.endswith("= −0.0453")
    assert chain.plain == (
        "∂J/∂a²₁ · ∂a²₁/∂z²₁ · ∂z²₁/∂W²₁₁ = (a²₁ − y₁) / m · 1 · a¹₁ = (−0.1000)(1.0000)(0.5000) = −0.0500"
    )


def test_the_gradient_of_the_first_input_to_hidden_weight_has_its_factors(machine: Machine) -> None:
    index = run_to(machine, OpKind.WEIGHT_GRADIENT, 1)
    whole, chain = of_weight(machine, index, "W1").formulas
    assert whole.plain == (
        "∂J/∂W¹₁₁ = Σ over samples ∂J/∂z¹₁ · x₁\n= (−0.0400)(0.1000) + (0.0187)(0.1000) + (0.0000)(−0.8000)\n= −0.0021"
    )
    assert chain.plain == (
        "∂J/∂a¹₁ · ∂a¹₁/∂z¹₁ · ∂z¹₁/∂W¹₁₁ = ∂J/∂a¹₁ · [z¹₁ > 0] · x₁ = (−0.0400)(1.0000)(0.1000) = −0.0040"
    )


@pytest.mark.parametrize("slot", ["W1", "W2"])
def test_gradients_agree_with_finite_differences(machine: Machine, slot: str) -> None:
    model, step = machine.model, 1e-6

    def cost(shift: float) -> float:
        model.store[slot][0, 0] += shift
        value = model.evaluate(machine.X, machine.Y).cost
        model.store[slot][0, 0] -= shift
        return value

    slope = (cost(step) - cost(-step)) / (2 * step)
    index = run_to(machine, OpKind.WEIGHT_GRADIENT, int(slot[1]))
    assert of_weight(machine, index, slot).result == pytest.approx(slope, rel=1e-6)


def test_the_update_says_what_the_weight_was_and_is(machine: Machine) -> None:
    while machine.op.kind is not OpKind.UPDATE:
        machine.step()
    index = machine.pc
    before = of_weight(machine, index, "W1")
    assert before.formulas[0].plain == "W¹₁₁ ← W¹₁₁ − α ∂J/∂W¹₁₁ = 2.0000 − 0.1 (−0.0021) = 2.0002"
    assert before.formulas[-1].plain == "W¹₁₁ will become 2.0002"
    machine.step()
    assert of_weight(machine, index, "W1").formulas[-1].plain == "W¹₁₁ was 2.0000 → now 2.0002"


def test_what_was_overwritten_is_not_shown_as_if_it_were_read(machine: Machine) -> None:
    machine.run_iteration()
    forward = next(n for n, op in enumerate(machine.program.ops) if op.kind is OpKind.AFFINE)
    explained = explain(machine, forward, Element())
    assert explained.formulas[0].plain == "z¹₁ = Σᵢ W¹₁ᵢ xᵢ + b¹₁\n= 0.5000"
    assert explained.note == "W¹, b¹ have been updated since, so only the result is left."


def test_an_edit_after_the_fact_is_owned_up_to(machine: Machine) -> None:
    index = run_to(machine, OpKind.AFFINE, 1)
    machine.write("W1", (0, 0), 3.0)
    explained = explain(machine, index, Element())
    assert explained.result == pytest.approx(0.5)
    assert explained.note == "A weight or a bias was edited since this was computed: these terms now give 0.6000."


def test_an_update_is_not_said_to_have_written_what_was_set_after_it(machine: Machine) -> None:
    machine.run_iteration()
    index, state = len(machine.program.ops) - 1, machine.state()
    machine.write("W1", (0, 0), 3.0)
    for _ in range(2):
        explained = of_weight(machine, index, "W1")
        assert [formula.plain for formula in explained.formulas] == ["W¹₁₁ ← W¹₁₁ − α ∂J/∂W¹₁₁"]
        assert explained.result is None
        assert explained.note == "W¹₁₁ was set after this update, which had written another value."
        assert "2.0002" not in str(explained)
        machine.restore(machine.state())
    assert of_weight(machine, index, "W2").formulas[-1].plain.startswith("W²₁₁ was ")
    machine.restore(state)
    assert of_weight(machine, index, "W1").formulas[-1].plain == "W¹₁₁ was 2.0000 → now 2.0002"


def test_an_update_is_not_explained_by_a_learning_rate_that_was_set_after_it(machine: Machine) -> None:
    machine.run_iteration()
    machine.write("alpha", (), 5.0)
    explained = of_weight(machine, len(machine.program.ops) - 1, "W1")
    assert "5" not in explained.formulas[0].plain
    assert explained.note == "The learning rate was set after this update."


def test_weights_that_were_put_back_are_no_result_of_the_last_update(machine: Machine) -> None:
    knowledge = machine.model.knowledge()
    machine.run_iteration()
    machine.put_back(knowledge)
    index = len(machine.program.ops) - 1
    assert of_weight(machine, index, "W1").result is None
    machine.run_iteration()
    assert of_weight(machine, index, "W1").result is not None


def test_before_anything_has_run_there_are_symbols_alone(machine: Machine) -> None:
    for index in range(len(machine.program.ops)):
        explained = explain(machine, index, Element())
        assert explained.result is None or machine.program.ops[index].phase == "update"
        assert explained.formulas


def test_values_that_are_not_finite_are_shown_as_such(machine: Machine) -> None:
    machine.write("W1", (0, 0), 1e308)
    machine.write("W1", (0, 1), 1e308)
    machine.step()
    machine.program.arena["X"][0] = 10.0
    with np.errstate(all="ignore"):
        index = run_to(machine, OpKind.AFFINE, 1)
        explained = explain(machine, index, Element())
        machine.step()
        machine.step()
        later = explain(machine, machine.pc - 1, Element())
    assert explained.formulas[0].plain.endswith("= ∞")
    assert "∞" in later.formulas[0].plain
