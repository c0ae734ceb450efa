"""What a schedule is: its settings, the numbers it remembers, and the operations it makes of them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np

from nnstudio.engine.optimizers import Link
from nnstudio.engine.registry import Named
from nnstudio.engine.settings import configured, problem, setting
from nnstudio.engine.spec import SpecError

MOST_EPOCHS = 10**9


def in_epochs(default: float, title: str, symbol: str) -> Any:
    """A setting that counts epochs; a whole number as its default allows whole numbers alone."""
    least, ends = (1, "[]") if isinstance(default, int) else (0.0, "(]")
    return setting(default, title, symbol, least, MOST_EPOCHS, ends, "epochs")


def share(default: float, title: str, symbol: str, ends: str = "[]") -> Any:
    """A setting that is a part of the learning rate α₀, or a factor that makes it smaller."""
    return setting(default, title, symbol, 0.0, 1.0, ends)


@dataclass(frozen=True, slots=True, eq=False)
class ScheduleMemory:
    """What a schedule works on; all arrays are of shape ()."""

    base: np.ndarray
    """α₀, the learning rate that was set."""
    rate: np.ndarray
    """α, which the optimizer reads."""
    cost: np.ndarray
    """J of the mini-batch."""
    scalars: Mapping[str, np.ndarray]
    """The numbers kept between updates."""
    per_epoch: int
    """How many updates an epoch has."""


class Schedule(Named, ABC):
    """A schedule and its settings; each kind is a frozen dataclass."""

    kind = "schedule"
    formula: ClassVar[str]
    """What α₀ is multiplied by. In it e is how many epochs have passed, whole or not: (k − 1) / updates an epoch."""
    typst: ClassVar[str]
    where: ClassVar[str] = "e: how many epochs have passed"
    """What the letters of the formula mean."""
    scalars: ClassVar[Mapping[str, float]] = {}
    """The numbers it keeps between updates, and where they start. k is the number of the update, from 1."""

    @abstractmethod
    def chain(self, memory: ScheduleMemory) -> tuple[Link, ...]:
        """The operations, bound to their numbers, in the order they run; none where α never changes."""

    @abstractmethod
    def factors(self, per_epoch: float, epochs: float) -> np.ndarray | None:
        """α / α₀ at each update of so many epochs, (updates,), as the operation computes it; None where it depends on
        how training goes. For a picture of n points, `factors(n / span, span)`."""

    @property
    @abstractmethod
    def span(self) -> float:
        """So many epochs show its whole shape."""

    @property
    def varies(self) -> bool:
        return bool(self.scalars)

    def problem(self) -> str | None:
        """The first setting outside its domain, or None."""
        return problem(self)


class Curve(Schedule):
    """A schedule that depends on the time alone."""

    scalars = {"k": 0.0}

    @abstractmethod
    def factor(self, update: float, per_epoch: float) -> float:
        """α / α₀ after so many updates, of which an epoch has `per_epoch`."""

    def chain(self, memory: ScheduleMemory) -> tuple[Link, ...]:
        run = partial(_tick, self.factor, memory.per_epoch, memory.scalars["k"], memory.base, memory.rate)
        label, typst = f"α ← α₀ · {self.formula}", f"alpha <- alpha_0 dot {self.typst}"
        return (Link(label, typst, ("alpha0", "k"), ("alpha", "k"), run),)

    def factors(self, per_epoch: float, epochs: float) -> np.ndarray:
        return np.array([self.factor(float(k), per_epoch) for k in range(round(per_epoch * epochs))])


def schedule(name: str, **settings: float | bool) -> Schedule:
    """The schedule called `name`; a SpecError says which setting it does not have or cannot use."""
    made: Schedule = configured(Schedule, name, settings)
    if reason := made.problem():
        raise SpecError(reason)
    return made


def _tick(
    factor: Callable[[float, int], float], per_epoch: int, count: np.ndarray, base: np.ndarray, rate: np.ndarray
) -> None:
    update = count.item()
    count.fill(update + 1)
    rate.fill(base.item() * factor(update, per_epoch))
