"""Pseudo-labels: which class a row without a target is lent, and whether the network is sure enough of it."""

import numpy as np

from nnstudio.engine.pseudo_labels import Unlabelled

from .explanation import Explanation, Formula
from .numbers import count
from .reading import Reading
from .writing import Kind, Math, equals, formula, joined, number, parenthesized

_MOST_CLASSES = 4


def label(reading: Reading) -> Explanation:
    """t = 1 for the likeliest class k where qₖ ≥ c, else 0."""
    unlabelled = reading.machine.unlabelled
    assert unlabelled is not None
    rule = _rule(unlabelled, reading.outputs)
    if not reading.ran:
        return Explanation(_to_come(reading, unlabelled), (rule,))
    return Explanation(_done(reading, unlabelled), (rule, _example(reading, unlabelled)))


def _to_come(reading: Reading, unlabelled: Unlabelled) -> str:
    batches = reading.machine.batches
    if not batches.at_epoch_end:
        return f"pseudo-labels are lent at the beginning of an epoch; those of epoch {count(batches.epoch)} still hold"
    return f"epoch {count(batches.epoch + 1)} begins: {_aim(batches.epoch + 1, unlabelled)}"


def _done(reading: Reading, unlabelled: Unlabelled) -> str:
    machine = reading.machine
    epoch = machine.batches.epoch
    if epoch < unlabelled.from_epoch:
        return f"epoch {count(epoch)}: {_aim(epoch, unlabelled)}"
    sure = f"{count(machine.pseudo_labelled)} of {count(len(unlabelled.X))} rows without a target"
    return f"in epoch {count(epoch)} the network is sure of {sure}, and learns from them"


def _aim(epoch: int, unlabelled: Unlabelled) -> str:
    """What is done with the rows without a target in this epoch."""
    rows = f"{count(len(unlabelled.X))} rows without a target"
    if epoch < unlabelled.from_epoch:
        return f"{rows} are predicted; from epoch {count(unlabelled.from_epoch)} on they are learned from"
    return f"{rows} are predicted, and learned from where the network is sure"


def _rule(unlabelled: Unlabelled, outputs: int) -> Formula:
    c = f"{unlabelled.confidence:g}"
    if outputs == 1:
        return Formula(
            f'$load(t) = cases(1 quad & "if" load(q) >= {c}, 0 & "if" load(q) <= 1 - {c}, "none" & "else")$',
            f"t = 1 if q ≥ {c}, 0 if q ≤ 1 − {c}, else none",
        )
    return Formula(
        f'$load(t_k) = cases(1 quad & "if" load(q_k) "is largest and" >= {c}, 0 & "else")$',
        f"tₖ = 1 if qₖ is largest and ≥ {c}, else 0",
    )


def _example(reading: Reading, unlabelled: Unlabelled) -> Formula:
    """The row of which the network is least sure among those it learns from; else the surest of all."""
    machine = reading.machine
    Q, T, sure = (reading.array(slot) for slot in ("Q", "T", "s"))
    confidence = np.maximum(Q, 1 - Q)[:, 0] if Q.shape[1] == 1 else Q.max(axis=1)
    row = int(np.argmin(np.where(sure > 0, confidence, np.inf))) if sure.any() else int(np.argmax(confidence))
    lent = _vector(T[row], 0) if sure[row] else Math('"none"', "none")
    q, t = (Math(f"load({letter})", letter) for letter in "qt")
    return formula(
        equals(q, _vector(Q[row], reading.decimals)),
        equals(t, lent),
        caption=f"Row {machine.unlabelled_rows[row] + 1}, {'the least sure' if sure.any() else 'the surest'}",
    )


def _vector(values: np.ndarray, decimals: int) -> Math:
    """(0.0012, 0.9988); the first few of many classes."""
    parts = [number(float(value), decimals).coloured(Kind.LOAD) for value in values[:_MOST_CLASSES]]
    if len(values) > _MOST_CLASSES:
        parts.append(Math("dots.h", "…"))
    whole = joined(parts, ", ", ", ")
    return parenthesized(whole) if len(parts) > 1 else whole
