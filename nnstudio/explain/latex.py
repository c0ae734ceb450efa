"""A formula in LaTeX, with the commands of amsmath. Colours stay behind, bold numbers stay bold."""

import re

from . import typst_tree
from .explanation import Explanation, Formula
from .typst_tree import Atom, Call, Fraction, Group, Ledger, Node, Row, Scripts, Words, within

_SYMBOLS = {
    "partial": r"\partial",
    "sum": r"\sum",
    "dot": r"\cdot",
    "dot.o": r"\odot",
    "√": r"\surd",
    "thin": r"\,",
    "quad": r"\quad",
    "dots.h": r"\ldots",
    "dots.c": r"\cdots",
    "dash.em": r"\text{---}",
    "infinity": r"\infty",
    "plus.minus": r"\pm",
    "<-": r"\leftarrow",
    "->": r"\to",
    "<=": r"\leq",
    ">=": r"\geq",
    "σ": r"\sigma",
    "Σ": r"\Sigma",
    "ρ": r"\rho",
}
_NAMED = re.compile("alpha|beta|gamma|delta|epsilon|theta|lambda|mu|pi|rho|sigma|Delta|Pi|Sigma|log|min|max|tanh|cosh?")
_AROUND = {
    "bold": (r"\mathbf{", "}"),
    "sqrt": (r"\sqrt{", "}"),
    "hat": (r"\hat{", "}"),
    "tilde": (r"\tilde{", "}"),
    "overline": (r"\overline{", "}"),
    "upright": (r"\mathrm{", "}"),
    "abs": (r"\left|", r"\right|"),
    "norm": (r"\left\|", r"\right\|"),
    "floor": (r"\left\lfloor ", r"\right\rfloor"),
}
_EQUALS = (Atom("="), Atom("<-"))
_UNARY = re.compile(r"(^|[=+,(&] |\\cdot |\\leftarrow )- ")
"""A minus sign that belongs to the number behind it."""


def latex(formula: Formula) -> str:
    """To be put between the dollars of a formula."""
    found = typst_tree.lines(formula.typst)
    if isinstance(found, Ledger):
        return _ledger(found)
    if len(found) == 1:
        return row(found[0])
    written = " \\\\\n".join(map(_aligned, found))
    return f"\\begin{{aligned}}\n{written}\n\\end{{aligned}}"


def document(explanation: Explanation) -> str:
    """All of an explanation, to be pasted into a LaTeX document that uses amsmath."""
    parts = [_text(words) for words in (explanation.headline, explanation.note) if words]
    for formula in explanation.formulas:
        parts += [_text(formula.caption)] if formula.caption else []
        parts.append(f"\\[\n{latex(formula)}\n\\]")
    return "\n".join(parts)


def row(nodes: Row) -> str:
    written = [_words(node) if isinstance(node, Words) and len(nodes) > 1 else _node(node) for node in nodes]
    return _UNARY.sub(r"\1-", " ".join(written).replace(" ,", ","))


def _aligned(nodes: Row) -> str:
    """A line of several, which stand below each other at their equals signs."""
    at = next((n for n, node in enumerate(nodes) if node in _EQUALS), 0)
    return f"{row(nodes[:at])} & {row(nodes[at:])}".strip()


def _ledger(found: Ledger) -> str:
    rows = [found.cells[at : at + 3] for at in range(0, len(found.cells), 3)]
    written = " \\\\\n".join(" & ".join(row(cell) for cell in cells) for cells in rows)
    return f"\\begin{{array}}{{llr}}\n{written}\n\\end{{array}}"


def _node(node: Node) -> str:
    match node:
        case Atom():
            return _atom(node.text)
        case Words():
            return rf"\text{{{_text(node.text)}}}"
        case Group():
            return _group(node)
        case Call():
            return _call(node)
        case Fraction():
            return rf"\frac{{{row(node.over)}}}{{{row(node.under)}}}"
        case Scripts():
            return _scripts(node)


def _words(node: Words) -> str:
    """Words between symbols, from which LaTeX keeps no distance by itself; a number in parentheses is no word."""
    if node.text.strip("()").isdigit():
        return _node(node)
    return rf"\text{{ {_text(node.text)} }}"


def _atom(text: str) -> str:
    return f"\\{text}" if _NAMED.fullmatch(text) else _SYMBOLS.get(text, text)


def _group(node: Group) -> str:
    """Parentheses that grow only round what is tall."""
    closing = ")" if node.opening == "(" else "]"
    if within(node.inner, lambda part: isinstance(part, Fraction) or part == Atom("sum")):
        return rf"\left{node.opening}{row(node.inner)}\right{closing}"
    return f"{node.opening}{row(node.inner)}{closing}"


def _call(node: Call) -> str:
    inner = row(node.arguments[0])
    if node.name in _AROUND:
        before, after = _AROUND[node.name]
        return f"{before}{inner}{after}"
    if node.name == "op":
        return rf"\operatorname{{{''.join(_named(part) for part in node.arguments[0])}}}"
    if node.name == "more":
        return rf"{inner}\ {row(node.arguments[1])})"
    if node.name == "mat":
        rows = " \\\\ ".join(map(row, node.arguments))
        return rf"\begin{{bmatrix}}{rows}\end{{bmatrix}}"
    if node.name == "cases":
        cases = " \\\\ ".join(_case(case) for case in node.arguments)
        return rf"\begin{{cases}}{cases}\end{{cases}}"
    return inner


def _named(node: Node) -> str:
    return _text(node.text) if isinstance(node, Words) else _node(node)


def _case(nodes: Row) -> str:
    """`1 quad & "if" …`: LaTeX makes the room by itself."""
    return row(tuple(node for node in nodes if node != Atom("quad")))


def _scripts(node: Scripts) -> str:
    """A power of a power needs braces, and so does what is longer than one sign."""
    base = _node(node.base)
    if not isinstance(node.base, Atom | Group):
        base = base if node.base == Call("limits", ((Atom("sum"),),)) else f"{{{base}}}"
    below = f"_{{{row(node.below)}}}" if node.below else ""
    above = f"^{{{row(node.above)}}}" if node.above else ""
    return f"{base}{below}{above}"


_SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"} | {"\\": r"\textbackslash{}"})


def _text(words: str) -> str:
    return words.translate(_SPECIAL)
