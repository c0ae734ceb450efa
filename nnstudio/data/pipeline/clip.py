"""Clipping: numbers beyond two limits are put on them, so that a few outliers do not rule everything else."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from nnstudio.data.errors import DataError

from .step import FittedStep, StepSpec, chosen, is_number, no_text, refuse_without_values
from .table import Feature, Table


class Limits(StrEnum):
    """What the limits are: values, or quantiles of the training rows (0.05: a twentieth of them lies below)."""

    VALUES = "values"
    QUANTILES = "quantiles"


class Clip(StepSpec, frozen=True, kw_only=True, tag="clip"):
    """No `low` or no `high` means no limit on that side."""

    how: Limits = Limits.VALUES
    low: float | None = None
    high: float | None = None

    def fit(self, learned: Table, place: str) -> FittedStep:
        self._check(place)
        return Clipped({f.name: self._limits(f, place) for f in chosen(self, learned, place, is_number, no_text)})

    def _check(self, place: str) -> None:
        if self.low is None and self.high is None:
            raise DataError(f"{place} has neither low nor high; give at least one of the limits")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise DataError(f"{place}.low is {self.low:g}, but high is {self.high:g}; low must be less than high")
        for name, limit in (("low", self.low), ("high", self.high)):
            if self.how is Limits.QUANTILES and limit is not None and not 0.0 <= limit <= 1.0:
                raise DataError(f"{place}.{name} is {limit:g}; a quantile is from 0 to 1, such as 0.05")

    def _limits(self, feature: Feature, place: str) -> tuple[float, float]:
        low, high = self.low, self.high
        if self.how is Limits.QUANTILES:
            refuse_without_values(feature, place)
            low, high = (None if q is None else float(np.quantile(feature.known, q)) for q in (low, high))
        return -np.inf if low is None else low, np.inf if high is None else high


@dataclass(frozen=True, slots=True, eq=False)
class Clipped(FittedStep):
    """The limits of each column."""

    limits: dict[str, tuple[float, float]]

    def apply(self, table: Table) -> Table:
        return table.replaced(
            {
                feature.name: (replace(feature, values=np.clip(feature.values, *self.limits[feature.name])),)
                for feature in table.features
                if feature.name in self.limits
            }
        )
