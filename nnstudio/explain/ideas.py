"""What an operation is for, in a sentence or two, and the picture that goes with it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from nnstudio.engine.ops import OpKind

from .reading import Reading


class Sketch(StrEnum):
    """Small pictures, each of one thought, and what is to be seen there."""

    BATCH = "A few rows are taken out of a table"
    NEURON = "Arrows of different strength meet in a neuron"
    CURVE = "A sum goes in below, what the curve makes of it comes out at the side"
    SPREAD = "Numbers that lie far off and wide are brought round 0"
    DROPOUT = "Some neurons of a layer are crossed out"
    GAPS = "Targets, predictions, and how far apart they are"
    ADDING = "Bars put on top of each other"
    PULL = "Weights are pulled towards 0"
    BACK = "An arrow runs back from the cost through the layers"
    SLOPE = "A curve and its tangent"
    SAMPLES = "Arrows of single samples, and the one they add up to"
    CUT = "A long arrow is cut off"
    DOWNHILL = "A step down the slope of the cost"
    FALLING = "A learning rate over the epochs"


@dataclass(frozen=True, slots=True)
class Idea:
    text: str
    sketch: Sketch


def idea_of(reading: Reading) -> Idea:
    """The operation's idea; of a choice of the experiment (an activation, a cost, an optimizer) with what is special
    about it, and of samples with weights what these do."""
    kind = reading.op.kind
    text, sketch = _IDEAS[kind]
    more = _MORE[kind](reading) if kind in _MORE else ""
    weights = _WEIGHTS.get(kind, "") if reading.weighted else ""
    return Idea(" ".join(filter(None, (text, more, weights))), sketch)


_IDEAS: dict[OpKind, tuple[str, Sketch]] = {
    OpKind.PSEUDO_LABELS: (
        "Rows without a target are predicted; where the network is sure, its own prediction becomes their target.",
        Sketch.BATCH,
    ),
    OpKind.LOAD: (
        "The network learns from a few samples at a time, the mini-batch: their average points about where all would.",
        Sketch.BATCH,
    ),
    OpKind.AFFINE: (
        "Each neuron listens to all neurons before it. A weight says how much one of them counts, and in which "
        "direction; the bias says how easily the neuron fires.",
        Sketch.NEURON,
    ),
    OpKind.MEAN: ("Where do a layer’s sums lie? Their mean says around which number.", Sketch.SPREAD),
    OpKind.VARIANCE: ("How far do a layer’s sums spread? Their variance says how far from the mean.", Sketch.SPREAD),
    OpKind.NORMALIZE: (
        "Wherever the weights have drifted, the sums are brought back to mean 0 and variance 1, where activations "
        "bend best.",
        Sketch.SPREAD,
    ),
    OpKind.SCALE: ("Each neuron may widen and shift what was normalized, if that serves the cost.", Sketch.SPREAD),
    OpKind.ACTIVATION: (
        "The activation bends the sum. Without it, layers on top of each other would be no more than one.",
        Sketch.CURVE,
    ),
    OpKind.MASK: ("Chance decides which neurons take part this time.", Sketch.DROPOUT),
    OpKind.DROPOUT: (
        "Neurons that are left out say nothing, so no neuron can rely on a single other one.",
        Sketch.DROPOUT,
    ),
    OpKind.FUSED: (
        "The outputs become probabilities, and the cost is how surprised they are by the true class.",
        Sketch.GAPS,
    ),
    OpKind.COST: ("One number says how wrong the network is: 0 would be perfect.", Sketch.GAPS),
    OpKind.PENALTY: (
        "Large weights cost something too, so the network only makes them large where that pays.",
        Sketch.PULL,
    ),
    OpKind.TOTAL: ("What the errors cost and what the weights cost: learning makes their sum small.", Sketch.ADDING),
    OpKind.COST_GRADIENT: (
        "If this output were a little larger, would the cost rise or fall, and how fast? Here backpropagation begins.",
        Sketch.SLOPE,
    ),
    OpKind.DROPOUT_GRADIENT: ("What took no part has no part in the cost: its slope is 0.", Sketch.DROPOUT),
    OpKind.ACTIVATION_GRADIENT: (
        "The chain rule through the curve: how much the cost depends on the output, times how steep the activation is "
        "there. Where the curve is flat, nothing flows back.",
        Sketch.SLOPE,
    ),
    OpKind.FUSED_GRADIENT: (
        "Cost and activation fit each other so well that the slope of both is the difference of prediction and target.",
        Sketch.GAPS,
    ),
    OpKind.SCALE_GRADIENT: (
        "How the cost changes with a neuron’s scale: every sample has a say, and their slopes are summed.",
        Sketch.SAMPLES,
    ),
    OpKind.SHIFT_GRADIENT: (
        "How the cost changes with a neuron’s shift: every sample has a say, and their slopes are summed.",
        Sketch.SAMPLES,
    ),
    OpKind.NORMALIZED_GRADIENT: (
        "The slope runs back through the scale, which makes it larger or smaller.",
        Sketch.BACK,
    ),
    OpKind.NORMALIZE_GRADIENT: (
        "Each sum has moved the mean and the variance as well, so its slope is made of those of all that share them.",
        Sketch.BACK,
    ),
    OpKind.PENALTY_GRADIENT: ("How the penalty changes with each weight: always away from 0.", Sketch.PULL),
    OpKind.WEIGHT_GRADIENT: (
        "How the cost changes with a weight: what came in through it, times the slope of where it went. Every sample "
        "pulls in its own direction; the gradient is the sum.",
        Sketch.SAMPLES,
    ),
    OpKind.BIAS_GRADIENT: (
        "How the cost changes with a bias: the slopes of its neuron’s sum, over all samples.",
        Sketch.SAMPLES,
    ),
    OpKind.INPUT_GRADIENT: (
        "The error runs back along the same weights: each neuron gets the slopes of all that listened to it, as much "
        "as they listened.",
        Sketch.BACK,
    ),
    OpKind.CLIP: ("A gradient that is too large in one direction is cut off there.", Sketch.CUT),
    OpKind.GRADIENT_NORM: ("How long is the whole gradient, over all parameters at once?", Sketch.CUT),
    OpKind.SCALE_DOWN: ("A gradient that is too long is shortened; it keeps its direction.", Sketch.CUT),
    OpKind.SCHEDULE: ("How long the steps are may change while training goes on.", Sketch.FALLING),
    OpKind.UPDATE: (
        "The gradient points uphill, so each parameter takes a step the other way. The learning rate says how far.",
        Sketch.DOWNHILL,
    ),
    OpKind.MAX_NORM: ("A neuron’s weights may not grow beyond a length together; they are cut back to it.", Sketch.CUT),
    OpKind.RUNNING: (
        "For predicting there may be no mini-batch, so mean and variance are remembered, the newest counting most.",
        Sketch.SPREAD,
    ),
}


def _activation(reading: Reading) -> str:
    sigma = reading.machine.model.activations[reading.layer - 1]
    return f"{sigma.title[:1].upper()}{sigma.title[1:]}: {sigma.summary[0].lower()}{sigma.summary[1:]}"


def _cost(reading: Reading) -> str:
    cost = reading.machine.model.cost
    return f"{cost.title[:1].upper()}{cost.title[1:]}: {cost.summary[0].lower()}{cost.summary[1:]}"


def _optimizer(reading: Reading) -> str:
    return reading.machine.model.spec.optimizer.summary


_MORE: dict[OpKind, Callable[[Reading], str]] = {
    OpKind.ACTIVATION: _activation,
    OpKind.COST: _cost,
    OpKind.UPDATE: _optimizer,
    OpKind.SCHEDULE: lambda reading: reading.machine.model.spec.schedule.summary,
}
_COUNTED = (
    "Each sample counts as many times as its weight w says, a rare or a trusted one more than others; the sum is still "
    "divided by the number of samples."
)
_STEEPER = "The slope of a sample is w times as steep: one that counts more pulls harder."
_WEIGHTS = {
    OpKind.LOAD: "How much each of them counts comes with it.",
    OpKind.COST: _COUNTED,
    OpKind.FUSED: _COUNTED,
    OpKind.COST_GRADIENT: _STEEPER,
    OpKind.FUSED_GRADIENT: _STEEPER,
}
