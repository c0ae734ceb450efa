"""Prepared data: the arrays of each part of a table, and the way from the table's units to the network's and back."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import ColumnKind
from nnstudio.data.fitted import FittedInputs
from nnstudio.data.pipeline.fitting import Stage
from nnstudio.data.targets import Task

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


class PartName(StrEnum):
    """Which rows: those it learns from, those it is judged by while it is built, those kept for the last judgement."""

    TRAINING = "training"
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some rows of the table: X (n × inputs), Y (n × targets), and their numbers in the table, from 0. Read-only.

    Training rows may be there more than once.
    """

    X: Array
    Y: Array
    rows: Rows
    weights: Array | None = None
    """How much each row counts in the cost, (n,); None where all count the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Unlabelled:
    """The rows whose target is missing: X (u × inputs), and their numbers in the table, from 0. Read-only."""

    X: Array
    rows: Rows


@dataclass(frozen=True, slots=True, eq=False)
class PreparedData:
    """The parts of a table, and what is needed to translate between the table's units and the network's.

    `classes` is empty when the task is values; else it equals `target_names`. Means are 0 and scales 1 for columns that
    are not standardized. `autoencoder` says that the targets are the inputs themselves: the same arrays;
    `perhaps_classes` that the target's whole numbers are taken for values, may be classes, and nobody has said which.
    `fitted` makes inputs of other rows, and `stages` has what there was after each step of the pipeline.
    """

    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    task: Task
    classes: tuple[str, ...]
    train: Part
    validation: Part
    test: Part
    input_mean: Array
    input_scale: Array
    target_mean: Array
    target_scale: Array
    unlabelled: Unlabelled
    fitted: FittedInputs
    stages: tuple[Stage, ...]
    notes: tuple[str, ...] = ()
    autoencoder: bool = False
    perhaps_classes: bool = False

    def part(self, name: PartName) -> Part:
        """The rows of that part; there may be none."""
        return {PartName.TRAINING: self.train, PartName.VALIDATION: self.validation, PartName.TEST: self.test}[name]

    @property
    def parts(self) -> tuple[PartName, ...]:
        """The parts that have rows."""
        return tuple(name for name in PartName if len(self.part(name).X))

    @property
    def features(self) -> tuple[str, ...]:
        """The columns of the table that the inputs are made of."""
        return tuple(entry.name for entry in self.fitted.columns)

    @property
    def plain(self) -> bool:
        """Whether the inputs are columns of the table as they are, at most standardized."""
        return not self.fitted.steps and self.features == self.input_names

    @property
    def axes(self) -> int:
        """How many columns there are behind the inputs, where each is a number without gaps, so that it can be an axis
        of a plot; 0 where one is not."""
        columns = self.fitted.columns
        used = (self.train, self.validation, self.test, self.unlabelled)
        for entry in columns:
            missing = entry.column.missing
            if not entry.is_number or (missing is not None and any(missing[part.rows].any() for part in used)):
                return 0
        return len(columns)

    def raw(self, rows: Rows) -> Array:
        """What the table has for these rows in `features`, as numbers (n × features); NaN for gaps and text."""
        return np.column_stack(
            [
                np.full(len(rows), np.nan) if column.kind is ColumnKind.TEXT else column.values[rows]
                for column in (entry.column for entry in self.fitted.columns)
            ]
        )

    def inputs_of(self, raw: Array) -> Array:
        """Inputs made of numbers for `features` in the table's units (n × features), as the network sees them."""
        return self.standardized_inputs(raw) if self.plain else self.fitted.inputs_of(raw)

    def standardized_inputs(self, X: Array) -> Array:
        """Inputs as the pipeline leaves them (n × inputs) as the network sees them."""
        return (X - self.input_mean) / self.input_scale

    def original_inputs(self, X: Array) -> Array:
        """Inputs as the network sees them, back in the units in which the pipeline leaves them: those of the table,
        where the inputs are `plain`."""
        return X * self.input_scale + self.input_mean

    def original_targets(self, Y: Array) -> Array:
        """Targets or predictions as the network sees them, back in the table's units."""
        return Y * self.target_scale + self.target_mean
