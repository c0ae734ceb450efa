"""NPY, in which NumPy saves an array: a line that says type and shape, then the numbers.

NumPy's own reader would evaluate that line and, for an array of Python objects, run a pickle: a program. Here the line
is matched against what it may say, objects are refused, and the shape is judged before any memory is taken for it.
(The format is described in NumPy's documentation, numpy.lib.format.)
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.profile import ROWS_SHOWN, Preview
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.array_preview import first_rows, preview_of, rows_for
from nnstudio.data.readers.arrays import array_columns
from nnstudio.data.readers.blocks import refuse_unfit
from nnstudio.data.readers.files import opened, size_of
from nnstudio.data.readers.streams import read_fully
from nnstudio.data.spec import RECOGNIZED, Reading

_MARK = b"\x93NUMPY"
_LONGEST_HEADER = 10_000
_TYPE = re.compile(r"""['"]descr['"]\s*:\s*['"]([<>|=]?)([a-zA-Z])(\d*)(?:\[\w+\])?['"]""")
_ORDER = re.compile(r"""['"]fortran_order['"]\s*:\s*(True|False)\b""")
_SHAPE = re.compile(r"""['"]shape['"]\s*:\s*\(([\d\s,L]*)\)""")
_MOST_DIMENSIONS = 4
_MOST_DIGITS = 30
"""Of a length: more are too many in any case, and Python takes its time over thousands of them."""
_KINDS = "biufUS"
_REFUSED = {
    "O": "Python objects, which only running them could read; save it as numbers or text (dtype float or str)",
    "c": "complex numbers; save their real and imaginary parts as columns",
    "M": "dates; save them as numbers, such as days",
    "m": "spans of time; save them as numbers, such as days",
}


def read_npy(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """The array in an NPY file as a table; a DataError says why it can't be one."""
    return read_first(path, None, progress)


def read_first(path: Path, most: int | None, progress: Progress = silent) -> Dataset:
    """The same, of the first `most` rows."""
    with opened(path) as file:
        array = read_array(path.name, file, size_of(file), most, progress)
    columns, images = array_columns("x", array)
    return Dataset(path.stem, columns, source=path.name, images=images)


def preview_npy(path: Path, reading: Reading) -> Preview:
    """The preview of an NPY file."""
    table = read_first(path, ROWS_SHOWN + 1)
    most = rows_for(len(table.columns))
    return preview_of(path, first_rows(table, most), reading, table.rows <= most)


def read_array(
    what: str, stream: IO[bytes], size: int, most: int | None = None, progress: Progress = silent
) -> NDArray[Any]:
    """The array in a stream of `size` bytes, or its first `most` rows; `what` names it in a DataError."""
    header, begin = _read_header(what, stream)
    refuse_unfit(what, header.shape)
    if begin + header.size != size:
        short = begin + header.size > size
        raise DataError(
            f"{what} {'is cut short' if short else 'goes on'}: an array of {_written(header.shape)} takes "
            f"{begin + header.size:,} bytes, and it has {size:,}; save it anew"
        )
    if most is None or header.fortran:
        raw = read_fully(stream, header.size, progress)
    else:
        raw = read_fully(stream, min(most, header.shape[0]) * header.size // header.shape[0], progress)
    rows = len(raw) * header.shape[0] // header.size
    return raw.view(header.dtype).reshape((rows, *header.shape[1:]), order="F" if header.fortran else "C")[:most]


@dataclass(frozen=True, slots=True)
class _Header:
    dtype: np.dtype[Any]
    fortran: bool
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many bytes the array takes. (In Python's integers, which do not overflow.)"""
        return math.prod(self.shape) * self.dtype.itemsize


def _read_header(what: str, stream: IO[bytes]) -> tuple[_Header, int]:
    """What the file says of its array, and how many bytes it takes to say so."""
    start = stream.read(8)
    if not start.startswith(_MARK) or len(start) < 8 or start[6] not in (1, 2, 3):
        raise DataError(f"{what} is not an NPY file, whatever its name says; save the array with numpy.save")
    width = 2 if start[6] == 1 else 4
    length = int.from_bytes(stream.read(width), "little")
    if length > _LONGEST_HEADER:
        raise DataError(f"{what} has a header of {length:,} bytes, more than {_LONGEST_HEADER:,}; save it anew")
    return _parse(what, stream.read(length).decode("latin-1")), 8 + width + length


def _parse(what: str, text: str) -> _Header:
    if re.search(r"""['"]descr['"]\s*:\s*[\[(]""", text):
        raise DataError(f"{what} is a structured array, several fields in one; save each field as an array of its own")
    kind, order, shape = _TYPE.search(text), _ORDER.search(text), _SHAPE.search(text)
    if kind is None or order is None or shape is None:
        raise DataError(f"{what} has a header that says no type, order or shape; save the array with numpy.save")
    lengths = tuple(int(length[:_MOST_DIGITS]) for length in re.findall(r"\d+", shape[1]))
    if not 1 <= len(lengths) <= _MOST_DIMENSIONS:
        raise DataError(
            f"{what} has {len(lengths)} dimensions; a table has rows × columns, or rows × height × width of images"
        )
    return _Header(_dtype(what, kind), order[1] == "True", lengths)


def _dtype(what: str, written: re.Match[str]) -> np.dtype[Any]:
    code = written[2]
    if code not in _KINDS or not written[3].strip("0"):
        holds = _REFUSED.get(code, f"numbers of the unknown type '{code}'; save it as numbers (dtype float)")
        raise DataError(f"{what} holds {holds}")
    try:
        return np.dtype("".join(written.groups()))
    except (TypeError, ValueError, OverflowError):
        raise DataError(f"{what} has numbers of an unknown type '{''.join(written.groups())}'; save it anew") from None


def _written(shape: tuple[int, ...]) -> str:
    return " × ".join(f"{length:,}" for length in shape)
