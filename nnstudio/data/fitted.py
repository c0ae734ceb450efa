"""A preparation that was fitted once, for rows that come later: to be predicted, or to be drawn as a map.

New rows are read and prepared exactly as those that were learned from, with the numbers found then. Where their table
differs, each difference is said in words: a column that is missing stops everything, others cost single rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.pipeline.step import FittedStep, applied
from nnstudio.data.pipeline.table import Array, Rows, Table
from nnstudio.data.roles import InputColumn
from nnstudio.data.scaling import Scaling


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
        differences = list(self._of_columns(dataset))
        for difference in differences:
            if difference.fatal:
                raise DataError(difference.text)
        read = [entry.read(dataset.column(entry.name)) for entry in self.columns]
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
        fatal = tuple(difference for difference in self._of_columns(dataset) if difference.fatal)
        return fatal or self.apply(dataset).differences

    def count_unread(self, dataset: Dataset) -> int:
        """How many cells of another table are filled in with what their column cannot hold."""
        there = (entry for entry in self.columns if entry.name in dataset.names)
        return sum(int(_unread(entry.read(dataset.column(entry.name))).sum()) for entry in there)

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

    def _of_columns(self, dataset: Dataset) -> Iterator[Difference]:
        wanted = {entry.name for entry in self.columns}
        for entry in self.columns:
            if entry.name not in dataset.names:
                text = f"{dataset.name} has no column '{entry.name}', which the network learned from; add it"
                yield Difference(DifferenceKind.MISSING_COLUMN, entry.name, text, fatal=True)
                continue
            read = entry.read(dataset.column(entry.name))
            spec = entry.spec_of(dataset.column(entry.name))
            if spec.numbers is not None and spec.numbers != entry.spec.numbers:
                sign = "comma" if spec.numbers.decimal == "," else "point"
                text = f"the numbers of '{entry.name}' have a decimal {sign} here, and were read so"
                yield Difference(DifferenceKind.OTHER_SIGN, entry.name, text)
            if read.mistake is not None:
                text = f"{read.mistake} (the network learned '{entry.name}' as {entry.spec.type})"
                yield Difference(DifferenceKind.OTHER_TYPE, entry.name, text)
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
    wrong = [_unread(column) for column in read]
    return np.flatnonzero(np.logical_or.reduce(wrong)) if wrong else np.empty(0, np.int64)


def _unread(column: Column) -> NDArray[np.bool_]:
    """The cells that are filled in with what the column cannot hold."""
    if column.kind is not ColumnKind.NUMBER:
        return np.zeros(len(column.values), np.bool_)
    unread: NDArray[np.bool_] = column.filled & np.isnan(column.values)
    return unread
