"""Why is this number: whatever operation wrote it, its inputs are all that it depends on, and lead further back."""

import json
from collections.abc import Iterator
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio import resources
from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import Op, OpKind
from nnstudio.experiment.file import decode
from nnstudio.experiment.open import open_sample
from nnstudio.explain import inputs
from nnstudio.explain.why import Why, why
from nnstudio.training.run import build

from .test_truth import machines

SAMPLES = ("circles", "iris", "sine", "bands")


def everything() -> Machine:
    """Both normalizations, dropout, penalties, clipping and a schedule."""
    made = json.loads(resources.path("experiments", "circles.nns.json").read_text())
    for layer, kind in zip(made["network"]["layers"][:-1], ("batch", "layer", "none"), strict=False):
        layer |= {"dropout": 0.3, "normalization": kind}
    made["network"]["layers"][-1]["normalization"] = "batch"
    made["regularization"] = {"l1": 0.001, "l2": 0.001, "max_norm": 1.0, "clip_value": 0.01, "clip_norm": 0.02}
    made["schedule"] = {"name": "exponential"}
    return build(decode(json.dumps(made))).machine


def machine_of(name: str) -> Machine:
    return everything() if name == "everything" else build(open_sample(name)).machine


def place(machine: Machine, slot: str, rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(rng.integers(n)) for n in machine.slot(slot).shape)


def ask(machine: Machine, slot: str, index: tuple[int, ...]) -> Why:
    return why(machine, slot, index, 1, 4)


def outcome(machine: Machine, op: Op, slot: str, index: tuple[int, ...]) -> float:
    """What the operation writes there; the machine is as it was."""
    arena = machine.program.arena
    before = {name: arena[name].copy() for name in op.writes}
    with np.errstate(all="ignore"):
        op.run()
    value = float(arena[slot][index])
    for name, values in before.items():
        np.copyto(arena[name], values)
    return value


