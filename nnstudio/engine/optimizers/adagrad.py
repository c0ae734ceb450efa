"""Adagrad: the gradient over the root of the sum of its squares, so that rare features keep learning (Duchi et al.
2011).

v ← v + g², θ ← θ − α g / (√v + ε).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from . import moments
from .base import Link, Memory, Optimizer, epsilon, learning_rate


@dataclass(frozen=True)
class Adagrad(Optimizer):
    name = "adagrad"
    title = "Adagrad"
    summary = "Divides each step by all gradients so far: rare features keep learning, and steps only shrink."
    families = {"v": "sum of squares"}

    learning_rate: float = learning_rate(0.01)
    epsilon: float = epsilon(1e-10)

    def chain(self, memory: Memory) -> tuple[Link, ...]:
        v, s = memory.state["v"], memory.scratch()
        gather = Link(
            "v ← v + (∂J/∂θ)²",
            "v <- v + ((partial J)/(partial theta))^2",
            ("v", "g"),
            ("v",),
            partial(_gather, v, memory.gradients, s),
        )
        return gather, moments.step_over_root(memory, self.epsilon)


def _gather(v: np.ndarray, g: np.ndarray, s: np.ndarray) -> None:
    np.multiply(g, g, s)
    np.add(v, s, v)
