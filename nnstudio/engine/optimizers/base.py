"""What an optimizer is: its settings, its arrays, and the chain of links it makes of them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from math import inf, isfinite
from typing import Any, ClassVar

import numpy as np

from nnstudio.engine.registry import Named
from nnstudio.engine.spec import SpecError

_LARGEST = 10**300


@dataclass(frozen=True, slots=True)
class Setting:
    """The domain of one hyperparameter: `least` < value ≤ `most`, or least ≤ value < most, as the flags say."""

    title: str
    symbol: str
    least: float = -inf
    most: float = inf
    least_included: bool = True
    most_included: bool = True

    def problem(self, name: str, value: object) -> str | None:
        """Why `value` cannot be used, or None."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"{name} is {value!r}; it must be a number"
        if isinstance(value, int) and abs(value) > _LARGEST:
            return f"{name} has {len(str(abs(value)))} digits; {self.domain}"
        above = value >= self.least if self.least_included else value > self.least
        below = value <= self.most if self.most_included else value < self.most
        if isfinite(value) and above and below:
            return None
        return f"{name} is {value:g}; {self.domain}"

    @property
    def domain(self) -> str:
        lower = f"{'at least' if self.least_included else 'above'} {self.least:g}"
        upper = f"{'at most' if self.most_included else 'below'} {self.most:g}"
        return f"it must be {lower} and {upper}"


def setting(default: float, title: str, symbol: str, least: float, most: float, ends: str = "[]") -> Any:
    """A dataclass field with its domain; `ends` is written as in mathematics: "(]" leaves the least value out."""
    domain = Setting(title, symbol, least, most, ends[0] == "[", ends[1] == "]")
    return field(default=default, metadata={"setting": domain})


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
        for name in switches(self):
            if not isinstance(getattr(self, name), bool):
                return f"{name} is {getattr(self, name)!r}; it must be true or false"
        problems = (domain.problem(name, getattr(self, name)) for name, domain in settings(self).items())
        return next((problem for problem in problems if problem), None)


def settings(kind: "Optimizer | type[Optimizer]") -> dict[str, Setting]:
    """The numeric hyperparameters of an optimizer, by field name."""
    return {f.name: f.metadata["setting"] for f in fields(kind) if "setting" in f.metadata}  # type: ignore[arg-type]


def switches(kind: "Optimizer | type[Optimizer]") -> tuple[str, ...]:
    """The hyperparameters that are on or off, by field name."""
    return tuple(f.name for f in fields(kind) if isinstance(f.default, bool))  # type: ignore[arg-type]


def optimizer(name: str, **hyperparameters: float | bool) -> Optimizer:
    """The optimizer called `name`; a SpecError says which hyperparameter it does not have or cannot use."""
    kind = Optimizer.class_named(name)
    known = {f.name for f in fields(kind)}
    for key in hyperparameters:
        if key not in known:
            raise SpecError(f"{name} has no setting {key!r}; it has {', '.join(sorted(known))}")
    made: Optimizer = kind(**hyperparameters)
    if problem := made.problem():
        raise SpecError(problem)
    return made
