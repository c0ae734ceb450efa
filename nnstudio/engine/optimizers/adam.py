"""Adam: each parameter steps by its mean gradient over the root of its mean square (Kingma & Ba 2015).

Both means start at 0, so they are divided by 1 − βᵗ, or the first steps would be too small:
θ ← θ − α m̂ / (√v̂ + ε), m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
"""

from dataclasses import dataclass
from functools import partial
from math import sqrt

import numpy as np

from nnstudio.engine.settings import setting

from . import moments
from .base import Link, Memory, Optimizer, epsilon, learning_rate


@dataclass(frozen=True)
class Adam(Optimizer):
    name = "adam"
    title = "Adam"
    summary = "Momentum and RMSprop in one: mean direction over mean size. A good first choice."
    families = {"m": "first moment", "v": "second moment"}
    scalars = {"t": 0.0}

    learning_rate: float = learning_rate(0.001)
    beta1: float = setting(0.9, "Decay of the mean", "β₁", 0.0, 1.0, "[)")
    beta2: float = setting(0.999, "Decay of the square", "β₂", 0.0, 1.0, "[)")
    epsilon: float = epsilon(1e-8)

    def chain(self, memory: Memory) -> tuple[Link, ...]:
        return (
            moments.count(memory),
            moments.first_moment(memory, self.beta1),
            moments.second_moment(memory, self.beta2),
            self.step(memory),
        )

    def step(self, memory: Memory) -> Link:
        """θ ← θ − α m̂ / (√v̂ + ε)."""
        run = partial(_step, memory, memory.state["m"], memory.state["v"], self, memory.scratch())
        return Link(
            "θ ← θ − α m̂ / (√v̂ + ε)",
            "theta <- theta - alpha hat(m) / (sqrt(hat(v)) + epsilon)",
            ("θ", "m", "v", "t", "α"),
            ("θ",),
            run,
        )


def _step(memory: Memory, m: np.ndarray, v: np.ndarray, settings: Adam, s: np.ndarray) -> None:
    """With c = √(1 − β₂ᵗ), √v̂ + ε is (√v + c ε) / c: so c takes no pass over all parameters of its own."""
    t = memory.scalars["t"].item()
    c = sqrt(1 - settings.beta2**t)
    np.sqrt(v, s)
    np.add(s, c * settings.epsilon, s)
    np.divide(m, s, s)
    np.multiply(s, c * memory.rate.item() / (1 - settings.beta1**t), s)
    np.subtract(memory.parameters, s, memory.parameters)
