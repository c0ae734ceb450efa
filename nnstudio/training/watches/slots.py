"""Watches of the slots: numbers that stand still, are all 0, or are none."""

from collections.abc import Iterator

import numpy as np

from .watch import SAGEMAKER, Measured, Scene, Side, Threshold, Watch

_RTOL, _ATOL = 1e-5, 1e-8
_LASTING = ("W", "b", "dW", "db")
_LOOKED_AT = ("W", "A", "dZ", "dW")


class ZeroOrNan(Watch):
    """Of the weights, outputs and gradients of a layer, how much of a slot is 0, and how many numbers are none."""

    name = "zero_or_nan"
    title = "All-zero or NaN slot"
    explanation = (
        "All numbers of a layer's weights, outputs or gradients are 0, so nothing flows through it, or one of them is "
        "NaN or infinite and spreads from there. Look at what the operation that wrote the slot was given."
    )
    source = f"{SAGEMAKER.format('AllZero')} and ExplodingTensor"
    thresholds = (
        Threshold("zeros", "zeros of a slot", Side.AT_LEAST, 100.0, "%", 0.0, 100.0),
        Threshold("nan", "NaN or infinite", Side.AT_LEAST, 1.0, "numbers", 1.0),
    )

    def measure(self, scene: Scene) -> Iterator[Measured]:
        for layer in scene.layers:
            for slot in (f"{letter}{layer}" for letter in _LOOKED_AT):
                if scene.knows(slot):
                    values = scene.value(slot)
                    yield Measured(0, 100.0 * float(1 - np.count_nonzero(values) / values.size), layer, slot)
                    yield Measured(1, float(values.size - np.count_nonzero(np.isfinite(values))), layer, slot)


class Unchanged(Watch):
    """For how many iterations in a row each of a layer's weights, biases and their gradients has been equal to what it
    was an iteration before, within rtol 1e-5 and atol 1e-8."""

    name = "unchanged"
    title = "Unchanged slot"
    explanation = (
        "The weights or biases of a layer, or their gradients, have been the same for several mini-batches in a row: "
        "the layer has stopped learning. Its learning rate, its activation or a vanishing gradient may be why."
    )
    source = SAGEMAKER.format("UnchangedTensor")
    thresholds = (Threshold("iterations", "iterations unchanged", Side.AT_LEAST, 3.0, "iterations", 1.0),)
    remembers = 4

    def measure(self, scene: Scene) -> Iterator[Measured]:
        for layer in scene.layers:
            for slot in (f"{letter}{layer}" for letter in _LASTING):
                if scene.knows(slot):
                    yield from self._of(scene, layer, slot)

    def _of(self, scene: Scene, layer: int, slot: str) -> Iterator[Measured]:
        now = scene.value(slot)
        before, equal = scene.memory.get(slot, (None, 0))
        if before is None:
            scene.memory[slot] = now.copy(), 0
            return
        equal = equal + 1 if np.allclose(now, before, _RTOL, _ATOL) else 0
        np.copyto(before, now)
        scene.memory[slot] = before, equal
        yield Measured(0, float(equal), layer, slot)
