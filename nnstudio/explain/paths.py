"""All paths from the cost to one parameter, and the product of factors along each.

The factors are a layered graph of steps. A path is a choice of one way at each step; where a step has but one way
there is nothing to choose, and of the last step that leads from unit to unit only the ways to the end count.

The largest paths are found without looking at the others. Backwards through the steps `_reach` is, for each node, the
greatest |product| of any way on from there. So the |product| of a path begun, times the reach of where it stands, is
exactly that of the best path which begins so: of all paths begun always go on with the greatest, and the first that is
finished is the largest, the next one the second largest, and so on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heappop, heappush
from itertools import islice, product
from math import prod

import numpy as np

from .steps import Step

_Begun = tuple[float, tuple[int, ...], int, float, int]
"""Less the greatest |product| that a path begun may have; its ways; the node its last way leaves; the |product| up to
there, and which best way from there the last one is."""


@dataclass(frozen=True, slots=True)
class Path:
    """The unit it passes behind each link and in which of the samples that are gone over there, the factor of each link
    and of the parameter itself."""

    units: tuple[int, ...]
    factors: tuple[float, ...]
    samples: tuple[int, ...] = ()

    @property
    def product(self) -> float:
        return prod(self.factors)


class Paths:
    """All paths along these steps, the first of them from the cost, that end in unit `end`; each is multiplied by
    `last`."""

    def __init__(self, steps: Sequence[Step], end: int, last: float) -> None:
        self._steps = _towards(steps, end)
        self._last = float(last)

    @property
    def count(self) -> int:
        return prod(self._ways)

    def __iter__(self) -> Iterator[Path]:
        """In reading order, each made when it is asked for."""
        return map(self._path, product(*map(range, self._ways)))

    @property
    def products(self) -> np.ndarray:
        """The product of every path, in reading order."""
        found, nodes = np.ones(1), np.zeros(1, int)
        for step in self._steps:
            found = (found[:, None] * step.factors_of(nodes)).ravel()
            nodes = step.targets_of(nodes).ravel()
        return found * self._last

    @property
    def total(self) -> float:
        """The sum of all products, added up step by step."""
        return float(self._onward(np.asarray, np.sum)[0][0]) * self._last

    @property
    def size(self) -> float:
        """The sum of all absolute products, added up likewise."""
        return float(self._onward(np.abs, np.sum)[0][0]) * abs(self._last)

    def largest(self, most: int) -> tuple[Path, ...]:
        """The paths of the greatest absolute product, the largest first; in reading order where there are no more than
        `most`, or where a factor is not a number."""
        if self.count <= most or not np.isfinite(self._last) or not self._finite:
            return tuple(islice(self, most))
        return tuple(map(self._path, islice(self._descending(), most)))

    @property
    def _ways(self) -> list[int]:
        return [step.ways for step in self._steps]

    @property
    def _finite(self) -> bool:
        return all(np.isfinite(step.factors).all() for step in self._steps)

    @cached_property
    def _reach(self) -> list[np.ndarray]:
        """Before each step, for each node the greatest |product| of any way on."""
        return self._onward(np.abs, np.max)

    def _onward(self, of: Callable[..., np.ndarray], join: Callable[..., np.ndarray]) -> list[np.ndarray]:
        """Before each step and after the last, for each node what all its ways on come to."""
        counts = [1]
        for step in self._steps:
            counts.append(step.behind(counts[-1]))
        found = [np.ones(counts[-1])]
        for step, count in zip(reversed(self._steps), counts[-2::-1], strict=True):
            factors, after, joined = of(step.factors), found[0], np.empty(count)
            for begin in range(0, count, len(factors)):
                nodes = np.arange(begin, min(begin + len(factors), count))
                joined[nodes] = join(factors[: len(nodes)] * after[step.targets_of(nodes)], axis=1)
            found.insert(0, joined)
        return found

    def _descending(self) -> Iterator[tuple[int, ...]]:
        """The ways of each path, the greatest |product| first. Of the ways on from a path begun only the best is
        waiting; when it is taken, the next best takes its place."""
        best_first: dict[tuple[int, int], list[int]] = {}
        waiting: list[_Begun] = []

        def wait(begun: tuple[int, ...], node: int, size: float, rank: int) -> None:
            at, step = len(begun), self._steps[len(begun)]
            where = np.array([node])
            ways = np.abs(step.factors_of(where)[0]) * self._reach[at + 1][step.targets_of(where)[0]]
            if (at, node) not in best_first:
                best_first[at, node] = np.argsort(-ways, kind="stable").tolist()
            if rank < len(ways):
                on = best_first[at, node][rank]
                heappush(waiting, (-size * float(ways[on]), (*begun, on), node, size, rank))

        wait((), 0, 1.0, 0)
        while waiting:
            _, begun, node, size, rank = heappop(waiting)
            if len(begun) == len(self._steps):
                yield begun
            else:
                factor, behind = self._step(len(begun) - 1, node, begun[-1])
                wait(begun, behind, size * abs(factor), 0)
            wait(begun[:-1], node, size, rank + 1)

    def _path(self, chosen: Sequence[int]) -> Path:
        """The path of these ways, step by step."""
        node, units, samples, factors = 0, [], [], []
        for at, way in enumerate(chosen):
            factor, node = self._step(at, node, way)
            sample, unit = divmod(node, self._steps[at].units)
            units.append(unit)
            samples.append(sample)
            factors.append(factor)
        return Path(tuple(units), (*factors, self._last), tuple(samples))

    def _step(self, at: int, node: int, way: int) -> tuple[float, int]:
        """The factor of a way from a node, and the node it leads to."""
        where = np.array([node])
        return float(self._steps[at].factors_of(where)[0, way]), int(self._steps[at].targets_of(where)[0, way])


def _towards(steps: Sequence[Step], end: int) -> list[Step]:
    """The steps in double precision; of the last one that may lead to any unit only the ways to the end."""
    last = max(n for n, step in enumerate(steps) if step.free)
    exact = [replace(step, factors=np.asarray(step.factors, np.float64)) for step in steps]
    return [step.towards(end) if n == last else step for n, step in enumerate(exact)]
