"""What an error map shows: the errors of one slot, or of the directions, as rows and columns of cells."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnstudio.explain.gradcheck import Entry, GradientCheck, SlotCheck

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class ErrorGrid:
    """All arrays are rows × columns. `entry` is what was found in a cell, None for a direction that met a kink."""

    relative: np.ndarray
    checked: np.ndarray
    kinks: np.ndarray
    entry: Callable[[Cell], Entry | None]

    @property
    def rows(self) -> int:
        return len(self.relative)

    @property
    def columns(self) -> int:
        return len(self.relative[0])

    @property
    def whole(self) -> bool:
        """Whether no cell was left out of the check."""
        return bool(self.checked.all())

    @property
    def worst(self) -> Cell | None:
        """The cell of the largest error."""
        if np.isnan(self.relative).all():
            return None
        row, column = np.unravel_index(np.nanargmax(self.relative), self.relative.shape)
        return int(row), int(column)


def of_slot(slot: SlotCheck) -> ErrorGrid:
    """A matrix as it is, a vector as one column."""
    shape = slot.relative.shape
    rows = shape[0] if shape else 1

    def entry(cell: Cell) -> Entry:
        return slot.entry(cell[: len(shape)])

    relative, checked, kinks = (of.reshape(rows, -1) for of in (slot.relative, slot.checked, slot.kinks))
    return ErrorGrid(relative, checked, kinks, entry)


def of_directions(check: GradientCheck) -> ErrorGrid:
    """One row, a cell for each direction."""
    found = {entry.index[0]: entry for entry in check.directions}
    relative = np.array([[found[n].relative if n in found else np.nan for n in range(check.directions_tried)]])

    def entry(cell: Cell) -> Entry | None:
        return found.get(cell[1])

    return ErrorGrid(relative, np.ones(relative.shape, bool), np.isnan(relative), entry)


def pooled(errors: np.ndarray, most_rows: int, most_columns: int) -> np.ndarray:
    """At most so many rows and columns: each cell has the largest error of those it stands for, NaN where none has."""
    rows, columns = (_edges(size, most) for size, most in zip(errors.shape, (most_rows, most_columns), strict=True))
    by_rows: np.ndarray = np.fmax.reduceat(errors, rows, axis=0)
    both: np.ndarray = np.fmax.reduceat(by_rows, columns, axis=1)
    return both


def _edges(size: int, most: int) -> np.ndarray:
    """Where each of at most `most` stretches of equal length begins."""
    count = min(size, most)
    return np.arange(count) * size // count
