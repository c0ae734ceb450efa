"""The pairs of last activation and cost that are computed together.

A sigmoid whose output has rounded to 1 has lost how far it was from 1, and its logarithm with it. Both
logarithmic costs therefore read the weighted sums z:

- sigmoid with binary cross-entropy: −y log a − (1 − y) log(1 − a) = max(z, 0) − z y + log(1 + e^−|z|)
- softmax with cross-entropy:        −Σ y log a = Σ y (log Σⱼ e^zⱼ − z)

In both the slope through activation and cost collapses to (a − y), with no division that could blow up.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from .activations import Array

Scratch = tuple[Array, Array, Array]


class Fusion(ABC):
    """An activation and a cost computed as one. `joint` says that one op writes both A and J; else J's op reads Z.

    `scratch` is three arrays of z's shape to work in.
    """

    activation: ClassVar[str]
    cost: ClassVar[str]
    joint: ClassVar[bool]
    title: ClassVar[str]
    gradient_formula: ClassVar[str]
    gradient_typst: ClassVar[str]

    @abstractmethod
    def value(self, z: Array, a: Array, y: Array, scratch: Scratch) -> float:
        """J; a joint fusion also writes the activations into `a`. The first of `scratch` is left with what is added up,
        the terms, or the logarithms that the targets weigh."""

    @abstractmethod
    def losses(self, z: Array, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        """Write ℓ, (m,), the loss of each sample, into `out`; a joint fusion also writes the activations into `a`."""

    @abstractmethod
    def gradient(self, a: Array, y: Array, dz: Array, scratch: Scratch) -> None:
        """Write ∂J/∂z into `dz`."""


class SigmoidBinaryCrossEntropy(Fusion):
    activation, cost = "sigmoid", "binary_cross_entropy"
    joint = False
    title = "binary cross-entropy, from Z"
    gradient_formula = "{w}({a} − {y}) / (mK)"
    gradient_typst = "1/(m K) {w}(a - y)"

    def value(self, z: Array, a: Array, y: Array, scratch: Scratch) -> float:
        s, t, _ = scratch
        np.abs(z, s)
        np.negative(s, s)
        np.exp(s, s)
        np.log1p(s, s)
        np.maximum(z, 0, out=t)
        np.add(s, t, s)
        np.multiply(z, y, t)
        np.subtract(s, t, s)
        return float(np.add.reduce(s, None)) / z.size

    def losses(self, z: Array, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        self.value(z, a, y, scratch)
        np.add.reduce(scratch[0], 1, out=out)
        np.multiply(out, 1 / z.shape[1], out)

    def gradient(self, a: Array, y: Array, dz: Array, scratch: Scratch) -> None:
        np.subtract(a, y, dz)
        np.multiply(dz, 1 / a.size, dz)


class SoftmaxCrossEntropy(Fusion):
    """∂J/∂z = (a Σₖ yₖ − y)/m, which is (a − y)/m when each row of targets sums to 1."""

    activation, cost = "softmax", "cross_entropy"
    joint = True
    title = "softmax with cross-entropy"
    gradient_formula = "{w}({a} − {y}) / m"
    gradient_typst = "1/m {w}(a - y)"

    def value(self, z: Array, a: Array, y: Array, scratch: Scratch) -> float:
        logs, rows, row = scratch[0], scratch[1], scratch[2][:, :1]
        np.maximum.reduce(z, 1, out=row, keepdims=True)
        np.copyto(rows, row)
        np.subtract(z, rows, logs)
        np.exp(logs, a)
        np.add.reduce(a, 1, out=row, keepdims=True)
        np.copyto(rows, row)
        np.divide(a, rows, a)
        np.log(row, row)
        np.copyto(rows, row)
        np.subtract(logs, rows, logs)
        return -float(np.vdot(y, logs)) / len(z)

    def losses(self, z: Array, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        self.value(z, a, y, scratch)
        logs = scratch[0]
        np.multiply(y, logs, logs)
        np.add.reduce(logs, 1, out=out)
        np.negative(out, out)

    def gradient(self, a: Array, y: Array, dz: Array, scratch: Scratch) -> None:
        rows, row = scratch[0], scratch[1][:, :1]
        np.add.reduce(y, 1, out=row, keepdims=True)
        np.copyto(rows, row)
        np.multiply(a, rows, dz)
        np.subtract(dz, y, dz)
        np.multiply(dz, 1 / len(a), dz)


_FUSIONS = {(f.activation, f.cost): f for f in (SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy)}


def fusion(activation: str, cost: str) -> Fusion | None:
    """The fusion of this last activation with this cost, if they are computed together."""
    found = _FUSIONS.get((activation, cost))
    return found() if found else None
