"""Cosine annealing: the learning rate swings down along half a cosine, and with warm restarts begins anew.

α = α₀ (r + (1 − r) ½ (1 + cos(π e′ / T′))), where e′ epochs have passed since the last restart and T′ is the length of
this period: T at first, q times as long after each restart. A restart throws the network out of a narrow valley; each
longer period lets it settle deeper (SGDR: Loshchilov & Hutter 2017; PyTorch's CosineAnnealingWarmRestarts, moved at
every update). Without restarts α stays at r α₀ after the first period.
"""

from dataclasses import dataclass
from math import cos, pi

from nnstudio.engine.settings import setting

from .base import Curve, in_epochs, share


@dataclass(frozen=True)
class Cosine(Curve):
    name = "cosine"
    title = "Cosine"
    summary = "Swings the learning rate down smoothly; with restarts it begins anew, to leave narrow valleys."
    formula = "(r + (1 − r) ½ (1 + cos(π e′ / T′)))"
    typst = "(r + (1 - r) 1/2 (1 + cos(pi e' \\/ T')))"
    where = "e′: epochs since the last restart, T′: length of this period"

    period: float = in_epochs(10.0, "Period", "T")
    least: float = share(0.0, "Least", "r")
    restarts: bool = True
    growth: int = setting(1, "Growth of the period", "q", 1, 100)

    def factor(self, update: float, per_epoch: float) -> float:
        done, period = self.place(update, per_epoch)
        return self.least + (1 - self.least) * 0.5 * (1 + cos(pi * done / period))

    def place(self, update: float, per_epoch: float) -> tuple[float, float]:
        """e′ and T′, both as numbers of updates."""
        first = self.period * per_epoch
        if update < first:
            return update, first
        if not self.restarts:
            return first, first
        if self.growth == 1:
            return update % first, first
        done, period = update, first
        while done >= period:
            done, period = done - period, period * self.growth
        return done, period

    @property
    def span(self) -> float:
        """Three periods, or one and a little of what comes after."""
        return self.period * (1 + self.growth + self.growth**2 if self.restarts else 1.25)
