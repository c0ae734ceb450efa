"""Wherever an experiment's data name a column: what becomes of that when it is renamed or deleted."""

from collections.abc import Collection
from typing import TypeVar

from msgspec import structs

from nnstudio.data.pipeline.step import StepSpec
from nnstudio.data.spec import DataSpec, SplitBy

S = TypeVar("S", bound=StepSpec)


def with_column_named(data: DataSpec, old: str, new: str) -> DataSpec:
    """The same use of a column under another name."""

    def named(name: str | None) -> str | None:
        return new if name == old else name

    def listed(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if name == old else name for name in names)

    return structs.replace(
        data,
        inputs=listed(data.inputs),
        targets=listed(data.targets),
        columns={new if name == old else name: column for name, column in data.columns.items()},
        pipeline=tuple(structs.replace(step, columns=listed(step.columns)) for step in data.pipeline),
        weight=named(data.weight),
        group=named(data.group),
        split=structs.replace(data.split, column=named(data.split.column)),
    )


def without_column(data: DataSpec, gone: str) -> DataSpec:
    """Without any use of a column. A step for it alone goes with it: without columns it would be for all."""
    split = data.split
    if split.column == gone or (split.by is SplitBy.GROUP and data.group == gone):
        split = structs.replace(split, by=SplitBy.STRATIFIED, column=None)
    return structs.replace(
        without_steps_for(data, {gone}),
        inputs=tuple(name for name in data.inputs if name != gone),
        targets=tuple(name for name in data.targets if name != gone),
        columns={name: column for name, column in data.columns.items() if name != gone},
        weight=None if data.weight == gone else data.weight,
        group=None if data.group == gone else data.group,
        split=split,
    )


def without_steps_for(data: DataSpec, gone: Collection[str]) -> DataSpec:
    """With no step that is for columns which are inputs no longer."""
    steps = (_step_without(step, gone) for step in data.pipeline)
    return structs.replace(data, pipeline=tuple(step for step in steps if step is not None))


def _step_without(step: S, gone: Collection[str]) -> S | None:
    left = tuple(name for name in step.columns if name not in gone)
    if left == step.columns:
        return step
    return structs.replace(step, columns=left) if left else None
