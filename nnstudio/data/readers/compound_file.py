"""The file system within an .xls file: sectors, chained by a table, in a directory (Compound File Binary, [MS-CFB]).

Only as much of it as is needed to get one stream out. A chain of sectors that comes back to itself is refused: a less
careful reader would follow it for ever.
"""

import struct
from collections.abc import Sequence

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_IN_HEADER = 109
_ENTRY = 128
_LAST = 0xFFFFFFFA
"""From here on numbers are no sectors: the end of a chain, a free one."""


class CompoundError(ValueError):
    """The file is no compound file, or a damaged one."""


class CompoundFile:
    """A compound file whose bytes are `data`."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MARK) or len(data) < 512:
            raise CompoundError
        shift, mini_shift = struct.unpack_from("<2H", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise CompoundError
        self._data, self._size, self._mini_size = data, 1 << shift, 1 << mini_shift
        directory, _, self._cutoff, mini_table, _, more, _ = struct.unpack_from("<I2I4I", data, 48)
        self._next = self._table(more)
        self._entries = self._chain(directory)
        self._next_mini = _numbers(self._chain(mini_table))
        self._mini = self._chain(struct.unpack_from("<I", self._entries, 116)[0]) if self._entries else b""

    def stream(self, *names: str) -> bytes:
        """The stream that has one of these names."""
        for place in range(0, len(self._entries), _ENTRY):
            length = struct.unpack_from("<H", self._entries, place + 64)[0]
            name = self._entries[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if name in names:
                first, size = struct.unpack_from("<2I", self._entries, place + 116)
                return (self._chain(first) if size >= self._cutoff else self._mini_chain(first))[:size]
        raise CompoundError

    def _table(self, more: int) -> Sequence[int]:
        """The sector that follows each sector: a table that itself lies in sectors, listed in the header and, where
        these are many, in a chain of further lists."""
        listed = list(struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76))
        seen = set()
        while more < _LAST:
            if more in seen:
                raise CompoundError
            seen.add(more)
            *numbers, more = _numbers(self._sector(more))
            listed += numbers
        return _numbers(b"".join(self._sector(number) for number in listed if number < _LAST))

    def _sector(self, number: int) -> bytes:
        place = (number + 1) * self._size
        if place >= len(self._data):
            raise CompoundError
        return self._data[place : place + self._size].ljust(self._size, b"\0")

    def _chain(self, first: int) -> bytes:
        return b"".join(self._sector(number) for number in _followed(first, self._next))

    def _mini_chain(self, first: int) -> bytes:
        size = self._mini_size
        return b"".join(self._mini[number * size : (number + 1) * size] for number in _followed(first, self._next_mini))


def _numbers(data: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _followed(first: int, following: Sequence[int]) -> list[int]:
    chain: list[int] = []
    while first < _LAST:
        if first >= len(following) or len(chain) > len(following):
            raise CompoundError
        chain.append(first)
        first = following[first]
    return chain
