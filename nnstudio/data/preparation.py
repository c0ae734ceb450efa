"""From a table to the arrays a network learns from.

The targets are encoded (`targets`), the rows are split into training, validation and test rows (`splitting`), and the
columns are standardized by the training rows if that is asked for (`scaling`). Rows whose target is missing are in none
of these parts: nothing can be measured by them. What can't be learned from is refused here, in words that say which
column or row to mend; what is allowed but probably not meant becomes a note.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.blocks import side_by_side
from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.scaling import is_constant, no_scaling, scaling_of
from nnstudio.data.spec import DataSpec, MissingUse, TargetKind
from nnstudio.data.splitting import split_rows
from nnstudio.data.targets import Targets, Task, encode_targets, rows_with_targets

__all__ = ["Part", "PartName", "PreparedData", "Task", "Unlabelled", "prepare"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


class PartName(StrEnum):
    """Which rows: those it learns from, those it is judged by while it is built, those kept for the last judgement."""

    TRAINING = "training"
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some rows of the table: X (n × inputs), Y (n × targets), and their numbers in the table, from 0. Read-only."""

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
    are not standardized. `autoencoder` says that the targets are the inputs themselves: the same arrays.
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
    notes: tuple[str, ...] = ()
    autoencoder: bool = False

    def part(self, name: PartName) -> Part:
        """The rows of that part; there may be none."""
        return {PartName.TRAINING: self.train, PartName.VALIDATION: self.validation, PartName.TEST: self.test}[name]

    @property
    def parts(self) -> tuple[PartName, ...]:
        """The parts that have rows."""
        return tuple(name for name in PartName if len(self.part(name).X))

    def standardized_inputs(self, X: Array) -> Array:
        """Inputs in the table's units (n × inputs) as the network sees them."""
        return (X - self.input_mean) / self.input_scale

    def original_inputs(self, X: Array) -> Array:
        """Inputs as the network sees them, back in the table's units."""
        return X * self.input_scale + self.input_mean

    def original_targets(self, Y: Array) -> Array:
        """Targets or predictions as the network sees them, back in the table's units."""
        return Y * self.target_scale + self.target_mean


def prepare(dataset: Dataset, spec: DataSpec, seed: int) -> PreparedData:
    """The arrays that `spec` asks for; `seed` decides which rows go to which part, and nothing else."""
    autoencoder = spec.target_kind is TargetKind.INPUTS
    target_columns = _target_columns(dataset, spec)
    input_columns = _columns(dataset, spec.inputs or _other_numbers(dataset, target_columns), "input", target_columns)
    _refuse_unusable(input_columns, target_columns)

    input_names = tuple(column.name for column in input_columns)
    X = side_by_side([column.values for column in input_columns])
    rows = np.arange(dataset.rows) if autoencoder else rows_with_targets(target_columns)
    unlabelled = np.delete(np.arange(dataset.rows), rows)
    targets = (
        Targets(Task.VALUES, input_names, X) if autoencoder else encode_targets(target_columns, spec.target_kind, rows)
    )
    split = split_rows(len(rows), targets.labels, spec.split, seed)
    learned = X[rows[split.train]]
    if spec.missing_targets.use is MissingUse.PSEUDO_LABELS:
        learned = np.concatenate((learned, X[unlabelled]))
    in_scale = scaling_of(learned, input_names) if spec.standardize else no_scaling(X.shape[1])
    are_values = targets.task is Task.VALUES and not autoencoder
    out_scale = in_scale if autoencoder else no_scaling(len(targets.names))
    if are_values and spec.standardize_targets:
        out_scale = scaling_of(targets.Y[split.train], targets.names)

    def part(places: Rows) -> Part:
        inputs = in_scale.apply(X[rows[places]])
        return Part(inputs, inputs if autoencoder else out_scale.apply(targets.Y[places]), rows[places])

    return PreparedData(
        input_names=input_names,
        target_names=targets.names,
        task=targets.task,
        classes=targets.names if targets.task is Task.CLASSES else (),
        train=part(split.train),
        validation=part(split.validation),
        test=part(split.test),
        input_mean=in_scale.mean,
        input_scale=in_scale.scale,
        target_mean=out_scale.mean,
        target_scale=out_scale.scale,
        unlabelled=Unlabelled(in_scale.apply(X[unlabelled]), unlabelled),
        notes=(
            *_left_out(len(unlabelled), dataset.rows, spec.missing_targets.use),
            *_constants("input", input_names, learned),
            *(_constants("target", targets.names, targets.Y[split.train]) if are_values else ()),
            *split.notes,
            *_flaws_left_out(dataset, (*input_columns, *target_columns)),
            *_single_classes_left_out(dataset, (*input_columns, *target_columns)),
        ),
        autoencoder=autoencoder,
    )


