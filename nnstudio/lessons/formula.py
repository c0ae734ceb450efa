r"""The formulas of a lesson, written in a small part of LaTeX: `\frac{\partial J}{\partial w} = \sum_i \delta_i x_i`.

A formula is read into a tree of what is listed here, and written from that tree: as typst, as plain text. What a lesson
says never reaches the typesetter as it stands, so it can say nothing but a formula.
"""

import re
from dataclasses import dataclass

from nnstudio.explain.explanation import Formula

from .errors import LessonError

_TOKEN = re.compile(
    r"(?P<space>\s+)|\\text\{(?P<words>[^{}]*)\}|\\(?P<command>[A-Za-z]+|[,;])|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<letter>[A-Za-z])|(?P<sign>.)",
    re.DOTALL,
)
_LONGEST = 400
_WORDS = re.compile(r"[^\W_]?[\w ,.\-]*")

_GREEK = {
    **dict(zip(["alpha", "beta", "gamma", "delta", "epsilon", "eta"], "αβγδεη", strict=True)),
    **dict(zip(["theta", "lambda", "mu"], "θλμ", strict=True)),
    **dict(zip(["pi", "rho", "sigma", "tau", "phi", "omega", "Delta", "Sigma", "Phi"], "πρστφωΔΣΦ", strict=True)),
}
_COMMANDS: dict[str, tuple[str, str]] = {
    **{name: (name, letter) for name, letter in _GREEK.items()},
    "partial": ("partial", "∂"),
    "nabla": ("nabla", "∇"),
    "sum": ("limits(sum)", "Σ"),
    "cdot": ("dot", "·"),
    "times": ("times", "×"),
    "odot": ("dot.o", "⊙"),
    "to": ("->", "→"),
    "leftarrow": ("<-", "←"),
    "le": ("<=", "≤"),
    "leq": ("<=", "≤"),
    "ge": (">=", "≥"),
    "geq": (">=", "≥"),
    "ne": ("!=", "≠"),
    "neq": ("!=", "≠"),
    "approx": ("approx", "≈"),
    "pm": ("plus.minus", "±"),
    "infty": ("infinity", "∞"),
    "ldots": ("dots.h", "…"),
    "cdots": ("dots.c", "⋯"),
    "quad": ("quad", "   "),
    ",": ("thin", " "),
    ";": ("thin", " "),
    "log": ("log", "log"),
    "ln": ("ln", "ln"),
    "exp": ("exp", "exp"),
    "tanh": ("tanh", "tanh"),
    "max": ("max", "max"),
    "min": ("min", "min"),
}
"""What a command is in typst and in plain text."""
_SIGNS: dict[str, tuple[str, str]] = {
    **{sign: (sign, sign) for sign in "+=,.:|!"},
    "-": ("-", "−"),
    "−": ("-", "−"),
    "<": ("<", "<"),
    ">": (">", ">"),
    "·": ("dot", "·"),
    "'": ("'", "′"),
    "′": ("'", "′"),
    "/": (r"\/", "/"),
    "%": (r"\%", "%"),
}
_OVER = {"sqrt": ("sqrt", "√"), "hat": ("hat", "hat"), "bar": ("overline", "bar")}
_UNARY = re.compile("(^|[=+−·×→←≤≥≈≠<>] )− ")
"""A minus sign that belongs to what is behind it."""
_CLOSING = {"(": ")", "[": "]"}
_LOOSE = ("+", "−", "=", "·", "×", "⊙", "→", "←", "≤", "≥", "≠", "≈", "±", "<", ">")
"""Signs with a space at both sides in plain text."""
_ABOVE = str.maketrans("0123456789+−=()niTᵀ′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀᵀ′")
_BELOW = str.maketrans("0123456789+−=()ijklmnoprst,", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ᵢⱼₖₗₘₙₒₚᵣₛₜ,")


@dataclass(frozen=True, slots=True)
class Atom:
    """A letter, a number, a sign, in both written forms."""

    typst: str
    plain: str


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in parentheses, or in brackets."""

    opening: str
    inner: "Row"


@dataclass(frozen=True, slots=True)
class Fraction:
    over: "Row"
    under: "Row"


@dataclass(frozen=True, slots=True)
class Covered:
    """What stands under a root, a hat or a bar."""

    by: str
    inner: "Row"


@dataclass(frozen=True, slots=True)
class Scripts:
    """A node with what hangs below and above it."""

    base: "Node"
    below: "Row"
    above: "Row"


Node = Atom | Words | Group | Fraction | Covered | Scripts
Row = tuple[Node, ...]


def formula(latex: str) -> Formula:
    """The formula between the dollars, in its written forms. LessonError says what in it is none."""
    row = read(latex)
    return Formula(f"${typst(row)}$", plain(row))


def read(latex: str) -> Row:
    """The tree of a formula."""
    if len(latex) > _LONGEST:
        raise LessonError(f"a formula has {len(latex)} characters; break it into some of at most {_LONGEST}")
    row = _Reader(latex).row("")
    if not row:
        raise LessonError("a formula is empty; write something between the dollars, or \\$ for a dollar")
    return row


def typst(row: Row) -> str:
    return " ".join(map(_typst, row))


def plain(row: Row) -> str:
    text = "".join(map(_plain, row))
    return _UNARY.sub(r"\1−", re.sub("(?<! )  (?! )", " ", text).strip())


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


class _Reader:
    """Reads the tokens one after the other, by recursive descent."""

    def __init__(self, latex: str) -> None:
        found = _TOKEN.finditer(latex)
        self._latex = latex.strip()
        self._tokens = [_Token(str(one.lastgroup), one[str(one.lastgroup)]) for one in found if one["space"] is None]
        self._at = 0

    def row(self, end: str) -> Row:
        """The nodes as far as the sign `end`, which is taken too, or to the end."""
        nodes: list[Node] = []
        while self._at < len(self._tokens):
            if end and self._takes(end):
                return tuple(nodes)
            nodes.append(self._scripted())
        if end:
            raise self._error(f"a {end} is missing")
        return tuple(nodes)

    def _scripted(self) -> Node:
        base = self._single()
        scripts: dict[str, Row] = {}
        while (sign := self._sign()) in ("_", "^"):
            self._at += 1
            if sign in scripts:
                raise self._error(f"two {sign} hang onto one symbol; hold them together with braces")
            scripts[sign] = self._argument(f"behind {sign}")
        return Scripts(base, scripts.get("_", ()), scripts.get("^", ())) if scripts else base

    def _single(self) -> Node:
        token = self._tokens[self._at]
        self._at += 1
        match token.kind:
            case "words":
                return self._words(token.text)
            case "command":
                return self._command(token.text)
            case "letter" | "number":
                return Atom(token.text, token.text)
        return self._symbol(token.text)

    def _words(self, text: str) -> Words:
        if not text.strip() or not _WORDS.fullmatch(text):
            raise self._error("\\text{…} takes letters, digits, spaces, commas and points")
        return Words(text)

    def _command(self, name: str) -> Node:
        if name == "frac":
            return Fraction(self._argument("behind \\frac"), self._argument("behind \\frac"))
        if name in _OVER:
            return Covered(name, self._argument(f"behind \\{name}"))
        if name not in _COMMANDS:
            known = ", ".join(f"\\{one}" for one in ("frac", *_OVER, *_COMMANDS) if one.isalpha())
            raise self._error(f"\\{name} is not known; these are: {known}")
        return Atom(*_COMMANDS[name])

    def _symbol(self, sign: str) -> Node:
        if sign in _CLOSING:
            return Group(sign, self.row(_CLOSING[sign]))
        if sign in _SIGNS:
            return Atom(*_SIGNS[sign])
        if sign in _GREEK.values():
            name = next(name for name, letter in _GREEK.items() if letter == sign)
            return Atom(*_COMMANDS[name])
        if sign == "{":
            raise self._error("braces stand only behind _, ^ and a command")
        raise self._error(f"{sign} has no place here")

    def _argument(self, where: str) -> Row:
        """What stands in braces, or one symbol."""
        if self._at == len(self._tokens):
            raise self._error(f"something is missing {where}")
        row = self.row("}") if self._takes("{") else (self._single(),)
        if not row:
            raise self._error(f"something is missing {where}")
        return row

    def _sign(self) -> str:
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        return token.text if token is not None and token.kind == "sign" else ""

    def _takes(self, sign: str) -> bool:
        found = self._sign() == sign
        self._at += found
        return found

    def _error(self, what: str) -> LessonError:
        return LessonError(f"in the formula ${self._latex}$ {what}")


def _typst(node: Node) -> str:
    match node:
        case Atom():
            return node.typst
        case Words():
            return f'"{node.text}"'
        case Group():
            return f"{node.opening}{typst(node.inner)}{_CLOSING[node.opening]}"
        case Fraction():
            return f"({typst(node.over)})/({typst(node.under)})"
        case Covered():
            return f"{_OVER[node.by][0]}({_held(node.inner)})"
        case Scripts():
            below = f"_({typst(node.below)})" if node.below else ""
            above = f"^({typst(node.above)})" if node.above else ""
            return f"{_typst(node.base)}{below}{above}"


def _held(row: Row) -> str:
    """As the one argument of a function: a comma in it parts nothing."""
    return typst(tuple(Atom(r"\,", ",") if node == Atom(",", ",") else node for node in row))


def _plain(node: Node) -> str:
    match node:
        case Atom():
            return f" {node.plain} " if node.plain in _LOOSE else f"{node.plain} " if node.plain == "," else node.plain
        case Words():
            return node.text
        case Group():
            return f"{node.opening}{plain(node.inner)}{_CLOSING[node.opening]}"
        case Fraction():
            return f"{_side(node.over)}/{_side(node.under)}"
        case Covered():
            return f"{_OVER[node.by][1]}({plain(node.inner)})"
        case Scripts():
            below = _script("_", plain(node.below), _BELOW) if node.below else ""
            above = _script("^", plain(node.above), _ABOVE) if node.above else ""
            return f"{_plain(node.base).rstrip()}{above}{below}{' ' if node.base in _BIG else ''}"


_BIG = (Atom(*_COMMANDS["sum"]),)


def _side(row: Row) -> str:
    """A side of a fraction, in parentheses where it is more than one thing."""
    text = plain(row)
    return f"({text})" if " " in text else text


def _script(sign: str, text: str, small: dict[int, int]) -> str:
    bare = text.replace(" ", "")
    if all(ord(letter) in small for letter in bare):
        return bare.translate(small)
    return f"{sign}{text}" if len(text) == 1 else f"{sign}({text})"
