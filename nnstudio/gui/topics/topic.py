"""What a card tells: words, formulas and a small plot, all without a widget."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnstudio.explain.explanation import Formula
from nnstudio.explain.writing import Kind


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A line through points; its name is in the legend, its kind is its colour."""

    name: str
    kind: Kind
    y: np.ndarray
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the first curve, with the slope of its tangent; `goal` is an x that is aimed at."""

    x: float
    y: float
    slope: float | None = None
    goal: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Curves over the same x. Beyond `most` they are cut off, where one grows without bounds."""

    x: np.ndarray
    curves: tuple[Curve, ...]
    x_name: str
    most: float | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """One choice. `shape` is drawn only when the card is seen; `note` says what the letters of the formulas mean."""

    title: str
    summary: str
    formulas: tuple[Formula, ...] = ()
    note: str = ""
    shape: Callable[[], Shape] | None = None

    @property
    def plain(self) -> str:
        """All but the plot, as text: for a screen reader."""
        lines = (self.title, self.summary, *(formula.plain for formula in self.formulas), self.note)
        return "\n".join(line for line in lines if line)
