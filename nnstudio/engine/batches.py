"""Which rows of the data each iteration sees.

An epoch is one pass over the data, cut into mini-batches of `size` rows; the last may be smaller. With `shuffle` each
epoch visits the rows in a new random order. All of this is part of the state of a run: the order, the place in it
and the random generator.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class BatchState:
    """Everything needed to go on from here."""

    order: np.ndarray
    cursor: int
    epoch: int
    generator: dict[str, Any]


class Batches:
    """Rows in the order they are visited. `epoch` and `number` count from 1; both are 0 before the first batch."""

    def __init__(self, rows: int, size: int, *, shuffle: bool, seed: int) -> None:
        self.total = rows
        self.size = min(size, rows)
        self.shuffle = shuffle
        self.epoch = 0
        self.cursor = rows
        self._order = np.arange(rows)
        self._generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 1])))
        self.rows = self._order[:0]
        """The rows of the batch at hand."""

    @property
    def generator(self) -> np.random.Generator:
        """The run's random numbers, for the order of the rows and for whatever else is drawn while training."""
        return self._generator

    @property
    def per_epoch(self) -> int:
        return -(-self.total // self.size)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes that occur: that of all batches, and that of the last where it is smaller."""
        ragged = self.total % self.size
        return (self.size, ragged) if ragged else (self.size,)

    @property
    def number(self) -> int:
        """Which mini-batch of the epoch is at hand."""
        return -(-self.cursor // self.size) if self.epoch else 0

    @property
    def at_epoch_end(self) -> bool:
        """Whether the batch at hand is the last of its epoch (true before the first, of epoch 0)."""
        return self.cursor == self.total

    @property
    def next_size(self) -> int:
        """How many rows the next batch has."""
        return min(self.size, self.total - self.cursor) or self.size

    def advance(self) -> np.ndarray:
        """Go on to the next batch and return its rows, beginning a new epoch where the last one ended."""
        if self.cursor == self.total:
            self.cursor = 0
            self.epoch += 1
            if self.shuffle:
                self._generator.shuffle(self._order)
        start = self.cursor
        self.cursor = min(start + self.size, self.total)
        self.rows = self._order[start : self.cursor]
        return self.rows

    def state(self) -> BatchState:
        return BatchState(self._order.copy(), self.cursor, self.epoch, dict(self._generator.bit_generator.state))

    def restore(self, state: BatchState) -> None:
        np.copyto(self._order, state.order)
        self.cursor, self.epoch = state.cursor, state.epoch
        self._generator.bit_generator.state = state.generator
        start = (self.cursor - 1) // self.size * self.size if self.epoch else self.cursor
        self.rows = self._order[start : self.cursor]
