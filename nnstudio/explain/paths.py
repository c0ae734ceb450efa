"""All paths from the cost to one parameter, and the product of factors along each.

The factors are a layered graph of steps. A path is a choice of one way at each step; where a step has but one way
there is nothing to choose, and of the last step that leads from unit to unit only the ways to the end count.

The largest paths are found without looking at the others. Backwards through the steps the reach is, for each node, the
greatest |product| of any way on from there. So the |product| of a path begun, times the reach of where it stands, is
exactly that of the best path which begins so: of all paths begun always go on with the greatest, and the first that is
finished is the largest, the next one the second largest, and so on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import islice, product
from math import prod

import numpy as np

from .steps import Step

Progress = Callable[[int, int], object]
"""Is told how many numbers have been looked at, and of how many; what it raises ends the search."""
_AT_A_TIME = 200_000
"""So many numbers are looked at in one go, which the cache holds."""
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


@dataclass(frozen=True, slots=True)
class Found:
    """The largest of all paths, and the sum of the absolute products of all."""

    paths: tuple[Path, ...]
    size: float


def silent(_done: int, _of: int) -> None:
    """For whoever does not wait."""


class Paths:
    """All paths along these steps, the first of them from the cost, that end in unit `end`; each is multiplied by
    `last`."""

    def __init__(self, steps: Sequence[Step], end: int, last: float) -> None:
        self._steps = _towards(steps, end)
        self._end = end
        self._last = float(last)

    def apart(self) -> "Paths":
        """The same with numbers of its own, to be searched while the machine goes on."""
        return Paths([step.apart() for step in self._steps], self._end, self._last)

    def same_as(self, other: "Paths") -> bool:
        """Whether they lead along the same numbers."""
        ends = len(self._steps) == len(other._steps) and self._end == other._end
        alike = ends and np.array_equal(self._last, other._last, equal_nan=True)
        return alike and all(one.same_as(another) for one, another in zip(self._steps, other._steps, strict=True))

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
        return self._size()

    @property
    def effort(self) -> int:
        """How many numbers a search looks at."""
        return 2 * self._numbers

    def first(self, most: int) -> Found:
        """Those in reading order, while numbers are missing."""
        return Found(tuple(islice(self, most)), float("nan"))

    def found(self, most: int, progress: Progress = silent) -> Found:
        """The largest, and by what their share is measured."""

        def second_half(done: int, of: int) -> None:
            progress(of // 2 + done, of)

        return Found(self.largest(most, progress), self._size(second_half))

    def largest(self, most: int, progress: Progress = silent) -> tuple[Path, ...]:
        """The paths of the greatest absolute product, the largest first; in reading order where there are no more than
        `most`, or where a factor is not a number."""
        if self.count > most and np.isfinite(self._last):
            reach = self._onward(np.abs, np.max, progress)
            if np.isfinite(reach[0]).all():
                return tuple(map(self._path, islice(self._descending(reach), most)))
        return tuple(islice(self, most))

    def _size(self, progress: Progress = silent) -> float:
        return float(self._onward(np.abs, np.sum, progress)[0][0]) * abs(self._last)

    @property
    def _ways(self) -> list[int]:
        return [step.ways for step in self._steps]

    @property
    def _counts(self) -> list[int]:
        """How many nodes there are before each step, and behind the last."""
        counts = [1]
        for step in self._steps:
            counts.append(step.behind(counts[-1]))
        return counts

    @property
    def _numbers(self) -> int:
        return sum(count * ways for count, ways in zip(self._counts, self._ways, strict=False))

    def _onward(
        self, of: Callable[..., np.ndarray], join: Callable[..., np.ndarray], progress: Progress = silent
    ) -> list[np.ndarray]:
        """Before each step and after the last, for each node what all its ways on come to."""
        counts, done, effort = self._counts, 0, self.effort
        found = [np.ones(counts[-1])]
        for step, count in zip(reversed(self._steps), counts[-2::-1], strict=True):
            after, joined = found[0], np.empty(count)
            for rows, nodes in _parts(step, count):
                joined[nodes] = join(of(step.factors[rows]) * after[step.targets_of(nodes)], axis=1)
                done += len(nodes) * step.ways
                progress(done, effort)
            found.insert(0, joined)
        return found

    def _descending(self, reach: Sequence[np.ndarray]) -> Iterator[tuple[int, ...]]:
        """The ways of each path, the greatest |product| first. Of the ways on from a path begun only the best is
        waiting; when it is taken, the next best takes its place."""
        best_first: dict[tuple[int, int], list[int]] = {}
        waiting: list[_Begun] = []

        def wait(begun: tuple[int, ...], node: int, size: float, rank: int) -> None:
            at, step = len(begun), self._steps[len(begun)]
            where = np.array([node])
            ways = np.abs(step.factors_of(where)[0]) * reach[at + 1][step.targets_of(where)[0]]
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


def _parts(step: Step, count: int) -> Iterator[tuple[slice, np.ndarray]]:
    """The nodes before a step, as many at a time as are looked at in one go, and the rows of their factors."""
    height = len(step.factors)
    at_a_time = max(_AT_A_TIME // step.ways, 1)
    for begin in range(0, count, height):
        for row in range(0, min(height, count - begin), at_a_time):
            rows = slice(row, min(row + at_a_time, height, count - begin))
            yield rows, np.arange(begin + rows.start, begin + rows.stop)


def _towards(steps: Sequence[Step], end: int) -> list[Step]:
    """The steps in double precision; of the last one that may lead to any unit only the ways to the end."""
    last = max(n for n, step in enumerate(steps) if step.free)
    return [step.towards(end) if n == last else step for n, step in enumerate(step.exact() for step in steps)]
