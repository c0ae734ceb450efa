"""Which rows of the data each iteration sees.

An epoch is one pass over the data, cut into mini-batches of `size` rows; the last may be smaller. With `shuffle` each
epoch visits the rows in a new random order. All of this is part of the state of a run: the order, the place in it
and the random generator.

Rows without a target of their own (`pseudo_labels`) are visited in some epochs and in others not. With such rows every
epoch has as many mini-batches as all rows make, all of one size: where fewer are in play, it goes through them again
from the first on. So an epoch stays as long as it is, whatever counts in epochs.
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
    in_play: np.ndarray
    """For each row without a target whether this epoch visits it."""


class Batches:
    """Rows in the order they are visited: all of the first `rows`, and those of the `unlabelled` ones after them that
    are in play. `epoch` and `number` count from 1; both are 0 before the first batch."""

    def __init__(self, rows: int, size: int, *, shuffle: bool, seed: int, unlabelled: int = 0) -> None:
        self.size = min(size, rows)
        self.shuffle = shuffle
        self.epoch = 0
        self._order = np.arange(rows + unlabelled)
        self._in_play = np.ones(rows + unlabelled, np.bool_)
        self._in_play[rows:] = False
        self._labelled = rows
        self.total = rows + unlabelled + -(rows + unlabelled) % self.size if unlabelled else rows
        """How many rows an epoch visits, those that it visits again included."""
        self._visited = self._order
        """The rows of this epoch in their order."""
        if unlabelled:
            self._select()
        self.cursor = self.total
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
        """Which mini-batch of the epoch is at hand; 0 where it has begun and none has been loaded yet."""
        return -(-self.cursor // self.size) if self.epoch else 0

    @property
    def at_epoch_end(self) -> bool:
        """Whether the batch at hand is the last of its epoch (true before the first, of epoch 0)."""
        return self.cursor == self.total

    @property
    def next_size(self) -> int:
        """How many rows the next batch has."""
        return min(self.size, self.total - self.cursor) or self.size

    def begin_epoch(self, in_play: np.ndarray) -> None:
        """Begin an epoch, with those rows without a target for which `in_play` is not 0."""
        np.not_equal(in_play, 0, out=self._in_play[self._labelled :])
        self._begin_epoch()
        self.rows = self._visited[:0]

    def advance(self) -> np.ndarray:
        """Go on to the next batch and return its rows, beginning a new epoch where the last one ended."""
        if self.cursor == self.total:
            self._begin_epoch()
        start = self.cursor
        self.cursor = min(start + self.size, self.total)
        self.rows = self._visited[start : self.cursor]
        return self.rows

    def state(self) -> BatchState:
        generator = dict(self._generator.bit_generator.state)
        in_play = self._in_play[self._labelled :].copy()
        return BatchState(self._order.copy(), self.cursor, self.epoch, generator, in_play)

    def restore(self, state: BatchState) -> None:
        np.copyto(self._order, state.order)
        self._in_play[self._labelled :] = state.in_play
        if len(state.in_play):
            self._select()
        self.cursor, self.epoch = state.cursor, state.epoch
        self._generator.bit_generator.state = state.generator
        start = max(self.cursor - 1, 0) // self.size * self.size if self.epoch else self.cursor
        self.rows = self._visited[start : self.cursor]

    def _begin_epoch(self) -> None:
        self.cursor = 0
        self.epoch += 1
        if self.shuffle:
            self._generator.shuffle(self._order)
        if len(self._order) > self._labelled:
            self._select()

    def _select(self) -> None:
        """Visit the rows in play, again and again until the epoch is full."""
        self._visited = np.resize(self._order[self._in_play[self._order]], self.total)
