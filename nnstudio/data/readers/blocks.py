"""Arrays as tables: one block of numbers, rows × columns, whose columns are views of it.

A table of 60,000 images has 47 million numbers. Cut into columns of their own they would be in memory twice, and be put
side by side again to learn from. How many there are is asked before any memory is taken for them: what a file says of
its own size may be anything.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.cells import column_from_numbers
from nnstudio.data.dataset import Column, ColumnKind, ImageShape
from nnstudio.data.errors import DataError

MOST_NUMBERS = 250_000_000
"""In one table: 2 GB of float64."""

MOST_WIDE = 16_384
"""The columns of an array or the numbers of an image: 128 × 128 pixels of grey."""

_CHANNELS = {1: ("",), 3: ("_r", "_g", "_b")}
_ROWS_AT_ONCE = 1_000


def refuse_unfit(what: str, shape: Sequence[int]) -> None:
    """A DataError where an array of this shape, rows first, is too large for a table or has nothing in it. `what` names
    the array in its file."""
    size = " × ".join(f"{length:,}" for length in shape)
    width = math.prod(shape[1:])
    if not shape[0] or not width:
        raise DataError(f"{what} is empty: its shape is {size}; it needs at least one row and one column")
    if shape[0] * width > MOST_NUMBERS:
        raise DataError(
            f"{what} is said to have {size} numbers, more than {MOST_NUMBERS:,}; if that is right, take a part of it"
        )
    if width > MOST_WIDE:
        raise DataError(
            f"{what} has {width:,} numbers a row ({size}), more than {MOST_WIDE:,}; "
            "keep the columns you need, or make its images smaller"
        )


def pixel_shape(height: int, width: int, channels: int) -> ImageShape:
    """Images of this size, their columns named by row and column from 1: p1_1, p1_2, …, or p1_1_r, p1_1_g, ….

    With neither 1 nor 3 channels these are numbered instead."""
    endings = _CHANNELS.get(channels) or tuple(f"_{channel}" for channel in range(1, channels + 1))
    places = ((row, column) for row in range(1, height + 1) for column in range(1, width + 1))
    return ImageShape(
        height, width, channels, tuple(f"p{row}_{column}{end}" for row, column in places for end in endings)
    )


def block_columns(names: Sequence[str], block: NDArray[np.float64]) -> tuple[Column, ...]:
    """The columns of a block as views of it; those with numbers that are not finite say where the first one is."""
    block.flags.writeable = False
    if _all_finite(block):
        return tuple(Column(name, ColumnKind.NUMBER, block[:, place]) for place, name in enumerate(names))
    return tuple(_checked(name, block[:, place]) for place, name in enumerate(names))


def row_place(row: int) -> str:
    """Where a row (from 0) stands, in the numbers a person counts."""
    return f"row {row + 1}"


def _all_finite(block: NDArray[np.float64]) -> bool:
    starts = range(0, len(block), _ROWS_AT_ONCE)
    return all(bool(np.isfinite(block[start : start + _ROWS_AT_ONCE]).all()) for start in starts)


def _checked(name: str, values: NDArray[np.float64]) -> Column:
    return column_from_numbers(name, values, row_place, lambda row: repr(float(values[row])))
