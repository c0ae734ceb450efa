"""Which numbers an element is made of: of each slot that its operation reads, the elements that have a say in it.

For z²₁ of a sample these are the sample's row of A¹, row 1 of W², and b²₁; for ∂J/∂W²₁₃ column 1 of ∂J/∂Z² and column 3
of A¹. They come in the order of the terms: a¹₁, W²₁₁, a¹₂, W²₁₂, …, b²₁.
"""

from collections.abc import Callable, Iterable
from itertools import chain, product
from math import prod

import numpy as np

from nnstudio.engine.arena import Slot
from nnstudio.engine.ops import OpKind

from .normalizing import by_unit
from .reading import Reading
from .terms import Place

_MOST = 1500

Indices = list[tuple[int, ...]]
Choose = Callable[[Reading, Slot], Indices]


def inputs_of(reading: Reading, place: Place) -> tuple[Place, ...]:
    """The inputs of the element at `place`, which the operation writes. None where it is brought in from outside."""
    machine, kind = reading.machine, reading.op.kind
    read = [machine.slot(name) for name in reading.op.reads]
    if kind in _BY_PARAMETER:
        read = [slot for slot in read if _belongs(slot, machine.slot(place[0]))]
        chosen = [place[1] if slot.shape else () for slot in read]
        return tuple((slot.name, index) for slot, index in zip(read, chosen, strict=True) if slot.name != place[0])
    choose = _rule(reading, place)
    assert choose is not None
    lists = [[(slot.name, index) for index in choose(reading, slot)] for slot in read]
    return tuple(found for found in _interleaved(lists) if found != place)


def left_out(reading: Reading, place: Place, listed: int) -> int:
    """How many inputs more there are where only the largest of very many are listed."""
    if _rule(reading, place) is not _every:
        return 0
    return sum(prod(reading.machine.slot(name).shape) for name in reading.op.reads) - listed


def _rule(reading: Reading, place: Place) -> Choose | None:
    """Which elements of a slot have a say in the one at `place`; None for operations over all parameters."""
    if reading.op.kind is OpKind.FUSED:
        return _every if place[0] == reading.op.writes[-1] else _of_joint_output
    return _RULES.get(reading.op.kind)


def _interleaved(lists: list[list[Place]]) -> Iterable[Place]:
    """Term by term those that are equally many; then those that there is one of."""
    longest = max(map(len, lists), default=0)
    terms = [one for one in lists if len(one) == longest]
    rest = [one for one in lists if len(one) != longest]
    return chain(*zip(*terms, strict=True), *rest)


def _belongs(slot: Slot, written: Slot) -> bool:
    """Whether a slot is of the same parameter as the one that is written, or of all of them."""
    return not slot.shape or (slot.of or slot.name) == (written.of or written.name)


def _same(reading: Reading, slot: Slot) -> Indices:
    """The element of the same unit and sample."""
    unit, sample = reading.element.unit, reading.element.sample
    if not slot.shape:
        return [()]
    if len(slot.shape) == 1:
        return [(unit,)]
    return [(sample, min(unit, slot.shape[1] - 1))]


def _row(reading: Reading, slot: Slot) -> Indices:
    """All units of the sample."""
    return [(reading.element.sample, k) for k in range(slot.shape[1])]


def _column(reading: Reading, slot: Slot) -> Indices:
    """The unit of all samples."""
    return [(s, reading.element.unit) for s in range(slot.shape[0])]


def _every(reading: Reading, slot: Slot) -> Indices:
    """All there are; of very many the largest, of slots of one shape the same ones."""
    most = _MOST // len(reading.op.reads)
    if prod(slot.shape) <= most:
        return list(product(*map(range, slot.shape)))
    first = next(name for name in reading.op.reads if reading.machine.slot(name).shape == slot.shape)
    sizes = np.nan_to_num(np.abs(reading.array(first)).ravel(), nan=np.inf)
    largest = np.sort(np.argpartition(-sizes, most)[:most])
    return list(zip(*(axis.tolist() for axis in np.unravel_index(largest, slot.shape)), strict=True))


