"""Numbers and templates in both written forms."""

import pytest

from nnstudio.explain import notation
from nnstudio.explain.writing import Kind, Math, Quantity, number, numbers, symbols

A = Quantity(Math("a", "a"), -0.5, Kind.FORWARD)


@pytest.mark.parametrize(
    ("value", "plain", "typst"),
    [
        (-0.57531, "−0.5753", "-0.5753"),
        (0.0, "0.0000", "0.0000"),
        (-0.0, "0.0000", "0.0000"),
        (1.2e-7, "1.200e−07", "1.200 dot 10^(-7)"),
        (float("nan"), "NaN", '"NaN"'),
        (float("-inf"), "−∞", "-infinity"),
        (None, "—", "dash.em"),
    ],
)
def test_a_number_is_written_to_the_last_digit_shown(value: float | None, plain: str, typst: str) -> None:
    assert number(value, 4) == Math(typst, plain)


def test_negative_numbers_and_factors_stand_in_parentheses() -> None:
    template = Math("{a} {a:f} ({a:b})", "{a} {a:f} ({a:b})")
    assert numbers(template, {"a": A}, 1).plain == "(−0.5) (−0.5) (−0.5)"
    positive = Quantity(A.symbol, 0.5)
    assert numbers(template, {"a": positive}, 1).plain == "0.5 (0.5) (0.5)"
    assert symbols(template, {"a": A}).typst == "forward(a) forward(a) (forward(a))"


def test_indices_are_told_apart_from_ten_on() -> None:
    assert notation.element("W", 2, 0, 2).plain == "W²₁₃"
    assert notation.element("W", 2, 9, 2).plain == "W²₁₀,₃"
    assert notation.element("W", 2, "k", 1) == Math("W^2_(k 2)", "W²ₖ₂")
