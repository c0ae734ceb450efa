"""The terms of a sum, one after the other: b, + W a, + W a, …, with the sum so far after each.

The machine adds in whatever order is fastest; here the terms come in reading order. Both agree up to rounding, and
the last sum is the machine's own number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .writing import Kind, Math, factor, number, product

Place = tuple[str, tuple[int, ...]]
"""A slot and an element of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Terms of one form: the i-th is the product of the i-th numbers of the factors, or the i-th of `values`."""

    symbol: Callable[[int], Math]
    factors: Sequence[np.ndarray]
    kinds: Sequence[Kind | None]
    place: Callable[[int], Place] | None = None
    """The parameter that a term belongs to, which is drawn as an edge or a bias."""
    values: np.ndarray | None = None
    written: Callable[[int, int], Math] | None = None
    """The i-th term in numbers with so many decimal places, where that is not the product of the factors."""

    @property
    def adds(self) -> np.ndarray:
        """What each term adds, in float64."""
        numbers = [np.atleast_1d(each).astype(np.float64) for each in self.factors]
        return np.prod(np.stack(numbers), axis=0) if self.values is None else self.values.astype(np.float64)

    def numbers(self, i: int, decimals: int) -> Math:
        if self.written is not None:
            return self.written(i, decimals)
        values = [float(np.atleast_1d(each)[i]) for each in self.factors]
        if len(values) == 1:
            return number(values[0], decimals).coloured(self.kinds[0])
        pairs = zip(values, self.kinds, strict=True)
        return product(*(factor(value, decimals, kind) for value, kind in pairs))


@dataclass(frozen=True, slots=True, eq=False)
class Closing:
    """What is done to the sum at the end: divided by m, its root taken. `numbers` gets the sum and decimal places."""

    symbol: Math
    numbers: Callable[[float, int], Math]


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """An element as a sum: what it is with symbols, its parts, and what closes it."""

    whole: Math
    parts: tuple[Part, ...]
    closing: Closing | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One step: its symbol, its numbers, and the sum so far."""

    symbol: Math
    numbers: Math
    running: float
    place: Place | None = None


class Terms:
    """The terms of a sum that ends in `value`."""

    def __init__(self, made: Sum, value: float, decimals: int) -> None:
        self.sum = made
        self._decimals = decimals
        self._starts = np.cumsum([0, *(len(part.adds) for part in made.parts)])
        self._running = np.cumsum(np.concatenate([part.adds for part in made.parts]))
        self.total = float(self._running[-1])
        """The sum of all terms as it was added here, before the machine's own number takes its place."""
        if made.closing is None:
            self._running[-1] = value
        else:
            self._running = np.append(self._running, value)

    def __len__(self) -> int:
        return len(self._running)

    def running(self, i: int) -> float:
        """The sum after the i-th term."""
        return float(self._running[i])

    def __getitem__(self, i: int) -> Term:
        closing, running = self.sum.closing, self.running(i)
        if closing is not None and i == len(self) - 1:
            return Term(closing.symbol, closing.numbers(self.total, self._decimals), running)
        which = int(np.searchsorted(self._starts, i, side="right")) - 1
        part, at = self.sum.parts[which], i - int(self._starts[which])
        place = part.place(at) if part.place is not None else None
        return Term(part.symbol(at), part.numbers(at, self._decimals), running, place)
