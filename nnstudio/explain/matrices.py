"""An operation as an equation of whole matrices: Z¹ = X W¹ᵀ + b¹, with the numbers of each.

An operation's label is such an equation already, so its slots become grids and what stands between them signs. Where a
label says more than that, the grids are those of what is written and of what it is made from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from nnstudio.engine.naming import GRADIENTS, LETTERS
from nnstudio.engine.ops import OpKind, Phase
from nnstudio.engine.ops.wiring import sample_weights_of

from . import notation
from .by_hand import by_hand
from .cost import share_of_row
from .explanation import Explanation, Formula
from .forward import overwritten
from .grids import SAMPLES, Grid, abridged, grid_of, units
from .labels import label_formula, slot_math
from .normalizing import by_unit
from .numbers import fixed
from .reading import Reading
from .slopes import slope_at
from .words import operation
from .writing import Kind, Math, Style, number

_TOKEN = re.compile(rf"(?<![A-Za-zα-ω′])(?:∂P/∂(W\d+)|((?:{GRADIENTS})?(?:{LETTERS})\d*|[JCP])(?![a-z\d]))(ᵀ)?")
_SPELLED = (
    OpKind.AFFINE,
    OpKind.MEAN,
    OpKind.SCALE,
    OpKind.DROPOUT,
    OpKind.TOTAL,
    OpKind.DROPOUT_GRADIENT,
    OpKind.SCALE_GRADIENT,
    OpKind.SHIFT_GRADIENT,
    OpKind.NORMALIZED_GRADIENT,
    OpKind.WEIGHT_GRADIENT,
    OpKind.BIAS_GRADIENT,
    OpKind.INPUT_GRADIENT,
)
"""Kinds whose label has each matrix once, with nothing but signs between them."""
_MOST = 6
_MOST_READ = 4

Piece = Grid | str


@dataclass(frozen=True, slots=True, eq=False)
class MatrixEquation:
    """The pieces of an equation in reading order; the first is a matrix that is written."""

    explanation: Explanation
    pieces: tuple[Piece, ...]
    chosen: dict[str, int]
    """Where the chosen element is along the axes."""
    joined: frozenset[str] = frozenset()
    """Axes along which an element depends on all others."""

    @property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Grid))

    def lit(self, pointed: Grid, pins: dict[str, int]) -> dict[Grid, tuple[int | None, int | None]]:
        """The row and column that are lit in each grid, where somebody points at an element of one."""
        elsewhere = {axis: at for axis, at in pins.items() if axis not in self.joined}
        return {grid: grid.lit(pins if grid is pointed else elsewhere) for grid in self.grids}

    @property
    def standing(self) -> dict[str, int]:
        """Where the chosen element is in the matrix that is written."""
        axes = self.grids[0].axes
        return {axis: at for axis, at in self.chosen.items() if axis in axes}

    def numbers(self, decimals: int) -> Explanation:
        """All numbers as formulas, long matrices abridged."""
        return Explanation("", tuple(_formula(grid, decimals) for grid in self.grids))


def matrices(reading: Reading) -> MatrixEquation:
    """The operation with all its numbers."""
    op = reading.op
    pieces = tuple(_pieces(reading))
    assert isinstance(pieces[0], Grid)
    whole = op.layer is not None or op.phase is Phase.LOAD
    headline = operation(reading) if whole else f"{op.kind.value}, {pieces[0].symbol}"
    in_place = set(op.reads) & set(op.writes)
    notes = "" if in_place else overwritten(reading), by_hand(reading)
    told = Explanation(headline, (label_formula(reading),), " ".join(filter(None, notes)))
    return MatrixEquation(told, pieces, _chosen(reading), _joined(reading))


def _pieces(reading: Reading) -> Iterator[Piece]:
    op = reading.op
    if op.kind in _SPELLED:
        yield from _spelled(reading)
    elif op.kind is OpKind.COST:
        yield from (grid_of(reading, op.writes[0]), "= mean of", _shares(reading), "from")
        yield from _listed(reading, (f"A{reading.layer}", "Y", *sample_weights_of(reading.machine.program.arena)))
    elif op.kind is OpKind.ACTIVATION_GRADIENT and _elementwise(reading):
        gradient = f"dA{reading.layer}"
        yield from (grid_of(reading, op.writes[0]), "=", grid_of(reading, gradient), "⊙", _slope(reading))
        yield from ("from", grid_of(reading, reading.bent))
    elif op.kind is OpKind.ACTIVATION:
        sigma = reading.machine.model.activations[reading.layer - 1]
        yield from (grid_of(reading, op.writes[0]), f"= {sigma.title} of", grid_of(reading, op.reads[0]))
    else:
        yield from _made(reading)


def _spelled(reading: Reading) -> Iterator[Piece]:
    """The label's slots, and the signs between."""
    label, end = reading.op.label, 0
    for found in _TOKEN.finditer(label):
        sign = label[end : found.start()].strip()
        if end:
            yield sign or "·"
        penalty, slot, transposed = found.groups()
        yield grid_of(reading, f"dP{penalty}" if penalty else slot, transposed=bool(transposed))
        end = found.end()


