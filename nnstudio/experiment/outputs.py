"""The output layer follows the data: one unit a target column, and an activation and a cost that suit the targets."""

from dataclasses import replace
from enum import StrEnum
from math import inf

import numpy as np

from nnstudio.data.preparation import PreparedData, Task
from nnstudio.engine.activations import activation
from nnstudio.engine.spec import LayerSpec

from .document import Experiment
from .edits import with_layers


class Nature(StrEnum):
    """What the targets are: one column a class, a single column of 0 and 1, or any numbers."""

    CLASSES = "classes"
    BINARY = "binary"
    VALUES = "values"


_USUAL = {
    Nature.CLASSES: ("softmax", "cross_entropy"),
    Nature.BINARY: ("sigmoid", "binary_cross_entropy"),
    Nature.VALUES: ("identity", "half_mse"),
}


def nature(data: PreparedData) -> Nature:
    """What the targets of these data are."""
    if data.task is Task.CLASSES:
        return Nature.CLASSES
    if data.autoencoder:
        return Nature.VALUES
    Y = data.train.Y
    binary = Y.shape[1] == 1 and bool(np.isin(Y, (0.0, 1.0)).all()) and np.ptp(Y) > 0
    return Nature.BINARY if binary else Nature.VALUES


def class_names(data: PreparedData) -> tuple[str, ...]:
    """The names of the classes, none for values; one column of 0 and 1 has two."""
    kind = nature(data)
    if kind is Nature.BINARY:
        return f"{data.target_names[0]} = 0", f"{data.target_names[0]} = 1"
    return data.classes if kind is Nature.CLASSES else ()


def weighed_classes(data: PreparedData) -> tuple[str, ...]:
    """The classes as their weights name them, none for values; one column of 0 and 1 has these two."""
    kind = nature(data)
    return ("0", "1") if kind is Nature.BINARY else data.classes if kind is Nature.CLASSES else ()


def fit_output(experiment: Experiment, outputs: int, nature: Nature) -> Experiment:
    """The experiment with as many output units as there are target columns, and with the usual last activation and
    cost for such targets where its own would not suit them."""
    layers = experiment.network.layers or (LayerSpec(outputs),)
    last, cost = layers[-1], experiment.cost
    sigma = last.activation
    if not _suits(sigma, cost, nature):
        sigma, cost = _USUAL[nature]
    fitted = replace(last, units=outputs, activation=sigma)
    return replace(with_layers(experiment, (*layers[:-1], fitted)), cost=cost)


def _suits(sigma: str, cost: str, nature: Nature) -> bool:
    if nature is Nature.CLASSES:
        return cost in ("cross_entropy", "binary_cross_entropy")
    if nature is Nature.BINARY:
        return cost != "cross_entropy" and sigma not in ("softmax", "identity")
    low, high = activation(sigma).range
    return cost not in ("cross_entropy", "binary_cross_entropy") and low == -inf and high == inf
