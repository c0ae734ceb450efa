"""All paths from the cost to one parameter, and the product of factors along each.

The factors are a layered graph: from each node of a layer to each of the next where a link is dense, or to its own.
A path has a choice only where a dense link follows on another, so what stands between two choices is multiplied once,
and a path is a choice of one node in each of the remaining layers.

The largest paths are found without looking at the others. Backwards through the layers `_reach` is, for each node, the
greatest |product| of any way on from there. So the |product| of a path begun, times the reach of where it stands, is
exactly that of the best path which begins so: of all paths begun always go on with the greatest, and the first that is
finished is the largest, the next one the second largest, and so on.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from itertools import islice, product
from math import prod

import numpy as np


@dataclass(frozen=True, slots=True)
class Path:
    """The unit it passes behind each link, the factor of each link and of the parameter itself, and their product."""

    units: tuple[int, ...]
    factors: tuple[float, ...]

    @property
    def product(self) -> float:
        return prod(self.factors)


class Paths:
    """`links` are the factors of each link: (rows × columns) where it is dense, else one a unit; the first is dense and
    of one row. All paths end in unit `end` of the last link, and are multiplied by `last`."""

    def __init__(self, links: Sequence[np.ndarray], end: int, last: float) -> None:
        self._links = [np.asarray(link, np.float64) for link in links]
        self._end, self._last = end, float(last)

    @property
    def count(self) -> int:
        return prod(self._widths)

    def __iter__(self) -> Iterator[Path]:
        """In reading order, each made when it is asked for."""
        return map(self._path, product(*map(range, self._widths)))

    @property
    def products(self) -> np.ndarray:
        """The product of every path, in reading order."""
        found = np.ones((1, 1))
        for factors in self._choices:
            found = (found[:, :, None] * factors).reshape(-1, factors.shape[1])
        return found[:, 0]

    @property
    def total(self) -> float:
        """The sum of all products, added up layer by layer, as backpropagation does."""
        return self._added(self._links, self._last)

    @property
    def size(self) -> float:
        """The sum of all absolute products, added up likewise: what rounding is to be measured by."""
        return self._added(map(np.abs, self._links), abs(self._last))

    def largest(self, most: int) -> tuple[Path, ...]:
        """The paths of the greatest absolute product, the largest first; in reading order where there are no more than
        `most`, or where a factor is not a number."""
        if self.count <= most or not all(np.isfinite(factors).all() for factors in self._choices):
            return tuple(islice(self, most))
        return tuple(map(self._path, islice(self._descending(), most)))

    def _added(self, links: Iterable[np.ndarray], last: float) -> float:
        sums = np.ones(1)
        for link in links:
            sums = sums @ link if link.ndim == 2 else sums * link
        return float(sums[self._end]) * last

    @cached_property
    def _choices(self) -> list[np.ndarray]:
        """A matrix for each choice, with what follows up to the next choice multiplied in; the last has one column."""
        found: list[np.ndarray] = []
        for link in self._links:
            if link.ndim == 2:
                found.append(link)
            else:
                found[-1] = found[-1] * link
        found[-1] = found[-1][:, self._end : self._end + 1] * self._last
        return found

    @property
    def _widths(self) -> list[int]:
        """How many nodes there are to choose from, at each choice."""
        return [factors.shape[1] for factors in self._choices[:-1]]

    @cached_property
    def _reach(self) -> list[np.ndarray]:
        """For each choice and each node before it the greatest |product| of any way on."""
        found = [np.ones(1)]
        for factors in reversed(self._choices):
            found.insert(0, (np.abs(factors) * found[0]).max(axis=1))
        return found

    def _descending(self) -> Iterator[tuple[int, ...]]:
        """The choices of each path, the greatest |product| first. Of the ways on from a path begun only the best is
        waiting; when it is taken, the next best takes its place."""
        best_first: dict[tuple[int, int], list[int]] = {}
        waiting: list[tuple[float, tuple[int, ...], float, int]] = []

        def wait(begun: tuple[int, ...], size: float, rank: int) -> None:
            at, node = len(begun), begun[-1] if begun else 0
            ways = np.abs(self._choices[at][node]) * self._reach[at + 1]
            if (at, node) not in best_first:
                best_first[at, node] = np.argsort(-ways, kind="stable").tolist()
            if rank < len(ways):
                on = best_first[at, node][rank]
                heappush(waiting, (-size * float(ways[on]), (*begun, on), size, rank))

        wait((), 1.0, 0)
        while waiting:
            _, begun, size, rank = heappop(waiting)
            before, node = begun[:-1], begun[-1]
            if len(begun) == len(self._choices):
                yield before
            else:
                source = before[-1] if before else 0
                wait(begun, size * abs(float(self._choices[len(before)][source, node])), 0)
            wait(before, size, rank + 1)

    def _path(self, chosen: Sequence[int]) -> Path:
        """The path of these choices, link by link."""
        nodes = iter((*chosen, self._end))
        units, factors, unit = [], [], 0
        for link in self._links:
            before = unit
            unit = next(nodes) if link.ndim == 2 else unit
            units.append(unit)
            factors.append(float(link[before, unit] if link.ndim == 2 else link[unit]))
        return Path(tuple(units), (*factors, self._last))