def _sharing(reading: Reading, slot: Slot) -> Indices:
    """Those that share a mean; of the statistics the one that they share."""
    if slot.letter in ("mu", "var"):
        return _same(reading, slot)
    return _column(reading, slot) if by_unit(reading) else _row(reading, slot)


def _bent(reading: Reading, slot: Slot) -> Indices:
    """What an activation bends: each number by itself, or all of a sample at once."""
    elementwise = reading.machine.model.activations[reading.layer - 1].elementwise
    return _same(reading, slot) if elementwise else _row(reading, slot)


def _weighted(reading: Reading, slot: Slot) -> Indices:
    """Of a weighted sum: the weights of the unit, the outputs before of the sample, the bias."""
    unit = reading.element.unit
    if slot.letter == "W":
        return [(unit, i) for i in range(slot.shape[1])]
    return [(unit,)] if slot.letter == "b" else _row(reading, slot)


def _handed_back(reading: Reading, slot: Slot) -> Indices:
    """Of what a unit is handed back: the slopes of the sample, and the weights that lead from the unit."""
    if slot.letter == "W":
        return [(k, reading.element.unit) for k in range(slot.shape[0])]
    return _row(reading, slot)


def _of_weight(reading: Reading, slot: Slot) -> Indices:
    """Of the gradient of a weight: the slopes of its unit, what came in, the penalty's part."""
    unit, source = reading.element.unit, reading.element.input
    if slot.letter == "W":
        return [(unit, source)]
    column = unit if slot.name.startswith("d") and slot.letter == "Z" else source
    return [(s, column) for s in range(slot.shape[0])]


def _judged(reading: Reading, slot: Slot) -> Indices:
    """Of the slope of a cost: output and target; with softmax all targets of the sample."""
    fusion = reading.machine.model.fusion
    joint = fusion is not None and fusion.joint and slot.name == "Y"
    return _row(reading, slot) if joint else _same(reading, slot)


def _unit_row(reading: Reading, slot: Slot) -> Indices:
    """The other weights of the unit."""
    return [(reading.element.unit, i) for i in range(slot.shape[1])]


def _none(reading: Reading, slot: Slot) -> Indices:
    return []


def _of_joint_output(reading: Reading, slot: Slot) -> Indices:
    """Of an output that is computed together with the cost: it has nothing to do with the target, nor
    with how much the sample counts."""
    return [] if slot.name in ("Y", "w") else _bent(reading, slot)


_BY_PARAMETER = (OpKind.UPDATE, OpKind.CLIP, OpKind.SCALE_DOWN, OpKind.PENALTY_GRADIENT)
"""Operations over all parameters, each of which is made of numbers of its own."""

_RULES: dict[OpKind, Choose] = {
    OpKind.PSEUDO_LABELS: _none,
    OpKind.LOAD: _none,
    OpKind.AFFINE: _weighted,
    OpKind.MEAN: _sharing,
    OpKind.VARIANCE: _sharing,
    OpKind.NORMALIZE: _same,
    OpKind.SCALE: _same,
    OpKind.ACTIVATION: _bent,
    OpKind.MASK: _none,
    OpKind.DROPOUT: _same,
    OpKind.COST: _every,
    OpKind.PENALTY: _every,
    OpKind.TOTAL: _same,
    OpKind.COST_GRADIENT: _same,
    OpKind.DROPOUT_GRADIENT: _same,
    OpKind.ACTIVATION_GRADIENT: _bent,
    OpKind.FUSED_GRADIENT: _judged,
    OpKind.SCALE_GRADIENT: _column,
    OpKind.SHIFT_GRADIENT: _column,
    OpKind.NORMALIZED_GRADIENT: _same,
    OpKind.NORMALIZE_GRADIENT: _sharing,
    OpKind.WEIGHT_GRADIENT: _of_weight,
    OpKind.BIAS_GRADIENT: _column,
    OpKind.INPUT_GRADIENT: _handed_back,
    OpKind.SCHEDULE: _same,
    OpKind.GRADIENT_NORM: _every,
    OpKind.MAX_NORM: _unit_row,
    OpKind.RUNNING: _same,
}
