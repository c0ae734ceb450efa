"""What a log point prints: text with expressions in braces, "J is {J} in epoch {epoch}"."""

import re
from dataclasses import dataclass

import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.training.conditions import Expression, ExpressionError, Scope, read_expression

LENGTH = 300
"""Characters of a line, before it is filled in."""
_PIECES = re.compile(r"(\{[^{}]*\})")


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line that has been read: pieces of text, and the expressions between them."""

    pieces: tuple[str | Expression, ...]

    def filled(self, machine: Machine) -> str:
        """With the numbers of the moment; what is stale or not known yet is a dash."""
        with np.errstate(all="ignore"):
            return "".join(piece if isinstance(piece, str) else _shown(piece, machine) for piece in self.pieces)


def read_line(text: str, scope: Scope) -> Line:
    """The line that `text` is; an ExpressionError says which of its expressions cannot be read, or is not one value."""
    if not text.strip():
        raise ExpressionError("write what to print, such as J is {J}")
    if len(text) > LENGTH:
        raise ExpressionError(f"this is {len(text)} characters long; at most {LENGTH} are allowed")
    pieces: list[str | Expression] = []
    column = 0
    for piece in _PIECES.split(text):
        if _PIECES.fullmatch(piece):
            pieces.append(_expression(piece[1:-1], column + 1, scope))
        elif found := re.search(r"[{}]", piece):
            raise ExpressionError(
                "a brace is opened and not closed, or closed and not opened", column + found.start() + 1
            )
        elif piece:
            pieces.append(piece)
        column += len(piece)
    return Line(tuple(pieces))


def _expression(text: str, before: int, scope: Scope) -> Expression:
    """One value; columns are counted in the whole line, of which `before` characters stand before this."""
    try:
        expression = read_expression(text, scope)
    except ExpressionError as error:
        raise ExpressionError(error.what, before + (error.column or 1)) from None
    if expression.root.shape:
        raise ExpressionError(
            f"{expression.text} is {expression.root.size} numbers; ask for one, such as max({expression.text})",
            before + 1,
        )
    return expression


def _shown(expression: Expression, machine: Machine) -> str:
    value = expression.known_value(machine)
    if value is None:
        return "—"
    return str(bool(value)).lower() if expression.root.truth else f"{value:.6g}"
