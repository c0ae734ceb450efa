"""The syntax an expression may have. It is a list of what is allowed; anything else is refused by name."""

import ast
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import limits
from .errors import ExpressionError


@dataclass(frozen=True, slots=True)
class Operator:
    """A sign, and what it does to arrays and to single numbers (of NumPy too, so that nothing raises; NumPy's own
    functions are for arrays and take ten times as long)."""

    sign: str
    arrays: Callable[..., Any]
    numbers: Callable[..., Any]

    def of(self, shape: tuple[int, ...]) -> Callable[..., Any]:
        """What it does where the result has this shape."""
        return self.arrays if shape else self.numbers


ARITHMETIC: Mapping[type[ast.AST], Operator] = {
    ast.Add: Operator("+", np.add, operator.add),
    ast.Sub: Operator("-", np.subtract, operator.sub),
    ast.Mult: Operator("*", np.multiply, operator.mul),
    ast.Div: Operator("/", np.true_divide, operator.truediv),
    ast.Mod: Operator("%", np.remainder, operator.mod),
    ast.Pow: Operator("**", np.float_power, operator.pow),
}
SIGNS: Mapping[type[ast.AST], Operator] = {
    ast.USub: Operator("-", np.negative, operator.neg),
    ast.UAdd: Operator("+", np.positive, operator.pos),
}
COMPARISONS: Mapping[type[ast.AST], Operator] = {
    ast.Lt: Operator("<", np.less, operator.lt),
    ast.LtE: Operator("<=", np.less_equal, operator.le),
    ast.Gt: Operator(">", np.greater, operator.gt),
    ast.GtE: Operator(">=", np.greater_equal, operator.ge),
    ast.Eq: Operator("==", np.equal, operator.eq),
    ast.NotEq: Operator("!=", np.not_equal, operator.ne),
}
NOT = Operator("not", np.logical_not, operator.not_)
REFUSED: Mapping[type[ast.AST], str] = {
    ast.FloorDiv: "use / instead of //",
    ast.BitXor: "a power is written **, as in W1 ** 2",
    ast.BitAnd: "use 'and' instead of &",
    ast.BitOr: "use 'or' instead of |",
    ast.MatMult: "matrices cannot be multiplied here",
    ast.Is: "use == instead of 'is'",
    ast.IsNot: "use != instead of 'is not'",
    ast.Slice: "a slice cannot be taken; write one row as W2[3], or one number as W2[3, 1]",
    ast.IfExp: "there is no if; use 'and' and 'or'",
    ast.Tuple: "a comma stands only between indices and inside min and max",
    ast.Attribute: "nothing stands behind a dot but a reduction, as in dW2.max()",
    ast.Starred: "there is no *",
}
_ALLOWED = re.compile(r"[A-Za-z0-9_Δ .,+\-*/%^&|<>=!:()\[\]]")
_HINTS = {
    '"': "there is no text in a condition, only numbers",
    "'": "there is no text in a condition, only numbers",
    "−": "write a minus as -",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "·": "write a product with *",
    "×": "write a product with *",
    "α": "the learning rate is called alpha",
}


def parse(text: str) -> ast.expr:
    """The syntax tree of a text, which is not longer or more intricate than it may be. Its columns are those of the
    text, in characters from 0."""
    _check_text(text)
    code = text.strip()
    blank = len(text) - len(text.lstrip())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python would warn of `1 is 1`, which is refused in words of our own
            tree = ast.parse(code, mode="eval").body
    except SyntaxError as error:
        what, at = _slip(code, min((error.offset or 1) - 1, len(code)))
        raise ExpressionError(what, blank + at + 1) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("this is too deeply nested; write it with fewer brackets") from None
    parts = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    if len(parts) > limits.PARTS:
        raise ExpressionError(f"this has {len(parts)} parts; at most {limits.PARTS} are allowed")
    for part in parts:  # Python counts bytes
        part.col_offset = blank + len(code.encode()[: part.col_offset].decode())
    return tree


def _check_text(text: str) -> None:
    if not text.strip():
        raise ExpressionError("write a condition, such as J < 0.1")
    if len(text) > limits.LENGTH:
        raise ExpressionError(f"this is {len(text)} characters long; at most {limits.LENGTH} are allowed")
    for column, character in enumerate(text, 1):
        if not _ALLOWED.fullmatch(character):
            hint = _HINTS.get(character, "write it with letters, digits, brackets and + - * / % < > = !")
            raise ExpressionError(f"{character!r} cannot be used here; {hint}", column)


_SLIPS = (
    (r"(?<![<>=!])=(?!=)", "to compare, write == (two equals signs)"),
    (r"&&", "write 'and' instead of &&"),
    (r"\|\|", "write 'or' instead of ||"),
    (r"!(?!=)", "write 'not' instead of !"),
)
"""Habits of other languages, and what to write here."""
_UNFINISHED = re.compile(r"([-+*/%<>=!,.(\[]|\b(and|or|not))$")


def _slip(code: str, at: int) -> tuple[str, int]:
    """What Python could not read, put for someone who does not write Python; and where, from 0."""
    for pattern, hint in _SLIPS:
        if found := re.search(pattern, code):
            return hint, found.start()
    if any(code.count(opened) != code.count(closed) for opened, closed in ("()", "[]")):
        return "a bracket is opened and not closed, or closed and not opened", at
    if _UNFINISHED.search(code):
        return "something is missing at the end", len(code)
    return "this cannot be read; something is missing or too much here", at
