"""The learning rate of an update in words and numbers."""

import numpy as np
import pytest

from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind
from nnstudio.engine.optimizers import Sgd
from nnstudio.engine.schedules import (
    Cosine,
    Exponential,
    LinearWarmUp,
    OneCycle,
    ReduceOnPlateau,
    Schedule,
    Step,
)
from nnstudio.engine.spec import LayerSpec, NetworkSpec
from nnstudio.explain.element import element_at
from nnstudio.explain.explanation import Explanation
from nnstudio.explain.formulas import explain


def at_update(schedule: Schedule, update: int, costs: tuple[float, ...] = ()) -> Machine:
    """Before the schedule's first operation in update so many (from 1), of four an epoch; the rate is 0.1."""
    model = Model(ModelSpec(NetworkSpec(1, (LayerSpec(1),)), optimizer=Sgd(0.1), schedule=schedule))
    machine = Machine(model, np.ones((4, 1)), np.zeros((4, 1)), batch_size=1, shuffle=False, seed=1)
    while machine.iterations < update - 1 or machine.op.kind is not OpKind.SCHEDULE:
        machine.step()
        if machine.op.kind is OpKind.SCHEDULE and machine.iterations < len(costs):
            machine.program.arena["J"].fill(costs[machine.iterations])
    return machine


def both(machine: Machine) -> tuple[Explanation, Explanation]:
    """The operation that runs next, explained before and after."""
    index, element = machine.pc, element_at(machine, machine.op, "W1", (0, 0), 0)
    before = explain(machine, index, element)
    machine.step()
    return before, explain(machine, index, element)


TIME = "Epochs before update k, with n updates in each"
LINES = [
    (
        Step(1, 0.5),
        11,
        ["α ← α₀ · γ^⌊e / s⌋ = 0.1 · 0.5^⌊2.5000 / 1⌋ = 0.025", TIME, "e = (k − 1) / n = (11 − 1) / 4 = 2.5000"],
    ),
    (
        Exponential(0.5),
        5,
        ["α ← α₀ · γ^⌊e⌋ = 0.1 · 0.5^⌊1.0000⌋ = 0.05", TIME, "e = (k − 1) / n = (5 − 1) / 4 = 1.0000"],
    ),
    (
        LinearWarmUp(2.0, 0.5),
        5,
        [
            "α ← α₀ · (r + (1 − r) min(e / E, 1)) = 0.1 · (0.5 + (1 − 0.5) min(1.0000 / 2, 1)) = 0.075",
            TIME,
            "e = (k − 1) / n = (5 − 1) / 4 = 1.0000",
        ],
    ),
    (
        Cosine(2.0),
        5,
        [
            "α ← α₀ · ½ (1 + cos(π e / T)) = 0.1 · ½ (1 + cos(π 1.0000 / 2)) = 0.05",
            TIME,
            "e = (k − 1) / n = (5 − 1) / 4 = 1.0000",
        ],
    ),
    (
        Cosine(1.0, 0.5, growth=2),
        9,
        [
            "α ← α₀ · (r + (1 − r) ½ (1 + cos(π e′ / T′))) = 0.1 · (0.5 + (1 − 0.5) ½ (1 + cos(π 1.0000 / 2))) = 0.075",
            TIME,
            "e = (k − 1) / n = (9 − 1) / 4 = 2.0000",
            "Since the last restart",
            "e′ = e − 1 = 2.0000 − 1 = 1.0000",
            "The length of this period",
            "T′ = T · q^1 = 1 · 2^1 = 2",
        ],
    ),
    (
        Cosine(1.0, restarts=False),
        9,
        [
            "α ← α₀ · ½ (1 + cos(π min(e, T) / T)) = 0.1 · ½ (1 + cos(π min(2.0000, 1) / 1)) = 0",
            TIME,
            "e = (k − 1) / n = (9 − 1) / 4 = 2.0000",
        ],
    ),
    (
        OneCycle(5.0, 0.25),
        3,
        [
            "α ← α₀ · (r + (1 − r) ½ (1 − cos(π x))) = 0.1 · (0.04 + (1 − 0.04) ½ (1 − cos(π 0.5000))) = 0.052",
            "Updates of the whole cycle",
            "N = E · n = 5 · 4 = 20",
            "It rises, and is so far on its way",
            "x = (k − 1) / (p · N − 1) = (3 − 1) / (0.25 · 20 − 1) = 0.5000",
        ],
    ),
    (
        OneCycle(5.0, 0.2, end=0.0),
        12,
        [
            "α ← α₀ · (1 − (1 − s) ½ (1 − cos(π x))) = 0.1 · (1 − (1 − 0) ½ (1 − cos(π 0.5000))) = 0.05",
            "Updates of the whole cycle",
            "N = E · n = 5 · 4 = 20",
            "It falls, and is so far on its way",
            "x = (k − p · N) / ((1 − p) N) = (12 − 0.2 · 20) / ((1 − 0.2) 20) = 0.5000",
        ],
    ),
    (OneCycle(1.0, end=0.5), 9, ["α ← α₀ · s = 0.1 · 0.5 = 0.05"]),
    (ReduceOnPlateau(), 1, ["α ← α₀ · f = 0.1 · 1 = 0.1"]),
]


