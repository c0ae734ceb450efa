"""Adadelta: steps as long as the steps of late, in the units of the parameters (Zeiler 2012).

v ← ρ v + (1 − ρ) g², Δ = g √(u + ε) / √(v + ε), θ ← θ − α Δ, u ← ρ u + (1 − ρ) Δ².
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from nnstudio.engine.settings import setting

from . import moments
from .base import Link, Memory, Optimizer, epsilon, learning_rate


@dataclass(frozen=True)
class Adadelta(Optimizer):
    name = "adadelta"
    title = "Adadelta"
    summary = "Measures each step by the steps of late, so that the learning rate hardly matters."
    families = {"v": "mean square of gradients", "u": "mean square of steps", "Δ": "step"}

    learning_rate: float = learning_rate(1.0)
    rho: float = setting(0.9, "Decay", "ρ", 0.0, 1.0, "[)")
    epsilon: float = epsilon(1e-6)

    def chain(self, memory: Memory) -> tuple[Link, ...]:
        u, v, delta, s = memory.state["u"], memory.state["v"], memory.state["Δ"], memory.scratch()
        measure = Link(
            "Δ ← ∂J/∂θ √(u + ε) / √(v + ε)",
            "Delta <- (partial J)/(partial theta) sqrt(u + epsilon) / sqrt(v + epsilon)",
            ("g", "u", "v"),
            ("Δ",),
            partial(_measure, memory.gradients, u, v, delta, self.epsilon, s),
        )
        step = Link(
            "θ ← θ − α Δ",
            "theta <- theta - alpha Delta",
            ("θ", "Δ", "α"),
            ("θ",),
            partial(_step, memory.parameters, delta, memory.rate, s),
        )
        remember = Link(
            "u ← ρ u + (1 − ρ) Δ²",
            "u <- rho u + (1 - rho) Delta^2",
            ("u", "Δ"),
            ("u",),
            partial(moments.average_square, u, delta, self.rho, s),
        )
        mean_square = moments.second_moment(memory, self.rho, symbol="ρ", typst="rho")
        return mean_square, measure, step, remember


def _measure(g: np.ndarray, u: np.ndarray, v: np.ndarray, delta: np.ndarray, epsilon: float, s: np.ndarray) -> None:
    np.add(u, epsilon, delta)
    np.sqrt(delta, delta)
    np.add(v, epsilon, s)
    np.sqrt(s, s)
    np.divide(delta, s, delta)
    np.multiply(delta, g, delta)


def _step(theta: np.ndarray, delta: np.ndarray, rate: np.ndarray, s: np.ndarray) -> None:
    np.multiply(delta, rate, s)
    np.subtract(theta, s, theta)
