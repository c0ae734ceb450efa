"""How numbers are written that are more than digits and a decimal sign: 211.361,00 €, 1 250, 37 %, 10:30.

Between thousands some write a sign that others take for the decimal sign. So 1.234 alone says nothing; 1.234,50 does,
as does 1.234.567, and a narrow space or an apostrophe is no decimal sign anywhere. A *unit* stands before or behind
each number of a column, the same in every cell.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal
from unicodedata import category

from msgspec import Struct

from nnstudio.data.clock import Clock, clock_of, read_clock

ThousandsSign = Literal["", ".", ",", "'", " "]
"""What stands between thousands, nothing if it is empty: ' is an apostrophe of either kind, and a space one of any
width."""
DecimalSign = Literal[".", ","]

DASHES = frozenset({"-", "--", "\u2013", "\u2014", "."})
"""What stands among numbers where there is none."""

_ALIKE: dict[ThousandsSign, str] = {".": ".", ",": ",", "'": "'\u2019", " ": " \u00a0\u2009\u202f"}
_NARROW = "\u00a0\u2009\u202f"  # a usual space may as well be between two numbers
_PLAIN = {sign: re.compile(rf"[+-]?(\d+[{sign}]?\d*|[{sign}]\d+)([eE][+-]?\d+)?", re.ASCII) for sign in ".,"}
_PARTS = re.compile(r"(\D*?)([.,]?\d(?:[\d.,'\u2019 \u00a0\u2009\u202f]*\d)?(?:[eE][+-]?\d+)?[.,]?)(\D.*)?", re.ASCII)
_CODE = re.compile(r"0\d")
_MINUS = "-\u2212"
_CURRENCIES = frozenset({"EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR"})
_UNIT = re.compile(r"(?:[^\W\d_]|[%‰°]|\$|€|£|¥|₹)[\w/%‰°²³·. $€£¥₹]{0,11}")


class Numerals(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the numbers of a column are written: the `unit` beside each of them, what stands between `thousands`, and the
    `decimal` sign; or that they are times on a `clock`, and in what those are counted."""

    unit: str = ""
    thousands: ThousandsSign = ""
    decimal: DecimalSign = "."
    clock: Clock = ""

    @property
    def words(self) -> str:
        """What is written like this."""
        if self.clock:
            return "a time such as 10:30"
        return f"a number in {self.unit}" if self.unit else "a number"

    def read(self, text: str) -> float:
        """The number that a text stands for; NaN if it is not written like this."""
        if self.clock:
            return read_clock(text, self.clock)
        number, unit = _parts(text)
        return self.value(number) if unit == self.unit else math.nan

    def in_full(self, text: str) -> str:
        """A text with the unit, if it is a number without it."""
        return text if self.clock or math.isnan(self.value(text)) else f"{text} {self.unit}".rstrip()

    def value(self, number: str) -> float:
        """That of a number without its unit."""
        plain = ungrouped(number, self.thousands, self.decimal) or number
        if _PLAIN[self.decimal].fullmatch(plain) is None:
            return math.nan
        value = float(plain.replace(",", "."))
        return value if math.isfinite(value) else math.nan


def ungrouped(number: str, thousands: ThousandsSign, decimals: str) -> str | None:
    """A number without the signs between its thousands; None if it is not written with these, and with one of the
    `decimals` if any."""
    if not thousands or _grouped(thousands, decimals.replace(thousands, "")).fullmatch(number) is None:
        return None
    return re.sub(f"[{_ALIKE[thousands]}]", "", number)


def clear_sign(number: str, decimals: str) -> ThousandsSign:
    """What stands between the thousands of a number that has such a sign beyond doubt: nothing where it has none."""
    for sign, alike in _ALIKE.items():
        if not any(one in number for one in alike) or ungrouped(number, sign, decimals) is None:
            continue
        count = sum(map(number.count, alike))
        both = any(other in number for other in ".," if other != sign)
        if sign == "'" or count > 1 or both or (sign == " " and any(one in number for one in _NARROW)):
            return sign
    return ""


def ways_to_read(texts: Iterable[str], decimals: str = ".,") -> tuple[Numerals, ...]:
    """How numbers may be written of which these are all, with one of these decimal signs: none if they are no numbers,
    several where it cannot be told."""
    texts = list(texts)
    if clock := clock_of(texts):
        return (Numerals(clock=clock),)
    numbers: set[str] = set()
    units: set[str] = set()
    for text in texts:
        number, unit = _parts(text)
        numbers.add(number)
        units.add(unit)
        if not number or len(units) > 1:
            return ()
    found: dict[tuple[float, ...], Numerals] = {}
    for unit in units:
        for way in _ways(unit, decimals):
            values = tuple(map(way.value, numbers))
            if not any(map(math.isnan, values)):
                found.setdefault(values, way)
    return tuple(found.values())


def numbers_among(texts: Mapping[str, int]) -> set[str]:
    """Those of the texts, each of which occurs so often, that are numbers in one unit, or times: nothing where they are
    less than half of all."""
    alike: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        number, unit = _parts(text)
        if number or clock_of([text]):
            alike[unit if number else "a time"].add(text)
    most = max(alike.values(), key=lambda found: sum(texts[text] for text in found), default=set())
    return most if 2 * sum(texts[text] for text in most) > sum(texts.values()) else set()


def _ways(unit: str, decimals: str) -> list[Numerals]:
    signs: tuple[DecimalSign, ...] = (".", ",")
    between: tuple[ThousandsSign, ...] = ("", ",", ".", "'", " ")
    return [Numerals(unit, one, sign) for one in between for sign in signs if sign in decimals and one != sign]


@cache
def _grouped(thousands: ThousandsSign, decimals: str) -> re.Pattern[str]:
    fraction = rf"(?:[{decimals}]\d+)?" if decimals else ""
    return re.compile(rf"[+-]?\d{{1,3}}(?:[{_ALIKE[thousands]}]\d{{3}})+{fraction}", re.ASCII)


def _parts(text: str) -> tuple[str, str]:
    """The number and the unit that a text is made of; nothing where it is not made of these."""
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        return "", ""
    before, number, behind = found[1].strip(), found[2], (found[3] or "").strip()
    bare = before.strip(f"+{_MINUS}").strip()
    signs = [one for one in before if one in f"+{_MINUS}"]
    proper = _is_currency(bare) if bare else not behind or _UNIT.fullmatch(behind) is not None
    if len(signs) > 1 or (bare and behind) or not proper or _CODE.match(number):
        return "", ""
    return ("-" if signs and signs[0] in _MINUS else "") + number, bare or behind


def _is_currency(text: str) -> bool:
    return text in _CURRENCIES or (len(text) <= 4 and any(category(one) == "Sc" for one in text))
