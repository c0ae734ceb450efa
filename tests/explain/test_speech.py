"""Formulas read aloud."""

import pytest

from nnstudio.explain.explanation import Formula
from nnstudio.explain.speech import spoken


@pytest.mark.parametrize(
    ("typst", "expected"),
    [
        ("$forward(z^1_(4)) = bold(-0.29)$", "z layer 1 index 4 equals minus 0.29"),
        ("$(partial J)/(partial W^2_(14))$", "partial J by partial W layer 2 index 1 4"),
        ("$load(x_(11))$", "x index 11"),
        ("$parameter(W^2_(10,3))$", "W layer 2 index 10 3"),
        ("$(0.14) (parameter(-0.10)) + (0.30)$", "0.14 times minus 0.10 plus 0.30"),
        ("$0.01 thin (0.26)$", "0.01 times 0.26"),
        ("$limits(sum)_\"samples\" c^2$", "the sum over samples of c squared"),
        ("$1/m (a - y)^2$", "1 over m open a minus y close squared"),
        ("$(a - y)/(m K)$", "the fraction a minus y over m K end of fraction"),
        ("$1.2 dot 10^(-3)$", "1.2 times 10 to the power minus 3"),
        ("$theta <- sqrt(hat(v)) + abs(a - y)$",
         "theta becomes the square root of v hat plus the absolute value of a minus y end"),
        ("$0.5 + dots.h more(\"(3 more:\", 2.57)$", "0.5 plus 3 more that add up to 2.57"),
        ("#box[$z$] \\\n#box[$= 1$]", "z, equals 1"),
        ("$W^(1 upright(T)) ((partial J)/(partial Z))^upright(T)$",
         "W layer 1 transposed open partial J by partial Z close transposed"),
        ("$b^2 = mat(delim: \"[\", 1, -2; dots.h, 3)$",
         "b layer 2 equals the matrix 1, minus 2; and so on, 3 end of matrix"),
        ("#ledger(0, [$b$], [#small[$0.5$]], [$0.5$], [#aside[… 2 more]], [], [])", "b, 0.5, 0.5; … 2 more"),
    ],
)  # fmt: skip
def test_a_formula_is_read_as_a_person_reads_it(typst: str, expected: str) -> None:
    assert spoken(Formula(typst, "")) == expected
