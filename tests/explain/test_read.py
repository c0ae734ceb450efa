"""What is displayed adds up: a reader who knows nothing but the digits on screen gets the displayed result."""

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind
from nnstudio.engine.optimizers import Adam
from nnstudio.engine.schedules import Exponential
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, RegularizationSpec
from nnstudio.explain.element import element_at
from nnstudio.explain.formulas import explain
from nnstudio.explain.opened import Opened, can_open

from .reader import Interval, NoArithmeticError, equations, number, read
from .test_truth import choices, machines

WITHOUT_NUMBERS = {OpKind.LOAD, OpKind.MASK, OpKind.PSEUDO_LABELS, OpKind.GRADIENT_NORM}
"""Nothing is computed there, or (in a norm over all parameters) the terms are not displayed."""

_COUNTED = re.compile(r"… [\d\u2009]+ before: (.+)")
_TERM = re.compile(r"[▸ ] (?P<symbol>.+?) = (?P<numbers>.+); so far (?P<after>.+)")


def check(told: str, decimals: int) -> int:
    """Read each equation of a formula; return how many there were."""
    count = 0
    for side, end in equations(told, decimals):
        found = read(side, decimals)
        assert found.meets(read(end, decimals)), f"{side} = {found}, not {end}, in\n{told}"
        count += 1
    return count


@settings(max_examples=60, deadline=None)
@given(machines(), st.integers(0, 10_000), st.sampled_from((2, 4, 8)))
def test_every_row_of_numbers_gives_the_displayed_result(machine: Machine, seed: int, decimals: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(2 * len(machine.program.ops)):
        index, op = machine.pc, machine.op
        elements = [element_at(machine, op, *choice) for choice in choices(machine, rng)]
        told = [explain(machine, index, element, decimals, upcoming=True) for element in elements]
        machine.step()
        told += [explain(machine, index, element, decimals) for element in elements]
        for explanation in told:
            for formula in explanation.formulas:
                check(formula.plain, decimals)


def test_every_kind_of_operation_is_read() -> None:
    read_of: Counter[OpKind] = Counter()
    for machine in everything():
        for _ in range(2 * len(machine.program.ops)):
            index, op = machine.pc, machine.op
            element = element_at(machine, op, "W1", (0, 1), 1)
            told = explain(machine, index, element, 6, upcoming=True).formulas
            machine.step()
            told += explain(machine, index, element, 6).formulas
            read_of[op.kind] += sum(check(formula.plain, 6) for formula in told)
    assert set(OpKind) - WITHOUT_NUMBERS <= {kind for kind, count in read_of.items() if count}


@settings(max_examples=25, deadline=None)
@given(machines(), st.integers(0, 10_000))
def test_term_by_term_each_sum_so_far_is_the_one_before_and_the_term(machine: Machine, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(len(machine.program.ops)):
        if can_open(machine.op):
            opened = Opened(machine, int(rng.integers(machine.program.batch_size)), 6)
            element = int(rng.integers(len(opened)))
            for formula in opened.explain(element, opened.count(element) - 1).formulas:
                check_ledger(formula.plain)
        machine.step()


def check_ledger(told: str) -> None:
    """Read the lines of a sum below each other: each term goes onto the sum so far; what closes the sum replaces it."""
    before = Interval(0.0, 0.0)
    for line in told.splitlines():
        if counted := _COUNTED.fullmatch(line):
            before = number(counted[1], 6)
        elif found := _TERM.fullmatch(line):
            term, after = read(found["numbers"], 6), number(found["after"], 6)
            closing = "Σ" in found["symbol"]
            assert (term if closing else before + term).meets(after), f"{line} in\n{told}"
            before = after


def everything() -> tuple[Machine, ...]:
    """Machines that together have every kind of operation."""
    penalties = RegularizationSpec(0.01, 0.1, 0.5, 0.05, 0.2)
    kinds = (Normalization.BATCH, Normalization.LAYER)
    hidden = tuple(LayerSpec(4, "tanh", dropout=0.3, normalization=kind) for kind in kinds)
    made = []
    for last, cost in (("softmax", "cross_entropy"), ("sigmoid", "mse")):
        network = NetworkSpec(3, (*hidden, LayerSpec(2, last)))
        model = Model(ModelSpec(network, cost, penalties, Adam(), schedule=Exponential(0.5)))
        model.initialize(5)
        rng = np.random.default_rng(2)
        targets = np.eye(2)[rng.integers(2, size=5)]
        made.append(Machine(model, rng.normal(size=(5, 3)), targets, batch_size=5, shuffle=False, seed=1))
    return tuple(made)


@pytest.mark.parametrize(
    ("told", "right"),
    [
        ("z = Σᵢ wᵢ xᵢ + b\n= (1.2043)(−0.7376) + (0.5000)(2.0000) + (−0.1000)\n= 0.0117", True),
        ("z\n= (1.2043)(−0.7376) + (0.5000)(2.0000) + (−0.1000)\n= 0.0127", False),
        ("a = relu(z) = relu(−0.5000) = 0.0000", True),
        ("J = 1/m Σ c\n= 1/4 (1.00 + 3.00 + … (2 more: 4.00))\n= 2.00", True),
        ("J\n= 1/4 (1.00 + 3.00 + … (2 more: 4.00))\n= 2.02", False),
        ("c = −1.00 log 0.50 = 0.69", True),
        ("w = 0.6300 − 0.01 (0.2600) / (√0.0400 + 1e−08) = 0.6170", True),
        ("v ← 0.9 (0.1000) + (1 − 0.9) (−2.0000)² = 0.4900", True),
        ("d = (−0.37 − 0.00) / 11 = 0.03", False),
        ("s = [0.5800 > 0] + 0.01 [0.5800 ≤ 0] = 1.0000", True),
        ("c = max(−0.11, 0) − (−0.11) (0.00) + log(1 + e^(−|−0.11|)) = 0.64", True),
    ],
)
def test_the_reader_can_tell_right_from_wrong(told: str, right: bool) -> None:
    decimals = len(told.rpartition(".")[2])
    pairs = list(equations(told, decimals))
    assert pairs
    assert all(read(side, decimals).meets(read(end, decimals)) for side, end in pairs) is right


@pytest.mark.parametrize("words", ["z¹₁", "W²₁₁ was 0.63 → now 0.62", "Σₖ yₖ", "(0.1, 0.2)", "nonsense(1)"])
def test_the_reader_leaves_symbols_alone(words: str) -> None:
    with pytest.raises(NoArithmeticError):
        read(words, 4)
