"""The links of the chain rule as steps of a walk: from which node to which others one may go, and by what factors.

A node is a unit in a sample. Where a path keeps to one sample, there are as many nodes as units; behind a batch
normalization there are as many for each sample of the mini-batch, sample by sample. The kinds of steps:

- `start`: from the cost to any node
- `fan`: to any unit of the same sample, by a weight or a derivative of softmax or of layer normalization
- `own`: on to the same unit of the same sample
- `across`: to the same unit in any sample, by a derivative of batch normalization
- `gather`: the last such step, for a path ends in one sample
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np


class Factors(Protocol):
    """Rows of numbers: an array, or something that makes them when they are asked for."""

    def __len__(self) -> int: ...
    def __getitem__(self, nodes: slice | np.ndarray, /) -> np.ndarray: ...


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """What a batch normalization makes of each sample by every other: so many numbers that only those of the nodes that
    are asked for are worked out. `h` is (samples × units), `deviation` the √(σ² + ε) of each unit."""

    h: np.ndarray
    deviation: np.ndarray

    def __len__(self) -> int:
        return self.h.size

    def __getitem__(self, nodes: slice | np.ndarray) -> np.ndarray:
        """∂hᵢ/∂zⱼ = ([i = j] − (1 + hᵢ hⱼ) / n) / √(σ² + ε) of these i for every j."""
        of = np.arange(len(self))[nodes]
        samples, units = np.divmod(of, self.h.shape[1])
        rows: np.ndarray = self.h[samples, units, None] * self.h.T[units]
        rows += 1
        rows /= -len(self.h)
        rows[np.arange(len(of)), samples] += 1
        rows /= self.deviation[units, None]
        return rows


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """`factors` has a row for each node before and a column for each way on; of fewer rows than nodes, the rows serve
    each sample alike. `units` is how many nodes a sample has behind it. Way k leads from a node to
    node // `per` · `jump` + node % `keep` + `offsets`[k]."""

    factors: Factors
    units: int
    per: int
    jump: int
    keep: int
    offsets: np.ndarray
    free: bool = False
    """Whether it may lead to any unit."""

    @property
    def ways(self) -> int:
        return len(self.offsets)

    def factors_of(self, nodes: np.ndarray) -> np.ndarray:
        """A row for each of the nodes."""
        rows: np.ndarray = self.factors[nodes % len(self.factors)]
        return rows

    def targets_of(self, nodes: np.ndarray) -> np.ndarray:
        """Where their ways lead."""
        targets: np.ndarray = (nodes // self.per * self.jump + nodes % self.keep)[:, None] + self.offsets
        return targets

    def behind(self, nodes: int) -> int:
        """How many nodes there are behind it, of so many before."""
        last = int(self.targets_of(np.array([nodes - 1]))[0, -1])
        return (last // self.units + 1) * self.units

    def towards(self, unit: int) -> "Step":
        """Only the ways that lead to this unit."""
        ways = np.flatnonzero(self.offsets % self.units == unit)
        return replace(self, factors=np.asarray(self.factors)[:, ways], offsets=self.offsets[ways])

    def exact(self) -> "Step":
        """In double precision."""
        return replace(self, factors=self._cast(copy=False))

    def apart(self) -> "Step":
        """With numbers of its own, which stay as they are when the machine goes on."""
        return replace(self, factors=self._cast(copy=True))

    def same_as(self, other: "Step") -> bool:
        """Whether it leads to the same nodes by the same numbers."""
        places = self.units, self.per, self.jump, self.keep, self.free
        if places != (other.units, other.per, other.jump, other.keep, other.free):
            return False
        pairs = [(self.offsets, other.offsets), *zip(_made_of(self.factors), _made_of(other.factors), strict=False)]
        return type(self.factors) is type(other.factors) and all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)

    def _cast(self, *, copy: bool) -> Factors:
        found = self.factors
        if isinstance(found, Joined):
            return Joined(found.h.astype(np.float64, copy=copy), found.deviation.astype(np.float64, copy=copy))
        return np.asarray(found).astype(np.float64, copy=copy)


def _made_of(factors: Factors) -> tuple[np.ndarray, ...]:
    return (factors.h, factors.deviation) if isinstance(factors, Joined) else (np.asarray(factors),)


def start(slopes: np.ndarray) -> Step:
    """`slopes` is (samples × units)."""
    return Step(slopes.reshape(1, -1), slopes.shape[1], 1, 0, 1, np.arange(slopes.size), free=True)


def fan(factors: np.ndarray, units: int) -> Step:
    """From each of `units` to each column; `factors` has a row a unit, or a row a node."""
    columns = factors.shape[1]
    return Step(factors, columns, units, columns, 1, np.arange(columns), free=True)


def own(factors: np.ndarray, units: int) -> Step:
    """`factors` has a number a unit, or a number a node."""
    return Step(factors.reshape(-1, 1), units, 1, 1, 1, np.zeros(1, int))


def across(factors: Factors, units: int, samples: int) -> Step:
    """`factors` has a row a node and a column for each of the samples."""
    return Step(factors, units, 1, 0, units, np.arange(samples) * units)


def gather(factors: np.ndarray) -> Step:
    """`factors` is (samples × units)."""
    units = factors.shape[1]
    return Step(factors.reshape(-1, 1), units, 1, 0, units, np.zeros(1, int))
