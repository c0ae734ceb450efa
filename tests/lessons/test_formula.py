"""The formulas of lessons: written as typst and as text, and nothing else than a formula can be said in them."""

import pytest
import typst as typesetter

from nnstudio.explain.speech import spoken
from nnstudio.lessons.errors import LessonError
from nnstudio.lessons.formula import _COMMANDS, _OVER, formula


@pytest.fixture(scope="module")
def compiler() -> typesetter.Compiler:
    return typesetter.Compiler(ignore_system_fonts=True)


@pytest.mark.parametrize(
    ("latex", "typst", "plain"),
    [
        ("z = w_1 x_1 + b", "z = w_(1) x_(1) + b", "z = w₁x₁ + b"),
        (r"\frac{\partial J}{\partial w_{12}}", "(partial J)/(partial w_(12))", "∂J/∂w₁₂"),
        (r"\sigma(z) = \frac{1}{1 + e^{-z}}", "sigma (z) = (1)/(1 + e^(- z))", "σ(z) = 1/(1 + e^(−z))"),
        (r"\sum_i a_i", "limits(sum)_(i) a_(i)", "Σᵢ aᵢ"),
        (r"W^2_{3,1}", "W_(3 , 1)^(2)", "W²₃,₁"),
        (r"J \to 0.25 \quad \text{at last}", 'J -> 0.25 quad "at last"', "J → 0.25   at last"),
        ("a = -b - c", "a = - b - c", "a = −b − c"),
        (r"\sqrt{a, b}", r"sqrt(a \, b)", "√(a, b)"),
        ("σ'(z)", "sigma ' (z)", "σ′(z)"),
    ],
)
def test_a_formula_is_written_as_typst_and_as_text(latex: str, typst: str, plain: str) -> None:
    read = formula(latex)
    assert read.typst == f"${typst}$"
    assert read.plain == plain


@pytest.mark.parametrize(
    "latex", [*(f"a \\{name} b" for name in _COMMANDS), *(f"\\{name}{{a + 1, b}}" for name in _OVER), r"a/b|c!:.<%>[x]"]
)
def test_all_that_is_allowed_can_be_typeset_and_read_aloud(latex: str, compiler: typesetter.Compiler) -> None:
    read = formula(f"{latex} = \\frac{{{latex}}}{{x_{{{latex}}}^{{2}}}}")
    assert compiler.compile(f"#set page(width: 300pt, height: auto)\n{read.typst}".encode(), format="svg")
    assert spoken(read)


@pytest.mark.parametrize(
    ("latex", "why"),
    [
        (r"\input{x}", r"\input is not known; these are: \frac"),
        ("#read(1)", "# has no place here"),
        ('"a"', '" has no place here'),
        ("a_", "something is missing behind _"),
        ("a_1_2", "two _ hang onto one symbol"),
        (r"\frac{1}", r"something is missing behind \frac"),
        ("(a", "a ) is missing"),
        ("a)", ") has no place here"),
        ("{a}", "braces stand only behind"),
        (r'\text{"#x}', r"\text{…} takes letters"),
        ("  ", "a formula is empty"),
        ("a" * 500, "500 characters"),
    ],
)
def test_whatever_else_it_says_is_refused_by_name(latex: str, why: str) -> None:
    with pytest.raises(LessonError) as caught:
        formula(latex)
    assert why in str(caught.value)
