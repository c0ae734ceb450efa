"""One column in a few numbers.

Numbers have their mean, standard deviation (with n − 1) and quartiles (linear between neighbours). *Outliers* are those
beyond Tukey's fences, one and a half times the distance between the quartiles outside of them (Tukey, "Exploratory Data
Analysis", 1977): a convention, not a verdict. Text has its most frequent values.
"""

from collections import Counter
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, ColumnKind

_FENCE = 1.5
_MOST_FREQUENT = 5


@dataclass(frozen=True, slots=True)
class NumberSummary:
    """Of `count` known numbers, `gaps` being missing or unreadable: least, quartiles and most, all NaN without any."""

    count: int
    gaps: int
    distinct: int
    mean: float
    deviation: float
    least: float
    lower: float
    median: float
    upper: float
    most: float
    outliers: int
    fences: tuple[float, float]

    @property
    def constant(self) -> bool:
        return self.distinct == 1


@dataclass(frozen=True, slots=True)
class TextSummary:
    """Of `count` known texts; `frequent` has the most frequent ones and how often each occurs."""

    count: int
    gaps: int
    distinct: int
    frequent: tuple[tuple[str, int], ...]

    @property
    def constant(self) -> bool:
        return self.distinct == 1


@dataclass(frozen=True, slots=True)
class DateSummary:
    """Of `count` known dates, `gaps` being missing or unreadable: the first and the last day, empty without any."""

    count: int
    gaps: int
    distinct: int
    first: str
    last: str

    @property
    def constant(self) -> bool:
        return self.distinct == 1


Summary: TypeAlias = NumberSummary | TextSummary | DateSummary


def summary_of(column: Column) -> Summary:
    """What the column holds."""
    if column.kind is ColumnKind.TEXT:
        return _of_texts(column)
    known = column.values[np.isfinite(column.values)]
    return _of_numbers(known, gaps=len(column.values) - len(known))


def _of_texts(column: Column) -> TextSummary:
    counted = Counter(column.values[column.filled].tolist())
    frequent = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:_MOST_FREQUENT]
    known = counted.total()
    return TextSummary(known, len(column.values) - known, len(counted), tuple(frequent))


def _of_numbers(known: NDArray[np.float64], gaps: int) -> NumberSummary:
    if not len(known):
        nan = float("nan")
        return NumberSummary(0, gaps, 0, nan, nan, nan, nan, nan, nan, nan, 0, (nan, nan))
    ordered = np.sort(known)
    least, lower, median, upper, most = np.quantile(ordered, (0.0, 0.25, 0.5, 0.75, 1.0)).tolist()
    reach = _FENCE * (upper - lower)
    low, high = lower - reach, upper + reach
    inside = int(np.searchsorted(ordered, high, "right") - np.searchsorted(ordered, low, "left"))
    return NumberSummary(
        count=len(ordered),
        gaps=gaps,
        distinct=1 + int(np.count_nonzero(ordered[1:] != ordered[:-1])),
        mean=float(ordered.mean()),
        deviation=float(ordered.std(ddof=1)) if len(ordered) > 1 else 0.0,
        least=least,
        lower=lower,
        median=median,
        upper=upper,
        most=most,
        outliers=len(ordered) - inside,
        fences=(low, high),
    )
