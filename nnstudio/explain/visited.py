"""Matrices of an operation that is gone through neuron by neuron: what has been passed is filled in already.

The machine writes all of it at once when the operation runs; the numbers that will be written are known from `Opened`.
"""

from dataclasses import dataclass, replace

from .grids import Grid
from .matrices import MatrixEquation, Piece
from .opened import Opened


def visited(equation: MatrixEquation, opened: Opened, last: int) -> MatrixEquation:
    """The equation with the elements up to the one numbered `last` in what is written."""

    def filled(piece: Piece) -> Piece:
        written = isinstance(piece, Grid) and piece.slot in opened.op.writes and piece.rank > 0
        return replace(piece, at=_Visited(piece, opened, last)) if isinstance(piece, Grid) and written else piece

    return replace(equation, pieces=tuple(map(filled, equation.pieces)))


@dataclass(frozen=True, slots=True, eq=False)
class _Visited:
    grid: Grid
    opened: Opened
    last: int

    def __call__(self, row: int, column: int) -> float | None:
        element = self.opened.find(*self.grid.place(row, column))
        elsewhere = self.opened.sampled(self.grid.slot) and row != self.opened.sample
        if element is None or elsewhere or element > self.last:
            return None
        return self.opened.value(element)
