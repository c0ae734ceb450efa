"""Zip archives from anywhere: NPZ files, and the workbooks of today, which are archives too.

What an archive says of itself is judged before anything is unpacked: names that lead outside or stand twice, and how
large its members are said to be. Of a member no more is unpacked than was said.
"""

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from nnstudio.data.errors import DataError
from nnstudio.data.readers.files import opened

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_MOST_MEMBERS = 10_000
_AGAIN = "get the file again, or save it anew"


class Archive:
    """The members of an open zip archive, by name, in its order; each has been looked at."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self._file = file
        self.path = path
        self.sizes = {member.filename: member.file_size for member in file.infolist() if not member.is_dir()}

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a member, unpacked as they are read."""
        return self._file.open(name)


@contextmanager
def archive(path: Path, most_bytes: int) -> Iterator[Archive]:
    """The zip archive at `path`, of at most so many bytes unpacked; a DataError says why it can't be read."""
    with opened(path) as file:
        try:
            with zipfile.ZipFile(file) as whole:
                _refuse_unsafe(path, whole.infolist(), most_bytes)
                yield Archive(path, whole)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError):
            raise DataError(f"{path.name} is damaged, cut short or no {path.suffix} file; {_AGAIN}") from None


def _refuse_unsafe(path: Path, members: list[zipfile.ZipInfo], most_bytes: int) -> None:
    if len(members) > _MOST_MEMBERS:
        raise DataError(f"{path.name} has {len(members):,} members, more than {_MOST_MEMBERS:,}; {_AGAIN}")
    twice = [name for name, count in Counter(member.filename for member in members).items() if count > 1]
    if twice:
        raise DataError(f"{path.name} has two members named {twice[0]!r}, and one of them would be lost; save it anew")
    for member in members:
        _refuse_unsafe_member(path, member)
    size = sum(member.file_size for member in members)
    if size > most_bytes:
        raise DataError(
            f"{path.name} would unpack to {size / 1e6:,.0f} MB, more than {most_bytes / 1e6:,.0f} MB; "
            "if that is right, take a part of it"
        )


def _refuse_unsafe_member(path: Path, member: zipfile.ZipInfo) -> None:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts:
        raise DataError(f"{path.name} has a member named {member.filename!r}, which leads outside of it; {_AGAIN}")
    if member.flag_bits & _ENCRYPTED:
        raise DataError(f"{path.name} is protected by a password; save it without one")
    if member.compress_type not in _METHODS:
        raise DataError(f"{path.name}: {member.filename!r} is packed in an unusual way; save it with ordinary zip")
