"""A slot as the matrix that an equation has in it: its rows and columns, and which of them belong to which element.

Each axis has a name: `samples`, or the units of a layer. Whoever points at an element of one matrix pins its axes; in
the others the same axes are pinned too, and what is free is lit. So in Z = X Wᵀ + b an element of Z lights a row of X,
a column of Wᵀ and one number of b, by the names of the axes alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nnstudio.engine.arena import Slot
from nnstudio.engine.naming import SAMPLED, parse

from .labels import slot_math, transpose_of
from .reading import Reading
from .writing import Kind

SAMPLES = "samples"
Axes = tuple[str, str]
"""The names of rows and columns, empty where there is only one."""
Pins = Mapping[str, int]
"""Where along which axis somebody points."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A matrix of an equation. `slot` is empty where its numbers are computed for the equation alone."""

    symbol: str
    typst: str
    """The symbol as typesetting source."""
    slot: str
    axes: Axes
    shape: tuple[int, int]
    kind: Kind | None
    at: Callable[[int, int], float | None]
    """A number by row and column, None where it is not known."""
    whole: bool = False
    """Whether all numbers are whole."""
    transposed: bool = False
    rank: int = 2

    def place(self, row: int, column: int) -> tuple[str, tuple[int, ...] | None]:
        """The slot and the index of an element, as the selection has them."""
        if self.rank == 0:
            return self.slot, None
        if self.rank == 1:
            return self.slot, (column,)
        return self.slot, (column, row) if self.transposed else (row, column)

    def pins(self, row: int, column: int) -> dict[str, int]:
        return {axis: at for axis, at in zip(self.axes, (row, column), strict=True) if axis}

    def lit(self, pins: Pins) -> tuple[int | None, int | None]:
        """The row and the column that are pinned here, None where all of them are lit."""
        row, column = (pins.get(axis) if axis else 0 for axis in self.axes)
        return row, column


def grid_of(reading: Reading, slot: str, *, transposed: bool = False) -> Grid:
    """A slot that the operation reads or writes."""
    found = reading.machine.slot(slot)
    rows, columns = np.atleast_2d(reading.array(slot)).shape
    axes = axes_of(reading, found)
    symbol = slot_math(slot)
    if transposed:
        rows, columns, axes = columns, rows, (axes[1], axes[0])
        symbol = transpose_of(symbol)
    whole = reading.array(slot).dtype.kind in "iub"
    known = reading.holds(slot) if slot in reading.op.writes else reading.known(slot)
    at = _Numbers(reading, slot, transposed, known)
    return Grid(
        symbol.plain,
        symbol.typst,
        slot,
        axes,
        (rows, columns),
        reading.kind(slot),
        at,
        whole,
        transposed,
        len(found.shape),
    )


def axes_of(reading: Reading, slot: Slot) -> Axes:
    """The names of a slot's rows and columns; a vector is a row."""
    name, rank = parse(slot.of or slot.name), len(slot.shape)
    if name is None or rank == 0:
        return "", ""
    layer = name.layer if name.layer is not None else (0 if name.letter == "X" else reading.machine.model.depth)
    if rank == 1:
        return "", units(layer)
    if name.letter == "W":
        return units(layer), units(layer - 1)
    return SAMPLES, units(layer) if name.letter in SAMPLED else ""


def units(layer: int) -> str:
    """The axis of a layer's units."""
    return f"units {layer}"


@dataclass(frozen=True, slots=True, eq=False)
class _Numbers:
    """The numbers of a slot, as far as they are those the operation read or wrote."""

    reading: Reading
    slot: str
    transposed: bool
    known: bool
    """Whether the slot as a whole is what the operation read or wrote; elements of it may have been set since."""

    def __call__(self, row: int, column: int) -> float | None:
        reading, slot = self.reading, self.slot
        values = reading.array(slot)
        index = ((column, row) if self.transposed else (row, column))[2 - values.ndim :]
        if not self.known or (slot in reading.op.writes and reading.set_since(slot, *index)):
            return None
        return float(values[index])


def abridged(count: int, room: int, keep: int = 0) -> tuple[int | None, ...]:
    """Which of so many rows are shown where there is room for some: the first ones, the last, and one that is to be
    kept. None is a gap."""
    if count <= room:
        return tuple(range(count))
    if keep < room - 2 or keep == count - 1:
        return (*range(room - 2), None, count - 1)
    if keep == count - 2:
        return (*range(room - 3), None, keep, count - 1)
    return (*range(room - 4), None, keep, None, count - 1)
