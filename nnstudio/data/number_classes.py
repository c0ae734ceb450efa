"""Whole numbers that are names: 0 … 9 may count something, or say which digit a picture shows.

Nobody has to say so where no other reading is likely, as in a column that is called a class or a label (and beside the
pixels of pictures, see `labels`). Where they may as well be ratings, ages or counts, numbers stay numbers, and whoever
learns from them is told.
"""

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, ColumnKind

_CALLED_CLASSES = frozenset({"class", "classes", "label", "labels", "category", "species"})
_ROWS_LOOKED_AT = 256
_MOST_CLASSES = 100
_MOST_IN_DOUBT = 20
_ROWS_A_CLASS = 5
_LARGEST = 1_000


def is_called_classes(column: Column, whole: bool = True) -> bool:
    """Whether it is called a class or a label, and holds whole numbers that repeat. 0 and 1 alone need no classes: they
    are predicted as a probability. Of the first rows of a file, which is not the `whole`, all may be of one class."""
    if column.name.casefold() not in _CALLED_CLASSES:
        return False
    counts, fewest = _counts(column), 2 if whole else 1
    return len(counts) >= fewest and set(counts) != {0, 1} and _repeat(counts, 2, _MOST_CLASSES)


def numbers_classes(column: Column) -> bool:
    """Whether every number from 0 or 1 on occurs, and none in most of the rows as in the corner of a picture."""
    counts = _counts(column)
    if len(counts) < 2 or min(counts) not in (0, 1) or max(counts) - min(counts) >= len(counts):
        return False
    return _repeat(counts, 2, _MOST_CLASSES) and 2 * max(counts.values()) <= sum(counts.values())


def may_be_classes(column: Column) -> bool:
    """Whether whole numbers are so few, and repeat so often, that they may stand for classes."""
    counts = _counts(column)
    if not counts or set(counts) == {0, 1} or not _repeat(counts, _ROWS_A_CLASS, _MOST_IN_DOUBT):
        return False
    return len(counts) > 1 and min(counts) >= 0 and max(counts) - min(counts) < len(counts)


def _repeat(counts: dict[int, int], rows_each: int, most: int) -> bool:
    """Whether there are no more than so many different numbers, each in so many rows on average."""
    return len(counts) <= most and sum(counts.values()) >= rows_each * len(counts)


def _counts(column: Column) -> dict[int, int]:
    """How often each number occurs, where all of them are whole and none is large; nothing otherwise."""
    if column.kind is not ColumnKind.NUMBER or column.target_problem is not None:
        return {}
    values: NDArray[np.float64] = column.values[column.filled]
    if not _are_small_and_whole(values[:_ROWS_LOOKED_AT]) or not _are_small_and_whole(values):
        return {}
    numbers, counts = np.unique(values.astype(np.int64), return_counts=True)
    return dict(zip(numbers.tolist(), counts.tolist(), strict=True))


def _are_small_and_whole(values: NDArray[np.float64]) -> bool:
    return bool(len(values)) and bool((np.abs(values) <= _LARGEST).all() and (values == np.rint(values)).all())
