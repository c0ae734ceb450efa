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

from nnstudio.data import notes
from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.fitted import FittedInputs
from nnstudio.data.number_classes import may_be_classes
from nnstudio.data.pipeline.fitting import Fitting, Learners, Stage, fit_steps
from nnstudio.data.pipeline.gaps import rows_kept
from nnstudio.data.pipeline.table import Table
from nnstudio.data.prepared import Part, PartName, PreparedData, Unlabelled
from nnstudio.data.roles import Roles, roles_of
from nnstudio.data.scaling import Scaling, no_scaling, scaling_of
from nnstudio.data.spec import DataSpec, MissingUse, TargetKind
from nnstudio.data.splitting import Split, Telling, groups_told, parts_told, split_rows
from nnstudio.data.targets import Targets, Task, encode_targets, rows_with_targets
from nnstudio.data.weighing import Labels, labels_of, row_weights

__all__ = ["Part", "PartName", "PreparedData", "Stage", "Task", "Unlabelled", "prepare"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


def prepare(dataset: Dataset, spec: DataSpec, seed: int) -> PreparedData:
    """The arrays that `spec` asks for; `seed` decides which rows go to which part or are drawn, and nothing else."""
    roles = roles_of(dataset, spec)
    table = Table(tuple(f for entry in roles.inputs for f in entry.features()), np.arange(dataset.rows))
    rows, unlabelled = _rows(table, roles, spec)
    targets = encode_targets(roles.targets, roles.kind, rows, roles.order) if roles.targets else None
    labels = None if targets is None else labels_of(targets)
    split = split_rows(len(rows), None if labels is None else labels.index, spec.split, seed, _telling(roles, rows))
    fitting = fit_steps(spec.pipeline, table, _learners(rows, unlabelled, split, labels, spec), seed)
    X = fitting.table.matrix()
    _refuse_gaps(X, fitting, roles, np.concatenate((rows, unlabelled)))
    return _Arrays(dataset, spec, roles, rows, unlabelled, targets, labels, split, fitting, X).prepared()


@dataclass(frozen=True, slots=True, eq=False)
class _Arrays:
    """What is at hand once the pipeline has run: X of all rows of the table, and the targets of `rows`; they are None
    where the inputs themselves are learned."""

    dataset: Dataset
    spec: DataSpec
    roles: Roles
    rows: Rows
    unlabelled: Rows
    targets: Targets | None
    labels: Labels | None
    split: Split
    fitting: Fitting
    X: Array

    def prepared(self) -> PreparedData:
        names, targets = self.fitting.table.names, self.targets
        train, learned = np.searchsorted(self.rows, self.fitting.training), self._learned()
        inputs, outputs = self._scales(learned, train)
        weights = row_weights(self.spec, self.roles.weight, self.labels, self.rows, train)
        others = tuple(column.name for column in self.roles.columns)
        doubted = self._perhaps_classes()
        return PreparedData(
            input_names=names,
            target_names=names if targets is None else targets.names,
            task=Task.VALUES if targets is None else targets.task,
            classes=targets.names if targets is not None and targets.task is Task.CLASSES else (),
            train=self._part(train, inputs, outputs, weights),
            validation=self._part(self.split.validation, inputs, outputs, weights),
            test=self._part(self.split.test, inputs, outputs, weights),
            input_mean=inputs.mean,
            input_scale=inputs.scale,
            target_mean=outputs.mean,
            target_scale=outputs.scale,
            unlabelled=Unlabelled(inputs.apply(self.X[self.unlabelled]), self.unlabelled),
            fitted=FittedInputs(self.roles.inputs, self.fitting.steps, names, inputs, others),
            stages=self.fitting.stages,
            notes=self._notes(learned, train, doubted),
            autoencoder=targets is None,
            perhaps_classes=doubted,
        )

    def _part(self, places: Rows, inputs: Scaling, outputs: Scaling, weights: Array | None) -> Part:
        X = inputs.apply(self.X[self.rows[places]])
        Y = X if self.targets is None else outputs.apply(self.targets.Y[places])
        return Part(X, Y, self.rows[places], None if weights is None else _read_only(weights[places]))

    @property
    def _are_values(self) -> bool:
        return self.targets is not None and self.targets.task is Task.VALUES

    def _perhaps_classes(self) -> bool:
        """Whether numbers are taken for values that may be classes, and nobody has said that they are values."""
        columns = self.roles.targets
        if not self._are_values or len(columns) > 1 or self.spec.target_kind is not TargetKind.AUTO:
            return False
        said = self.spec.columns.get(columns[0].name)
        return (said is None or said.type is None) and may_be_classes(columns[0])

    def _learned(self) -> Array:
        """X of the rows that are learned from, with or without a target."""
        learned: Array = self.X[self.fitting.training]
        if self.spec.missing_targets.use is MissingUse.PSEUDO_LABELS:
            learned = np.concatenate((learned, self.X[self.unlabelled]))
        return learned

    def _scales(self, learned: Array, train: Rows) -> tuple[Scaling, Scaling]:
        """How inputs and targets are standardized, by the rows that are learned from."""
        names = self.fitting.table.names
        inputs = scaling_of(learned, names) if self.spec.standardize else no_scaling(len(names))
        if self.targets is None:
            return inputs, inputs
        if self._are_values and self.spec.standardize_targets:
            return inputs, scaling_of(self.targets.Y[train], self.targets.names)
        return inputs, no_scaling(len(self.targets.names))

    def _notes(self, learned: Array, train: Rows, doubted: bool) -> tuple[str, ...]:
        rows, without = self.dataset.rows, len(self.unlabelled)
        targets = self.targets if self._are_values else None
        return (
            *(notes.perhaps_classes(self.roles.targets[0]) if doubted else ()),
            *notes.dropped(rows - len(self.rows) - without, rows),
            *notes.left_out(without, rows, self.spec.missing_targets.use),
            *notes.constants("input", self.fitting.table.names, learned),
            *(notes.constants("target", targets.names, targets.Y[train]) if targets else ()),
            *self.split.notes,
            *notes.classes_without(self.split, self.labels),
            *self.fitting.notes,
            *notes.flaws_left_out(self.dataset, self.roles),
            *notes.single_classes_left_out(self.dataset, self.roles),
        )


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
