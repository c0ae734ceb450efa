"""Arrays of any usual shape as the columns of a table: of values, of rows × values, of images."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.cells import column_from_cells
from nnstudio.data.dataset import Column, ColumnKind, ImageShape
from nnstudio.data.errors import DataError
from nnstudio.data.readers.blocks import block_columns, pixel_shape, row_place

_COLOURS = (1, 3)
_MOST_CLASSES_TO_GUESS = 100


def array_columns(name: str, array: NDArray[Any]) -> tuple[tuple[Column, ...], ImageShape | None]:
    """The columns of an array, named x1, x2, … for a `name` x, or by the pixels of its images; and the shape of these,
    which arrays of rows × height × width, or that × channels, are taken for."""
    flat = array.reshape(len(array), -1)
    if array.ndim <= 2:
        names = [name] if array.ndim == 1 else [f"{name}{number}" for number in range(1, flat.shape[1] + 1)]
        return _columns(names, flat), None
    height, width, channels = (*array.shape[1:], 1)[:3]
    shape = pixel_shape(height, width, channels)
    return _columns(shape.columns, flat), shape if channels in _COLOURS else None


def target_columns(name: str, array: NDArray[Any]) -> tuple[Column, ...]:
    """The columns of an array of targets: integers that count up from 0 or 1 name classes."""
    if array.ndim == 1 and array.dtype.kind in "iu" and _counts_classes(np.unique(array)):
        return (class_column(name, array),)
    return array_columns(name, array)[0]


def class_column(name: str, labels: NDArray[Any]) -> Column:
    """The column of text that names each row's class by its number."""
    known, places = np.unique(labels, return_inverse=True)
    texts = np.array([*map(str, known.tolist()), None], dtype=object)[:-1]
    return Column(name, ColumnKind.TEXT, texts[places])


def _counts_classes(known: NDArray[Any]) -> bool:
    first, last = int(known[0]), int(known[-1])
    return first in (0, 1) and 2 <= len(known) <= _MOST_CLASSES_TO_GUESS and last - first + 1 == len(known)


def _columns(names: list[str] | tuple[str, ...], flat: NDArray[Any]) -> tuple[Column, ...]:
    if flat.dtype.kind not in "US":
        return block_columns(names, flat.astype(np.float64))
    texts = _texts(flat)
    return tuple(column_from_cells(name, texts[:, place], row_place) for place, name in enumerate(names))


def _texts(flat: NDArray[Any]) -> NDArray[np.object_]:
    try:
        return (np.char.decode(flat, "utf-8") if flat.dtype.kind == "S" else flat).astype(object)
    except ValueError:
        raise DataError("the array's text is not proper UTF-8; save it as text (dtype str)") from None
