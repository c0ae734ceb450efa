"""Zip archives from anywhere: NPZ files, and the workbooks of today, which are archives too.

What an archive says of itself is judged before anything is unpacked: names that lead outside or stand twice, and how
large its members are said to be. Of a member no more is unpacked than was said.
"""

import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from nnstudio.data.errors import DataError
from nnstudio.data.readers.files import opened

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_MOST_MEMBERS = 10_000
_PIECE = 1 << 20
_LARGE, _TIGHTEST = 50_000_000, 200
_LOCAL_HEADER = struct.Struct("<26x2H")
"""What stands before a member; at its end the lengths of a name and of some more, which follow."""
_AGAIN = "get the file again, or save it anew"


class Archive:
    """The members of an open zip archive, by name, in its order; each has been looked at."""

    def __init__(self, path: Path, file: BinaryIO, whole: zipfile.ZipFile) -> None:
        self._file, self._whole = file, whole
        self.path = path
        self.sizes = {member.filename: member.file_size for member in whole.infolist() if not member.is_dir()}

    def packed_size(self, name: str) -> int:
        """How many bytes a member takes in the archive."""
        return self._whole.getinfo(name).compress_size

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a member, unpacked as they are read, and no more than it is said to have."""
        return self._whole.open(name)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The same piece by piece; a BadZipFile where the member would go on after its end, for one who does not stop
        there."""
        member = self._whole.getinfo(name)
        left = member.file_size
        for piece in self._unpacked(member):
            left -= len(piece)
            if left < 0:
                raise zipfile.BadZipFile
            yield piece

    def _unpacked(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """All that stands in the place of a member, unpacked."""
        self._file.seek(member.header_offset)
        header = self._file.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size:
            raise zipfile.BadZipFile
        place = member.header_offset + _LOCAL_HEADER.size + sum(_LOCAL_HEADER.unpack(header))
        inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type == zipfile.ZIP_DEFLATED else None
        packed_left = member.compress_size
        while packed_left > 0:
            self._file.seek(place)
            packed = self._file.read(min(packed_left, _PIECE))
            if not packed:
                raise zipfile.BadZipFile
            place += len(packed)
            packed_left -= len(packed)
            while packed:
                yield packed if inflate is None else inflate.decompress(packed, _PIECE)
                packed = b"" if inflate is None else inflate.unconsumed_tail


def refuse_too_tight(packed: Archive) -> None:
    """A DataError where a large member is packed more tightly than written text ever is, a number with its place being
    hardly twice the same: it would be no more than time lost."""
    for name, size in packed.sizes.items():
        if size > _LARGE and size > _TIGHTEST * packed.packed_size(name):
            raise DataError(
                f"{packed.path.name}: '{name}' would unpack to {size / 1e6:,.0f} MB of hardly anything but repetition; "
                f"{_AGAIN}"
            )


@contextmanager
def archive(path: Path, most_bytes: int) -> Iterator[Archive]:
    """The zip archive at `path`, of at most so many bytes unpacked; a DataError says why it can't be read."""
    with opened(path) as file, archive_in(path, file, most_bytes) as packed:
        yield packed


@contextmanager
def archive_in(path: Path, file: BinaryIO, most_bytes: int) -> Iterator[Archive]:
    """The zip archive in an open file, of which a DataError says that it is at `path`."""
    try:
        with zipfile.ZipFile(file) as whole:
            _refuse_unsafe(path, whole.infolist(), most_bytes)
            yield Archive(path, file, whole)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError):
        raise DataError(f"{path.name} is damaged, cut short or no {path.suffix} file; {_AGAIN}") from None


def _refuse_unsafe(path: Path, members: list[zipfile.ZipInfo], most_bytes: int) -> None:
    if len(members) > _MOST_MEMBERS:
        raise DataError(f"{path.name} has {len(members):,} members, more than {_MOST_MEMBERS:,}; {_AGAIN}")
    twice = [name for name, count in Counter(member.filename for member in members).items() if count > 1]
    if twice:
        raise DataError(f"{path.name} has two members named {twice[0]!r}, and one of them would be lost; save it anew")
    for member in members:
        if not member.filename:
            raise zipfile.BadZipFile
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
