"""What an optimizer is: its settings, its arrays, and the chain of links it makes of them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nnstudio.engine.registry import Named
from nnstudio.engine.settings import configured, problem, setting
from nnstudio.engine.spec import SpecError


def learning_rate(default: float) -> Any:
    return setting(default, "Learning rate", "α", 0.0, 1e6, "(]")


def epsilon(default: float) -> Any:
    return setting(default, "Epsilon", "ε", 0.0, 1.0, "(]")


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """The arrays a chain works on. Parameters, gradients and state are flat and share one layout."""

    parameters: np.ndarray
    gradients: np.ndarray
    rate: np.ndarray
    """The learning rate α, of shape ()."""
    state: Mapping[str, np.ndarray]
    scalars: Mapping[str, np.ndarray]
    """Numbers kept between updates, each of shape (): the count t of updates so far."""

    def scratch(self) -> np.ndarray:
        return np.empty_like(self.parameters)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: what it says, which of "θ", "g", "α", the state families and the scalars it
    reads and writes."""

    label: str
    typst: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    run: Callable[[], object]


class Optimizer(Named, ABC):
    """An optimizer and its settings; each kind is a frozen dataclass of its hyperparameters."""

    kind = "optimizer"
    families: ClassVar[Mapping[str, str]] = {}
    """The arrays it keeps between updates, each as long as the parameters: key and what it is called."""
    scalars: ClassVar[Mapping[str, float]] = {}
    """The single numbers it keeps between updates, and where they start."""

    learning_rate: float

    @abstractmethod
    def chain(self, memory: Memory) -> tuple[Link, ...]:
        """The links, bound to their arrays, in the order they run."""

    @property
    def state_families(self) -> Mapping[str, str]:
        """The families that these settings need (plain SGD needs no velocity)."""
        return self.families

    def problem(self) -> str | None:
        """The first setting outside its domain, or None."""
        return problem(self)


def optimizer(name: str, **hyperparameters: float | bool) -> Optimizer:
    """The optimizer called `name`; a SpecError says which hyperparameter it does not have or cannot use."""
    made: Optimizer = configured(Optimizer, name, hyperparameters)
    if reason := made.problem():
        raise SpecError(reason)
    return made
