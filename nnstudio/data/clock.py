"""Times as a clock or a stopwatch shows them, as numbers: 10:30, 10:30 PM, 1:09:23, 5:32.4.

Of two parts the first is hours, as in times of day; in a column where some have three parts and others have two, or
where a fraction stands behind two, it is minutes, as in times of a race.
"""

import math
import re
from collections.abc import Iterable
from typing import Literal

Clock = Literal["", "hours", "minutes"]
"""The unit in which a time is counted, which is that of the first of two parts."""

_TIME = re.compile(
    r"([+-]?)(\d{1,6}):([0-5]\d)(?::([0-5]\d))?([.,]\d+)?(?:\s*([ap])\.?m\.?)?", re.ASCII | re.IGNORECASE
)
_NOON = 12


def read_clock(text: str, clock: Clock) -> float:
    """The hours or minutes that a time stands for; NaN if it is none."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return math.nan
    sign, first, second, third, fraction, half = found.groups()
    part = float((fraction or "0").replace(",", "."))
    if third is None and clock == "minutes":
        seconds = 60 * int(first) + int(second) + part
    else:
        seconds = 3600 * _hour(int(first), half) + 60 * int(second) + int(third or 0) + part
    value = seconds / (60 if clock == "minutes" else 3600)
    return -value if sign == "-" else value


def clock_of(texts: Iterable[str]) -> Clock:
    """How times are counted of which these are all; empty if one of them is none."""
    found = [_TIME.fullmatch(text.strip()) for text in texts]
    shapes = {(match[4] is None, match[5] is not None) for match in found if match is not None}
    halves = [match for match in found if match is not None and match[6]]
    if not found or None in found or any(not 1 <= int(match[2]) <= _NOON for match in halves):
        return ""
    of_two = {fraction for two, fraction in shapes if two}
    of_three = any(not two for two, _ in shapes)
    return "minutes" if of_two and not halves and (of_three or True in of_two) else "hours"


def _hour(first: int, half: str | None) -> int:
    """That of a day of 24 hours, for one of 12 in one of its halves."""
    if half is None:
        return first
    return first % _NOON + (_NOON if half.lower() == "p" else 0)
