"""The label of a table: the column whose numbers are classes beyond doubt.

MNIST goes around as CSV: a label at one end, and the pixels of a picture in the other columns, with or without names.
Such a table is known by the names of its columns, or by their number and their greys.
"""

import re
from collections.abc import Sequence
from math import isqrt

import numpy as np

from nnstudio.data.dataset import Column, ColumnKind, Dataset, ImageShape
from nnstudio.data.number_classes import is_called_classes, numbers_classes

_PIXEL = re.compile(r"(?i:px|pix|pixel)[\W_]*\d+(?:[\W_x]+\d+)*|\d+x\d+(?:x\d+)?")
_BRIGHTEST = 255
_DARKEST_SCALE = 15  # the brightest of 16 greys
_FEWEST_PIXELS = 64
_ROWS_LOOKED_AT = 256


def class_column(table: Dataset, whole: bool = True) -> Column | None:
    """The column of whole numbers that are classes beyond doubt; None where there is none. The table may be the first
    rows of one, and not the `whole`."""
    called = next((c for c in reversed(table.columns) if is_called_classes(c, whole)), None)
    return label_of_pixels(table) if called is None else called


def label_of_pixels(table: Dataset) -> Column | None:
    """The first or the last column of a table whose others are pixels, where it numbers classes from 0 or 1."""
    if len(table.columns) <= _FEWEST_PIXELS:
        return None
    for place, others in ((-1, table.columns[:-1]), (0, table.columns[1:])):
        if numbers_classes(table.columns[place]) and _are_pixels(others):
            return table.columns[place]
    return None


def images_of(table: Dataset) -> ImageShape | None:
    """That the rows of a table are square images of grey pixels, row by row, with their label at one end; None where
    they are not."""
    label = label_of_pixels(table)
    side = isqrt(len(table.columns) - 1) if table.columns else 0
    if label is None or side**2 != len(table.columns) - 1:
        return None
    return ImageShape(side, side, 1, tuple(name for name in table.names if name != label.name))


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
