"""What each column of the table is used as, and giving it another role.

A column that becomes an input may need a step before a network can learn from it: text has to be encoded, gaps have to
be filled. `with_needed_steps` adds these where no step does it already, so that choosing a column is enough.
"""

from enum import StrEnum

from msgspec import structs

from nnstudio.data.dataset import ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.pipeline import Encode, Gaps, Step
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.pipeline.table import Feature, FeatureKind
from nnstudio.data.preparation import PreparedData
from nnstudio.data.roles import roles_of
from nnstudio.data.spec import DataSpec, TargetKind

from .column_names import without_steps_for
from .document import Experiment
from .edits import Edit, set_columns, set_data


class Role(StrEnum):
    """What a column is used as."""

    INPUT = "input"
    TARGET = "target"
    WEIGHT = "weight"
    GROUP = "group"
    IGNORED = "left out"

    @property
    def meaning(self) -> str:
        """In a sentence, for a tooltip."""
        return _MEANINGS[self]


_MEANINGS = {
    Role.INPUT: "The network learns from it",
    Role.TARGET: "The network learns to predict it",
    Role.WEIGHT: "How much each row counts in the cost",
    Role.GROUP: "Rows of the same group stay together when the rows are split",
    Role.IGNORED: "The network never sees it",
}


def target_columns(spec: DataSpec, dataset: Dataset) -> tuple[str, ...]:
    """The target columns in use: those that are named, or the table's default; none in an autoencoder."""
    if spec.target_kind is TargetKind.INPUTS:
        return ()
    return spec.targets or dataset.default_targets()


def role_of(name: str, spec: DataSpec, dataset: Dataset, data: PreparedData) -> Role:
    """What a column is used as by now."""
    if name in target_columns(spec, dataset):
        return Role.TARGET
    if name == spec.weight:
        return Role.WEIGHT
    if name == spec.group:
        return Role.GROUP
    return Role.INPUT if name in data.features else Role.IGNORED


def set_role(experiment: Experiment, dataset: Dataset, data: PreparedData, names: tuple[str, ...], role: Role) -> Edit:
    """Use these columns as something else; a DataError says why they can't be."""
    spec, moved = experiment.data, set(names)
    targets = [name for name in target_columns(spec, dataset) if name not in moved]
    inputs = [name for name in data.features if name not in moved]
    if role is Role.TARGET:
        targets = _as_targets(dataset, targets, names)
        inputs = [name for name in inputs if name not in targets]
    elif role is Role.INPUT:
        inputs = [name for name in dataset.names if name in {*inputs, *names}]
    if not targets and spec.target_kind is not TargetKind.INPUTS:
        raise DataError(f"'{names[0]}' is the target; choose another column as the target first")
    if not inputs:
        raise DataError(f"'{names[0]}' is the last input; choose another column as an input first")
    changed = structs.replace(
        spec,
        inputs=tuple(inputs),
        targets=tuple(targets),
        weight=_one(names, role is Role.WEIGHT, spec.weight),
        group=_one(names, role is Role.GROUP, spec.group),
    )
    changed = without_steps_for(changed, {*data.features} - {*inputs})
    what = names[0] if len(names) == 1 else f"{len(names)} columns"
    return set_data(experiment, with_needed_steps(changed, dataset), f"{what}: {role.value}")


def set_target_kind(experiment: Experiment, dataset: Dataset, data: PreparedData, kind: TargetKind) -> Edit:
    """Read the targets otherwise. Where the inputs themselves are learned no column is the target; afterwards the usual
    one is, and no input."""
    if kind is TargetKind.INPUTS:
        return set_columns(experiment, tuple(data.features), (), kind)
    targets = experiment.data.targets or dataset.default_targets()
    if kind is TargetKind.CLASSES:
        targets = targets[:1]
    inputs = tuple(name for name in data.features if name not in targets)
    return set_columns(experiment, inputs, targets, kind)


def with_needed_steps(spec: DataSpec, dataset: Dataset) -> DataSpec:
    """The same with steps that fill gaps and encode text, where inputs have some and no step sees to it: gaps among
    numbers with the median, among categories with the most frequent one, and categories one-hot."""
    try:
        inputs = roles_of(dataset, structs.replace(spec, pipeline=(*spec.pipeline, Encode()))).inputs
    except DataError:
        return spec  # the document will say it
    features = [feature for entry in inputs for feature in entry.features()]
    fillers = [step for step in spec.pipeline if step.on and isinstance(step, Gaps)]
    gaps = [feature for feature in features if feature.gaps.any() and not _is_filled(feature, fillers)]
    steps: tuple[Step, ...] = (*_filling(gaps), *spec.pipeline)
    categories = any(feature.kind is FeatureKind.CATEGORY for feature in features)
    if categories and not any(step.on and isinstance(step, Encode) for step in steps):
        fills = sum(isinstance(step, Gaps) for step in steps)
        steps = (*steps[:fills], Encode(), *steps[fills:])
    return structs.replace(spec, pipeline=steps)


def _is_filled(feature: Feature, fillers: list[Gaps]) -> bool:
    """Whether one of these steps fills or drops the gaps of a column."""
    category = feature.kind is FeatureKind.CATEGORY
    return any(
        feature.name in step.columns
        or (not step.columns and not (category and step.how in (Gap.MEAN, Gap.MEDIAN)) and step.value is None)
        for step in fillers
    )


def _filling(gaps: list[Feature]) -> tuple[Gaps, ...]:
    """What fills the gaps of these columns."""
    numbers = any(feature.kind is not FeatureKind.CATEGORY for feature in gaps)
    texts = tuple(feature.name for feature in gaps if feature.kind is FeatureKind.CATEGORY)
    of_numbers = (Gaps(how=Gap.MEDIAN),) if numbers else ()
    return (*of_numbers, Gaps(how=Gap.MOST_FREQUENT, columns=texts)) if texts else of_numbers


def _as_targets(dataset: Dataset, targets: list[str], names: tuple[str, ...]) -> list[str]:
    """Numbers may be predicted together; classes come from a single column."""
    together = [*targets, *names]
    if any(dataset.column(name).kind is ColumnKind.TEXT for name in together):
        return [names[-1]]
    return [name for name in dataset.names if name in together]


def _one(names: tuple[str, ...], chosen: bool, before: str | None) -> str | None:
    """The column that has a role which only one can have."""
    if chosen:
        return names[-1]
    return None if before in names else before
