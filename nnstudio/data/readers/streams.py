"""Bytes of a file, plain or packed by gzip, no more of them than were promised.

A packed file of a few kilobytes may unpack to gigabytes. So a reader first finds out how many bytes it needs, and takes
exactly these: fewer mean that the file is cut short, and of what is left over not more than one byte is unpacked.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.errors import DataError
from nnstudio.data.progress import Progress
from nnstudio.data.readers.files import opened, size_of

_GZIP_MARK = b"\x1f\x8b"
_PIECE = 4_000_000
_MOST_PACKED = 1_100
"""Deflate packs at most 1,032 bytes into one, and gzip adds to that."""


@contextmanager
def unpacked(path: Path) -> Iterator[BinaryIO]:
    """The bytes of the file at `path`, unpacked on the way if they are packed by gzip; a DataError says why they can't
    be read, or where they are damaged."""
    with opened(path) as file:
        packed = file.read(len(_GZIP_MARK)) == _GZIP_MARK
        file.seek(0)
        if not packed:
            yield file
            return
        try:
            with gzip.GzipFile(fileobj=file) as stream:
                yield cast(BinaryIO, stream)
        except (gzip.BadGzipFile, zlib.error, EOFError):
            raise DataError(f"{path.name} is damaged or cut short: it can't be unpacked; get the file again") from None


def bytes_within(path: Path) -> int:
    """The most bytes that the file can have, unpacked."""
    with opened(path) as file:
        return size_of(file) * (_MOST_PACKED if file.read(len(_GZIP_MARK)) == _GZIP_MARK else 1)


def read_fully(stream: IO[bytes], count: int, progress: Progress) -> NDArray[np.uint8]:
    """The next `count` bytes, or as many as there are."""
    raw = np.empty(count, dtype=np.uint8)
    whole, done = raw.data, 0
    while done < count:
        progress(done / count)
        got = stream.readinto(whole[done : done + _PIECE])  # type: ignore[attr-defined]
        if not got:
            break
        done += got
    return raw[:done]
