"""The course of a contender, as its stretches come in."""

from array import array
from dataclasses import dataclass, field

import numpy as np

from nnstudio.data.preparation import PartName

from .contender import Contender, Stretch


@dataclass(slots=True, eq=False)
class Course:
    """What is known of a contender so far. `costs` are J of the training rows by epoch, from the untrained network
    on."""

    contender: Contender
    costs: "array[float]" = field(default_factory=lambda: array("d"))
    updates: int = 0
    seconds: float = 0.0
    finished: bool = False
    diverged: str = ""
    path: np.ndarray | None = None
    knowledge: dict[str, np.ndarray] | None = None
    metrics: dict[PartName, float] = field(default_factory=dict)

    def take(self, stretch: Stretch) -> None:
        """Add what has come. A contender that was begun anew tells it all again."""
        del self.costs[stretch.epoch :]
        self.costs.extend(stretch.costs)
        self.updates, self.seconds = stretch.updates, stretch.seconds
        self.finished, self.diverged = stretch.finished, stretch.diverged
        self.path = self.path if stretch.path is None else stretch.path
        self.knowledge = stretch.knowledge or self.knowledge
        self.metrics = stretch.metrics

    @property
    def epochs(self) -> int:
        """How many are finished."""
        return max(len(self.costs) - 1, 0)

    @property
    def cost(self) -> float:
        """The last one known, NaN where there is none."""
        return self.costs[-1] if self.costs else float("nan")

    @property
    def seconds_per_epoch(self) -> float:
        """As measured, of training alone; NaN before the first is over."""
        return self.seconds / self.epochs if self.epochs else float("nan")

    @property
    def share(self) -> float:
        """How much of it is done."""
        return 1.0 if self.finished else self.epochs / self.contender.epochs
