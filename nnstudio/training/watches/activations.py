"""Watches of what the layers put out."""

from collections.abc import Iterator
from itertools import pairwise
from math import inf

import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.engine.ops.wiring import preactivations_of, units_of
from nnstudio.training.conditions.functions import SATURATED_OUTSIDE, share_outside
from nnstudio.training.history import History

from .watch import SAGEMAKER, SLACK, UMLAUT, Measured, Scene, Side, Threshold, Watch, When, layers_with

_RELUS = ("relu", "relu6")
_CHUNK = 1024
_FEW = 1000
"""As many numbers are sorted before one has found where to part them."""


class DeadRelu(Watch):
    """The share of a layer's units that put out 0 for every row of the training set, found by predicting them all."""

    name = "dead_relu"
    title = "Dead ReLU"
    explanation = (
        "Units of a ReLU layer put out 0 for every row of the training set: their slope is 0, so they never learn "
        "again. A smaller learning rate, He initialization or leaky ReLU help."
    )
    source = SAGEMAKER.format("DeadRelu")
    thresholds = (Threshold("share", "dead units", Side.AT_LEAST, 50.0, "%", 0.0, 100.0),)
    when = When.EPOCH

    def problem(self, machine: Machine, history: History) -> str | None:
        return None if layers_with(machine, _RELUS.__contains__) else "No layer has ReLU as its activation."

    def multiplications(self, machine: Machine) -> int:
        return machine.labelled * sum(machine.model.store[name].size for name in machine.model.parameters)

    def measure(self, scene: Scene) -> Iterator[Measured]:
        layers = layers_with(scene.machine, _RELUS.__contains__)
        for layer, alive in zip(layers, _alive(scene.machine, layers), strict=True):
            yield Measured(0, 100.0 * float(1 - np.count_nonzero(alive) / alive.size), layer, f"A{layer}")


class Saturation(Watch):
    """The share of a layer's numbers for the mini-batch whose weighted sum lies where the slope is all but 0."""

    name = "saturation"
    title = "Saturated sigmoid or tanh"
    explanation = (
        "The weighted sums of a layer lie so far out that its activation is flat there: sigmoid outside of −23 to 17, "
        "tanh outside of −9.5 to 9.5. Hardly any gradient comes through; smaller weights or standardized inputs help."
    )
    source = SAGEMAKER.format("SaturatedActivation")
    thresholds = (Threshold("share", "saturated outputs", Side.AT_LEAST, 50.0, "%", 0.0, 100.0),)

    def problem(self, machine: Machine, history: History) -> str | None:
        able = layers_with(machine, SATURATED_OUTSIDE.__contains__)
        return None if able else "No layer has sigmoid or tanh as its activation."

    def sound(self, scene: Scene, levels: tuple[float, ...]) -> bool:
        """At most Σx² / limit² numbers lie beyond the limit (Chebyshev)."""
        (level,) = levels
        for layer, limit in self._limits(scene):
            flat = scene.flat(preactivations_of(scene.machine.program.arena, layer))
            if not SLACK * 100 * flat.dot(flat) < level * flat.size * limit * limit:
                return False
        return True

    def _limits(self, scene: Scene) -> list[tuple[int, float]]:
        """By layer the limit that is nearer to 0."""
        if "limits" not in scene.kept:
            layers, able = scene.machine.model.spec.network.layers, SATURATED_OUTSIDE
            found = layers_with(scene.machine, able.__contains__)
            scene.kept["limits"] = [(n, min(map(abs, able[layers[n - 1].activation]))) for n in found]
        limits: list[tuple[int, float]] = scene.kept["limits"]
        return limits

    def measure(self, scene: Scene) -> Iterator[Measured]:
        for layer in layers_with(scene.machine, SATURATED_OUTSIDE.__contains__):
            limits = SATURATED_OUTSIDE[scene.machine.model.spec.network.layers[layer - 1].activation]
            sums = preactivations_of(scene.machine.program.arena, layer)
            if scene.knows(sums):
                yield Measured(0, 100.0 * float(share_outside(*limits)(scene.value(sums))), layer, sums)


class PoorInitialization(Watch):
    """The ratio of the variances that neighbouring hidden layers put out, larger to smaller; and how far apart the 5th
    and the 95th percentile of a layer's gradient lie."""

    name = "poor_initialization"
    title = "Poor initialization"
    explanation = (
        "From layer to layer the outputs spread far more or far less, or all gradients of a layer are nearly the same: "
        "the initial weights are too large, too small or too alike. He for ReLU and Xavier for tanh keep the spread."
    )
    source = f"{SAGEMAKER.format('PoorWeightInitialization')}; {UMLAUT}"
    thresholds = (
        Threshold("variances", "ratio of output variances", Side.ABOVE, 10.0, least=1.0, running=5),
        Threshold("spread", "spread of ∂J/∂W", Side.BELOW, 1e-3, running=5),
    )
    remembers = 5

    def sound(self, scene: Scene, levels: tuple[float, ...]) -> bool:
        most, least = levels
        variances = [_variance(scene.flat(slot)) for slot in scene.names("A")[:-1]]
        even = all(SLACK * max(pair) <= most * min(pair) and min(pair) > 0 for pair in pairwise(variances))
        return even and all(spread(scene.flat(slot)) >= SLACK * least for slot in scene.names("dW"))

    def measure(self, scene: Scene) -> Iterator[Measured]:
        hidden = [layer for layer in scene.layers_knowing("A") if layer < scene.machine.model.depth]
        variances = {layer: float(np.var(scene.value(units_of(layer)))) for layer in hidden}
        for layer in hidden[1:]:
            high, low = sorted((variances[layer], variances[layer - 1]), reverse=True)
            ratio = high / low if low else inf if high else 1.0
            yield Measured(0, ratio, layer, units_of(layer))
        for layer in scene.layers_knowing("dW"):
            yield Measured(1, spread(scene.flat(f"dW{layer}")), layer, f"dW{layer}")


def _variance(flat: np.ndarray) -> float:
    """As np.var, in a third of the time."""
    apart = flat - flat.sum() / flat.size
    return float(apart.dot(apart)) / flat.size


def spread(flat: np.ndarray) -> float:
    """From the 5th percentile to the 95th, as np.percentile has them, in a tenth of the time; NaN if one is there."""
    last = flat.size - 1
    low = int(0.05 * last)
    share, next_ = 0.05 * last - low, min(low + 1, last)
    places = {low, next_, last - low, last - next_, last}
    ordered = np.sort(flat) if last < _FEW else np.partition(flat, sorted(places))
    number = ordered.item
    least = number(low) + share * (number(next_) - number(low))
    most = number(last - low) - share * (number(last - low) - number(last - next_))
    return float(most - least + 0 * number(last))  # a NaN is the last


def _alive(machine: Machine, layers: list[int]) -> list[np.ndarray]:
    """Of each of these layers, which units put out anything but 0 for some row."""
    model = machine.model
    alive = [np.zeros(model.spec.network.layers[layer - 1].units, np.bool_) for layer in layers]
    for start in range(0, machine.labelled, _CHUNK):
        rows = machine.X[start : min(start + _CHUNK, machine.labelled)]
        program = model.predicting_program(len(rows))
        program.arena["X"][...] = rows
        program.run()
        for layer, some in zip(layers, alive, strict=True):
            some |= (program.arena[f"A{layer}"] != 0).any(axis=0)
    return alive
