"""RMSprop: the gradient over the root of its running mean square (Tieleman & Hinton 2012).

v ← β v + (1 − β) g², θ ← θ − α g / (√v + ε).
"""

from dataclasses import dataclass

from nnstudio.engine.settings import setting

from . import moments
from .base import Link, Memory, Optimizer, epsilon, learning_rate


@dataclass(frozen=True)
class RmsProp(Optimizer):
    name = "rmsprop"
    title = "RMSprop"
    summary = "Divides each step by the size of its gradients of late: steep and flat directions move alike."
    families = {"v": "mean square"}

    learning_rate: float = learning_rate(0.01)
    beta: float = setting(0.99, "Decay of the square", "β", 0.0, 1.0, "[)")
    epsilon: float = epsilon(1e-8)

    def chain(self, memory: Memory) -> tuple[Link, ...]:
        mean_square = moments.second_moment(memory, self.beta, symbol="β", typst="beta")
        return mean_square, moments.step_over_root(memory, self.epsilon)
