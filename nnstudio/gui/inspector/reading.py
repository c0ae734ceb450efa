"""What the inspector reads off a machine: how a value stands, and one number with all that belongs to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from nnstudio.engine.arena import Role, Slot
from nnstudio.engine.machine import Freshness, Machine
from nnstudio.explain.numbers import count, fixed
from nnstudio.gui.selection import Chosen
from nnstudio.gui.theme import Theme
from nnstudio.training.run import Run

from .block import Block, Index, index_for, symbol
from .cell_text import UNKNOWN
from .number_page import Number, Related
from .words import Names, element_words, origin

_UNITS = ("Z", "H", "N", "A", "M", "D")
"""The letters of what a unit computes for a sample, in the order it does."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a slot's value stands to the operation at hand."""

    freshness: Freshness
    known: bool
    """Whether there is a number to show at all."""
    faded: bool
    """Whether it is of an earlier moment."""
    origin: str


def standing(machine: Machine, slot: str) -> Standing:
    freshness, known, faded = _freshness(machine, slot)
    writer = machine.program.writer.get(slot)
    op = None if writer is None else machine.program.ops[writer]
    says = origin(freshness if known else Freshness.UNKNOWN, op, (writer or 0) + 1)
    by_hand = len(machine.set_elements(slot)) if freshness is Freshness.FRESH else 0
    return Standing(freshness, known, faded, f"{says}; {count(by_hand)} set by hand" if by_hand else says)


def sample_labels(run: Run, block: Block, fresh: bool) -> list[str]:
    """The row number in the data (from 1) of each sample; none where the rows are of another mini-batch. Rows without a
    target are always the same."""
    rows = run.machine.unlabelled_rows if block.slot.role is Role.PSEUDO_LABEL else run.machine.rows
    if not (block.numbered and fresh and len(rows) == block.rows):
        return []
    return [str(row) for row in (rows + 1).tolist()]


def number(run: Run, slot: Slot, chosen: Chosen, decimals: int, theme: Theme, *, settable: bool) -> Number:
    """The chosen element of a slot, or its first, and whether it can be set (while paused)."""
    machine = run.machine
    block = Block(slot)
    index = index_for(slot, chosen.index if chosen.slot == slot.name else None, chosen.sample)
    value, faded = _element(machine, slot.name, index)
    families = run.experiment.optimizer.families
    names = Names(machine.model.depth, run.data.input_names, run.data.target_names, families)
    return Number(
        symbol(slot.name, index),
        element_words(slot, index, names),
        UNKNOWN if value is None else repr(value).replace("-", "−"),
        faded,
        tuple(_related(machine, slot, index, decimals, theme)),
        _sample_words(run, block, index),
        settable,
    )


def _freshness(machine: Machine, slot: str) -> tuple[Freshness, bool, bool]:
    freshness = machine.freshness(slot)
    known = freshness is not Freshness.UNKNOWN
    return freshness, known, freshness in (Freshness.STALE, Freshness.NEXT)


def _element(machine: Machine, slot: str, index: Index) -> tuple[float | None, bool]:
    _, known, faded = _freshness(machine, slot)
    return (float(machine.value(slot)[index]) if known else None), faded


def _related(machine: Machine, slot: Slot, index: Index, decimals: int, theme: Theme) -> Iterator[Related]:
    for name in _kin(machine, slot):
        value, faded = _element(machine, name, index)
        exact = UNKNOWN if value is None else repr(value).replace("-", "−")
        text = UNKNOWN if value is None else fixed(value, decimals)
        colour = theme.stale if faded else theme.role(machine.slot(name).role).name()
        yield Related(name, index, symbol(name, index), text, exact, colour, faded)


def _kin(machine: Machine, slot: Slot) -> list[str]:
    """The slots whose element of the same index belongs to it: for a weight its gradients and the optimizer's states,
    for a neuron's output its weighted sum and the gradients of both."""
    base = slot.of or slot.name
    arena = machine.program.arena
    if base in machine.model.parameters:
        states = machine.model.spec.optimizer.state_families
        names = [f"{prefix}{base}" for prefix in ("", "d", "dP", "cd", "nd", *states)]
    elif slot.letter in _UNITS and slot.layer:
        names = [f"{letter}{slot.layer}" for letter in _UNITS]
        names += [f"d{name}" for name in reversed(names)]
    elif base == "Y":
        names = [machine.model.output]
    else:
        names = []
    return [name for name in names if name in arena and name != slot.name]


def _sample_words(run: Run, block: Block, index: Index) -> str | None:
    if not block.numbered:
        return None
    place = f"{index[0] + 1} of {block.rows}"
    rows = run.machine.rows if block.sampled else run.machine.unlabelled_rows
    if len(rows) != block.rows:
        return f"sample {place}"
    return f"row {int(rows[index[0]]) + 1} · {place}"
