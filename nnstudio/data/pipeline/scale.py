"""Scaling: bringing columns in different units to like size.

`standardize`: (x − mean) / deviation, the deviation with ddof 0. `min_max`: (x − least) / (most − least), from 0 to 1.
`robust`: (x − median) / (third quartile − first quartile), which outliers do not touch. `log`: log(1 + x), for counts
and sums of money that span powers of ten. A column that never changes has nothing to be divided by: it is only moved.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from nnstudio.data.errors import DataError

from .step import FittedStep, Remark, StepSpec, chosen, is_number, no_text, refuse_without_values
from .table import Array, Feature, FeatureKind, Table


class Scaler(StrEnum):
    """How a column is scaled."""

    STANDARDIZE = "standardize"
    MIN_MAX = "min_max"
    ROBUST = "robust"
    LOG = "log"


class Scale(StepSpec, frozen=True, kw_only=True, tag="scale"):
    """Without `columns` all numbers are scaled but those that are only 0 or 1."""

    how: Scaler = Scaler.STANDARDIZE

    def fit(self, learned: Table, place: str) -> FittedStep:
        columns = chosen(self, learned, place, is_number, no_text)
        if self.how is Scaler.LOG:
            return Logged(tuple(feature.name for feature in columns))
        moves: dict[str, tuple[float, float]] = {}
        notes = []
        for feature in columns:
            refuse_without_values(feature, place)
            known = feature.known
            moves[feature.name] = _move(known, self.how, f"{place}: column '{feature.name}'")
            if len(known) > 1 and known.min() == known.max():
                always = f"'{feature.name}' is {known[0]:g} in every training row"
                notes.append(f"{always}, so there is nothing to scale it by")
        return Moved(moves, notes=tuple(notes))


@dataclass(frozen=True, slots=True, eq=False)
class Moved(FittedStep):
    """What is subtracted from each column, and what it is divided by then."""

    moves: dict[str, tuple[float, float]]

    def apply(self, table: Table) -> Table:
        return table.replaced(
            {f.name: (_scaled(f, *self.moves[f.name]),) for f in table.features if f.name in self.moves}
        )


@dataclass(frozen=True, slots=True, eq=False)
class Logged(FittedStep):
    """The columns whose logarithm is taken."""

    columns: tuple[str, ...]

    def apply(self, table: Table) -> Table:
        return table.replaced({f.name: (_logarithm(f),) for f in table.features if f.name in self.columns})

    def remarks(self, table: Table) -> tuple[Remark, ...]:
        found = []
        for feature in table.features:
            wrong = feature.values <= -1.0 if feature.name in self.columns else np.zeros(1, dtype=np.bool_)
            if wrong.any():
                first = int(np.argmax(wrong))
                what = (
                    f"row {table.rows[first] + 1} of '{feature.name}' is {feature.values[first]:g}, and log(1 + x) "
                    "needs numbers above −1; clip the column in an earlier step, or scale it in another way"
                )
                found.append(Remark(feature.name, what, refuses=True))
        return tuple(found)


def _move(known: Array, how: Scaler, what: str) -> tuple[float, float]:
    with np.errstate(over="ignore", invalid="ignore"):
        if how is Scaler.STANDARDIZE:
            centre, reach = known.mean(), known.std()
        elif how is Scaler.MIN_MAX:
            centre, reach = known.min(), known.max() - known.min()
        else:
            first, centre, third = np.quantile(known, (0.25, 0.5, 0.75))
            reach = third - first
    if not np.isfinite(reach):
        largest = np.abs(known).max()
        raise DataError(
            f"{what} has numbers as large as {largest:.3g}, too large to scale; use a larger unit or leave the "
            "column out"
        )
    constant = known.min() == known.max()  # the computed deviation may be a rounding error above 0
    return float(centre), 1.0 if constant or reach == 0.0 else float(reach)


def _scaled(feature: Feature, centre: float, reach: float) -> Feature:
    return replace(feature, kind=FeatureKind.NUMBER, values=(feature.values - centre) / reach, labels=())


def _logarithm(feature: Feature) -> Feature:
    values = feature.values
    logarithms = np.log1p(values, out=np.full(len(values), np.nan), where=values > -1.0)
    return replace(feature, kind=FeatureKind.NUMBER, values=logarithms, labels=())
