"""A number an epoch, kept so that a copy costs next to nothing.

A run is copied every two seconds while it trains, for what is kept of it, and for each edit that can be undone. Its
series only ever grow at the end, or lose their end: so they are made of full blocks, which nobody changes and all
copies have in common, and of an end that each has of its own.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal, TypeVar, overload

import numpy as np

Number = TypeVar("Number", int, float)
_BLOCK = 512
"""Numbers: 4 kB."""


class Series(Sequence[Number]):
    """Numbers of 8 bytes each: a list would have an object of 32 bytes for each beside its own 8. A slice is a copy,
    as an array. Two are equal if they have the same numbers to the bit, NaN among them."""

    __slots__ = ("_end", "_full")

    def __init__(self, typecode: Literal["d", "q"], numbers: Iterable[Number] = ()) -> None:
        """`typecode` as the module array has it: "d" for real numbers, "q" for whole ones."""
        self._full: list[array[Number]] = []
        self._end: array[Number] = array(typecode)
        self.extend(numbers)

    def __len__(self) -> int:
        return _BLOCK * len(self._full) + len(self._end)

    @overload
    def __getitem__(self, place: int) -> Number: ...

    @overload
    def __getitem__(self, place: slice) -> "array[Number]": ...

    def __getitem__(self, place: "int | slice") -> "Number | array[Number]":
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            return self._between(start, stop) if step == 1 else self._between(0, len(self))[place]
        block, number = divmod(place if place >= 0 else place + len(self), _BLOCK)
        if 0 <= block < len(self._full):
            return self._full[block][number]
        if block == len(self._full):
            return self._end[number]
        raise IndexError(f"there are {len(self)} numbers, and {place} is none of theirs")

    def __iter__(self) -> Iterator[Number]:
        return chain(*self._full, self._end)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Series):
            return NotImplemented
        same = self._end.typecode == other._end.typecode and len(self) == len(other)
        return same and self.alike(other) == len(self)

    __hash__ = None  # type: ignore[assignment]  # they grow

    def __array__(self, dtype: "np.typing.DTypeLike | None" = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self._between(0, len(self)), dtype)

    def append(self, number: Number) -> None:
        self._end.append(number)
        if len(self._end) == _BLOCK:
            self._full.append(self._end[:])  # with no room to spare
            self._end = self._end[:0]

    def extend(self, numbers: Iterable[Number]) -> None:
        """Add several, or none if one of them is no number: TypeError."""
        whole = array(self._end.typecode, self._end)
        whole.extend(numbers._between(0, len(numbers)) if isinstance(numbers, Series) else numbers)
        begun = len(whole) // _BLOCK * _BLOCK
        self._full += [whole[start : start + _BLOCK] for start in range(0, begun, _BLOCK)]
        self._end = whole[begun:]

    def cut(self, length: int) -> None:
        """Forget all but the first `length`, from 0 to how many there are."""
        full, begun = divmod(length, _BLOCK)
        if full < len(self._full):
            self._end = self._full[full][:begun]
            del self._full[full:]
        else:
            del self._end[begun:]

    def copy(self) -> "Series[Number]":
        """The same numbers. It goes its own way from here on."""
        return self.since(0)

    def since(self, start: int) -> "Series[Number]":
        """A copy of the numbers from number `start` on, which shares all blocks if that is the first."""
        made = type(self)(self._end.typecode)  # type: ignore[arg-type]
        if start:
            made.extend(self[start:])
        else:
            made._full, made._end = self._full[:], self._end[:]
        return made

    def alike(self, other: "Series[Number]") -> int:
        """How many of the first numbers are the same to the bit in both, of the same typecode."""
        shared, length = 0, min(len(self), len(other))
        while shared < min(len(self._full), len(other._full)) and self._full[shared] is other._full[shared]:
            shared += 1
        begin = shared * _BLOCK
        if begin >= length:
            return length
        one, two = (np.frombuffer(series._between(begin, length), np.int64) for series in (self, other))
        differ = one != two
        return begin + int(differ.argmax()) if differ.any() else length

    def tolist(self) -> list[Number]:
        return list(self)

    def tobytes(self) -> bytes:
        """8 bytes each, in the order of this machine."""
        return self._between(0, len(self)).tobytes()

    def _between(self, start: int, stop: int) -> "array[Number]":
        found = self._end[:0]
        while start < stop:
            block, number = divmod(start, _BLOCK)
            part = self._full[block] if block < len(self._full) else self._end
            found += part[number : number + stop - start]
            start = (block + 1) * _BLOCK
        return found


def reals(numbers: Iterable[float] = ()) -> Series[float]:
    """A series of what was measured."""
    return Series("d", numbers)


def wholes(numbers: Iterable[int] = ()) -> Series[int]:
    """A series of the numbers of epochs."""
    return Series("q", numbers)
