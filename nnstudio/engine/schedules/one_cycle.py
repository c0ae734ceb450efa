"""One cycle: the learning rate rises to α₀, then falls far below where it began, in one run of so many epochs.

Both ways go along half a cosine: from r α₀ to α₀ in the part p of the updates, then to s α₀ at the last of them. The
long steps in the middle keep the network from the narrow valleys nearby, the short ones at the end let it settle
(Smith & Topin 2018; PyTorch's OneCycleLR of two phases, with r = 1 / div_factor and s = r / final_div_factor; momentum
stays as it is). Beyond its end α stays at s α₀, so set the epochs to those of the training.
"""

from dataclasses import dataclass
from math import cos, pi

from .base import Curve, in_epochs, share


@dataclass(frozen=True)
class OneCycle(Curve):
    name = "one_cycle"
    title = "One cycle"
    summary = "Up to the full rate, then far down: fast training within a number of epochs fixed beforehand."
    formula = "(a + (b − a) ½ (1 − cos(π x)))"
    typst = "(a + (b - a) 1/2 (1 - cos(pi x)))"
    where = "first up from a = r to b = 1, then down to s; x: how much of the way is done"

    epochs: float = in_epochs(100.0, "Cycle", "E")
    rise: float = share(0.3, "Part that rises", "p", "[)")
    start: float = share(0.04, "Start", "r")
    end: float = share(4e-6, "End", "s")

    def factor(self, update: float, per_epoch: float) -> float:
        a, b, x = self.place(update, per_epoch)
        return b + (a - b) * 0.5 * (1 + cos(pi * x))  # as in the formula, but exactly b at the end

    def place(self, update: float, per_epoch: float) -> tuple[float, float, float]:
        """a, b and x: from which factor to which the phase at hand goes, and which part of the way is done."""
        updates = self.epochs * per_epoch
        top, last = self.rise * updates - 1, updates - 1
        if update <= top:
            return self.start, 1.0, update / top if top else 1.0
        return 1.0, self.end, (update - top) / (last - top) if update < last else 1.0

    @property
    def span(self) -> float:
        return self.epochs
