"""An operation's label as a formula: `Z1 = X W1ᵀ + b1` → Z¹ = X W¹ᵀ + b¹, each slot in the colour of its kind."""

import re
from collections.abc import Iterator

from nnstudio.engine.naming import GRADIENTS, LETTERS, parse

from . import notation
from .explanation import Formula
from .reading import Reading
from .symbols import label_text, slot_symbol
from .writing import Kind, Math

_PARTS = re.compile(
    rf"(?<![A-Za-zΣα-ω′])(?P<slot>(?:∂P/∂|{GRADIENTS})?(?:{LETTERS})\d*(?![A-Za-z\d]))(?P<power>[ᵀ²]?)"
    r"|(?P<words>[A-Za-z_-]{2,}(?: (?:with |of |over )?[A-Za-z-]{2,})*)"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<space>\s+)|(?P<sign>√\(|.)"
)
_ROOT = re.compile(r"√([^( )]+)")
"""A root of what has no parentheses of its own."""
_SIGNS = {
    "−": "-",
    "·": "dot",
    "⊙": "dot.o",
    "←": "<-",
    "Σ": "sum",
    "½": "1/2",
    "√(": "sqrt(",
    "²": "^2",
    "/": "\\/",
    "±": "plus.minus",
    "ε": "epsilon",
}
_NAMED = {"alpha": "alpha", "alpha0": "alpha_0"}
_APART = {"mK": "m K"}


def label_formula(reading: Reading) -> Formula:
    """The operation in one line."""
    op = reading.op
    if op.layer is None and op.typst and not any(part["slot"] for part in _PARTS.finditer(op.label)):
        return Formula(f"${op.typst}$", op.label)
    return Formula(f"${' '.join(_typst(reading, op.label))}$", label_text(op.label))


def slot_math(slot: str) -> Math:
    """The symbol of a whole slot: ∂J/∂W², m(W¹), α."""
    name = parse(slot)
    if name is None:
        typst = _NAMED.get(slot, slot if len(slot) == 1 and slot.isascii() else f'"{slot_symbol(slot)}"')
        return notation.NORM if slot == "gnorm" else Math(typst, slot_symbol(slot))
    symbol = notation.element(name.letter, name.layer)
    return notation.framed(name.prefix, symbol) if name.prefix else symbol


def transpose_of(symbol: Math) -> Math:
    if "/" in symbol.plain:
        return Math(f"({symbol.typst})^upright(T)", f"({symbol.plain})ᵀ")
    letter, _, layer = symbol.typst.partition("^")
    return Math(f"{letter}^({layer} upright(T))", f"{symbol.plain}ᵀ")


def _typst(reading: Reading, label: str) -> Iterator[str]:
    before = ""
    for part in _PARTS.finditer(_ROOT.sub(r"√(\1)", label)):
        if part["slot"]:
            yield from ["thin"] * (before == "slot") + [_slot(reading, part["slot"], part["power"])]
        elif part["words"]:
            yield _APART.get(part["words"]) or f'op("{part["words"].replace("_", " ")}")'
        elif not part["space"]:
            yield part["number"] or _SIGNS.get(part["sign"], part["sign"])
        if not part["space"]:
            before = "slot" if part["slot"] else ""


def _slot(reading: Reading, written: str, power: str) -> str:
    slot = written.replace("∂P/∂", "dP")
    kind = reading.kind(slot) if slot in reading.machine.program.arena else Kind.PARAMETER
    symbol = slot_math(slot)
    if power == "ᵀ":
        return transpose_of(symbol).coloured(kind).typst
    framed = symbol.coloured(kind).typst
    if not power:
        return framed
    return f"{framed}^2" if "^" not in symbol.typst else f"({framed})^2"