def dependencies(machine: Machine, op: Op, slot: str, index: tuple[int, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The numbers that the operation reads and that change what it writes there when they change, found by trying."""
    arena = machine.program.arena
    now = outcome(machine, op, slot, index)
    for name in op.reads:
        values = arena[name]
        for at in np.ndindex(values.shape):
            kept = values[at].copy()
            values[at] = kept * 1.5 + 0.37
            changed = outcome(machine, op, slot, index)
            values[at] = kept
            if changed != now and not (isnan(changed) and isnan(now)):
                yield name, at


@settings(max_examples=25, deadline=None)
@given(machines(), st.integers(0, 10_000))
def test_all_that_a_number_depends_on_is_listed(machine: Machine, seed: int) -> None:
    rng = np.random.default_rng(seed)
    machine.run_iteration()
    for _ in range(len(machine.program.ops)):
        op = machine.op
        slot = op.writes[int(rng.integers(len(op.writes)))]
        index = place(machine, slot, rng)
        drawn = op.kind is OpKind.MASK
        needed = set() if drawn else set(dependencies(machine, op, slot, index)) - {(slot, index)}
        machine.step()
        listed = {one.place for one in ask(machine, slot, index).inputs}
        assert needed <= listed, op.label
        read = [machine.slot(name).shape for name in op.reads]
        assert len(listed) <= sum(max(shape, default=1) for shape in read) or _is_over_all(op), op.label


def _is_over_all(op: Op) -> bool:
    """Whether every number that is read has a say in what is written."""
    return op.kind in (OpKind.COST, OpKind.FUSED, OpKind.PENALTY, OpKind.GRADIENT_NORM, OpKind.MAX_NORM)


def test_the_experiments_here_have_operations_of_every_kind() -> None:
    names = ("everything", *SAMPLES)
    assert {op.kind for name in names for op in machine_of(name).program.ops} == set(OpKind)


@pytest.mark.parametrize("name", ["everything", *SAMPLES])
def test_every_number_has_its_formula_and_leads_back_to_the_data_and_the_parameters(name: str) -> None:
    machine, rng = machine_of(name), np.random.default_rng(1)
    for _ in range(2):
        for _ in range(len(machine.program.ops)):
            op = machine.step()
            for slot in (op.writes[0], op.writes[-1]):
                told = ask(machine, slot, place(machine, slot, rng))
                assert told.value is not None
                assert told.explanation.formulas
                assert told.inputs or told.reason or told.place[0] == "t", op.label
                for one in told.inputs:
                    assert one.value is not None or one.state
                    assert ask(machine, *one.place).explanation.formulas


def test_the_inputs_lead_back_from_the_cost_to_the_data() -> None:
    machine = machine_of("circles")
    machine.run_iteration()
    seen, ahead = set(), [("J", ())]
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead += [one.place for one in ask(machine, *here).inputs if not machine.slot(one.place[0]).lasting]
    assert {slot for slot, _ in seen} >= {"J", "A3", "Z3", "A2", "Z2", "A1", "Z1", "X", "Y"}


def test_a_weighted_sum_is_made_of_products_and_a_bias_with_the_numbers_of_the_machine() -> None:
    machine = machine_of("circles")
    machine.run_until(machine.program.writer["Z2"] + 1)
    told = ask(machine, "Z2", (3, 1))
    assert told.symbol.plain == "z²₂"
    assert told.value == machine.value("Z2")[3, 1]
    assert [one.symbol.plain for one in told.inputs[:4]] == ["a¹₁", "W²₂₁", "a¹₂", "W²₂₂"]
    assert told.inputs[-1].place == ("b2", (1,))
    assert [one.value for one in told.inputs] == [machine.value(one.place[0])[one.place[1]] for one in told.inputs]
    assert told.explanation.headline.startswith("the weighted sum of neuron 2 in hidden layer 2, for sample ")
    assert max(abs(one.share) for one in told.inputs) == 1.0


def test_a_gradient_names_the_samples_that_it_is_summed_over() -> None:
    machine = machine_of("circles")
    machine.run_iteration()
    told = ask(machine, "dW2", (0, 1))
    rows = [f"sample {row + 1}" for row in machine.rows]
    own = rows[1]
    assert [one.of for one in told.inputs[::2]] == ["" if row == own else row for row in rows]


def test_a_number_that_is_stale_or_not_there_says_why() -> None:
    machine = machine_of("circles")
    operations = len(machine.program.ops)
    index = machine.program.writer["Z2"]
    assert ask(machine, "Z2", (0, 0)).value is None
    assert ask(machine, "Z2", (0, 0)).reason == (
        f"There is no number yet: operation {index + 1} of {operations} will write it."
    )
    machine.run_iteration()
    machine.step()
    told = ask(machine, "Z2", (0, 0))
    assert told.value is None
    assert told.reason.startswith("Its number is of the mini-batch before: operation")
    assert {one.state for one in told.inputs} == {"stale", ""}
    machine.run_until(index)
    assert ask(machine, "Z2", (0, 0)).reason == "There is no number yet: the next operation (F10) writes it."


def test_what_comes_from_the_data_or_was_set_says_so() -> None:
    machine = machine_of("circles")
    assert ask(machine, "W1", (0, 0)).reason == "It is the initial value: no update has run yet."
    assert ask(machine, "alpha", ()).reason == "No operation writes it: it is a setting."
    machine.step()
    assert ask(machine, "X", (2, 0)).reason == f"It comes from the data: row {machine.rows[2] + 1} of the table."
    machine.run_iteration()
    assert ask(machine, "W1", (0, 0)).reason == ""
    machine.step()
    assert ask(machine, "W1", (0, 0)).reason.startswith("What its last update read")
    machine.write("W1", (0, 0), 1.0)
    assert ask(machine, "W1", (0, 0)).reason == "It was set during this mini-batch."


def test_an_update_that_is_cut_back_after_it_tells_of_both() -> None:
    machine = everything()
    machine.run_iteration()
    told = ask(machine, "W2", (1, 1))
    assert [one.place for one in told.inputs[:2]] == [("ndW2", (1, 1)), ("alpha", ())]
    assert ("W2", (1, 0)) in [one.place for one in told.inputs]
    assert ("W2", (1, 1)) not in [one.place for one in told.inputs]


def test_where_outputs_and_cost_come_at_once_each_has_its_own_formula() -> None:
    machine = machine_of("iris")
    machine.run_iteration()
    cost, output = (ask(machine, slot, index).explanation for slot, index in (("J", ()), ("A2", (1, 2))))
    assert cost.formulas[-1].plain.startswith("J = 1/m Σ")
    assert [formula.plain.split(" = ")[0] for formula in output.formulas if not formula.caption] == ["a²₃"]
    assert not set(cost.formulas) & set(output.formulas)


def test_of_very_many_inputs_the_largest_are_listed_and_the_others_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = machine_of("circles")
    machine.run_iteration()
    assert ask(machine, "J", ()).left_out == 0
    monkeypatch.setattr(inputs, "_MOST", 12)
    told = ask(machine, "J", ())
    slots = machine.program.ops[machine.program.writer["J"]].reads
    assert len(told.inputs) == 12
    assert len(told.inputs) + told.left_out == sum(machine.slot(name).shape[0] for name in slots)
    samples = {one.place[1] for one in told.inputs}
    assert len(samples) == 12 // len(slots)
    first = np.abs(machine.value(slots[0])[:, 0])
    assert samples == {(int(n), 0) for n in np.argsort(-first)[: len(samples)]}
