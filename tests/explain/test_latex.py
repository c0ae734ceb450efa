"""Formulas in LaTeX: each kind of symbol, and that every formula of the program is well-formed."""

import re

import pytest
from hypothesis import given, settings

from nnstudio.engine.machine import Machine
from nnstudio.explain.element import element_at
from nnstudio.explain.explanation import Explanation, Formula
from nnstudio.explain.formulas import explain
from nnstudio.explain.latex import document, latex
from nnstudio.explain.network import network

from .test_truth import machines

_LEFT = re.compile(r"→|∂|Σ|[α-ω]|\b(dots|partial|upright|limits|forward|backward|parameter|load|update)\b(?!})")


@pytest.mark.parametrize(
    ("typst", "expected"),
    [
        ("$forward(z^1_(4))$", "z_{4}^{1}"),
        ("$backward((partial J)/(partial W^2_(14)))$", r"\frac{\partial J}{\partial W_{14}^{2}}"),
        ("$-1/10 limits(sum)_k load(y_(k)) log forward(a^2_(k))$", r"-\frac{1}{10} \sum_{k} y_{k} \log a_{k}^{2}"),
        ("$1/11 \\( 0.5 + dots.h more(\"(3 more:\", -2.57) \\)$",
         r"\frac{1}{11} ( 0.5 + \ldots \text{(3 more:}\ -2.57) )"),
        ("$bold(1.2 dot 10^(-3))$", r"\mathbf{1.2 \cdot 10^{-3}}"),
        ("$(a + 1)^2/(2 m)$", r"\frac{(a + 1)^{2}}{2 m}"),
        ("$e^forward(z)/(1 + e^(-abs(z)))$", r"\frac{e^{z}}{1 + e^{-\left|z\right|}}"),
        ("$op(\"sign\")(w)$", r"\operatorname{sign} (w)"),
        ("$(1/2 + x)$", r"\left(\frac{1}{2} + x\right)"),
        ("$parameter(W)^2 <- overline(mu)^1_(2)$", r"{W}^{2} \leftarrow {\overline{\mu}}_{2}^{1}"),
        ("$A^1 = mat(delim: \"[\", 1, -2; dots.h, 3)$", r"A^{1} = \begin{bmatrix}1 & -2 \\ \ldots & 3\end{bmatrix}"),
        ("$W \"was\" 0.5$", r"W \text{ was } 0.5"),
    ],
)  # fmt: skip
def test_symbols_become_commands(typst: str, expected: str) -> None:
    assert latex(Formula(typst, "")) == expected


def test_lines_stand_below_each_other_at_their_equals_signs() -> None:
    formula = Formula("#box[$z$] #box[$= a + b$] \\\n#small[#box[$=$]~$1 + 2$] \\ #box[$= bold(3)$]", "")
    assert latex(formula) == (
        "\\begin{aligned}\nz & = a + b \\\\\n& = 1 + 2 \\\\\n& = \\mathbf{3}\n\\end{aligned}"
    )  # fmt: skip


def test_a_ledger_is_an_array() -> None:
    formula = Formula("#ledger(0, [$b$], [#small[$0.5$]], [$bold(0.5)$], [#aside[… 2 more to come]], [], [])", "")
    assert latex(formula) == (
        "\\begin{array}{llr}\nb & 0.5 & \\mathbf{0.5} \\\\\n\\text{… 2 more to come} &  & \n\\end{array}"
    )  # fmt: skip


def test_words_of_a_document_are_no_commands() -> None:
    explained = Explanation("100 % of a_b", (Formula("$x$", "x", "for #1"),))
    assert document(explained) == "100 \\% of a\\_b\nfor \\#1\n\\[\nx\n\\]"


@settings(max_examples=25, deadline=None)
@given(machines())
def test_every_formula_is_well_formed(machine: Machine) -> None:
    formulas = list(network(machine.model).formulas)
    for _ in range(len(machine.program.ops)):
        index, op = machine.pc, machine.op
        machine.step()
        formulas += explain(machine, index, element_at(machine, op, "W1", (1, 0), 1), 2).formulas
    for formula in formulas:
        written = latex(formula)
        assert written.count("{") == written.count("}")
        assert len(re.findall(r"\\left(?!arrow)", written)) == written.count(r"\right")
        assert written.count(r"\begin") == written.count(r"\end")
        assert not _LEFT.search(re.sub(r"\\\w+", "", written)), written
        shown = re.findall(r"\d+\.\d+", formula.plain)
        numbers = iter(re.findall(r"\d+\.\d+", written))
        assert all(number in numbers for number in shown), f"{formula.plain}\n{written}"
