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

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """`factors` has a row for each node before and a column for each way on; of fewer rows than nodes, the rows serve
    each sample alike. `units` is how many nodes a sample has behind it. Way k leads from a node to
    node // `per` · `jump` + node % `keep` + `offsets`[k]."""

    factors: np.ndarray
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
        return replace(self, factors=self.factors[:, ways], offsets=self.offsets[ways])


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


def across(factors: np.ndarray) -> Step:
    """`factors` is (samples before × samples behind × units)."""
    before, behind, units = factors.shape
    rows = factors.transpose(0, 2, 1).reshape(before * units, behind)
    return Step(rows, units, 1, 0, units, np.arange(behind) * units)


def gather(factors: np.ndarray) -> Step:
    """`factors` is (samples × units)."""
    units = factors.shape[1]
    return Step(factors.reshape(-1, 1), units, 1, 0, units, np.zeros(1, int))
