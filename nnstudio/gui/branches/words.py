"""Branches in words: where two of them part, and how each stands."""

from nnstudio.explain.numbers import count, short
from nnstudio.explain.symbols import element_symbol, label_text, of_sample
from nnstudio.gui.moment_words import moment_words
from nnstudio.training.branches import Comparison, Parting
from nnstudio.training.keyframes import MEGABYTE

from .lanes import Lane, Lanes

_ALL_DIGITS = 17


def answer(comparison: Comparison, per_epoch: int) -> str:
    """Where they part, in one or two sentences."""
    parting = comparison.parting
    if parting is None:
        return (
            f"They do not part: all values that {count(comparison.operations)} operations wrote are the same byte for "
            f"byte, from {moment_words(comparison.begin, per_epoch)} to {moment_words(comparison.end, per_epoch)}."
        )
    where = f"epoch {count(parting.epoch)}, mini-batch {count(parting.batch)}"
    one, other = told_apart(parting.value, parting.other_value)
    said = (
        f"They part in {where}, at {label_text(parting.op.label)}: {element(parting)} is {one}, in the branch {other}"
    )
    if parting.op.label != parting.other_op.label:
        return f"{said}, by {label_text(parting.other_op.label)}."
    return f"{said}."


def element(parting: Parting) -> str:
    """W¹₂₃; a¹₂ of sample 3."""
    slot, index = parting.slot, parting.index
    symbol = element_symbol(slot, index)
    return f"{symbol} of sample {index[0] + 1}" if of_sample(slot, index) else symbol


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to see that they differ, at least 4; 0 and −0 are two."""
    for digits in range(4, _ALL_DIGITS + 1):
        texts = short(one, digits), short(other, digits)
        if texts[0] != texts[1]:
            return texts
    return texts


def standing(lane: Lane) -> str:
    """epoch 45 · accuracy 97.5 %"""
    value = "—" if lane.value != lane.value else short(lane.value, 3)
    if lane.metric.is_percentage and lane.value == lane.value:
        value = f"{100 * lane.value:.1f} %"
    return f"epoch {count(lane.epoch)} · {lane.metric.value} {value}"


def forked(lanes: Lanes) -> str:
    """Where the fork is."""
    return f"Forked at {moment_words(lanes.moment, lanes.per_epoch)}"


def memory(lanes: Lanes) -> str:
    return f"{lanes.nbytes / MEGABYTE:.1f} MB"
