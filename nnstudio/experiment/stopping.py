"""When training ends before its last epoch: what an experiment asks for, checked. Everything is off by default.

- **Target cost**: J of all training rows, penalty included, is at or below it.
- **Early stopping**: the cost has not improved by more than `min_delta` for `patience` epochs. It is the cost of the
  validation rows, whose rise shows that the network begins to learn its training rows by heart; without such rows it is
  that of the training rows. `restore_best` brings the weights of the best epoch back (Prechelt, "Early stopping — but
  when?", 1998).
- **Time limit**: so many seconds of training.

How a run finds out is told in `training.stopping`.
"""

from dataclasses import dataclass
from math import inf, isfinite

from .errors import ExperimentError


@dataclass(frozen=True, slots=True)
class StoppingSpec:
    """Why to stop before the last epoch; None means never for that reason."""

    target_cost: float | None = None
    patience: int | None = None
    min_delta: float = 0.0
    restore_best: bool = True
    seconds: float | None = None

    def check(self) -> None:
        """Raise an ExperimentError for the first number that has no meaning."""
        if self.target_cost is not None and not 0 <= self.target_cost < inf:
            raise ExperimentError(
                f"$.stopping.target_cost is {self.target_cost:g}; it must be at least 0, or null for none"
            )
        if self.patience is not None and self.patience < 1:
            raise ExperimentError(
                f"$.stopping.patience is {self.patience}; it must be at least 1 epoch, or null to never stop early"
            )
        if not (isfinite(self.min_delta) and self.min_delta >= 0):
            raise ExperimentError(f"$.stopping.min_delta is {self.min_delta:g}; it must be at least 0")
        if self.seconds is not None and not 0 < self.seconds < inf:
            raise ExperimentError(
                f"$.stopping.seconds is {self.seconds:g}; it must be more than 0, or null for no limit"
            )
