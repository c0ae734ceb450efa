"""Labelling: at the beginning of an epoch the rows without a target are lent the class the network is sure of."""

from collections.abc import Callable
from functools import partial

import numpy as np

from nnstudio.engine.arena import Arena
from nnstudio.engine.batches import Batches
from nnstudio.engine.pseudo_labels import Unlabelled, choose

from .operation import Op, OpKind, Phase

Predict = Callable[[np.ndarray, np.ndarray], object]


def label(store: Arena, batches: Batches, unlabelled: Unlabelled, predict: Predict, parameters: tuple[str, ...]) -> Op:
    """Q, T, s ← pseudo-labels, before the first mini-batch of an epoch; before the others it has nothing to do.

    `predict` writes the network's outputs for the inputs it is given first into the array it is given second.
    """
    run = partial(_label, batches, unlabelled, predict, store["Q"], store["T"], store["s"])
    label = f"Q, T, s ← pseudo-labels (≥ {unlabelled.confidence:g})"
    return Op(OpKind.PSEUDO_LABELS, Phase.LOAD, None, label, "", parameters, ("Q", "T", "s"), run)


def _label(
    batches: Batches, unlabelled: Unlabelled, predict: Predict, Q: np.ndarray, T: np.ndarray, s: np.ndarray
) -> None:
    if not batches.at_epoch_end:
        return
    predict(unlabelled.X, Q)
    if batches.epoch + 1 >= unlabelled.from_epoch:
        choose(Q, T, s, unlabelled.confidence)
    batches.begin_epoch(s)
