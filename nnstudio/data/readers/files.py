"""Opening a file that may be anything: a folder, a pipe that nobody writes to, or a file nobody may read.

Every reader opens its file through here, so that each of these is refused with the same words, and none is waited for.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from nnstudio.data.errors import DataError

_A_TABLE = "choose a file with a table"
_JOINER = "\u200d"  # makes one emoji of several
_ESCAPED = 0xDC00  # plus the byte: how Python keeps bytes of a file's name that are no UTF-8


@contextmanager
def opened(path: Path, instead: str = _A_TABLE) -> Iterator[BinaryIO]:
    """The ordinary file at `path`, open for reading its bytes; a DataError says why there is none, or why reading it
    failed on the way. `instead` is what to do where it is no ordinary file."""
    try:
        with _open(path, instead) as file:
            yield file
    except (FileNotFoundError, NotADirectoryError):
        raise DataError(f"there is no file {path}; check its name and folder") from None
    except PermissionError:
        raise DataError(f"{path} can't be read: you have no permission; change its permissions or copy it") from None
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}; check the file and its disk") from None


def size_of(file: BinaryIO) -> int:
    """How many bytes an open file has."""
    return os.fstat(file.fileno()).st_size


def refuse_unwritable(path: Path) -> None:
    """A DataError where a path has bytes that are no UTF-8: no experiment could say where its data are."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise DataError(f"{path} has bytes in its name that are not UTF-8; rename it, or copy it elsewhere") from None


def shown(text: str) -> str:
    """A name or a message as one line that can be shown anywhere: what is no printable character is written as its
    code, such as a line end in a file's name, a byte that is no UTF-8, or a sign that turns the writing direction."""
    return "".join(letter if letter.isprintable() or letter == _JOINER else _code(letter) for letter in text)


def _code(letter: str) -> str:
    number = ord(letter)
    return f"\\x{number - _ESCAPED:02x}" if _ESCAPED <= number < _ESCAPED + 256 else repr(letter)[1:-1]


def _open(path: Path, instead: str) -> BinaryIO:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise DataError(f"{path} is a folder; choose a file in it")
        if not stat.S_ISREG(mode):
            raise DataError(f"{path} is not an ordinary file; {instead}")
        return path.open("rb")
    except ValueError as error:  # a name that no file can have
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path} can't be read: {error}; check its name") from None
