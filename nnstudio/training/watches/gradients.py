"""Watches of gradients and of what they do to the weights."""

from collections.abc import Iterator
from math import inf, isfinite, sqrt

import numpy as np

from nnstudio.engine.machine import Machine

from .watch import COCKPIT, SAGEMAKER, SLACK, Measured, Scene, Side, Threshold, Watch


class VanishingGradient(Watch):
    """mean |∂J/∂W| of a layer."""

    name = "vanishing_gradient"
    title = "Vanishing gradient"
    explanation = (
        "The mean of |∂J/∂W| in a layer is so small that its weights hardly move any more, most often in the first "
        "layers of a deep network. ReLU or tanh instead of sigmoid, normalization or another initializer help."
    )
    source = SAGEMAKER.format("VanishingGradient")
    thresholds = (Threshold("mean", "mean |∂J/∂W|", Side.BELOW, 1e-7),)

    def sound(self, scene: Scene, levels: tuple[float, ...]) -> bool:
        """Σ|x| is at least √Σx²."""
        (level,) = levels
        return all(scene.length(slot) >= SLACK * level * scene.flat(slot).size for slot in scene.names("dW"))

    def measure(self, scene: Scene) -> Iterator[Measured]:
        for layer in scene.layers_knowing("dW"):
            yield Measured(0, float(np.abs(scene.value(f"dW{layer}")).mean()), layer, f"dW{layer}")


class ExplodingGradient(Watch):
    """‖∂J/∂W‖ of a layer; ∞ where a number in it is not finite."""

    name = "exploding_gradient"
    title = "Exploding gradient"
    explanation = (
        "The gradient of a layer has grown so long, or so far beyond what numbers can hold, that one update throws its "
        "weights far off. A smaller learning rate, gradient clipping or smaller initial weights help."
    )
    source = f"{SAGEMAKER.format('ExplodingTensor')}; {COCKPIT}"
    thresholds = (Threshold("norm", "norm of ∂J/∂W", Side.ABOVE, 1e3),)

    def sound(self, scene: Scene, levels: tuple[float, ...]) -> bool:
        (level,) = levels
        return all(SLACK * scene.length(slot) <= level for slot in scene.names("dW"))

    def measure(self, scene: Scene) -> Iterator[Measured]:
        for layer in scene.layers_knowing("dW"):
            norm = float(np.linalg.norm(scene.value(f"dW{layer}")))
            yield Measured(0, norm if isfinite(norm) else inf, layer, f"dW{layer}")


class UpdateRatio(Watch):
    """‖ΔW‖ / ‖W‖ of a layer, W as it stood before the update."""

    name = "update_ratio"
    title = "Update-to-weight ratio"
    explanation = (
        "One update changes the weights of a layer by far more than they are, or by next to nothing: the length of the "
        "change is held against the length of the weights before it. About 0.001 is healthy; change the learning rate."
    )
    source = SAGEMAKER.format("WeightUpdateRatio")
    thresholds = (
        Threshold("large", "‖ΔW‖ / ‖W‖", Side.ABOVE, 10.0),
        Threshold("small", "‖ΔW‖ / ‖W‖", Side.BELOW, 1e-8),
    )

    def note(self, machine: Machine) -> np.ndarray:
        return machine.model.store.weights.copy()

    def sound(self, scene: Scene, levels: tuple[float, ...]) -> bool:
        if scene.noted is None:
            return False
        large, small = levels
        change, start = scene.machine.model.store.weights - scene.noted, 0
        for slot in scene.names("W"):
            part = slice(start, start + scene.flat(slot).size)
            start = part.stop
            moved, before = (sqrt(flat.dot(flat)) for flat in (change[part], scene.noted[part]))
            if not (before > 0 and SLACK * moved <= large * before and moved >= SLACK * small * before):
                return False
        return True

    def measure(self, scene: Scene) -> Iterator[Measured]:
        if scene.noted is None:
            return
        start = 0
        for layer in scene.layers:
            weights = scene.value(f"W{layer}")
            before = scene.noted[start : start + weights.size]
            start += weights.size
            ratio = _ratio(float(np.linalg.norm(weights.ravel() - before)), float(np.linalg.norm(before)))
            yield Measured(0, ratio, layer, f"W{layer}")
            yield Measured(1, ratio, layer, f"W{layer}")


def _ratio(change: float, size: float) -> float:
    if size:
        return change / size
    return inf if change else 0.0
