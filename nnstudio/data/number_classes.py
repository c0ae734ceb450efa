"""Whole numbers that are names: 0 … 9 may count something, or say which digit a picture shows.

Nobody has to say so where no other reading is likely: a column that is called a class or a label, and the one at an
end of a table whose other columns are the pixels of a picture, which is how MNIST goes around as CSV. Where they may as
well be ratings, ages or counts, numbers stay numbers, and whoever learns from them is told.
"""

import re
from collections.abc import Sequence
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, ColumnKind, Dataset

_CALLED_CLASSES = frozenset({"class", "classes", "label", "labels", "category", "species"})
_PIXEL = re.compile(r"(?i:px|pix|pixel)[\W_]*\d+(?:[\W_x]+\d+)*|\d+x\d+(?:x\d+)?")
_BRIGHTEST = 255
_DARKEST_SCALE = 15  # the brightest of 16 greys
_FEWEST_PIXELS = 64
_ROWS_LOOKED_AT = 256
_MOST_CLASSES = 100
_MOST_IN_DOUBT = 20
_ROWS_A_CLASS = 5
_LARGEST = 1_000


def class_column(table: Dataset) -> Column | None:
    """The column of whole numbers that are classes beyond doubt; None where there is none."""
    called = next((c for c in reversed(table.columns) if is_called_classes(c)), None)
    return label_of_pixels(table) if called is None else called


def is_called_classes(column: Column) -> bool:
    """Whether it is called a class or a label, and holds whole numbers that repeat. 0 and 1 alone need no classes: they
    are predicted as a probability."""
    if column.name.casefold() not in _CALLED_CLASSES:
        return False
    counts = _counts(column)
    return len(counts) > 1 and set(counts) != {0, 1} and _repeat(counts, 2, _MOST_CLASSES)


def label_of_pixels(table: Dataset) -> Column | None:
    """The first or the last column of a table whose others are pixels, where it numbers classes from 0 or 1."""
    if len(table.columns) <= _FEWEST_PIXELS:
        return None
    for place, others in ((-1, table.columns[:-1]), (0, table.columns[1:])):
        if _numbers_classes(table.columns[place]) and _are_pixels(others):
            return table.columns[place]
    return None


def may_be_classes(column: Column) -> bool:
    """Whether whole numbers are so few, and repeat so often, that they may stand for classes."""
    counts = _counts(column)
    if not counts or set(counts) == {0, 1} or not _repeat(counts, _ROWS_A_CLASS, _MOST_IN_DOUBT):
        return False
    return len(counts) > 1 and min(counts) >= 0 and max(counts) - min(counts) < len(counts)


def _numbers_classes(column: Column) -> bool:
    """Whether every number from 0 or 1 on occurs, and none in most of the rows as in the corner of a picture."""
    counts = _counts(column)
    if len(counts) < 2 or min(counts) not in (0, 1) or max(counts) - min(counts) >= len(counts):
        return False
    return _repeat(counts, 2, _MOST_CLASSES) and 2 * max(counts.values()) <= sum(counts.values())


def _repeat(counts: dict[int, int], rows_each: int, most: int) -> bool:
    """Whether there are no more than so many different numbers, each in so many rows on average."""
    return len(counts) <= most and sum(counts.values()) >= rows_each * len(counts)


def _are_pixels(columns: Sequence[Column]) -> bool:
    """Whether they are called pixels, or are as many as a picture has and hold 256 or 16 greys."""
    if any(column.kind is not ColumnKind.NUMBER for column in columns):
        return False
    cells = np.array([column.values[:_ROWS_LOOKED_AT] for column in columns])
    if not (cells.min() >= 0 and cells.max() <= _BRIGHTEST):  # a gap is neither
        return False
    if all(_PIXEL.fullmatch(column.name) for column in columns):
        return True
    greys = bool((cells == np.floor(cells)).all()) and cells.max() >= _DARKEST_SCALE
    return greys and (_is_square(len(columns)) or (len(columns) % 3 == 0 and _is_square(len(columns) // 3)))


def _is_square(number: int) -> bool:
    return isqrt(number) ** 2 == number


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
