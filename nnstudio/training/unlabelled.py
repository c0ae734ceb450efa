"""Rows without a target as a run learns from them, and for which experiments that has a meaning.

A pseudo-label is a class the network is sure of, so its outputs must be probabilities: softmax with cross-entropy for
classes, or sigmoid with binary cross-entropy for a single column of 0 and 1.
"""

import numpy as np

from nnstudio.data.preparation import PreparedData
from nnstudio.data.spec import MissingUse
from nnstudio.engine.pseudo_labels import Unlabelled
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.errors import ExperimentError
from nnstudio.experiment.outputs import Nature, nature

_SURE = {Nature.CLASSES: ("softmax", "cross_entropy"), Nature.BINARY: ("sigmoid", "binary_cross_entropy")}


def unlabelled_of(experiment: Experiment, data: PreparedData) -> Unlabelled | None:
    """The rows that pseudo-labels are for; None where there are none, or they are left out."""
    missing = experiment.data.missing_targets
    if missing.use is not MissingUse.PSEUDO_LABELS or not len(data.unlabelled.X):
        return None
    return Unlabelled(data.unlabelled.X, missing.from_epoch, missing.confidence)


def validate_unlabelled(experiment: Experiment, data: PreparedData) -> None:
    """Raise an ExperimentError if pseudo-labels are asked for where there is no class to be sure of."""
    if unlabelled_of(experiment, data) is None:
        return
    kind = nature(data)
    if kind is Nature.VALUES:
        raise ExperimentError(
            f"pseudo-labels are for classes: {_why_no_classes(data)}, or set missing_targets to leave_out"
        )
    last, cost = experiment.network.layers[-1].activation, experiment.cost
    if (last, cost) != _SURE[kind]:
        sigma, suited = _SURE[kind]
        raise ExperimentError(
            f"pseudo-labels need the probability of each class, which {last} with {cost} does not give; "
            f"use {sigma} with {suited}, or set missing_targets to leave_out"
        )


def _why_no_classes(data: PreparedData) -> str:
    """What the targets are instead, and what to do if they were meant as classes."""
    Y = data.train.Y
    if Y.shape[1] == 1 and bool(np.isin(Y, (0.0, 1.0)).all()):
        return f"'{data.target_names[0]}' is {Y[0, 0]:g} in every training row; fill in targets of the other class"
    return "these targets are values; set target_kind to classes if their numbers stand for classes"
