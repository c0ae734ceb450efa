"""Columns side by side as one array, copied only where they are not so already.

The columns of a table of images are views of one block of memory, rows × columns. To learn from them they are wanted as
such a block again; with 60,000 images a copy would cost 376 MB and the time to fetch every number from far apart.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def side_by_side(columns: Sequence[NDArray[Any]]) -> NDArray[np.float64]:
    """Columns of numbers, all of one length, as an array rows × columns. It is a read-only view of theirs where they
    are evenly spaced in one array."""
    spaced = _evenly_spaced(columns)
    return np.column_stack(columns).astype(np.float64, copy=False) if spaced is None else spaced


def _evenly_spaced(columns: Sequence[NDArray[Any]]) -> NDArray[np.float64] | None:
    first = columns[0]
    if len(columns) < 2 or first.base is None or any(not _laid_out_alike(first, column) for column in columns):
        return None
    steps = set(np.diff([column.__array_interface__["data"][0] for column in columns]).tolist())
    if len(steps) > 1:
        return None
    shape, strides = (len(first), len(columns)), (first.strides[0], *steps)
    return np.lib.stride_tricks.as_strided(first, shape, strides, writeable=False)


def _laid_out_alike(one: NDArray[Any], other: NDArray[Any]) -> bool:
    alike = one.base is other.base and one.shape == other.shape and one.strides == other.strides
    return alike and one.dtype == other.dtype == np.float64
