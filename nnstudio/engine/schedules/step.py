"""Step decay: the learning rate falls to a part of itself every so many epochs.

α = α₀ γ^⌊e / s⌋ after e epochs: with γ = 0.1 and s = 30 it is α₀ for 30 epochs, then a tenth for 30 more, and so on
(PyTorch's StepLR).
"""

from dataclasses import dataclass

from .base import Curve, in_epochs, share


@dataclass(frozen=True)
class Step(Curve):
    name = "step"
    title = "Step"
    summary = "Cuts the learning rate to a part of itself every so many epochs."
    formula = "γ^⌊e / s⌋"
    typst = "gamma^floor(e \\/ s)"

    step_size: int = in_epochs(30, "Step size", "s")
    gamma: float = share(0.1, "Factor", "γ", "(]")

    def factor(self, update: float, per_epoch: float) -> float:
        decay: float = self.gamma ** (update // per_epoch // self.step_size)
        return decay

    @property
    def span(self) -> float:
        return 4.0 * self.step_size
