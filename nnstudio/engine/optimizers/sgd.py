"""Gradient descent: θ ← θ − α ∂J/∂θ, a step downhill; with momentum the steps add up in a velocity v.

v ← μ v + g, θ ← θ − α v. Nesterov's form steps along g + μ v, the gradient looked up one step ahead
(Robbins & Monro 1951; Polyak 1964; Sutskever et al. 2013).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from nnstudio.engine.settings import setting

from .base import Link, Memory, Optimizer, learning_rate


@dataclass(frozen=True)
class Sgd(Optimizer):
    name = "sgd"
    title = "SGD"
    summary = "One step straight downhill; with momentum the steps add up, like a ball that rolls."
    families = {"v": "velocity"}

    learning_rate: float = learning_rate(0.01)
    momentum: float = setting(0.0, "Momentum", "μ", 0.0, 1.0, "[)")
    nesterov: bool = False

    @property
    def state_families(self) -> Mapping[str, str]:
        return self.families if self.momentum else {}

    def problem(self) -> str | None:
        if problem := super().problem():
            return problem
        if self.nesterov and not self.momentum:
            return "nesterov needs a momentum above 0; set momentum (0.9 is usual) or switch nesterov off"
        return None

    def chain(self, memory: Memory) -> tuple[Link, ...]:
        theta, g, rate, s = memory.parameters, memory.gradients, memory.rate, memory.scratch()
        if not self.momentum:
            label, typst = "θ ← θ − α ∂J/∂θ", "theta <- theta - alpha (partial J)/(partial theta)"
            return (Link(label, typst, ("θ", "g", "α"), ("θ",), partial(_descend, theta, g, rate, s)),)
        v, mu = memory.state["v"], self.momentum
        gather = Link(
            "v ← μ v + ∂J/∂θ",
            "v <- mu v + (partial J)/(partial theta)",
            ("v", "g"),
            ("v",),
            partial(_gather, v, g, mu),
        )
        if not self.nesterov:
            label, typst = "θ ← θ − α v", "theta <- theta - alpha v"
            return gather, Link(label, typst, ("θ", "v", "α"), ("θ",), partial(_descend, theta, v, rate, s))
        label, typst = "θ ← θ − α (∂J/∂θ + μ v)", "theta <- theta - alpha ((partial J)/(partial theta) + mu v)"
        run = partial(_descend_ahead, theta, g, v, mu, rate, s)
        return gather, Link(label, typst, ("θ", "g", "v", "α"), ("θ",), run)


def _descend(theta: np.ndarray, direction: np.ndarray, rate: np.ndarray, s: np.ndarray) -> None:
    np.multiply(direction, rate, s)
    np.subtract(theta, s, theta)


def _gather(v: np.ndarray, g: np.ndarray, mu: float) -> None:
    np.multiply(v, mu, v)
    np.add(v, g, v)


def _descend_ahead(theta: np.ndarray, g: np.ndarray, v: np.ndarray, mu: float, rate: np.ndarray, s: np.ndarray) -> None:
    np.multiply(v, mu, s)
    np.add(s, g, s)
    np.multiply(s, rate, s)
    np.subtract(theta, s, theta)
