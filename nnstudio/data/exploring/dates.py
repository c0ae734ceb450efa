"""A column of dates, given as days since 1 January 1970: from when to when they are, and how many fall into each day,
month, year, decade or century, whichever is the shortest that leaves few enough bars. Dates are named as ISO 8601 does.
"""

import numpy as np
from numpy.typing import NDArray

from .grouping import Grouping
from .histogram import Histogram, counted, grouped
from .summary import DateSummary

_EPOCH = 1970
_MOST_BARS = 36
_UNITS = (("D", 1), ("M", 1), ("Y", 1), ("Y", 10), ("Y", 100))

Days = NDArray[np.float64]


def dates_summary_of(days: Days) -> DateSummary:
    """What a column of dates holds."""
    known = days[np.isfinite(days)]
    if not len(known):
        return DateSummary(0, len(days), 0, "", "")
    first, last = (str(_dates(day)) for day in (known.min(), known.max()))
    return DateSummary(len(known), len(days) - len(known), len(np.unique(known)), first, last)


def dates_histogram_of(days: Days, grouping: Grouping | None = None) -> Histogram:
    """The bars of a column of dates in their order, empty ones too, each split by group where a grouping is given; rows
    of no group are left out then."""
    known, groups, count = grouped(np.isfinite(days), grouping)
    if not known.any():
        return Histogram(np.array([0.0, 1.0]), np.zeros((count, 1), dtype=np.int64))
    for unit, step in _UNITS:
        units = _dates(days[known]).astype(f"datetime64[{unit}]").astype(np.int64)
        steps = (units + _EPOCH % step) // step  # so that a century begins with a year that ends in 00
        first, last = int(steps.min()), int(steps.max())
        if last - first < _MOST_BARS:
            break
    names = tuple(_name(number * step - _EPOCH % step, unit, step) for number in range(first, last + 1))
    bars = counted(steps - first, groups, count, len(names))
    return Histogram(np.arange(len(names) + 1.0) - 0.5, bars, names, ordered=True)


def _dates(days: Days) -> NDArray[np.datetime64]:
    return np.floor(days).astype(np.int64).astype("datetime64[D]")


def _name(number: int, unit: str, step: int) -> str:
    """A span of so many units, which begins that many units after the start of 1970."""
    begin, end = (str(np.array(at).astype(f"datetime64[{unit}]")) for at in (number, number + step - 1))
    return begin if step == 1 else f"{begin}\N{EN DASH}{end}"
