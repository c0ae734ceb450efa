"""A formula as a person reads it out: `∂J/∂W²₁₃ = −0.5` is "partial J by partial W layer 2 index 1 3 equals minus 0.5".

A screen reader would leave out superscripts, minus signs and most of the rest of the plain text.
"""

from . import typst_tree
from .explanation import Formula
from .typst_tree import Atom, Call, Fraction, Group, Ledger, Node, Row, Scripts, Words

_SPOKEN = {
    "=": "equals",
    "+": "plus",
    "-": "minus",
    "<-": "becomes",
    "->": "then",
    "<": "is less than",
    ">": "is greater than",
    "<=": "is at most",
    ">=": "is at least",
    "plus.minus": "plus or minus",
    "dot": "times",
    "dot.o": "times element by element",
    "√": "the square root of",
    "|": "bar",
    "sum": "the sum of",
    "dots.h": "and so on",
    "dots.c": "and so on",
    "dash.em": "not known",
    "infinity": "infinity",
    "/": "over",
    ":": "",
    "(": "open",
    ")": "close",
    "'": "prime",
}
_AFTER = {"hat": "hat", "tilde": "tilde", "overline": "bar"}
_AROUND = {
    "sqrt": "the square root of",
    "abs": "the absolute value of",
    "norm": "the length of",
    "floor": "the whole part of",
}
_UNHEARD = frozenset(map(Atom, ("thin", "quad", "&")))
_TRANSPOSED = Call("upright", ((Atom("T"),),))
_PER_LAYER = ("b", "mu", "sigma", "gamma", "beta", "delta", "z", "a")
_FEW = 3


def spoken(formula: Formula) -> str:
    """The formula in words, its lines parted by commas."""
    found = typst_tree.lines(formula.typst)
    if isinstance(found, Ledger):
        cells = [_row(cell) for cell in found.cells]
        return "; ".join(", ".join(filter(None, cells[at : at + 3])) for at in range(0, len(cells), 3))
    return ", ".join(_row(line) for line in found)


def _row(nodes: Row) -> str:
    words: list[str] = []
    nodes = _heard(nodes)
    for before, node in zip((None, *nodes), nodes, strict=False):
        if isinstance(node, Group) and before is not None and _is_number(node) and _can_be_multiplied(before):
            words.append("times")
        words.append(_node(node))
    return " ".join(word for word in words if word)


def _heard(nodes: Row) -> Row:
    """Without what only makes room, and without the dots that are counted behind them."""
    kept = tuple(node for node in nodes if node not in _UNHEARD)
    counted = {at for at, node in enumerate(kept) if isinstance(node, Call) and node.name == "more"}
    return tuple(node for at, node in enumerate(kept) if at + 1 not in counted)


def _node(node: Node) -> str:
    match node:
        case Atom():
            return _SPOKEN.get(node.text, node.text)
        case Words():
            return _words(node.text)
        case Group():
            return _row(node.inner) if _is_number(node) else f"open {_row(node.inner)} close"
        case Call():
            return _call(node)
        case Fraction():
            return _fraction(node)
        case Scripts():
            return _scripts(node)


def _words(text: str) -> str:
    """Words as they are; (3) above a letter is a sample."""
    sample = text.removeprefix("(").removesuffix(")")
    return f"sample {sample}" if sample.isdigit() else text.removeprefix("(").removesuffix(" more:")


def _call(node: Call) -> str:
    inner = _row(node.arguments[0])
    if node.name in _AROUND:
        end = " end" if len(node.arguments[0]) > 1 else ""
        return f"{_AROUND[node.name]} {inner}{end}"
    if node.name == "more":
        return f"{inner} more that add up to {_row(node.arguments[1])}"
    if node == _TRANSPOSED:
        return "transposed"
    if node.name == "mat":
        return f"the matrix {'; '.join(map(_cells, node.arguments))} end of matrix"
    if node.name == "cases":
        return ", ".join(_row(argument) for argument in node.arguments)
    return f"{inner} {_AFTER[node.name]}" if node.name in _AFTER else inner


def _cells(nodes: Row) -> str:
    """A row of a matrix: its cells with commas between."""
    ends = [at for at, node in enumerate(nodes) if node == Atom("&")]
    spans = zip([-1, *ends], [*ends, len(nodes)], strict=True)
    return ", ".join(_row(nodes[before + 1 : end]) for before, end in spans)


def _fraction(node: Fraction) -> str:
    over, under = _row(node.over), _row(node.under)
    if node.over[:1] == (Atom("partial"),):
        return f"{over} by {under}"
    short = len(node.over) <= _FEW and len(node.under) == 1
    return f"{over} over {under}" if short else f"the fraction {over} over {under} end of fraction"


def _scripts(node: Scripts) -> str:
    base, below, above = _node(node.base), _indices(node), _row(node.above)
    if base == _SPOKEN["sum"]:
        return f"the sum over {below} of"
    if node.above and _is_layer(node):
        base, above = f"{base} layer {above}", ""
    if below:
        base = f"{base} index {below}"
    if node.above == (_TRANSPOSED,):
        return f"{base} {above}"
    if above == "2":
        return f"{base} squared"
    return f"{base} to the power {above}" if above else base


def _indices(node: Scripts) -> str:
    """1 4 for the fourth weight of the first unit, written 14."""
    written = _row(node.below).replace(" ,", "")
    return " ".join(written) if node.base == Atom("W") and written.isdigit() else written


def _is_layer(node: Scripts) -> bool:
    """Whether what stands above is a layer and no power: that of a letter with an index, or of a matrix."""
    if isinstance(node.base, Call):
        return node.base.name in _AFTER
    if not isinstance(node.base, Atom):
        return False
    return bool(node.below) or node.base.text.isupper() or node.base.text in _PER_LAYER


def _is_number(node: Group) -> bool:
    """(−0.5), coloured or not."""
    inner = node.inner
    while len(inner) == 1 and isinstance(inner[0], Call):
        inner = inner[0].arguments[0]
    texts = [part.text for part in inner if isinstance(part, Atom)]
    return bool(texts) and texts[-1][0].isdigit() and all(text == "-" for text in texts[:-1]) and len(inner) < _FEW


def _can_be_multiplied(node: Node) -> bool:
    """Whether a number in parentheses behind it is a factor."""
    if isinstance(node, Atom):
        return node.text[0].isdigit()
    return isinstance(node, Group | Scripts | Fraction) or (
        isinstance(node, Call) and node.name not in ("op", "limits")
    )
