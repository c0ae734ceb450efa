"""Gaps: cells in which there is nothing.

A network cannot learn from what is not there. Rows with gaps are dropped, or the gaps are filled with a guess that is
the same for the whole column: its mean, its median, its most frequent value (the least of several) or a constant. That
something was missing may itself tell a lot: `mark` adds a column that is 1 where there was a gap and 0 elsewhere.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .step import FittedStep, StepSpec, chosen, no_text, place_of, refuse_without_values
from .table import Feature, FeatureKind, Table, unused

_FILL_NUMBER, _FILL_TEXT = 0.0, "missing"


class Gap(StrEnum):
    """What becomes of a gap."""

    DROP = "drop"
    MEAN = "mean"
    MEDIAN = "median"
    MOST_FREQUENT = "most_frequent"
    CONSTANT = "constant"


class Gaps(StepSpec, frozen=True, kw_only=True, tag="gaps"):
    """`value` is the constant: 0 among numbers and "missing" among text where none is given.

    Dropping is done before the rows are split, by the columns of the table itself.
    """

    how: Gap = Gap.MEAN
    value: float | str | None = None
    mark: bool = False

    @property
    def drops(self) -> bool:
        return self.on and self.how is Gap.DROP

    def chosen(self, table: Table, place: str) -> list[Feature]:
        """The columns whose gaps are meant."""
        if self.how in (Gap.MEAN, Gap.MEDIAN):
            return chosen(self, table, place, lambda feature: not no_text(feature), no_text)
        if self.how is Gap.CONSTANT and self.value is not None:
            return chosen(self, table, place, lambda feature: not self._unsuited(feature), self._unsuited)
        return chosen(self, table, place, lambda _: True, lambda _: "")

    def fit(self, learned: Table, place: str) -> FittedStep:
        columns = self.chosen(learned, place)
        if self.how is Gap.DROP:
            return Dropped()
        taken = set(learned.names)
        marked = [feature for feature in columns if self.mark and (self.columns or feature.gaps.any())]
        return FilledGaps(
            {feature.name: self._filling(feature, place) for feature in columns},
            {feature.name: unused(f"{feature.name} missing", taken) for feature in marked},
        )

    def _filling(self, feature: Feature, place: str) -> float | str:
        if self.how is Gap.CONSTANT:
            return self._constant(feature)
        refuse_without_values(feature, place)
        known = feature.known
        if self.how is Gap.MEAN:
            return float(known.mean())
        return float(np.median(known)) if self.how is Gap.MEDIAN else _most_frequent(known.tolist())

    def _constant(self, feature: Feature) -> float | str:
        if self.value is None:
            return _FILL_TEXT if feature.kind is FeatureKind.CATEGORY else _FILL_NUMBER
        return (
            float(feature.labels.index(str(self.value)))
            if isinstance(self.value, str) and feature.labels
            else self.value
        )

    def _unsuited(self, feature: Feature) -> str:
        """Why the constant cannot stand in a column."""
        if isinstance(self.value, str):
            fits = feature.kind is FeatureKind.CATEGORY or self.value in feature.labels
            return (
                ""
                if fits
                else f"'{feature.name}' has numbers, and its gaps cannot be filled with '{self.value}'; give a number"
            )
        if feature.kind is not FeatureKind.CATEGORY:
            return ""
        return f"'{feature.name}' holds text, and its gaps cannot be filled with the number {self.value:g}; give a text"


@dataclass(frozen=True, slots=True, eq=False)
class Dropped(FittedStep):
    """The rows were dropped before anything was fitted: there is nothing left to do."""

    def apply(self, table: Table) -> Table:
        return table


@dataclass(frozen=True, slots=True, eq=False)
class FilledGaps(FittedStep):
    """What stands in the gaps of each column, and what the columns are called that mark them."""

    filling: dict[str, float | str]
    marks: dict[str, str]

    def apply(self, table: Table) -> Table:
        filled, marks = {}, []
        for feature in table.features:
            if feature.name not in self.filling:
                continue
            gaps = feature.gaps
            if feature.name in self.marks:
                marks.append(Feature(self.marks[feature.name], FeatureKind.INDICATOR, gaps.astype(np.float64)))
            if gaps.any():
                values = feature.values.copy()
                values[gaps] = self.filling[feature.name]
                filled[feature.name] = (replace(feature, values=values),)
        return table.replaced(filled).extended(tuple(marks))


def rows_kept(table: Table, steps: Sequence[StepSpec]) -> NDArray[np.bool_]:
    """The rows that the steps do not drop: a step drops those with a gap in one of its columns that no step before it
    has filled. Whether a row is dropped depends on nothing but the row."""
    kept = np.ones(len(table.rows), dtype=np.bool_)
    filled: set[str] = set()
    for number, step in enumerate(steps):
        if not isinstance(step, Gaps) or not step.on:
            continue
        if not step.drops:
            filled |= set(step.columns or (f.name for f in step.chosen(table, place_of(number))))
            continue
        for feature in step.chosen(table, place_of(number)):
            if feature.name not in filled:
                kept &= ~feature.gaps
    return kept


def _most_frequent(values: list[Any]) -> Any:
    """The least of those that occur most often."""
    counts = Counter(values)
    most = max(counts.values())
    return min(value for value, count in counts.items() if count == most)
