"""One neuron with one input, on its own: a = σ(w₀·x + w₁·1).

w₀ is its weight and w₁ its bias, the weight of an input that is always 1. The weight makes the curve of a over x steep
or flat, a negative one turns it around; the bias moves it to the side. With the step activation this is the perceptron
(Rosenblatt 1958): it fires where w₀·x + w₁ ≥ 0, and does not elsewhere. A sigmoid says how much instead, as a number
in a range. All values come from the engine's own activations.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf

import numpy as np

from nnstudio.engine.activations import Activation, activation

WEIGHTS = (0.5, 1.0, 2.0)
BIASES = (-5.0, 0.0, 5.0)
"""Of the lecture's two figures."""


@dataclass(frozen=True, slots=True)
class Perceptron:
    """The weight w₀, the bias w₁ and the name of the activation σ."""

    weight: float = 1.0
    bias: float = 0.0
    activation: str = "sigmoid"

    @property
    def function(self) -> Activation:
        """σ; one that needs several neurons, the softmax, has nothing to do with a single one."""
        return activation(self.activation)

    def sums(self, x: np.ndarray) -> np.ndarray:
        """z = w₀·x + w₁·1 for each x."""
        with np.errstate(all="ignore"):
            z: np.ndarray = self.weight * np.asarray(x, np.float64) + self.bias
        return z

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """a = σ(z) for each x."""
        with np.errstate(all="ignore"):
            return self.function.value(self.sums(x)).ravel()

    def slopes(self, x: np.ndarray) -> np.ndarray:
        """σ′(z) for each x."""
        with np.errstate(all="ignore"):
            return self.function.slope_value(self.sums(x)).ravel()

    def reading(self, x: float) -> "Reading":
        """Its numbers at one x."""
        at = np.array([x])
        return Reading(x, *(float(of(at)[0]) for of in (self.sums, self.outputs, self.slopes)))

    def fires(self, x: float) -> bool:
        """Whether a step would be 1 there: z ≥ 0."""
        return bool(self.sums(np.array([x]))[0] >= 0)

    def firing(self) -> tuple[float, float] | None:
        """From which x to which it fires; None where it never does."""
        if self.weight == 0:
            return (-inf, inf) if self.bias >= 0 else None
        threshold = -self.bias / self.weight
        return (threshold, inf) if self.weight > 0 else (-inf, threshold)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a neuron does with one x: the sum z, a = σ(z), the slope σ′(z)."""

    x: float
    z: float
    a: float
    slope: float

    @property
    def by_weight(self) -> float:
        """∂a/∂w₀ = σ′(z)·x."""
        return self.slope * self.x

    @property
    def by_bias(self) -> float:
        """∂a/∂w₁ = σ′(z)·1."""
        return self.slope


class Figure(StrEnum):
    """What is drawn: a single neuron, one of the lecture's two figures, or a step beside a smooth activation."""

    ONE = "One neuron"
    WEIGHT = "Weight"
    BIAS = "Bias"
    STEP = "Step"

    def neurons(self, own: Perceptron) -> tuple[Perceptron, ...]:
        """The neurons of the figure; what it does not vary is as in `own`."""
        if self is Figure.WEIGHT:
            return tuple(replace(own, weight=weight) for weight in WEIGHTS)
        if self is Figure.BIAS:
            return tuple(replace(own, bias=bias) for bias in BIASES)
        if self is Figure.STEP and own.activation != "step":
            return own, replace(own, activation="step")
        return (own,)
