"""One column as bars.

Numbers fall into bins of equal width, by the rule of Freedman and Diaconis (1981): the width is twice the distance of
the quartiles over the cube root of n. Few different whole numbers get a bar each, and so do texts, the most frequent
ones first; the rest of many texts share the last bar.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, ColumnKind

from .grouping import NO_GROUP, Grouping

_FEWEST_BINS, _MOST_BINS = 5, 40
_MOST_WHOLE = 20
_MOST_TEXTS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """`counts` (groups × bars), one row for all where there are no groups. Bars of numbers lie between `edges`
    (bars + 1); bars of single values have `names` instead, and edges around 0, 1, 2, … Where the names are `ordered`,
    one tells what its neighbours are."""

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    names: tuple[str, ...] = ()
    ordered: bool = False

    @property
    def totals(self) -> NDArray[np.int64]:
        """How many rows each bar stands for."""
        sums: NDArray[np.int64] = self.counts.sum(axis=0)
        return sums


def histogram_of(column: Column, grouping: Grouping | None = None) -> Histogram:
    """The bars of a column, each split by group where a grouping is given; rows of no group are left out then."""
    known = column.filled if column.kind is ColumnKind.TEXT else np.isfinite(column.values)
    known, groups, count = grouped(known, grouping)
    values = column.values[known]
    if column.kind is ColumnKind.TEXT:
        return _of_texts(values, groups, count)
    edges = _edges(values.astype(np.float64))
    bars = np.clip(np.searchsorted(edges, values, "right") - 1, 0, len(edges) - 2)
    return Histogram(edges, counted(bars, groups, count, len(edges) - 1))


def _of_texts(values: NDArray[np.object_], groups: NDArray[np.int64], count: int) -> Histogram:
    frequent = sorted(Counter(values.tolist()).items(), key=lambda item: (-item[1], item[0]))
    own = [name for name, _ in frequent]
    if len(own) > _MOST_TEXTS:
        own = own[: _MOST_TEXTS - 1]
    names = (*own, f"{len(frequent) - len(own)} others") if len(own) < len(frequent) else tuple(own)
    place = {name: number for number, name in enumerate(own)}
    bars = np.array([place.get(value, len(own)) for value in values.tolist()], dtype=np.int64)
    return Histogram(np.arange(len(names) + 1.0) - 0.5, counted(bars, groups, count, len(names)), names)


def grouped(known: NDArray[np.bool_], grouping: Grouping | None) -> tuple[NDArray[np.bool_], NDArray[np.int64], int]:
    """Which of the known rows are of a group, the group of each of these, and how many groups there are: all rows are
    of one without a grouping."""
    if grouping is None:
        return known, np.zeros(np.count_nonzero(known), dtype=np.int64), 1
    known = known & (grouping.of != NO_GROUP)
    return known, grouping.of[known], len(grouping.names)


def counted(bars: NDArray[np.int64], groups: NDArray[np.int64], count: int, width: int) -> NDArray[np.int64]:
    """How many rows of each group (count × width) fall into each bar; both are given for each row."""
    return np.bincount(groups * width + bars, minlength=count * width).reshape(count, width)


def _edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where the bins of these numbers begin and end."""
    if not len(values):
        return np.array([0.0, 1.0])
    low, high = float(values.min()), float(values.max())
    if _whole(values) and high - low < _MOST_WHOLE:
        return np.arange(low, high + 2) - 0.5
    if low == high:
        half = abs(low) / 2 or 0.5
        return np.array([low - half, high + half])
    return np.linspace(low, high, _bins(values, low, high) + 1)


def _bins(values: NDArray[np.float64], low: float, high: float) -> int:
    lower, upper = np.quantile(values, (0.25, 0.75)).tolist()
    width = 2 * (upper - lower) / len(values) ** (1 / 3)
    wanted = (high - low) / width if width else np.sqrt(len(values))
    return int(np.clip(np.ceil(wanted), _FEWEST_BINS, _MOST_BINS)) if np.isfinite(wanted) else _MOST_BINS


def _whole(values: NDArray[np.float64]) -> bool:
    return bool((values == np.rint(values)).all())
