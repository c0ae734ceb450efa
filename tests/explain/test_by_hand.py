"""What was set, scaled or skipped by hand is owned up to wherever it is explained."""

import numpy as np
import pytest

from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind
from nnstudio.engine.optimizers import Optimizer, optimizer
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Precision
from nnstudio.experiment.open import open_sample
from nnstudio.explain.element import Element, element_at
from nnstudio.explain.explanation import Explanation
from nnstudio.explain.formulas import explain
from nnstudio.explain.matrices import matrices
from nnstudio.explain.opened import Opened
from nnstudio.explain.reading import Reading
from nnstudio.explain.why import why
from nnstudio.training.run import build

OPTIMIZERS = [optimizer(name) for name in Optimizer.names()] + [optimizer("sgd", momentum=0.9, nesterov=True)]


@pytest.fixture
def machine() -> Machine:
    return build(open_sample("averages")).machine


def begun(how: Optimizer, precision: Precision = Precision.FLOAT64) -> Machine:
    """2-3-1, after three iterations."""
    model = Model(ModelSpec(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(1))), optimizer=how, precision=precision))
    model.initialize(1)
    rng = np.random.default_rng(2)
    machine = Machine(model, rng.normal(size=(4, 2)), rng.normal(size=(4, 1)), batch_size=4, shuffle=False, seed=1)
    for _ in range(3):
        machine.run_iteration()
    return machine


def of_weight(machine: Machine, index: int, *, upcoming: bool = False) -> Explanation:
    element = element_at(machine, machine.program.ops[index], "W1", (2, 1), 0)
    return explain(machine, index, element, upcoming=upcoming)


def test_a_number_set_by_hand_is_no_result_of_its_operation_and_is_what_the_next_one_reads(machine: Machine) -> None:
    program = machine.program
    machine.run_until(program.writer["A1"] + 1)
    machine.write("A1", (0, 1), -1.0)
    written = explain(machine, program.writer["A1"], Element(unit=1))
    assert written.formulas[0].plain == "a¹₂ = relu(z¹₂) = relu(0.5000) = 0.5000"
    assert written.note == "Set by hand after this, which had written another value: a¹₂ of sample 1."
    reading = explain(machine, program.writer["Z2"], Element())
    assert "(−0.6000)(−1.0000)" in reading.formulas[0].plain
    assert reading.note == "Set by hand before this: a¹₂ of sample 1."
    asked = why(machine, "A1", (0, 1), 0, 4)
    assert (asked.value, asked.explanation.headline, asked.inputs) == (-1.0, "a¹₂ was set", ())
    assert "(0.5000)" in why(machine, "A1", (0, 0), 0, 4).explanation.formulas[0].plain
    machine.step()
    assert explain(machine, program.writer["Z2"], Element()).result == pytest.approx(0.8)


def test_it_is_said_of_this_iteration_alone(machine: Machine) -> None:
    machine.run_until(machine.program.writer["Z1"] + 1)
    for unit in range(3):
        for row in range(2):
            machine.write("Z1", (row, unit), 1.0)
    index = machine.program.writer["A1"]
    note = "Set by hand before this: z¹₁ of sample 1, z¹₁ of sample 2, z¹₂ of sample 1 and 3 more."
    assert explain(machine, index, Element()).note == note
    machine.run_iteration()
    assert explain(machine, index, Element()).note == note
    assert explain(machine, index, Element(), upcoming=True).note == ""
    machine.step()
    assert explain(machine, index, Element()).note == ""


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("how", OPTIMIZERS, ids=str)
def test_a_scaled_update_is_foretold_and_explained_as_it_is(how: Optimizer, precision: Precision) -> None:
    machine = begun(how, precision)
    machine.scale_update(-0.5)
    program = machine.program
    step = next(n for n in range(len(program.ops)) if program.ops[n].writes[0] == "W1")
    machine.run_until(step)
    before = float(machine.value("W1")[2, 1])
    foretold = of_weight(machine, step)
    machine.step()
    explained = of_weight(machine, step)
    assert explained.result == float(machine.value("W1")[2, 1])
    assert foretold.result == pytest.approx(explained.result, rel=1e-6 if precision is Precision.FLOAT32 else 1e-14)
    for each in (foretold, explained):
        assert each.note == "This update is scaled by hand: it goes −0.5 times as far."
        assert "W¹₃₂ ← W¹₃₂ + s (" in each.formulas[0].plain
    assert "(−0.5) (" in foretold.formulas[0].plain
    was = f"W¹₃₂ was {before:.4f} → now".replace("-", "−")
    unsure = precision is Precision.FLOAT32  # where rounding hides the value before, it is not guessed
    assert explained.formulas[-1].plain.startswith((was, "W¹₃₂ is now") if unsure else was)
    machine.run_iteration()
    assert of_weight(machine, step, upcoming=True).note == ""


@pytest.mark.parametrize("how", OPTIMIZERS, ids=str)
def test_of_a_skipped_update_it_is_said_that_everything_stays(how: Optimizer) -> None:
    machine = begun(how)
    machine.scale_update(0)
    links = [n for n, op in enumerate(machine.program.ops) if op.kind is OpKind.UPDATE]
    coming = [of_weight(machine, n, upcoming=True) for n in links]
    machine.run_iteration()
    for n, before in zip(links, coming, strict=True):
        after = of_weight(machine, n)
        assert after == before
        assert after.headline.endswith(", skipped")
        assert " stays " in after.formulas[0].plain
        assert after.note.startswith("This update is skipped")


def test_its_matrices_own_up_to_it_too() -> None:
    machine = begun(optimizer("sgd"))
    machine.run_until(machine.program.writer["A1"] + 1)
    machine.write("A1", (0, 1), -1.0)
    machine.scale_update(0)
    update = machine.program.update_begins
    for op, note in ((machine.pc, "Set by hand before this: a¹₂"), (update, "This update is skipped")):
        assert matrices(Reading(machine, op, Element(), 4)).explanation.note.startswith(note)


def test_nothing_is_added_up_below_an_update_that_is_scaled() -> None:
    machine = begun(optimizer("sgd"))
    machine.scale_update(2)
    machine.run_until(len(machine.program.ops) - 1)
    opened = Opened(machine, 0, 4)
    coming = [opened.value(element) for element in range(len(opened))]
    assert opened.count(0) == 1
    machine.step()
    after = [float(machine.value(slot)[index]) for slot, index in map(opened.place, range(len(opened)))]
    assert coming == after
    machine.step()
    assert machine.update_factor(upcoming=True) == 1
