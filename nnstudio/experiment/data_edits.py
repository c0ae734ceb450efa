"""Edits of how the data are prepared: roles and types of columns, the steps of the pipeline, the split, the weights."""

from typing import Any

from msgspec import structs

from nnstudio.data.pipeline import Step
from nnstudio.data.pipeline.words import step_words
from nnstudio.data.spec import ClassWeighting, ColumnSpec, DataSpec, SplitBy, SplitSpec

from .column_names import without_steps_for
from .document import Experiment
from .edits import Edit, set_data

_SPLIT_WORDS = {
    SplitBy.STRATIFIED: "stratified",
    SplitBy.RANDOM: "random",
    SplitBy.GROUP: "by group",
    SplitBy.ORDER: "by order",
    SplitBy.COLUMN: "by column",
}


def set_column_specs(experiment: Experiment, names: tuple[str, ...], said: ColumnSpec) -> Edit:
    """What these columns are taken for, all of them for the same."""
    return set_columns(experiment, dict.fromkeys(names, said))


def set_columns(experiment: Experiment, said: dict[str, ColumnSpec]) -> Edit:
    """What some columns are taken for; one of which nothing is said any more is not mentioned."""
    columns = {name: spec for name, spec in experiment.data.columns.items() if name not in said}
    columns |= {name: spec for name, spec in said.items() if spec != ColumnSpec()}
    names, kinds = list(said), {"as recognized" if spec.type is None else spec.type.value for spec in said.values()}
    what = names[0] if len(names) == 1 else f"{len(names)} columns"
    return set_data(
        experiment, structs.replace(experiment.data, columns=columns), f"{what}: {', '.join(sorted(kinds))}"
    )


def add_step(experiment: Experiment, step: Step, position: int | None = None) -> Edit:
    """A step before the one at `position` (0 is the first), or behind all."""
    steps = list(experiment.data.pipeline)
    steps.insert(len(steps) if position is None else position, step)
    return _set_pipeline(experiment, steps, f"Add step: {step_words(step)}")


def remove_step(experiment: Experiment, position: int) -> Edit:
    steps = list(experiment.data.pipeline)
    gone = steps.pop(position)
    return _set_pipeline(experiment, steps, f"Remove step: {step_words(gone)}")


def move_step(experiment: Experiment, position: int, to: int) -> Edit:
    """The step at `position` to where it is number `to` then."""
    steps = list(experiment.data.pipeline)
    moved = steps.pop(position)
    steps.insert(to, moved)
    return _set_pipeline(experiment, steps, f"Move step {position + 1} to {to + 1}: {step_words(moved)}")


def set_step(experiment: Experiment, position: int, **changed: Any) -> Edit:
    """Change settings of a step; `on` switches it on and off."""
    steps = list(experiment.data.pipeline)
    steps[position] = step = structs.replace(steps[position], **changed)
    verb = ("Switch on" if step.on else "Switch off") if set(changed) == {"on"} else "Step"
    return _set_pipeline(experiment, steps, f"{verb}: {step_words(step)}")


def set_split(experiment: Experiment, **changed: Any) -> Edit:
    """Change shares, the way the rows are split, or the folds."""
    split: SplitSpec = structs.replace(experiment.data.split, **changed)
    what = ", ".join(_split_words(key, value) for key, value in changed.items())
    return set_data(experiment, structs.replace(experiment.data, split=split), what)


def set_weight(experiment: Experiment, column: str | None) -> Edit:
    """The column that says how much each row counts."""
    data = structs.replace(_without_input(experiment.data, column), weight=column)
    return set_data(experiment, data, f"Weight: {column or 'none'}")


def set_group(experiment: Experiment, column: str | None) -> Edit:
    """The column that says which rows belong together."""
    data = structs.replace(_without_input(experiment.data, column), group=column)
    return set_data(experiment, data, f"Group: {column or 'none'}")


def set_class_weights(experiment: Experiment, weights: ClassWeighting | dict[str, float]) -> Edit:
    """How much the rows of each class count."""
    what = "by class" if isinstance(weights, dict) else weights.value
    return set_data(experiment, structs.replace(experiment.data, class_weights=weights), f"Class weights: {what}")


def _set_pipeline(experiment: Experiment, steps: list[Step], label: str) -> Edit:
    return set_data(experiment, structs.replace(experiment.data, pipeline=tuple(steps)), label)


def _without_input(data: DataSpec, column: str | None) -> DataSpec:
    """A column has one role: what weighs or groups is no input any more."""
    if column not in data.inputs:
        return data
    inputs = tuple(name for name in data.inputs if name != column)
    return structs.replace(without_steps_for(data, {column}), inputs=inputs)


def _split_words(key: str, value: Any) -> str:
    match key:
        case "by":
            return f"Split: {_SPLIT_WORDS[value]}"
        case "column":
            return f"Split by '{value}'"
        case "folds":
            return f"Folds: {value or 'none'}"
        case "fold":
            return f"Fold {value}"
        case _:
            return f"{key.capitalize()}: {100 * value:g} %"
