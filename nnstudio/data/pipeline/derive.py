"""Derived inputs: functions of the columns that make a problem easier, as in the TensorFlow playground.

`square` adds x₁², x₂², …; `product` each x₁x₂ of two columns; `sin` sin x₁, sin x₂, … (of x in radians). What a small
network can hardly find by itself, a circle or a chess board, is then there to be used.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np

from .step import FittedStep, StepSpec, chosen, is_number, no_text, refuse_too_many
from .table import Array, Feature, FeatureKind, Table, unused


class Derived(StrEnum):
    """What is computed of the columns."""

    SQUARE = "square"
    PRODUCT = "product"
    SIN = "sin"


class Derive(StepSpec, frozen=True, kw_only=True, tag="derive"):
    """The new columns stand behind the others; where `keep` is false they take the place of those they came from."""

    what: tuple[Derived, ...] = (Derived.SQUARE, Derived.PRODUCT, Derived.SIN)
    keep: bool = True

    def fit(self, learned: Table, place: str) -> FittedStep:
        names = [feature.name for feature in chosen(self, learned, place, is_number, no_text)]
        pairs = len(names) * (len(names) - 1) // 2 if Derived.PRODUCT in self.what else 0
        refuse_too_many(len(learned.names) + 2 * len(names) + pairs, place, "name the columns it is for")
        taken = set(learned.names)
        made: list[tuple[str, Derived, tuple[str, ...]]] = []
        for kind in dict.fromkeys(self.what):
            of = combinations(names, 2) if kind is Derived.PRODUCT else ((name,) for name in names)
            made += [(unused(_name(kind, columns), taken), kind, tuple(columns)) for columns in of]
        return DerivedColumns(tuple(made), () if self.keep or not made else tuple(names))


@dataclass(frozen=True, slots=True, eq=False)
class DerivedColumns(FittedStep):
    """The name of each new column, what it is and of which columns; and the columns that go."""

    made: tuple[tuple[str, Derived, tuple[str, ...]], ...]
    gone: tuple[str, ...]

    def apply(self, table: Table) -> Table:
        values = {feature.name: feature.values for feature in table.features}
        new = tuple(
            Feature(name, FeatureKind.NUMBER, _computed(kind, [values[column] for column in columns]))
            for name, kind, columns in self.made
        )
        return table.replaced(dict.fromkeys(self.gone, ())).extended(new)


def _name(kind: Derived, columns: tuple[str, ...]) -> str:
    if kind is Derived.SQUARE:
        return f"{columns[0]}²"
    return f"sin {columns[0]}" if kind is Derived.SIN else "·".join(columns)


def _computed(kind: Derived, columns: list[Array]) -> Array:
    if kind is Derived.SIN:
        made: Array = np.sin(columns[0])
        return made
    return columns[0] * columns[-1]
