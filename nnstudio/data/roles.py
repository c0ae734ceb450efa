"""Which column has which role: input, target, weight, group; all others are ignored.

Here every column is read as the type that it is said to have (`column_types`), and columns that cannot have their role
are refused.
"""

from collections import Counter
from dataclasses import dataclass

from msgspec import structs

from nnstudio.data.column_types import features, mistakes, numerals, settled, type_of, typed
from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.pipeline.table import Feature
from nnstudio.data.spec import ColumnSpec, ColumnType, DataSpec, SplitBy, TargetKind

_UNSAID = ColumnSpec()
_COLUMNS_TO_NAME = 3


@dataclass(frozen=True, slots=True, eq=False)
class InputColumn:
    """A column of the table that inputs are made of, in its type; `spec` says how others like it are to be read."""

    column: Column
    spec: ColumnSpec

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def is_number(self) -> bool:
        """Whether it is a number on a scale, which can be drawn along an axis."""
        return self.spec.type in (ColumnType.NUMERIC, ColumnType.DATE)

    def features(self, column: Column | None = None) -> tuple[Feature, ...]:
        """What a pipeline takes: of this column, or of another like it."""
        return features(self.column if column is None else column, self.spec)

    def spec_of(self, column: Column) -> ColumnSpec:
        """How a column of another table is read: as this one, unless its numbers have another decimal sign beyond
        doubt."""
        written = self.spec.numbers
        if written is None or written.clock or column.kind is not ColumnKind.TEXT or not mistakes(column, self.spec)[0]:
            return self.spec
        ways = numerals(column)
        if len(ways) == 1 and ways[0].unit == written.unit and not ways[0].clock:
            return structs.replace(self.spec, numbers=ways[0])
        return self.spec


