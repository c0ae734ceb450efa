"""Reads formulas as a person would: the plain text, number by number as displayed, with a pocket calculator.

It shares nothing with the code that writes them. A displayed number stands for all numbers that round to it, so the
reader computes with intervals: `(1.20)(−0.74)` is anything from 1.195 · −0.745 to … What a formula says is right where
the intervals on both sides of each equals sign meet.
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<ratio>\d+/\d+)(?![\d.])|(?P<number>\d+(?:\.\d+)?(?:e[−+]?\d+)?)|(?P<name>[a-zA-Z_]+\d*)"
    r"|(?P<sign>[-−+·/()|√²³½,⌊⌋^π\[\]<>≤≥])|(?P<power>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)|…\s*\(\d+ more: (?P<more>−?[\d.e−+]+)\))"
)
_EQUALS = re.compile(r"\s*\n?[=←]\s")
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_SLACK = 1e-11
_MOST_DIGITS = 6
_STEEPEST = 1.8
"""No activation is steeper anywhere."""


class NoArithmeticError(Exception):
    """It is no arithmetic: a row of symbols, or of words."""


@dataclass(frozen=True)
class Interval:
    low: float
    high: float

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> "Interval":
        return Interval(-self.high, -self.low)

    def __mul__(self, other: "Interval") -> "Interval":
        corners = [a * b if a and b else 0.0 for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(corners), max(corners))

    def __truediv__(self, other: "Interval") -> "Interval":
        if other.low <= 0 <= other.high:
            return Interval(-math.inf, math.inf)
        return self * Interval(1 / other.high, 1 / other.low)

    def to(self, power: "Interval") -> "Interval":
        if power.low == power.high == 2:
            squares = self.low**2, self.high**2
            return Interval(0.0 if self.low < 0 < self.high else min(squares), max(squares))
        corners = [abs(a) ** b for a in (self.low, self.high) for b in (power.low, power.high)]
        return Interval(min(corners), max(corners))

    def through(self, rising: Callable[[float], float]) -> "Interval":
        return Interval(rising(self.low), rising(self.high))

    def bent(self, activation: Callable[[float], float]) -> "Interval":
        """Through a curve that may rise and fall, but is never too steep."""
        middle, half = activation((self.low + self.high) / 2), (self.high - self.low) / 2
        return Interval(middle - _STEEPEST * half, middle + _STEEPEST * half)

    def meets(self, other: "Interval") -> bool:
        slack = _SLACK * max(abs(self.low), abs(self.high), abs(other.low), abs(other.high), 1.0)
        return self.low <= other.high + slack and other.low <= self.high + slack


def equations(formula: str, decimals: int) -> Iterator[tuple[str, str]]:
    """Each side of `a = b = c` that is arithmetic, with the last of them."""
    found = [side for side in map(str.strip, _EQUALS.split(formula)) if is_arithmetic(side, decimals)]
    yield from ((side, found[-1]) for side in found[:-1])


def is_arithmetic(text: str, decimals: int) -> bool:
    try:
        read(text, decimals)
    except NoArithmeticError:
        return False
    return True


def read(text: str, decimals: int) -> Interval:
    """The numbers that a piece of arithmetic may stand for, where results are displayed with so many decimal places."""
    return _Reader(text, decimals).all()


def number(text: str, decimals: int) -> Interval:
    """With four places 1.2043 stands for 1.20425 to 1.20435. What has fewer was entered so, and is exact (0.1, 2,
    1e−08), unless it has six digits, which are as many as such a number ever shows."""
    mantissa, _, exponent = text.replace("−", "-").partition("e")
    places, value = len(mantissa.partition(".")[2]), float(text.replace("−", "-"))
    rounded = places >= (max(decimals - 1, 1) if exponent else decimals)
    if not rounded and (not places or len(mantissa.lstrip("-0.").replace(".", "")) < _MOST_DIGITS):
        return Interval(value, value)
    half = 0.5 * 10.0 ** (int(exponent or 0) - places)
    return Interval(value - half, value + half)


class _Reader:
    def __init__(self, text: str, decimals: int) -> None:
        self._decimals = decimals
        self._within_bars = False
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None:
                raise NoArithmeticError(text[at:])
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            at = found.end()
        self._at = 0

    def all(self) -> Interval:
        value = self._sum()
        if self._at < len(self._tokens):
            raise NoArithmeticError(str(self._tokens[self._at :]))
        return value

    def _sum(self) -> Interval:
        value = self._product()
        while self._next in ("+", "−"):
            sign = self._take()
            value = value + (self._product() if sign == "+" else -self._product())
        return value

    def _product(self) -> Interval:
        if self._next == "−":
            self._take()
            return -self._product()
        value = self._powered()
        while self._next not in ("", "+", "−", ")", ",", "⌋", "]", "<", ">", "≤", "≥") and not self._closes_bars:
            if self._next == "/":
                self._take()
                value = value / self._powered()
                continue
            if self._next == "·":
                self._take()
            value = value * (self._product() if self._next == "−" else self._powered())
        return value

    def _powered(self) -> Interval:
        base = self._single()
        while self._next in ("²", "³", "^") or self._kind == "power":
            if self._kind == "power":
                exponent = float(self._take().translate(_SUPERSCRIPTS))
                base = base.to(Interval(exponent, exponent))
            elif (sign := self._take()) == "^":
                base = base.to(self._single())
            else:
                base = base.to(self._number("2" if sign == "²" else "3"))
        return base

    def _single(self) -> Interval:
        kind, text = self._kind, self._take()
        if kind in ("number", "more"):
            return self._number(text)
        if kind == "ratio":
            over, under = text.split("/")
            return self._number(over) / self._number(under)
        if kind == "name":
            return self._named(text)
        return self._signed(text)

    def _signed(self, text: str) -> Interval:
        if text == "(":
            return self._until(")")
        if text == "|":
            self._within_bars = True
            inner = self._until("|")
            self._within_bars = False
            least = 0.0 if inner.low <= 0 <= inner.high else min(abs(inner.low), abs(inner.high))
            return Interval(least, max(abs(inner.low), abs(inner.high)))
        if text == "√":
            return self._powered().through(lambda x: math.sqrt(max(x, 0.0)))
        if text == "⌊":
            return self._until("⌋").through(math.floor)
        if text == "[":
            return self._truth()
        constants = {"½": 0.5, "π": math.pi}
        if text not in constants:
            raise NoArithmeticError(text)
        return Interval(constants[text], constants[text])

    def _until(self, closing: str) -> Interval:
        value = self._sum()
        self._expect(closing)
        return value

    def _truth(self) -> Interval:
        """[0 < z < 6]: 1 where it is so, 0 where it is not; either where it cannot be told."""
        sides, signs = [self._sum()], []
        while self._next in ("<", ">", "≤", "≥"):
            signs.append(self._take())
            sides.append(self._sum())
        self._expect("]")
        low, high = 1.0, 1.0
        for left, sign, right in zip(sides, signs, sides[1:], strict=False):
            small, large = (left, right) if sign in "<≤" else (right, left)
            strict = sign in "<>"
            if small.low > large.high or (strict and small.low == small.high == large.low == large.high):
                high = 0.0
            if not (small.high < large.low or (not strict and small.high <= large.low)):
                low = 0.0
        return Interval(min(low, high), high)

    def _named(self, name: str) -> Interval:
        if name == "e" and self._next == "^":
            self._take()
            return self._single().through(_exp)
        if name in ("log", "cosh") and self._next != "(":
            return _FUNCTIONS[name](self._powered())
        if name not in _FUNCTIONS or self._next != "(":
            raise NoArithmeticError(name)
        self._take()
        arguments = [self._sum()]
        while self._next == ",":
            self._take()
            arguments.append(self._sum())
        self._expect(")")
        return _FUNCTIONS[name](*arguments)

    def _number(self, text: str) -> Interval:
        return number(text, self._decimals)

    @property
    def _closes_bars(self) -> bool:
        return self._next == "|" and self._within_bars

    @property
    def _next(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    @property
    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        if self._at == len(self._tokens):
            raise NoArithmeticError("the end")
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _expect(self, sign: str) -> None:
        if self._take() != sign:
            raise NoArithmeticError(sign)


def _exp(x: float) -> float:
    return math.exp(min(x, 700.0))


def _sigmoid(z: float) -> float:
    return 1 / (1 + _exp(-z))


def _softplus(z: float) -> float:
    return math.log1p(_exp(-abs(z))) + max(z, 0.0)


def _elu(z: float) -> float:
    return z if z > 0 else math.expm1(z)


_ACTIVATIONS: dict[str, Callable[[float], float]] = {
    "sigmoid": _sigmoid,
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
    "relu6": lambda z: min(max(z, 0.0), 6.0),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": _elu,
    "selu": lambda z: 1.0507009873554805 * (z if z > 0 else 1.6732632423543772 * math.expm1(z)),
    "gelu": lambda z: 0.5 * z * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
    "silu": lambda z: z * _sigmoid(z),
    "softplus": _softplus,
    "mish": lambda z: z * math.tanh(_softplus(z)),
    "hard_tanh": lambda z: min(max(z, -1.0), 1.0),
    "hard_sigmoid": lambda z: min(max(z / 6 + 0.5, 0.0), 1.0),
    "huber": lambda d: 0.5 * d * d if abs(d) <= 1 else abs(d) - 0.5,
}


def _sign(x: float) -> float:
    return math.copysign(1.0, x) if x else 0.0


def _cosh(x: Interval) -> Interval:
    ends = math.cosh(x.low), math.cosh(x.high)
    return Interval(1.0 if x.low < 0 < x.high else min(ends), max(ends))


def _cos(x: Interval) -> Interval:
    middle, half = math.cos((x.low + x.high) / 2), (x.high - x.low) / 2
    return Interval(middle - half, middle + half)


def _clip(x: Interval, low: Interval, high: Interval) -> Interval:
    return x.through(lambda value: min(max(value, low.low), high.high))


_FUNCTIONS: dict[str, Callable[..., Interval]] = {
    **{name: (lambda x, f=f: x.bent(f)) for name, f in _ACTIVATIONS.items()},
    "step": lambda x: Interval(float(x.low >= 0), float(x.high >= 0)),
    "exp": lambda x: x.through(_exp),
    "log": lambda x: x.through(lambda value: math.log(value) if value > 0 else -math.inf),
    "sign": lambda x: x.through(_sign),
    "cosh": _cosh,
    "cos": _cos,
    "clip": _clip,
    "min": lambda a, b: Interval(min(a.low, b.low), min(a.high, b.high)),
    "max": lambda a, b: Interval(max(a.low, b.low), max(a.high, b.high)),
}