@pytest.mark.parametrize(("schedule", "update", "lines"), LINES, ids=[repr(schedule) for schedule, *_ in LINES])
def test_the_rate_is_explained_with_its_numbers_before_and_after(schedule, update, lines):
    machine = at_update(schedule, update)
    for explanation in both(machine):
        assert explanation.plain.splitlines()[1:] == lines
        assert (
            explanation.headline == f"the learning rate of this update, {schedule.title[0].lower()}{schedule.title[1:]}"
        )
        assert explanation.result == machine.value("alpha")


def test_once_the_learning_rate_was_set_anew_only_the_result_is_told():
    machine = at_update(Step(1, 0.5), 5)
    both(machine)
    machine.write("alpha0", (), 3.0)
    index, element = machine.pc - 1, element_at(machine, machine.op, "W1", (0, 0), 0)
    after = explain(machine, index, element)
    assert after.plain.splitlines()[1:3] == [
        "The learning rate or its factor changed since, so only the result is left.",
        "α ← α₀ · γ^⌊e / s⌋ = 0.05",
    ]


def test_the_cost_of_an_epoch_adds_up_and_is_judged_at_its_end():
    machine = at_update(ReduceOnPlateau(0.5, 0, 0.0), 8, (1.0, 2.0, 3.0, 2.0, 4.0, 4.0, 1.0, 3.0))
    machine.step()
    before, after = both(machine)
    assert before.headline == after.headline == "the cost of this epoch so far, mini-batch 4 of 4"
    sums = [
        "ΣJ ← ΣJ + J = 9.0000 + 3.0000 = 12.0000",
        "The epoch is over; its mean is",
        "J̄ = ΣJ / n = 12.0000 / 4 = 3.0000",
    ]
    assert before.plain.splitlines()[1:] == sums
    assert after.plain.splitlines()[1:] == [
        *sums,
        "The best mean so far",
        "min J̄ = 2.0000",
        "Bad epochs in a row; with more than 0 the rate falls",
        "bad = 0",
        "What the next epoch multiplies α₀ by",
        "f = 0.5",
    ]


def test_the_first_mini_batch_of_an_epoch_begins_the_sum():
    machine = at_update(ReduceOnPlateau(), 5, (1.0, 2.0, 3.0, 2.0, 4.0))
    machine.step()
    for explanation in both(machine):
        assert explanation.plain.splitlines() == [
            "the cost of this epoch so far, mini-batch 1 of 4",
            "ΣJ ← J = 4.0000",
        ]


def test_before_the_cost_is_known_its_sum_is_not():
    machine = at_update(ReduceOnPlateau(), 6)
    index = machine.pc + 1
    machine.run_iteration()
    element = element_at(machine, machine.program.ops[index], "W1", (0, 0), 0)
    machine.step()
    assert explain(machine, index, element).plain.splitlines()[1] == "ΣJ ← ΣJ + J"
    assert explain(machine, index, element).result is None
