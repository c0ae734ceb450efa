"""Mathematics written twice at once: as typesetting source and as plain text.

A `Quantity` is a symbol with (where it is known) its number and the kind of thing it is, which is its colour. A
template such as `({a} - {y}) / {n}` becomes a formula of symbols or of numbers; in the form of numbers `{a}` puts a
negative number in parentheses, `{a:f}` every number (it is a factor), `{a:b}` none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from math import isinf, isnan

from .explanation import Formula
from .numbers import digits

_MINUS = "\N{MINUS SIGN}"
_UNBROKEN = 28
"""So many characters fit a narrow column, and stay in one line."""
_UNKNOWN = ("dash.em", "—")


class Kind(StrEnum):
    """What a number is, named like the colour it has everywhere."""

    LOAD = "load"
    PARAMETER = "parameter"
    FORWARD = "forward"
    COST = "cost"
    BACKWARD = "backward"
    UPDATE = "update"


class Style(Enum):
    """How a number is written: with the decimal places of the settings, as it was entered, or as a whole number."""

    FIXED = "fixed"
    SETTING = "setting"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Math:
    """A piece of a formula in both forms."""

    typst: str
    plain: str

    def __add__(self, other: "Math") -> "Math":
        return Math(f"{self.typst} {other.typst}", f"{self.plain} {other.plain}")

    def coloured(self, kind: Kind | None) -> "Math":
        return Math(f"{kind.value}({self.typst})", self.plain) if kind else self


@dataclass(frozen=True, slots=True)
class Quantity:
    """A symbol, its number (None where it is not known) and its kind."""

    symbol: Math
    value: float | None = None
    kind: Kind | None = None
    style: Style = Style.FIXED


EQUALS = Math("=", "=")
BECOMES = Math("<-", "←")
PLUS = Math("+", "+")


def number(value: float | None, decimals: int, style: Style = Style.FIXED) -> Math:
    """−0.5753; 1.2e−07 where the decimal places would hide it; NaN and ∞ as such; — where it is not known."""
    if value is None:
        return Math(*_UNKNOWN)
    if isnan(value):
        return Math('"NaN"', "NaN")
    if isinf(value):
        return Math("infinity", "∞") if value > 0 else Math("-infinity", f"{_MINUS}∞")
    return _written(_digits(value, decimals, style))


def _digits(value: float, decimals: int, style: Style) -> str:
    if style is Style.WHOLE:
        return f"{value:.0f}"
    if style is Style.SETTING:
        return f"{value:.6g}"
    return digits(value, decimals)


def _written(digits: str) -> Math:
    plain = digits.replace("-", _MINUS)
    mantissa, e, exponent = digits.partition("e")
    if not e:
        return Math(digits, plain)
    power = f"10^({int(exponent)})"
    return Math(power if mantissa == "1" else f"{mantissa} dot {power}", plain)


def result(value: float | None, decimals: int, kind: Kind | None, style: Style = Style.FIXED) -> Math:
    """A number that a formula ends in: bold, in its colour."""
    written = number(value, decimals, style)
    return Math(f"bold({written.typst})", written.plain).coloured(kind)


def factor(value: float, decimals: int, kind: Kind | None) -> Math:
    """A number in parentheses."""
    return parenthesized(number(value, decimals).coloured(kind))


def parenthesized(math: Math) -> Math:
    return Math(f"({math.typst})", f"({math.plain})")


def summand(value: float, decimals: int, kind: Kind | None) -> Math:
    """A number to be added: in parentheses where it is negative."""
    written = number(value, decimals).coloured(kind)
    return parenthesized(written) if value < 0 else written


def joined(pieces: Iterable[Math], typst: str = " + ", plain: str = " + ") -> Math:
    pieces = tuple(pieces)
    return Math(typst.join(piece.typst for piece in pieces), plain.join(piece.plain for piece in pieces))


def product(*pieces: Math) -> Math:
    return Math(" ".join(piece.typst for piece in pieces), "".join(piece.plain for piece in pieces))


def symbols(template: Math, quantities: Mapping[str, Quantity]) -> Math:
    """The template with symbols."""
    coloured = {key: quantity.symbol.coloured(quantity.kind) for key, quantity in quantities.items()}
    return Math(
        template.typst.format_map({key: _Symbol(math.typst) for key, math in coloured.items()}),
        template.plain.format_map({key: _Symbol(math.plain) for key, math in coloured.items()}),
    )


def numbers(template: Math, quantities: Mapping[str, Quantity], decimals: int) -> Math:
    """The template with numbers."""
    written = {
        key: (number(q.value, decimals, q.style).coloured(q.kind), (q.value or 0.0) < 0)
        for key, q in quantities.items()
    }
    return Math(
        template.typst.format_map({key: _Number(math.typst, negative) for key, (math, negative) in written.items()}),
        template.plain.format_map({key: _Number(math.plain, negative) for key, (math, negative) in written.items()}),
    )


def known(quantities: Mapping[str, Quantity]) -> bool:
    """Whether all have their numbers."""
    return all(quantity.value is not None for quantity in quantities.values())


def equals(*sides: Math) -> tuple[Math, ...]:
    """The sides of an equation: a, = b, = c. A line breaks before an equals sign rather than anywhere else."""
    return (sides[0], *(EQUALS + side for side in sides[1:]))


def formula(*rows: Math | tuple[Math, ...], small: Sequence[int] = (), caption: str = "") -> Formula:
    """A formula of one row or more, each of one piece or several; it breaks where the page ends, between the pieces
    first. The rows numbered `small` are set smaller."""
    written = [_row(row if isinstance(row, tuple) else (row,)) for row in rows]
    typst = [f"#small[{row.typst}]" if n in small else row.typst for n, row in enumerate(written)]
    return Formula(" \\\n".join(typst), "\n".join(row.plain for row in written), caption)


def _row(pieces: tuple[Math, ...]) -> Math:
    typst = [_piece(piece) for piece in pieces[:2]]
    for piece in pieces[2:]:
        typst += ["\\"] * (len(piece.plain) > _UNBROKEN) + [_piece(piece)]
    return Math(" ".join(typst), " ".join(piece.plain for piece in pieces))


def _piece(piece: Math) -> str:
    """A short piece stays in one line; a long one does not break behind its equals sign."""
    if len(piece.plain) <= _UNBROKEN:
        return f"#box[${piece.typst}$]"
    if piece.typst.startswith("= "):
        return f"#box[$=$]~${piece.typst[2:]}$"
    return f"${piece.typst}$"


@dataclass(frozen=True, slots=True)
class _Symbol:
    text: str

    def __format__(self, spec: str) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class _Number:
    text: str
    negative: bool

    def __format__(self, spec: str) -> str:
        bare = spec == "b" or (spec != "f" and not self.negative)
        return self.text if bare else f"({self.text})"
