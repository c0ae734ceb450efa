"""Linear warm-up: the learning rate starts small and grows to α₀ in a straight line, update by update, then stays.

α = α₀ (r + (1 − r) min(e / E, 1)) after e epochs. The first gradients, of weights drawn at random, are wild, and Adam's
moments know little yet; long steps are better taken later (Goyal et al. 2017; PyTorch's LinearLR).
"""

from dataclasses import dataclass

from .base import Curve, in_epochs, share


@dataclass(frozen=True)
class LinearWarmUp(Curve):
    name = "linear_warm_up"
    title = "Linear warm-up"
    summary = "Starts with short steps, while the weights are still random, and lengthens them to the full rate."
    formula = "(r + (1 − r) min(e / E, 1))"
    typst = "(r + (1 - r) min(e \\/ E, 1))"

    epochs: float = in_epochs(5.0, "Warm-up", "E")
    start: float = share(1 / 3, "Start", "r")

    def factor(self, update: float, per_epoch: float) -> float:
        return self.start + (1 - self.start) * min(update / (self.epochs * per_epoch), 1.0)

    @property
    def span(self) -> float:
        return 2 * self.epochs
