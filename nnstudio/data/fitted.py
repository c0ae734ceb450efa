"""A preparation that was fitted once, for rows that come later: to be predicted, or to be drawn as a map.

New rows are read and prepared exactly as those that were learned from, with the numbers found then. Where their table
differs, each difference is said in words: a column that is missing stops everything, others cost single rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from nnstudio.data.column_types import mistakes, typed
from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.pipeline.step import FittedStep, applied
from nnstudio.data.pipeline.table import Array, Rows, Table
from nnstudio.data.roles import InputColumn
from nnstudio.data.scaling import Scaling
from nnstudio.data.spec import ColumnSpec


class DifferenceKind(StrEnum):
    """How a table differs from the one that was learned from."""

    MISSING_COLUMN = "missing_column"
    EXTRA_COLUMN = "extra_column"
    OTHER_TYPE = "other_type"
    OTHER_SIGN = "other_sign"
    UNSEEN = "unseen"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference in words. A `fatal` one keeps every row from being prepared."""

    kind: DifferenceKind
    column: str
    text: str
    fatal: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """Rows as the network sees them (n × inputs, NaN in rows that cannot be prepared), the places of those that can,
    and how their table differs."""

    X: Array
    usable: Rows
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FittedInputs:
    """From the columns of a table to inputs: the columns, the fitted steps, the names of the inputs, and the scaling
    behind the steps. `others` are the columns that have another role."""

    columns: tuple[InputColumn, ...]
    steps: tuple[FittedStep, ...]
    names: tuple[str, ...]
    scaling: Scaling
    others: tuple[str, ...] = ()

    def apply(self, dataset: Dataset) -> Applied:
        """The inputs of all rows of another table; a DataError says that a column is missing."""
        for difference in self._missing(dataset):
            raise DataError(difference.text)
        specs = [entry.spec_of(dataset.column(entry.name)) for entry in self.columns]
        read = [typed(dataset.column(entry.name), spec) for entry, spec in zip(self.columns, specs, strict=True)]
        differences = [*self._of_columns(specs, read), *self._extra(dataset)]
        made = [feature for entry, column in zip(self.columns, read, strict=True) for feature in entry.features(column)]
        table = Table(tuple(made), np.arange(dataset.rows))
        for step in self.steps:
            differences += [
                Difference(DifferenceKind.UNSEEN, remark.column, remark.text) for remark in step.remarks(table)
            ]
            table = applied(step, table)
        X = self.scaling.apply(_without(table.matrix(), _mistaken(read)))
        usable = np.flatnonzero(np.isfinite(X).all(axis=1))
        differences += self._gaps(read, usable, dataset.rows)
        return Applied(X, usable, tuple(differences))

    def differences(self, dataset: Dataset) -> tuple[Difference, ...]:
        """How another table differs, without a refusal."""
        return tuple(self._missing(dataset)) or self.apply(dataset).differences

    def count_unread(self, dataset: Dataset) -> int:
        """How many cells of another table are filled in with what their column cannot hold."""
        pairs = [(entry, dataset.column(entry.name)) for entry in self.columns if entry.name in dataset.names]
        return sum(len(mistakes(column, entry.spec_of(column))[0]) for entry, column in pairs)

    def inputs_of(self, raw: Array) -> Array:
        """Inputs of rows that are given as numbers, one for each of `columns` (n × columns), in the table's units."""
        made = [
            feature
            for number, entry in enumerate(self.columns)
            for feature in entry.features(Column(entry.name, ColumnKind.NUMBER, raw[:, number]))
        ]
        table = Table(tuple(made), np.arange(len(raw)))
        for step in self.steps:
            table = applied(step, table)
        return self.scaling.apply(table.matrix())

    def _missing(self, dataset: Dataset) -> Iterator[Difference]:
        for entry in self.columns:
            if entry.name not in dataset.names:
                text = f"{dataset.name} has no column '{entry.name}', which the network learned from; add it"
                yield Difference(DifferenceKind.MISSING_COLUMN, entry.name, text, fatal=True)

    def _of_columns(self, specs: list[ColumnSpec], read: list[Column]) -> Iterator[Difference]:
        for entry, spec, column in zip(self.columns, specs, read, strict=True):
            if spec.numbers is not None and spec.numbers != entry.spec.numbers:
                sign = "comma" if spec.numbers.decimal == "," else "point"
                text = f"the numbers of '{entry.name}' have a decimal {sign} here, and were read so"
                yield Difference(DifferenceKind.OTHER_SIGN, entry.name, text)
            if column.mistake is not None:
                text = f"{column.mistake} (the network learned '{entry.name}' as {entry.spec.type})"
                yield Difference(DifferenceKind.OTHER_TYPE, entry.name, text)

    def _extra(self, dataset: Dataset) -> Iterator[Difference]:
        wanted = {entry.name for entry in self.columns}
        for name in dataset.names:
            if name not in wanted and name not in self.others:
                text = f"'{name}' is not used: the network did not learn from a column of that name"
                yield Difference(DifferenceKind.EXTRA_COLUMN, name, text)

    def _gaps(self, read: list[Column], usable: Rows, rows: int) -> Iterator[Difference]:
        """Rows that cannot be prepared for a cell that is missing."""
        lost = np.delete(np.arange(rows), usable)
        for column in read:
            missing = lost[~column.filled[lost]]
            if len(missing):
                more = f" ({len(missing) - 1:,} more such rows)" if len(missing) > 1 else ""
                text = f"row {missing[0] + 1} has a gap in '{column.name}' and gets no prediction{more}"
                yield Difference(DifferenceKind.GAP, column.name, text)


def _without(matrix: Array, rows: Rows) -> Array:
    """With no numbers in these rows."""
    if len(rows):
        matrix = matrix.copy()
        matrix[rows] = np.nan
    return matrix


def _mistaken(read: list[Column]) -> Rows:
    """The rows in which a cell is filled in with something that its column cannot hold: no step may fill that."""
    numbers = [column for column in read if column.kind is ColumnKind.NUMBER]
    wrong = [column.filled & np.isnan(column.values) for column in numbers]
    return np.flatnonzero(np.logical_or.reduce(wrong)) if wrong else np.empty(0, np.int64)
