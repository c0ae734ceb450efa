"""Pseudo-labels: what the network itself says about rows that have no target.

Inputs are cheap and targets are dear: somebody has to say what a picture shows. Often there are few rows with a target
and many without, and to learn from both is called *semi-supervised* learning. The simplest way (D.-H. Lee, 2013,
*Pseudo-Label*): at the beginning of each epoch the network predicts the rows without a target, and those of which it is
sure are learned from in this epoch as if the predicted class were their target.

What that does: where rows lie densely, the sureness of a few spreads to their neighbours, and the border between two
classes moves to where there are none. What it cannot do is find out that it is wrong: a network learns from its own
mistakes just as gladly. So it waits for some epochs, and asks for much confidence.
"""

from dataclasses import dataclass

import numpy as np

from .arena import Arena, Role, Slot


@dataclass(frozen=True, slots=True, eq=False)
class Unlabelled:
    """Rows without a target: X (u × inputs), the first epoch (from 1) they may be learned from, and the probability
    their most probable class must have for that, at least."""

    X: np.ndarray
    from_epoch: int
    confidence: float


def lay_out(store: Arena, T: np.ndarray) -> None:
    """The slots of u rows without a target and K classes: `Q` (u × K), their predicted probabilities; `T` (u × K), the
    targets they are lent, laid over the given array; and `s` (u,), 1 for those the network is sure of and learns from.
    A row that is not learned from has zeros in T."""
    rows, outputs = T.shape
    store.add("predicted", (Slot("Q", Role.PSEUDO_LABEL, (rows, outputs)), Slot("s", Role.PSEUDO_LABEL, (rows,))))
    store.lay_over("lent targets", Slot("T", Role.PSEUDO_LABEL, (rows, outputs)), T)


def choose(Q: np.ndarray, T: np.ndarray, s: np.ndarray, confidence: float) -> None:
    """Write T and s for the probabilities Q: a single column is the probability of class 1."""
    if Q.shape[1] == 1:
        probability, ones = Q[:, 0], Q[:, 0] >= 0.5
        sure = np.maximum(probability, 1 - probability) >= confidence
        T[:, 0] = ones & sure
    else:
        sure = Q.max(axis=1) >= confidence
        T.fill(0)
        T[sure, Q.argmax(axis=1)[sure]] = 1
    s[...] = sure