def _target_columns(dataset: Dataset, spec: DataSpec) -> tuple[Column, ...]:
    """The columns to learn; none where the inputs themselves are learned."""
    if spec.target_kind is not TargetKind.INPUTS:
        return _columns(dataset, spec.targets or dataset.default_targets(), "target")
    if spec.targets:
        raise DataError(
            f"the targets are the inputs themselves, and column '{spec.targets[0]}' is named as a target too; "
            "name no targets, or choose another target_kind, such as auto"
        )
    return ()


def _other_numbers(dataset: Dataset, targets: tuple[Column, ...]) -> tuple[str, ...]:
    """The default inputs, for targets that need not be the default ones."""
    taken = {column.name for column in targets}
    return tuple(c.name for c in dataset.numeric_columns if c.problem is None and c.name not in taken)


def _columns(dataset: Dataset, names: tuple[str, ...], role: str, taken: tuple[Column, ...] = ()) -> tuple[Column, ...]:
    if not names:
        for column in dataset.numeric_columns:
            if column.problem is not None and column not in taken:
                raise DataError(column.problem)
        raise DataError(f"{dataset.name} has no column of numbers left to be the {role}; add one to the table")
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"column '{name}' is listed twice as {role}; name it once")
    return tuple(dataset.column(name) for name in names)


def _refuse_unusable(inputs: tuple[Column, ...], targets: tuple[Column, ...]) -> None:
    target_names = {column.name for column in targets}
    for column in inputs:
        if column.name in target_names:
            raise DataError(
                f"column '{column.name}' is both an input and a target; choose one of the two, or set target_kind to "
                "inputs to learn the inputs themselves"
            )
        if column.kind is ColumnKind.TEXT:
            raise DataError(
                f"column '{column.name}' holds text, and inputs are numbers; "
                "leave it out of the inputs, or write it as numbers"
            )
    for problem in (*(column.problem for column in inputs), *(column.target_problem for column in targets)):
        if problem is not None:
            raise DataError(problem)


def _left_out(unlabelled: int, rows: int, use: MissingUse) -> tuple[str, ...]:
    """That rows without a target are left out."""
    if not unlabelled or use is not MissingUse.LEAVE_OUT:
        return ()
    return (f"{unlabelled:,} of {rows:,} rows have no target and are left out",)


def _flaws_left_out(dataset: Dataset, used: tuple[Column, ...]) -> tuple[str, ...]:
    """A column of numbers that is not learned from for a bad cell: it may be left out without the user's knowledge."""
    return tuple(
        f"'{column.name}' is left out: {column.problem}"
        for column in dataset.numeric_columns
        if column.problem is not None and column not in used
    )


def _single_classes_left_out(dataset: Dataset, used: tuple[Column, ...]) -> tuple[str, ...]:
    """A column of text that would be the target if it had two classes: that another one is must not go unsaid."""
    texts = [c for c in dataset.columns if c.kind is ColumnKind.TEXT and c not in used]
    found = [(c.name, set(c.values[c.filled].tolist())) for c in texts if c.filled.sum() > 1]
    return tuple(
        f"'{name}' is left out: it is '{next(iter(values))}' in every row, and a single class cannot be learned"
        for name, values in found
        if len(values) == 1
    )


def _constants(role: str, names: tuple[str, ...], table: Array) -> tuple[str, ...]:
    """A column that never changes teaches nothing. (With one row every column is constant, and everybody knows.)"""
    if len(table) < 2:
        return ()
    return tuple(
        f"{role} '{name}' is {value:g} in every training row; nothing can be learned from it"
        for name, value, constant in zip(names, table[0], is_constant(table), strict=True)
        if constant
    )
