"""Below an operation: whatever network, cost and optimizer, the terms of each element add up to what the operation
then writes, and looking at them changes nothing."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine.machine import Machine, MachineState
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Precision
from nnstudio.explain.numbers import digits
from nnstudio.explain.opened import Opened, can_open

from .test_truth import machines


def state_bytes(state: MachineState) -> tuple[object, ...]:
    families = [state.store, *state.workspaces.values()]
    arrays = tuple((name, flat.tobytes()) for family in families for name, flat in sorted(family.items()))
    return state.pc, state.iterations, state.batches.order.tobytes(), str(state.batches), arrays


def small(precision: Precision = Precision.FLOAT64) -> Machine:
    """2-3-1, at the first weighted sum."""
    model = Model(ModelSpec(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(1))), precision=precision))
    model.initialize(1)
    rng = np.random.default_rng(2)
    machine = Machine(model, rng.normal(size=(4, 2)), rng.normal(size=(4, 1)), batch_size=4, shuffle=False, seed=1)
    machine.step()
    return machine


def at(machine: Machine, kind: OpKind, layer: int | None = None) -> Opened:
    """Opened at the next operation of a kind (and of a layer)."""
    while machine.op.kind is not kind or layer not in (None, machine.op.layer):
        machine.step()
    return Opened(machine, 1, 4)


@settings(max_examples=25, deadline=None)
@given(machines(), st.integers(0, 10_000))
def test_the_last_sum_is_what_the_operation_writes(machine: Machine, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(3 * len(machine.program.ops)):
        if not can_open(machine.op):
            machine.step()
            continue
        sample = int(rng.integers(machine.program.batch_size))
        opened = Opened(machine, sample, 4)
        chosen = [int(n) for n in rng.integers(len(opened), size=3)]
        before = state_bytes(machine.state())
        ends = []
        for element in chosen:
            count, place = opened.count(element), opened.place(element)
            opened.explain(element)
            opened.explain(element, int(rng.integers(count)))
            opened.at_work(element, count - 1)
            terms = opened.terms(element)
            ends.append((place, opened.value(element), terms))
            assert opened.find(*place) == element
        assert state_bytes(machine.state()) == before
        op = machine.step()
        for (slot, index), value, terms in ends:
            written = float(machine.value(slot)[index])
            assert written == value or (isnan(written) and isnan(value)), op.label
            if terms is None:
                continue
            assert terms.running(len(terms) - 1) == written, op.label
            total = terms.total
            if terms.sum.closing is not None:
                total = total**0.5 if op.kind is OpKind.GRADIENT_NORM else total / (len(terms) - 1)
            sizes = sum(float(np.abs(part.adds).sum()) for part in terms.sum.parts)
            if np.isfinite(written) and "exp" not in terms.sum.whole.plain:
                assert total == pytest.approx(written, abs=1e-12 * (sizes + 1)), op.label


@pytest.mark.parametrize("precision", Precision)
def test_a_weighted_sum_grows_product_by_product(precision: Precision) -> None:
    machine = small(precision)
    machine.model.store["b1"][1] = 0.5
    opened = Opened(machine, 2, 6)
    assert (len(opened), opened.noun, opened.count(1)) == (3, "neuron", 3)
    terms = opened.terms(1)
    assert terms is not None
    w, x = machine.value("W1")[1].astype(float), machine.value("X")[2].astype(float)
    assert terms.running(0) == 0.5
    assert terms.running(1) == pytest.approx(0.5 + w[0] * x[0], rel=1e-6)
    assert [terms[n].place for n in range(3)] == [("b1", (1,)), ("W1", (1, 0)), ("W1", (1, 1))]
    machine.step()
    assert digits(terms.running(2), 6) == digits(float(machine.value("Z1")[2, 1]), 6)


def test_a_gradient_adds_up_over_the_samples() -> None:
    machine = small()
    opened = at(machine, OpKind.WEIGHT_GRADIENT, 1)
    assert (len(opened), opened.noun, opened.count(5)) == (6, "weight", 4)
    terms = opened.terms(5)
    assert terms is not None
    parts = machine.value("dZ1")[:, 2] * machine.value("X")[:, 1]
    assert [terms.running(n) for n in range(4)] == pytest.approx(np.cumsum(parts).tolist(), abs=1e-15)
    assert "sample 3" in terms[2].symbol.plain
    assert opened.at_work(5, 0) == (("dW1", (2, 1)), ("W1", (2, 1)))


def test_a_slope_comes_back_along_the_weights() -> None:
    machine = small()
    opened = at(machine, OpKind.INPUT_GRADIENT, 2)
    assert (len(opened), opened.noun) == (3, "neuron")
    assert opened.at_work(1, 0) == (("dA1", (1, 1)), ("W2", (0, 1)))


def test_the_cost_is_the_samples_shares_divided_by_their_number() -> None:
    machine = small()
    opened = at(machine, OpKind.COST)
    terms = opened.terms(0)
    assert terms is not None
    shares = 0.5 * (machine.value("A2") - machine.value("Y")).ravel() ** 2
    assert [terms.running(n) for n in range(4)] == pytest.approx(np.cumsum(shares).tolist())
    assert terms.running(4) == pytest.approx(shares.mean())
    assert terms[4].numbers.plain.endswith(" / 4")


def test_an_update_is_the_parameter_and_its_step() -> None:
    machine = small()
    opened = at(machine, OpKind.UPDATE)
    assert (len(opened), opened.noun) == (13, "parameter")
    terms = opened.terms(opened.find("W2", (0, 1)) or 0)
    assert terms is not None
    assert terms.running(0) == float(machine.value("W2")[0, 1])
    assert terms[1].symbol.plain == "−α ∂J/∂W²₁₂"


def test_a_slope_in_one_step_is_one_term() -> None:
    opened = at(small(), OpKind.ACTIVATION)
    assert (opened.terms(0), opened.count(0)) == (None, 1)
    assert opened.explain(0, 0).plain == opened.explain(0).plain


def test_the_ledger_shows_the_sum_so_far_and_counts_what_is_hidden() -> None:
    model = Model(ModelSpec(NetworkSpec(40, (LayerSpec(1),))))
    model.initialize(1)
    machine = Machine(model, np.ones((2, 40)), np.ones((2, 1)), batch_size=2, shuffle=False, seed=1)
    machine.step()
    opened = Opened(machine, 0, 4)
    terms = opened.terms(0)
    assert terms is not None
    shown = opened.explain(0, 20).plain
    assert f"▸ W¹₁,₂₀ x₂₀ = ({terms[20].numbers.plain.split(')')[0][1:]})(1.0000)" in shown
    assert f"so far {digits(terms.running(20), 4)}".replace("-", "−") in shown
    assert "… 15 before: " in shown
    assert "… 18 more to come" in shown
    assert opened.explain(0, 40).plain.endswith(f"z¹₁ = {digits(terms.running(40), 4)}".replace("-", "−"))
    assert opened.standing(0, 20) == "neuron 1 of 1 · term 21 of 41"


def test_what_comes_from_outside_cannot_be_opened() -> None:
    machine = small()
    assert can_open(machine.op)
    while machine.pc:
        machine.step()
    assert not can_open(machine.op)
