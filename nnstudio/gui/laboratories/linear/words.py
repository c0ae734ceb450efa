"""What is found of linear and other networks, in sentences."""

from collections.abc import Mapping
from math import isnan

from nnstudio.data.preparation import PartName
from nnstudio.engine.activations import activation
from nnstudio.experiment.outputs import Nature
from nnstudio.explain.numbers import short
from nnstudio.training.metrics import Metric

from .state import LinearState, Way

PURPOSE = "The same data, seed and settings, with the bends of the activations and without them."
DEEP = "A deep linear network is one linear map: its matrices, multiplied, are a single one."
TRAINED = "Trained without bends"
PREPARED = "Trained without bends (on prepared inputs, which W and b are of)"
STANDARDIZED = "Trained without bends (on standardized columns, which W and b are of)"
TOO_LARGE = "The matrices of this network are too large to be read here."
SQUARES = {
    Nature.VALUES: "the best W x + b, without training",
    Nature.BINARY: "W x + b fitted to 0 and 1; ½ parts the classes",
    Nature.CLASSES: "W x + b fitted to one-hot targets; the largest wins",
}


def about(state: LinearState, way: Way, nature: Nature) -> str:
    """What a way is."""
    if way is Way.SQUARES:
        return SQUARES[nature]
    if state.experiment is None:
        return "its activations" if way is Way.BENT else "the identity in their place"
    hidden = [layer.activation for layer in state.experiment_of(way).network.layers[:-1]]
    last = state.experiment_of(way).network.layers[-1].activation
    if way is Way.LINEAR:
        return f"hidden: identity, output: {_title(last)}" if hidden else "no hidden layer"
    return f"hidden: {', '.join(map(_title, hidden[:3]))}{' …' if len(hidden) > 3 else ''}"


def measured(metrics: Mapping[PartName, float], metric: Metric) -> str:
    """How good it is, by the training rows."""
    return f"{metric.value} {_value(metrics[PartName.TRAINING], metric)}" if metrics else ""


def validated(metrics: Mapping[PartName, float], metric: Metric) -> str:
    """How good it is by the rows kept for validation; nothing without any."""
    return f"validation {_value(metrics[PartName.VALIDATION], metric)} · " if PartName.VALIDATION in metrics else ""


def _value(value: float, metric: Metric) -> str:
    if isnan(value):
        return "—"
    return f"{100 * value:.1f} %" if metric.is_percentage else short(value, 3)


def _title(name: str) -> str:
    title: str = activation(name).title
    return title
