"""The formulas' typesetting source as a tree, from which their other forms are made: LaTeX, and words to read aloud.

It reads the part of typst's mathematics that this package writes, and no other. A row of symbols is a list of nodes;
`/` makes a fraction of its two neighbours, `_` and `^` hang onto what stands before them, and parentheses that only
hold together the sides of a fraction or an index are not part of the tree, as they are not drawn.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_TOKEN = re.compile(
    r'\s*(?:"(?P<words>[^"]*)"|\\(?P<escaped>\S)|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z]+(?:\.[a-z]+)*)'
    r"|(?P<sign><-|->|<=|>=|\S))"
)
_FUNCTIONS = re.compile(
    "load|parameter|forward|cost|backward|update|bold|sqrt|abs|norm|hat|tilde|overline|op|limits|more|cases|floor|upright|mat"
)
_CLOSING = {"(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class Atom:
    """A number, a letter, a sign or the name of a symbol."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words within a formula."""

    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in parentheses, or in brackets."""

    opening: str
    inner: "Row"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of typst: a colour, a root, a hat, …"""

    name: str
    arguments: tuple["Row", ...]


@dataclass(frozen=True, slots=True)
class Fraction:
    over: "Row"
    under: "Row"


@dataclass(frozen=True, slots=True)
class Scripts:
    """A node with what hangs below and above it."""

    base: "Node"
    below: "Row"
    above: "Row"


Node = Atom | Words | Group | Call | Fraction | Scripts
Row = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The cells of a sum that is written below each other, three a line."""

    cells: tuple[Row, ...]


def lines(source: str) -> tuple[Row, ...] | Ledger:
    """The lines of a formula as its source breaks them, or the cells of its ledger."""
    if source.startswith("#ledger("):
        return Ledger(tuple(_cell(text) for text in _arguments(source)[1:]))
    found: list[list[Node]] = [[]]
    for number, part in enumerate(source.split("$")):
        if number % 2:
            found[-1] += row(part)
        elif "\\" in part:
            found.append([])
    return tuple(tuple(line) for line in found if line)


def row(source: str) -> Row:
    """The nodes of a piece of mathematics."""
    return _Reader(source).row("")


def _cell(text: str) -> Row:
    """`[$x$]`, `[#small[$x$]]`, `[#aside[words]]` or `[]`."""
    if "$" in text:
        return row(text.split("$")[1])
    words = text.replace("#aside", "").strip("[] ")
    return (Words(words),) if words else ()


def _arguments(source: str) -> list[str]:
    """What stands between the commas of a call that are not within brackets or formulas."""
    parts, depth, formula = [""], 0, False
    for sign in source[source.index("(") + 1 : -1]:
        formula ^= sign == "$"
        if not formula:
            depth += (sign == "[") - (sign == "]")
        if sign == "," and not depth and not formula:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    calls: bool
    """Whether a parenthesis follows at once."""


class _Reader:
    """Reads the tokens one after the other, by recursive descent."""

    def __init__(self, source: str) -> None:
        self._tokens = [
            _Token(str(found.lastgroup), found[str(found.lastgroup)], source[found.end() : found.end() + 1] == "(")
            for found in _TOKEN.finditer(source.rstrip())
        ]
        self._at = 0

    def row(self, ends: str) -> Row:
        """The nodes as far as a sign of `ends`, or to the end."""
        nodes: list[Node] = []
        while self._at < len(self._tokens) and not self._is_sign(ends):
            node = self._scripted()
            while self._takes("/"):
                node = Fraction(_bare(node), _bare(self._scripted()))
            nodes.append(node)
        return tuple(nodes)

    def _scripted(self) -> Node:
        base = self._single()
        scripts: dict[str, Row] = {"_": (), "^": ()}
        while sign := self._is_sign("_^"):
            self._at += 1
            scripts[sign] = _bare(self._single())
        return Scripts(base, scripts["_"], scripts["^"]) if any(scripts.values()) else base

    def _single(self) -> Node:
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "words":
            return Words(token.text)
        if token.kind == "name" and token.calls and _FUNCTIONS.fullmatch(token.text):
            self._at += 1
            return Call(token.text, self._rows() if token.text == "mat" else self._list())
        if token.kind == "sign" and token.text in _CLOSING:
            inner = self.row(_CLOSING[token.text])
            self._at += 1
            return Group(token.text, inner)
        return Atom(token.text)

    def _list(self) -> tuple[Row, ...]:
        found = [self.row(",)")]
        while self._takes(","):
            found.append(self.row(",)"))
        self._at += 1
        return tuple(found)

    def _rows(self) -> tuple[Row, ...]:
        """The rows of a matrix, each with `&` between its cells; which brackets it has comes first, and is left out."""
        self.row(",")
        self._at += 1
        found: list[list[Node]] = [[]]
        while not self._takes(")"):
            found[-1] += self.row(",;)")
            if self._takes(","):
                found[-1].append(Atom("&"))
            elif self._takes(";"):
                found.append([])
        return tuple(map(tuple, found))

    def _is_sign(self, signs: str) -> str:
        """The sign at hand where it is one of these."""
        if self._at == len(self._tokens):
            return ""
        token = self._tokens[self._at]
        return token.text if token.kind == "sign" and token.text in tuple(signs) else ""

    def _takes(self, sign: str) -> bool:
        found = bool(self._is_sign(sign))
        self._at += found
        return found


def _bare(node: Node) -> Row:
    """Without the parentheses that hold it together."""
    return node.inner if isinstance(node, Group) and node.opening == "(" else (node,)


def within(nodes: Row, found: Callable[[Node], bool]) -> bool:
    """Whether there is such a node in the row or in what it holds."""
    return any(found(node) or any(within(part, found) for part in _parts(node)) for node in nodes)


def _parts(node: Node) -> tuple[Row, ...]:
    match node:
        case Group():
            return (node.inner,)
        case Call():
            return node.arguments
        case Fraction():
            return node.over, node.under
        case Scripts():
            return (node.base,), node.below, node.above
        case _:
            return ()
