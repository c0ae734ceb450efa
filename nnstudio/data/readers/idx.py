"""IDX, in which MNIST and its kin are distributed: an array of numbers behind a short header.

Two bytes of 0, a byte for the type of the numbers, one for how many dimensions there are; the length of each as an
integer of four bytes, the largest byte first; then the numbers. (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of
handwritten digits".) Images come as a pair of files, train-images-idx3-ubyte and train-labels-idx1-ubyte, often packed
by gzip: whichever of the two is opened, the other is found beside it.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, Dataset, ImageShape
from nnstudio.data.errors import DataError
from nnstudio.data.profile import ROWS_SHOWN, Preview
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.array_preview import first_rows, preview_of, rows_for
from nnstudio.data.readers.arrays import array_columns, class_column
from nnstudio.data.readers.blocks import block_columns, refuse_unfit
from nnstudio.data.readers.formats import IDX_NAME
from nnstudio.data.readers.streams import bytes_within, read_fully, unpacked
from nnstudio.data.spec import RECOGNIZED, Reading

LABEL = "label"

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_DIMENSIONS = 4


def read_idx(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """The images with their labels, or the one array there is, as a table; a DataError says why it can't be read."""
    return read_first(path, reading, None, progress)


def read_first(path: Path, reading: Reading, most: int | None, progress: Progress = silent) -> Dataset:
    """The same, of the first `most` rows."""
    images, labels = _pair(path, reading)
    if labels is None:
        columns, shape = _table(images, _read(images, most, progress))
        return Dataset(_title(images), columns, source=path.name, images=shape)
    _refuse_unequal(images, labels)
    target = _labels(labels, _read(labels, most, silent))
    columns, shape = array_columns("x", _read(images, most, progress))
    return Dataset(_title(images), (*columns, target), source=path.name, images=shape)


def preview_idx(path: Path, reading: Reading) -> Preview:
    """The preview of an IDX file, with its labels."""
    table = read_first(path, reading, ROWS_SHOWN + 1)
    most = rows_for(len(table.columns))
    labels = None if reading.labels else labels_beside(path)
    found = reading if labels is None else structs.replace(reading, labels=str(labels))
    grounds = {} if labels is None else {"labels": "it lies beside the images and is named alike"}
    return preview_of(path, first_rows(table, most), found, table.rows <= most, grounds)


def labels_beside(path: Path) -> Path | None:
    """The file of labels that belongs to a file of images by its name, if it is there."""
    return _beside(path, "images", "labels", (1,))


@dataclass(frozen=True, slots=True)
class _Header:
    """What an IDX file says of its array."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many bytes the numbers take. (In Python's integers, which do not overflow.)"""
        return math.prod(self.shape) * self.dtype.itemsize


def _pair(path: Path, reading: Reading) -> tuple[Path, Path | None]:
    """The file of images, or of whatever there is, and the file of its labels."""
    if reading.labels:
        return path, Path(reading.labels)
    images = _beside(path, "labels", "images", (3, 4))
    return (path, labels_beside(path)) if images is None else (images, path)


def _beside(path: Path, word: str, other: str, dimensions: tuple[int, ...]) -> Path | None:
    """The file whose name differs as those of a pair do: in the word, in the dimensions, perhaps in its packing."""
    if word not in path.name:
        return None
    name = path.name.replace(word, other).removesuffix(".gz")
    names = [re.sub(r"idx\d", f"idx{count}", name) for count in dimensions]
    places = [path.with_name(name + ending) for name in names for ending in ("", ".gz")]
    return next((place for place in places if place.is_file()), None)


def _header(path: Path, stream: BinaryIO) -> _Header:
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES or not 1 <= magic[3] <= _MOST_DIMENSIONS:
        found = magic.hex(" ") or "nothing"
        raise DataError(
            f"{path.name} is not an IDX file of 1 to {_MOST_DIMENSIONS} dimensions: it begins with {found}, "
            "not with 00 00, a type and their number; choose another file"
        )
    lengths = stream.read(4 * magic[3])
    if len(lengths) < 4 * magic[3]:
        raise DataError(f"{path.name} is cut short within its header; get the file again")
    shape = tuple(int(length) for length in np.frombuffer(lengths, dtype=">u4"))
    return _Header(np.dtype(_TYPES[magic[2]]), shape)


def _read(path: Path, most: int | None, progress: Progress) -> NDArray[Any]:
    """The array in a file, or its first `most` rows."""
    within = bytes_within(path)
    with unpacked(path) as stream:
        header = _header(path, stream)
        refuse_unfit(path.name, header.shape)
        begin = 4 + 4 * len(header.shape)
        if begin + header.size > within:
            raise _cut_short(path, header)
        shape = header.shape if most is None else (min(most, header.shape[0]), *header.shape[1:])
        wanted = _Header(header.dtype, shape)
        raw = read_fully(stream, wanted.size, progress)
        if len(raw) < wanted.size:
            raise _cut_short(path, header)
        if most is None and stream.read(1):
            raise DataError(f"{path.name} goes on after the {_size(header)} numbers that it says it has; get it again")
    return raw.view(header.dtype).reshape(shape)


def _table(path: Path, array: NDArray[Any]) -> tuple[tuple[Column, ...], ImageShape | None]:
    """The columns of an array that stands alone."""
    return ((_labels(path, array),), None) if array.ndim == 1 else array_columns("x", array)


def _labels(path: Path, labels: NDArray[Any]) -> Column:
    """Labels that are integers name classes; others are numbers to predict."""
    if labels.ndim != 1:
        size = " × ".join(map(str, labels.shape))
        raise DataError(f"{path.name} holds {size} numbers, not one label an image; choose the file of the labels")
    if labels.dtype.kind == "f":
        return block_columns([LABEL], labels.astype(np.float64).reshape(-1, 1))[0]
    return class_column(LABEL, labels)


def _refuse_unequal(images: Path, labels: Path) -> None:
    counts = []
    for path in (images, labels):
        with unpacked(path) as stream:
            counts.append(_header(path, stream).shape[0])
    if counts[0] != counts[1]:
        raise DataError(
            f"{images.name} has {counts[0]:,} images and {labels.name} has {counts[1]:,} labels; "
            "choose the two files that belong together"
        )


def _cut_short(path: Path, header: _Header) -> DataError:
    return DataError(f"{path.name} is cut short: it says it has {_size(header)} numbers, and ends before; get it again")


def _size(header: _Header) -> str:
    return " × ".join(f"{length:,}" for length in header.shape)


def _title(path: Path) -> str:
    """What the file is named before its endings."""
    return IDX_NAME.sub("", path.name)
