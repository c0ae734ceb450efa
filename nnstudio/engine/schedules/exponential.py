"""Exponential decay: the learning rate falls by the same factor after each epoch.

α = α₀ γ^⌊e⌋ after e epochs (PyTorch's ExponentialLR).
"""

from dataclasses import dataclass
from math import log

from .base import MOST_EPOCHS, Curve, share

_GONE = 0.01


@dataclass(frozen=True)
class Exponential(Curve):
    name = "exponential"
    title = "Exponential"
    summary = "Lowers the learning rate by the same factor after each epoch."
    formula = "γ^⌊e⌋"
    typst = "gamma^floor(e)"

    gamma: float = share(0.95, "Factor", "γ", "(]")

    def factor(self, update: float, per_epoch: float) -> float:
        decay: float = self.gamma ** (update // per_epoch)
        return decay

    @property
    def span(self) -> float:
        """Until a hundredth is left."""
        return min(max(log(_GONE) / log(self.gamma), 1.0), MOST_EPOCHS) if self.gamma < 1 else 1.0
