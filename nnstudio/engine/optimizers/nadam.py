"""NAdam: Adam whose mean gradient looks one step ahead, as Nesterov's momentum does (Dozat 2016).

μₜ = β₁ (1 − ½·0.96^(0.004 t)); with Πμ = μ₁·…·μₜ the step is
α ((1 − μₜ) g / (1 − Πμ) + μₜ₊₁ m / (1 − Πμ μₜ₊₁)) / (√v̂ + ε).
"""

from dataclasses import dataclass
from functools import partial
from math import sqrt

import numpy as np

from nnstudio.engine.settings import setting

from . import moments
from .base import Link, Memory, Optimizer, epsilon, learning_rate

_MOMENTUM_DECAY = 0.004


@dataclass(frozen=True)
class NAdam(Optimizer):
    name = "nadam"
    title = "NAdam"
    summary = "Adam whose momentum looks one step ahead, as Nesterov’s does."
    families = {"m": "first moment", "v": "second moment"}
    scalars = {"t": 0.0, "Πμ": 1.0}

    learning_rate: float = learning_rate(0.002)
    beta1: float = setting(0.9, "Decay of the mean", "β₁", 0.0, 1.0, "[)")
    beta2: float = setting(0.999, "Decay of the square", "β₂", 0.0, 1.0, "[)")
    epsilon: float = epsilon(1e-8)

    def chain(self, memory: Memory) -> tuple[Link, ...]:
        run = partial(_step, memory, self, memory.scratch(), memory.scratch(), memory.scratch())
        step = Link(
            "θ ← θ − α (m̂ looked ahead) / (√v̂ + ε)",
            "theta <- theta - alpha ((1 - mu_t) g / (1 - Pi mu) + mu_(t+1) m / (1 - mu_(t+1) Pi mu))"
            " / (sqrt(hat(v)) + epsilon)",
            ("θ", "g", "m", "v", "t", "Πμ", "α"),
            ("θ",),
            run,
        )
        return (
            moments.count(memory),
            Link(
                "Πμ ← Πμ μₜ", "Pi mu <- mu_t Pi mu", ("Πμ", "t"), ("Πμ",), partial(_extend_product, memory, self.beta1)
            ),
            moments.first_moment(memory, self.beta1),
            moments.second_moment(memory, self.beta2),
            step,
        )


def _momentum(beta1: float, t: float) -> float:
    decay: float = 0.96 ** (t * _MOMENTUM_DECAY)
    return beta1 * (1 - 0.5 * decay)


def _extend_product(memory: Memory, beta1: float) -> None:
    product = memory.scalars["Πμ"]
    product.fill(product.item() * _momentum(beta1, memory.scalars["t"].item()))


def _step(memory: Memory, settings: NAdam, root: np.ndarray, s: np.ndarray, ahead: np.ndarray) -> None:
    """With c = √(1 − β₂ᵗ), √v̂ + ε is (√v + c ε) / c, as for Adam."""
    t, product, rate = memory.scalars["t"].item(), memory.scalars["Πμ"].item(), memory.rate.item()
    mu, mu_next = _momentum(settings.beta1, t), _momentum(settings.beta1, t + 1)
    c = sqrt(1 - settings.beta2**t)
    np.sqrt(memory.state["v"], root)
    np.add(root, c * settings.epsilon, root)
    np.multiply(memory.gradients, c * rate * (1 - mu) / (1 - product), s)
    np.multiply(memory.state["m"], c * rate * mu_next / (1 - product * mu_next), ahead)
    np.add(s, ahead, s)
    np.divide(s, root, s)
    np.subtract(memory.parameters, s, memory.parameters)
