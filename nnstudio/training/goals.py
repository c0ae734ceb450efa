"""Where a stretch of training ends by itself. A goal is looked at at the end of each epoch."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from .run import Run


@dataclass(frozen=True, slots=True)
class Goal:
    """`reached` is asked at the end of an epoch. Training ends with the last epoch in any case, unless that comes
    before `epoch`."""

    name: str
    reached: Callable[[Run], bool]
    epoch: int = 0

    LIMIT: ClassVar["Goal"]
    """The last epoch."""
    EPOCH: ClassVar["Goal"]
    """The end of the epoch."""
    RISE: ClassVar["Goal"]
    """The end of the next epoch whose training cost is above that of the epoch before."""

    @classmethod
    def at(cls, epoch: int) -> "Goal":
        """The end of that epoch."""
        return cls(f"the end of epoch {epoch}", lambda run: run.machine.epochs >= epoch, epoch)

    def __str__(self) -> str:
        return self.name


def _rose(run: Run) -> bool:
    costs = run.history.train_cost
    entry = bisect_left(run.history.epochs, run.machine.epochs)
    return 0 < entry < len(costs) and costs[entry] > costs[entry - 1]


Goal.LIMIT = Goal("the last epoch", lambda _run: False)
Goal.EPOCH = Goal("the end of the epoch", lambda _run: True)
Goal.RISE = Goal("the next rise of the cost", _rose)
