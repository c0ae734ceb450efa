"""How a slot lies in a table: which element is in which cell, and what rows and columns are called.

Weights have a row for each unit and a column for each input, and their biases beside them as a last column. Inputs,
targets, sums and activations have a row for each sample. A vector is one column, a single number one cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nnstudio.engine.arena import Role, Slot
from nnstudio.engine.ops.wiring import units_of
from nnstudio.explain.symbols import element_symbol, slot_symbol

Index = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A slot and, for a matrix of weights, the slot of biases `beside` it."""

    slot: Slot
    beside: Slot | None = None

    @classmethod
    def of(cls, slot: Slot, slots: Mapping[str, Slot]) -> "Block":
        """The table of `slot`, where `slots` are all there are by name."""
        base = slot.of or slot.name
        if slot.letter != "W" or slot.layer is None:
            return cls(slot)
        return cls(slot, slots.get(f"{slot.name.removesuffix(base)}b{slot.layer}"))

    @property
    def base(self) -> str:
        """The slot of the forward pass or the parameter that this is about: `W2` for `dW2` and `mW2`."""
        return self.slot.of or self.slot.name

    @property
    def sampled(self) -> bool:
        """Whether each row is a sample of the mini-batch."""
        return self.slot.sampled

    @property
    def numbered(self) -> bool:
        """Whether each row is one of the data: a sample of the mini-batch, or a row without a target."""
        return self.sampled or self.slot.role is Role.PSEUDO_LABEL

    @property
    def rows(self) -> int:
        return self.slot.shape[0] if self.slot.shape else 1

    @property
    def width(self) -> int:
        """The columns of the slot itself."""
        return self.slot.shape[1] if len(self.slot.shape) == 2 else 1

    @property
    def columns(self) -> int:
        return self.width + (self.beside is not None)

    def element(self, row: int, column: int) -> tuple[str, Index]:
        """The slot and the element of it that a cell shows."""
        if column >= self.width and self.beside is not None:
            return self.beside.name, (row,)
        return self.slot.name, (row, column)[: len(self.slot.shape)]

    def place(self, slot: str, index: Index) -> tuple[int, int] | None:
        """The cell of an element, None if it is not in this table."""
        if self.beside is not None and slot == self.beside.name and len(index) == 1 and index[0] < self.rows:
            return index[0], self.width
        if slot != self.slot.name or len(index) != len(self.slot.shape):
            return None
        row, column = (*index, 0, 0)[:2]
        return (row, column) if row < self.rows and column < self.width else None

    def column_symbol(self, column: int) -> str:
        if column >= self.width:
            return slot_symbol(self.beside.of or self.beside.name) if self.beside else ""
        if self.slot.letter == "W" and self.slot.layer:
            return element_symbol(units_of(self.slot.layer - 1), (0, column))
        if self.numbered:
            return symbol(self.base, (0, column))
        return slot_symbol(self.base)

    def row_symbol(self, row: int) -> str:
        """Of a unit; rows that are samples go by the number of the sample."""
        if self.slot.layer and not self.sampled:
            return element_symbol(f"Z{self.slot.layer}", (0, row))
        return ""


def symbol(slot: str, index: Index) -> str:
    """The symbol of an element; targets are y₁, y₂ as inputs are x₁, x₂."""
    if slot == "Y" and index:
        return element_symbol("X", index).replace("x", "y")
    return element_symbol(slot, index)


def index_for(slot: Slot, index: Index | None, sample: int) -> Index:
    """The element meant: the chosen one, or the first; in slots with samples always that of the chosen sample."""
    shape = slot.shape
    fits = index is not None and len(index) == len(shape)
    chosen = index if fits and index is not None else (0,) * len(shape)
    if slot.sampled:
        chosen = (sample, chosen[1])
    return tuple(min(max(i, 0), size - 1) for i, size in zip(chosen, shape, strict=True))
