"""An operation's label as a formula: `Z1 = X W1ᵀ + b1` → Z¹ = X W¹ᵀ + b¹, each slot in the colour of its kind."""

import re
from collections.abc import Iterator

from nnstudio.engine.naming import GRADIENTS, LETTERS, parse

from . import notation
from .explanation import Formula
from .reading import Reading
from .symbols import label_text
from .writing import Kind, Math

_PARTS = re.compile(
    rf"(?<![A-Za-zα-ω′])(?P<slot>(?:∂P/∂|{GRADIENTS})?(?:{LETTERS})\d*(?![A-Za-z\d]))(?P<power>[ᵀ²]?)"
    r"|(?P<words>[A-Za-z_-]{2,}(?: (?:with |of |over )?[A-Za-z-]{2,})*)"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<space>\s+)|(?P<sign>.)"
)
_SIGNS = {
    "−": "-",
    "·": "dot",
    "⊙": "dot.o",
    "←": "<-",
    "Σ": "sum",
    "½": "1/2",
    "²": "^2",
    "/": "\\/",
    "±": "plus.minus",
    "ε": "epsilon",
}
_POWERS = {"ᵀ": "^upright(T)", "²": "^2"}
_APART = {"mK": "m K"}


def label_formula(reading: Reading) -> Formula:
    """The operation in one line."""
    op = reading.op
    if op.layer is None and op.typst and not any(part["slot"] for part in _PARTS.finditer(op.label)):
        return Formula(f"${op.typst}$", op.label)
    return Formula(f"${' '.join(_typst(reading, op.label))}$", label_text(op.label))


def _typst(reading: Reading, label: str) -> Iterator[str]:
    for part in _PARTS.finditer(label):
        if part["slot"]:
            yield _slot(reading, part["slot"], part["power"])
        elif part["words"]:
            yield _APART.get(part["words"]) or f'op("{part["words"].replace("_", " ")}")'
        elif part["space"]:
            yield "thin"
        else:
            yield part["number"] or _SIGNS.get(part["sign"], part["sign"])


def _slot(reading: Reading, written: str, power: str) -> str:
    slot = written.replace("∂P/∂", "dP")
    kind = reading.kind(slot) if slot in reading.machine.program.arena else None
    name = parse(slot)
    assert name is not None
    if power == "ᵀ" and not name.prefix:
        return Math(f"{name.letter}^({name.layer} upright(T))", "").coloured(kind).typst
    symbol = notation.element(name.letter, name.layer)
    if name.layer is None and power:
        return f"{Math(name.letter, '').coloured(kind or Kind.PARAMETER).typst}{_POWERS[power]}"
    framed = (notation.framed(name.prefix, symbol) if name.prefix else symbol).coloured(kind).typst
    return f"({framed}){_POWERS[power]}" if power else framed