def _made(reading: Reading) -> Iterator[Piece]:
    """What is written, and what it is made from: of operations on all parameters those of the chosen one."""
    op = reading.op
    written, read = _of_chosen(reading, op.writes), op.reads
    if written != op.writes:
        read = _of_chosen(reading, read)
    yield from _listed(reading, written)
    read = tuple(slot for slot in read if slot not in written)
    if read:
        yield "from"
        yield from _listed(reading, read)


def _listed(reading: Reading, slots: tuple[str, ...]) -> Iterator[Piece]:
    for place, slot in enumerate(slots[:_MOST_READ]):
        if place:
            yield "and" if place == len(slots) - 1 else ","
        yield grid_of(reading, slot)
    if len(slots) > _MOST_READ:
        yield f"and {len(slots) - _MOST_READ} more"


def _of_chosen(reading: Reading, slots: tuple[str, ...]) -> tuple[str, ...]:
    """Of an operation on all parameters only what belongs to the chosen one."""
    machine, parameter = reading.machine, reading.element.parameter[0]
    parameters = machine.model.parameters
    bases = [slot if slot in parameters else machine.slot(slot).of for slot in slots]
    if reading.op.layer is not None or parameter not in bases:
        return slots
    return tuple(slot for slot, base in zip(slots, bases, strict=True) if base in (parameter, None))


def _shares(reading: Reading) -> Grid:
    """c, the share of each sample."""
    known = reading.known(*reading.op.reads)
    return Grid("c", "c", "", (SAMPLES, ""), (reading.batch_size, 1), Kind.COST, partial(_share, reading, known))


def _share(reading: Reading, known: bool, row: int, _column: int) -> float | None:
    with np.errstate(all="ignore"):
        return share_of_row(reading, row) if known else None


def _slope(reading: Reading) -> Grid:
    """∂A/∂Z."""
    shape = reading.array(reading.bent).shape
    symbol = notation.ratio(*(slot_math(slot) for slot in (f"A{reading.layer}", reading.bent)))
    axes, at = (SAMPLES, units(reading.layer)), partial(_slope_at, reading)
    return Grid(symbol.plain, symbol.typst, "", axes, (shape[0], shape[1]), Kind.FORWARD, at)


def _slope_at(reading: Reading, row: int, column: int) -> float | None:
    with np.errstate(all="ignore"):
        return slope_at(reading, row, column)


def _chosen(reading: Reading) -> dict[str, int]:
    """Where the chosen neuron, sample and parameter are."""
    element, op = reading.element, reading.op
    if op.layer is None:
        slot, index = element.parameter
        grid = grid_of(reading, slot)
        return {SAMPLES: element.sample, **grid.pins(*((0, *index)[-2:]))}
    unit, before = element.unit, element.input
    if op.kind is OpKind.INPUT_GRADIENT:
        unit, before = before, unit
    return {SAMPLES: element.sample, units(op.layer): unit, units(op.layer - 1): before}


def _joined(reading: Reading) -> frozenset[str]:
    op = reading.op
    if op.kind is OpKind.NORMALIZE_GRADIENT:
        return frozenset({SAMPLES if by_unit(reading) else units(reading.layer)})
    softmax = op.kind in (OpKind.ACTIVATION, OpKind.ACTIVATION_GRADIENT) and not _elementwise(reading)
    if softmax or op.kind is OpKind.FUSED:
        return frozenset({units(reading.layer)})
    return frozenset()


def _elementwise(reading: Reading) -> bool:
    return reading.machine.model.activations[reading.layer - 1].elementwise


def _formula(grid: Grid, decimals: int) -> Formula:
    """Z¹ (10×5): 0.1234, …; …"""
    rows, columns = (abridged(count, _MOST) for count in grid.shape)
    cells = [[_number(grid, row, column, decimals) for column in columns] for row in rows]
    typst = "; ".join(", ".join(cell.typst for cell in line) for line in cells)
    plain = "; ".join(", ".join(cell.plain for cell in line) for line in cells)
    left = f'${grid.typst} = mat(delim: "[", {typst})$'
    return Formula(left, f"{grid.symbol} ({grid.shape[0]}×{grid.shape[1]}): {plain}")


def _number(grid: Grid, row: int | None, column: int | None, decimals: int) -> Math:
    if row is None or column is None:
        return Math("dots.h", "…")
    return number(grid.at(row, column), decimals, Style.WHOLE if grid.whole else Style.FIXED)


def written(value: float | None, decimals: int, *, whole: bool = False) -> str:
    """A number as it is shown in a matrix."""
    if value is None:
        return "—"
    return f"{value:.0f}" if whole else fixed(value, decimals)