@dataclass(frozen=True, slots=True, eq=False)
class Roles:
    """The columns by role. `kind` says how to read the targets, `order` in which order their classes come."""

    inputs: tuple[InputColumn, ...]
    targets: tuple[Column, ...]
    kind: TargetKind
    order: tuple[str, ...]
    weight: Column | None
    group: Column | None
    part: Column | None

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns that have a role, as they are typed."""
        others = (column for column in (self.weight, self.group, self.part) if column is not None)
        return *(made.column for made in self.inputs), *self.targets, *others


def roles_of(dataset: Dataset, spec: DataSpec) -> Roles:
    """The columns that `spec` names, or those that are usual; a DataError says which cannot have its role."""
    for name in spec.columns:
        if name not in dataset.names:
            raise DataError(f"$.data.columns: {_absent(dataset, name)}")
    targets = _targets(dataset, spec)
    used = {column.name for column in targets}
    names = spec.inputs or _other_numbers(dataset, used | _set_aside(spec))
    inputs = _columns(dataset, names, "input", targets)
    _refuse_two_roles(spec, inputs, targets)
    made = tuple(_input(column, spec) for column in inputs)
    _refuse_unusable(tuple(entry.column for entry in made), spec)
    typed_targets = tuple(_target(column, spec) for column in targets)
    for column in typed_targets:
        if column.target_problem is not None:
            raise DataError(column.target_problem)
    return Roles(
        made,
        typed_targets,
        _kind(targets, spec),
        spec.columns.get(targets[0].name, _UNSAID).order if len(targets) == 1 else (),
        _named(dataset, spec.weight, spec),
        _named(dataset, spec.group, spec),
        _named(dataset, spec.split.column, spec) if spec.split.by is SplitBy.COLUMN else None,
    )


def _absent(dataset: Dataset, name: str) -> str:
    try:
        dataset.column(name)
    except DataError as error:
        return str(error)
    return ""


def _set_aside(spec: DataSpec) -> set[str]:
    """Columns that are no inputs unless somebody says so."""
    part = spec.split.column if spec.split.by is SplitBy.COLUMN else None
    return {name for name in (spec.weight, spec.group, part) if name is not None}


def _targets(dataset: Dataset, spec: DataSpec) -> tuple[Column, ...]:
    """The columns to learn; none where the inputs themselves are learned."""
    if spec.target_kind is not TargetKind.INPUTS:
        return _columns(dataset, spec.targets or dataset.default_targets(), "target")
    if spec.targets:
        raise DataError(
            f"the targets are the inputs themselves, and column '{spec.targets[0]}' is named as a target too; "
            "name no targets, or choose another target_kind, such as auto"
        )
    return ()


def _other_numbers(dataset: Dataset, taken: set[str]) -> tuple[str, ...]:
    """The default inputs, for targets that need not be the default ones."""
    return tuple(c.name for c in dataset.numeric_columns if c.problem is None and c.name not in taken)


def _columns(dataset: Dataset, names: tuple[str, ...], role: str, taken: tuple[Column, ...] = ()) -> tuple[Column, ...]:
    if not names:
        for column in dataset.numeric_columns:
            if column.problem is not None and column not in taken:
                raise DataError(column.problem)
        raise DataError(
            f"{dataset.name} has no column of numbers left to be the {role}{_why_none_is(dataset, taken)}; "
            "add one to the table"
        )
    twice = next((name for name, times in Counter(names).items() if times > 1), None)
    if twice is not None:
        raise DataError(f"column '{twice}' is listed twice as {role}; name it once")
    return tuple(dataset.column(name) for name in names)


def _why_none_is(dataset: Dataset, taken: tuple[Column, ...]) -> str:
    """Which columns are none of numbers that is left, and why."""
    targets = [f"'{column.name}' is the target" for column in taken[:_COLUMNS_TO_NAME]]
    texts = [c for c in dataset.columns if c.kind is ColumnKind.TEXT and c.name not in {t.name for t in taken}]
    words = [f"'{column.name}' holds text" for column in texts[:_COLUMNS_TO_NAME]]
    more = len(taken) + len(texts) - len(targets) - len(words)
    why = ", ".join((*targets, *words)) + (f" and {more} more" if more else "")
    return f" ({why})" if why else ""


def _refuse_two_roles(spec: DataSpec, inputs: tuple[Column, ...], targets: tuple[Column, ...]) -> None:
    target_names = {column.name for column in targets}
    for column in inputs:
        if column.name in target_names:
            raise DataError(
                f"column '{column.name}' is both an input and a target; choose one of the two, or set target_kind to "
                "inputs to learn the inputs themselves"
            )
    roles = {column.name: "an input" for column in inputs} | dict.fromkeys(target_names, "a target")
    for role, name in (("weight", spec.weight), ("group", spec.group)):
        if name in roles:
            raise DataError(f"$.data.{role}: column '{name}' is {roles[name]} already; choose one of the two")


def _refuse_unusable(inputs: tuple[Column, ...], spec: DataSpec) -> None:
    """Text needs a step that encodes it, and a gap one that fills it; without any step there is no need to try."""
    untouched = not any(step.on for step in spec.pipeline)
    for column in inputs:
        if column.kind is ColumnKind.TEXT and untouched:
            raise DataError(
                f"column '{column.name}' holds text, and inputs are numbers; "
                "leave it out of the inputs, write it as numbers, or add a step that encodes it"
            )
    for column in inputs:
        if column.target_problem is not None:
            raise DataError(column.target_problem)
        if untouched and column.problem is not None:
            raise DataError(f"{column.problem}; a step can fill or drop gaps")


def _input(column: Column, spec: DataSpec) -> InputColumn:
    said = settled(column, spec.columns.get(column.name, _UNSAID))
    return InputColumn(typed(column, said), said)


def _target(column: Column, spec: DataSpec) -> Column:
    """Classes stay as they are written; whatever else it is becomes numbers."""
    said = spec.columns.get(column.name, _UNSAID)
    if type_of(column, said) in (ColumnType.CATEGORICAL, ColumnType.ORDINAL):
        return column
    return typed(column, settled(column, said))


def _named(dataset: Dataset, name: str | None, spec: DataSpec) -> Column | None:
    if name is None:
        return None
    said = spec.columns.get(name, _UNSAID)
    column = dataset.column(name)
    return column if said.type is None else typed(column, settled(column, said))


def _kind(targets: tuple[Column, ...], spec: DataSpec) -> TargetKind:
    """A target that is said to be of categories has classes, whatever its cells look like."""
    types = [spec.columns.get(column.name, _UNSAID).type for column in targets]
    categories = any(said in (ColumnType.CATEGORICAL, ColumnType.ORDINAL) for said in types)
    return TargetKind.CLASSES if categories and spec.target_kind is TargetKind.AUTO else spec.target_kind
