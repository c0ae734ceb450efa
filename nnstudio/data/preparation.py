"""From a table to the arrays a network learns from.

Each column has its role (`roles`). The targets are encoded (`targets`), the rows are split into training, validation
and test rows (`splitting`), the steps of the `pipeline` make inputs of the input columns, and these are standardized by
the training rows if that is asked for (`scaling`); rows may weigh differently (`weighing`). Rows whose target is
missing are in none of these parts: nothing can be measured by them. What can't be learned from is refused here, in
words that say which column or row to mend; what is allowed but probably not meant becomes a note.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.fitted import FittedInputs
from nnstudio.data.pipeline.fitting import Fitting, Learners, Stage, fit_steps
from nnstudio.data.pipeline.gaps import rows_kept
from nnstudio.data.pipeline.table import Table
from nnstudio.data.prepared import Part, PartName, PreparedData, Unlabelled
from nnstudio.data.roles import Roles, roles_of
from nnstudio.data.scaling import Scaling, is_constant, no_scaling, scaling_of
from nnstudio.data.spec import DataSpec, MissingUse, TargetKind
from nnstudio.data.splitting import Split, Telling, groups_told, parts_told, split_rows
from nnstudio.data.targets import Targets, Task, encode_targets, rows_with_targets
from nnstudio.data.weighing import Labels, labels_of, row_weights

__all__ = ["Part", "PartName", "PreparedData", "Stage", "Task", "Unlabelled", "prepare"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

_CONSTANTS_NAMED = 3


def prepare(dataset: Dataset, spec: DataSpec, seed: int) -> PreparedData:
    """The arrays that `spec` asks for; `seed` decides which rows go to which part or are drawn, and nothing else."""
    autoencoder = spec.target_kind is TargetKind.INPUTS
    roles = roles_of(dataset, spec)
    table = Table(tuple(f for entry in roles.inputs for f in entry.features()), np.arange(dataset.rows))
    rows, unlabelled = _rows(table, roles, spec)
    targets = None if autoencoder else encode_targets(roles.targets, roles.kind, rows, roles.order)
    labels = None if targets is None else labels_of(targets)
    split = split_rows(len(rows), None if targets is None else targets.labels, spec.split, seed, _telling(roles, rows))
    fitting = fit_steps(spec.pipeline, table, _learners(rows, unlabelled, split, labels, spec), seed)
    X = fitting.table.matrix()
    _refuse_gaps(X, fitting, roles, np.concatenate((rows, unlabelled)))
    made = _Arrays(spec, rows, unlabelled, fitting, X, targets, labels)
    train = np.searchsorted(rows, fitting.training)
    in_scale, out_scale = made.scales(train)
    weights = row_weights(spec, roles.weight, labels, rows, train)

    def part(places: Rows) -> Part:
        inputs = in_scale.apply(X[rows[places]])
        Y = inputs if targets is None else out_scale.apply(targets.Y[places])
        return Part(inputs, Y, rows[places], None if weights is None else _read_only(weights[places]))

    return PreparedData(
        input_names=fitting.table.names,
        target_names=made.target_names,
        task=Task.VALUES if targets is None else targets.task,
        classes=targets.names if targets is not None and targets.task is Task.CLASSES else (),
        train=part(train),
        validation=part(split.validation),
        test=part(split.test),
        input_mean=in_scale.mean,
        input_scale=in_scale.scale,
        target_mean=out_scale.mean,
        target_scale=out_scale.scale,
        unlabelled=Unlabelled(in_scale.apply(X[unlabelled]), unlabelled),
        fitted=FittedInputs(
            roles.inputs, fitting.steps, fitting.table.names, in_scale, tuple(c.name for c in roles.columns)
        ),
        stages=fitting.stages,
        notes=(
            *_dropped(dataset.rows - len(rows) - len(unlabelled), dataset.rows),
            *_left_out(len(unlabelled), dataset.rows, spec.missing_targets.use),
            *_constants("input", fitting.table.names, made.learned(train)),
            *(_constants("target", made.target_names, targets.Y[train]) if targets and made.are_values else ()),
            *split.notes,
            *_classes_without(split, labels),
            *fitting.notes,
            *_flaws_left_out(dataset, roles),
            *_single_classes_left_out(dataset, roles),
        ),
        autoencoder=autoencoder,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Arrays:
    """What is at hand once the pipeline has run: X of all rows of the table, and the targets of `rows`."""

    spec: DataSpec
    rows: Rows
    unlabelled: Rows
    fitting: Fitting
    X: Array
    targets: Targets | None
    labels: Labels | None

    @property
    def target_names(self) -> tuple[str, ...]:
        return self.fitting.table.names if self.targets is None else self.targets.names

    @property
    def are_values(self) -> bool:
        return self.targets is not None and self.targets.task is Task.VALUES

    def learned(self, train: Rows) -> Array:
        """X of the rows that are learned from, with or without a target."""
        learned: Array = self.X[self.rows[train]]
        if self.spec.missing_targets.use is MissingUse.PSEUDO_LABELS:
            learned = np.concatenate((learned, self.X[self.unlabelled]))
        return learned

    def scales(self, train: Rows) -> tuple[Scaling, Scaling]:
        """How inputs and targets are standardized, by the rows that are learned from."""
        names = self.fitting.table.names
        inputs = scaling_of(self.learned(train), names) if self.spec.standardize else no_scaling(len(names))
        if self.targets is None:
            return inputs, inputs
        if self.are_values and self.spec.standardize_targets:
            return inputs, scaling_of(self.targets.Y[train], self.targets.names)
        return inputs, no_scaling(len(self.targets.names))


def _rows(table: Table, roles: Roles, spec: DataSpec) -> tuple[Rows, Rows]:
    """The rows that have a target, and those that have none; without the rows that are dropped for their gaps."""
    every = len(table.rows)
    rows = rows_with_targets(roles.targets) if roles.targets else np.arange(every)
    unlabelled = np.delete(np.arange(every), rows)
    if any(step.on for step in spec.pipeline):
        kept = rows_kept(table, spec.pipeline)
        rows, unlabelled = rows[kept[rows]], unlabelled[kept[unlabelled]]
        if not len(rows):
            raise DataError("every row has a gap and is dropped; fill the gaps of some columns, or leave them out")
    return rows, unlabelled


def _telling(roles: Roles, rows: Rows) -> Telling:
    return Telling(
        None if roles.group is None else groups_told(roles.group, rows),
        None if roles.part is None else parts_told(roles.part, rows),
    )


def _learners(rows: Rows, unlabelled: Rows, split: Split, labels: Labels | None, spec: DataSpec) -> Learners:
    by_row = None
    if labels is not None:
        by_row = np.full(max(rows.max(), unlabelled.max(initial=0)) + 1, -1, dtype=np.int64)
        by_row[rows] = labels.index
    learned = spec.missing_targets.use is MissingUse.PSEUDO_LABELS
    used = np.sort(np.concatenate((rows, unlabelled)))
    return Learners(rows[split.train], unlabelled if learned else unlabelled[:0], used, by_row)


def _refuse_gaps(X: Array, fitting: Fitting, roles: Roles, used: Rows) -> None:
    """Every number must be there, whatever the steps have done."""
    if not fitting.steps and all(entry.column.problem is None for entry in roles.inputs):
        return
    flawed = ~np.isfinite(X[used])
    if not flawed.any():
        return
    place, column = np.argwhere(flawed)[0]
    row = int(used[place])
    for entry in roles.inputs:
        if not entry.column.filled[row]:
            raise DataError(
                f"row {row + 1}, column '{entry.name}': the cell is empty; fill it in, delete the row, or add a step "
                "that fills or drops gaps"
            )
    raise DataError(
        f"input '{fitting.table.names[column]}' is too large to be a number in row {row + 1}; "
        "scale or clip its columns in an earlier step"
    )


def _read_only(weights: Array) -> Array:
    made = np.ascontiguousarray(weights)
    made.flags.writeable = False
    return made


def _dropped(dropped: int, rows: int) -> tuple[str, ...]:
    return (f"{dropped:,} of {rows:,} rows have gaps and are dropped",) if dropped else ()


def _classes_without(split: Split, labels: Labels | None) -> tuple[str, ...]:
    """Classes of which a part has no row: it cannot tell how well they are recognized."""
    if labels is None:
        return ()
    found = []
    for part, rows in (("training", split.train), ("validation", split.validation), ("test", split.test)):
        counts = np.bincount(labels.index[rows], minlength=len(labels.names))
        for name, count in zip(labels.names, counts, strict=True) if len(rows) else ():
            if not count:
                found.append(f"no {part} row is of class '{name}'")
    return tuple(found)


def _left_out(unlabelled: int, rows: int, use: MissingUse) -> tuple[str, ...]:
    """That rows without a target are left out."""
    if not unlabelled or use is not MissingUse.LEAVE_OUT:
        return ()
    return (f"{unlabelled:,} of {rows:,} rows have no target and are left out",)


def _flaws_left_out(dataset: Dataset, roles: Roles) -> tuple[str, ...]:
    """A column of numbers that is not learned from for a bad cell: it may be left out without the user's knowledge."""
    used = {column.name for column in roles.columns}
    return tuple(
        f"'{column.name}' is left out: {column.problem}"
        for column in dataset.numeric_columns
        if column.problem is not None and column.name not in used
    )


def _single_classes_left_out(dataset: Dataset, roles: Roles) -> tuple[str, ...]:
    """A column of text that would be the target if it had two classes: that another one is must not go unsaid."""
    used = {column.name for column in roles.columns}
    texts = [c for c in dataset.columns if c.kind is ColumnKind.TEXT and c.name not in used]
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
    constant = is_constant(table).nonzero()[0].tolist()
    if len(constant) > _CONSTANTS_NAMED:  # most often the edges of images
        listed = ", ".join(f"'{names[place]}'" for place in constant[:_CONSTANTS_NAMED])
        return (
            f"{len(constant):,} of {len(names):,} {role}s are the same in every training row ({listed}, …); "
            "nothing can be learned from them",
        )
    return tuple(
        f"{role} '{names[place]}' is {table[0, place]:g} in every training row; nothing can be learned from it"
        for place in constant
    )
