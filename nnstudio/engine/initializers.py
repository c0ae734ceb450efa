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

    @abstractmethod
    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        """Weights (units × inputs) in float64."""


def initializer(name: str) -> Initializer:
    """The initializer called `name`, e.g. "he_normal"."""
    return cast(Initializer, Initializer.class_named(name)())


class Zeros(Initializer):
    name = "zeros"
    formula = "0"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return np.zeros((units, inputs))


class Constant(Initializer):
    name = "constant"
    formula = "0.1"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return np.full((units, inputs), 0.1)


class Uniform(Initializer):
    name = "uniform"
    formula = "U(−0.5, 0.5)"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return rng.uniform(-0.5, 0.5, (units, inputs))


class Normal(Initializer):
    name = "normal"
    formula = "N(0, 0.1²)"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return rng.normal(0.0, 0.1, (units, inputs))


class XavierUniform(Initializer):
    """Glorot & Bengio 2010, for sigmoid and tanh."""

    name = "xavier_uniform"
    title = "Xavier uniform"
    formula = "U(−r, r), r = √(6 / (inputs + units))"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        r = sqrt(6 / (inputs + units))
        return rng.uniform(-r, r, (units, inputs))


class XavierNormal(Initializer):
    name = "xavier_normal"
    title = "Xavier normal"
    formula = "N(0, 2 / (inputs + units))"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return rng.normal(0.0, sqrt(2 / (inputs + units)), (units, inputs))


class HeUniform(Initializer):
    """He et al. 2015, for ReLU and its kin."""

    name = "he_uniform"
    title = "He uniform"
    formula = "U(−r, r), r = √(6 / inputs)"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        r = sqrt(6 / inputs)
        return rng.uniform(-r, r, (units, inputs))


class HeNormal(Initializer):
    name = "he_normal"
    title = "He normal"
    formula = "N(0, 2 / inputs)"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return rng.normal(0.0, sqrt(2 / inputs), (units, inputs))


class LecunNormal(Initializer):
    """LeCun et al. 1998; goes with SELU."""

    name = "lecun_normal"
    title = "LeCun normal"
    formula = "N(0, 1 / inputs)"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        return rng.normal(0.0, sqrt(1 / inputs), (units, inputs))


class Orthogonal(Initializer):
    """Rows (or columns, whichever are fewer) are orthonormal (Saxe et al. 2014)."""

    name = "orthogonal"
    formula = "Q of a QR decomposition of N(0, 1)"

    def draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        tall = rng.normal(size=(max(units, inputs), min(units, inputs)))
        q, r = np.linalg.qr(tall)
        q *= np.sign(np.diagonal(r))
        return np.ascontiguousarray(q if units >= inputs else q.T)
