"""Initializers: where the weights start. Biases start at zero.

All zeros would make every unit of a layer learn the same thing; too wide a draw saturates the activations, too
narrow a one lets the signal die out. Glorot and He choose the width by the layer's fan-in (inputs) and fan-out (units).
"""

from abc import ABC, abstractmethod
from math import sqrt
from typing import ClassVar, cast

import numpy as np

from .registry import Named


class Initializer(Named, ABC):
    kind = "initializer"
    formula: ClassVar[str]
    typst: ClassVar[str]
    """What a weight w (or the matrix W) is, as typesetting source."""

    @abstractmethod
    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        """Weights (units × inputs) in float64."""


def initializer(name: str) -> Initializer:
    """The initializer called `name`, e.g. "he_normal"."""
    return cast(Initializer, Initializer.class_named(name)())


class Zeros(Initializer):
    name = "zeros"
    summary = "All weights are 0, so that the units of a hidden layer all learn the same."
    formula = "0"
    typst = "w = 0"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return np.zeros((units, inputs))


class Constant(Initializer):
    name = "constant"
    summary = "All weights are 0.1, so that the units of a hidden layer all learn the same."
    formula = "0.1"
    typst = "w = 0.1"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return np.full((units, inputs), 0.1)


class Uniform(Initializer):
    name = "uniform"
    summary = "Anything from −0.5 to 0.5, equally likely, whatever the size of the layer."
    formula = "U(−0.5, 0.5)"
    typst = "w tilde U(-0.5, 0.5)"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return rng.uniform(-0.5, 0.5, (units, inputs))


class Normal(Initializer):
    name = "normal"
    summary = "Bell-shaped around 0 with deviation 0.1, whatever the size of the layer."
    formula = "N(0, 0.1²)"
    typst = "w tilde N(0, 0.1^2)"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return rng.normal(0.0, 0.1, (units, inputs))


class XavierUniform(Initializer):
    """Glorot & Bengio 2010, for sigmoid and tanh."""

    name = "xavier_uniform"
    title = "Xavier uniform"
    summary = "Equally likely, in a range that keeps signals and gradients at their strength: for tanh and sigmoid."
    formula = "U(−r, r), r = √(6 / (inputs + units))"
    typst = 'w tilde U(-r, r), r = sqrt(6 / ("inputs" + "units"))'

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        r = sqrt(6 / (inputs + units))
        return rng.uniform(-r, r, (units, inputs))


class XavierNormal(Initializer):
    name = "xavier_normal"
    title = "Xavier normal"
    summary = "Bell-shaped, as wide as keeps signals and gradients at their strength: for tanh and sigmoid."
    formula = "N(0, 2 / (inputs + units))"
    typst = 'w tilde N(0, 2 / ("inputs" + "units"))'

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return rng.normal(0.0, sqrt(2 / (inputs + units)), (units, inputs))


class HeUniform(Initializer):
    """He et al. 2015, for ReLU and its kin."""

    name = "he_uniform"
    title = "He uniform"
    summary = "Equally likely, in a range that makes up for the half that ReLU drops: for ReLU and its kin."
    formula = "U(−r, r), r = √(6 / inputs)"
    typst = 'w tilde U(-r, r), r = sqrt(6 / "inputs")'

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        r = sqrt(6 / inputs)
        return rng.uniform(-r, r, (units, inputs))


class HeNormal(Initializer):
    name = "he_normal"
    title = "He normal"
    summary = "Bell-shaped, as wide as makes up for the half that ReLU drops: for ReLU and its kin."
    formula = "N(0, 2 / inputs)"
    typst = 'w tilde N(0, 2 / "inputs")'

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return rng.normal(0.0, sqrt(2 / inputs), (units, inputs))


class LecunNormal(Initializer):
    """LeCun et al. 1998; goes with SELU."""

    name = "lecun_normal"
    title = "LeCun normal"
    summary = "Bell-shaped with variance 1 over the inputs, which keeps the sums at variance 1: for SELU."
    formula = "N(0, 1 / inputs)"
    typst = 'w tilde N(0, 1 / "inputs")'

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return rng.normal(0.0, sqrt(1 / inputs), (units, inputs))


class Orthogonal(Initializer):
    """Rows (or columns, whichever are fewer) are orthonormal (Saxe et al. 2014)."""

    name = "orthogonal"
    summary = "Directions at right angles and of length 1, so that signals neither grow nor fade: for deep networks."
    formula = "Q of a QR decomposition of N(0, 1)"
    typst = "W = Q, Q R tilde N(0, 1)"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        tall = rng.normal(size=(max(units, inputs), min(units, inputs)))
        q, r = np.linalg.qr(tall)
        q *= np.sign(np.diagonal(r))
        return np.ascontiguousarray(q if units >= inputs else q.T)
