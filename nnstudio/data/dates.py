"""Dates as numbers: days since 1 January 1970, with the time of day as a fraction.

They are read as ISO 8601 has them (2026-11-25, 2026-11-25T10:30), or with the year last (25.11.2026, 11/25/2026). With
the year last it must be known whether the day or the month comes first: a column tells it by any number above 12, and
by its dots, which only stand behind days; else it has to be said.
"""

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400.0
_TIME = r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}")
_YEAR_FIRST = re.compile(rf"(\d{{4}})[./](\d{{1,2}})[./](\d{{1,2}}){_TIME}")


class DateOrder(StrEnum):
    """What comes first in a date that has its year last."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class DatePart(StrEnum):
    """A part of a date that may tell more than the number of its day: Monday is weekday 1."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    WEEKDAY = "weekday"
    HOUR = "hour"


def date_order(texts: Iterable[str]) -> DateOrder | None:
    """Which order these dates are written in; None where they do not tell, though it matters."""
    found = [match for match in map(_YEAR_LAST.fullmatch, texts) if match]
    if any(int(match[1]) > 12 for match in found):
        return DateOrder.DAY_FIRST
    if any(int(match[3]) > 12 for match in found):
        return DateOrder.MONTH_FIRST
    same = all(match[2] == "." or match[1] == match[3] for match in found)
    return DateOrder.DAY_FIRST if same else None


def read_date(text: str, order: DateOrder | None) -> float:
    """The days since 1970 that a text stands for; NaN if it is no date."""
    try:
        moment = _moment(text.strip(), order)
    except (ValueError, OverflowError):
        return math.nan
    return (moment - _EPOCH).total_seconds() / _DAY


def part_of(days: Array, part: DatePart) -> Array:
    """One part of each date; NaN for a gap."""
    known = ~np.isnan(days)
    seconds = np.round(np.where(known, days, 0.0) * _DAY)
    whole = np.floor(seconds / _DAY)
    dates = whole.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    match part:
        case DatePart.YEAR:
            found = dates.astype("datetime64[Y]").astype(np.float64) + 1970
        case DatePart.MONTH:
            found = months.astype(np.float64) % 12 + 1
        case DatePart.DAY:
            found = (dates - months).astype(np.float64) + 1
        case DatePart.WEEKDAY:
            found = (whole + 3) % 7 + 1  # 1 January 1970 was a Thursday
        case DatePart.HOUR:
            found = np.floor((seconds - whole * _DAY) / 3600)
    return np.where(known, found, np.nan)


def _moment(text: str, order: DateOrder | None) -> datetime:
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        day, month = (second, first) if order is DateOrder.MONTH_FIRST else (first, second)
        return _made(_whole_year(year), month, day, match.groups()[4:])
    if match := _YEAR_FIRST.fullmatch(text):
        return _made(int(match[1]), int(match[2]), int(match[3]), match.groups()[3:])
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _made(year: int, month: int, day: int, time: tuple[str | None, ...]) -> datetime:
    hour, minute, second = (int(part or 0) for part in time)
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _whole_year(year: int) -> int:
    """1970 to 2069 for a year of two digits."""
    return year if year > 99 else year + (2000 if year < 70 else 1900)
