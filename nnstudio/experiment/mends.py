"""What mends a finding about the data: an edit like any other, and what to call it on a button."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from nnstudio.data.dataset import Dataset
from nnstudio.data.exploring import Finding, FindingKind, repeated_rows
from nnstudio.data.inline import MOST_CELLS
from nnstudio.data.pipeline import Clip, Gaps
from nnstudio.data.pipeline.clip import Limits
from nnstudio.data.preparation import PreparedData
from nnstudio.data.spec import ClassWeighting, InlineSource, SplitBy, TargetKind

from .data_edits import add_step, set_class_weights, set_split
from .document import Experiment
from .edits import Edit, set_columns, set_seed, set_standardize
from .roles import Role, set_role, set_target_kind
from .table_edits import copy_in, remove_rows

_TO_LEAVE_OUT = (FindingKind.CONSTANT, FindingKind.NEARLY_CONSTANT, FindingKind.ALIKE)
_REPEATS = (FindingKind.DUPLICATE_ROWS, FindingKind.SHARED_ROWS)
_NOT_DRAWN = (SplitBy.ORDER, SplitBy.COLUMN)


@dataclass(frozen=True, slots=True)
class Mend:
    """`text` says what the edit does that `make` makes; it is made only when it is wanted."""

    text: str
    make: Callable[[], Edit]


def mend_of(finding: Finding, experiment: Experiment, dataset: Dataset, data: PreparedData) -> Mend | None:
    """The edit that mends it, None where none would."""
    if finding.kind in _TO_LEAVE_OUT:
        return _leave_out(finding.columns, experiment, data)
    if finding.kind in _REPEATS:
        return _without_repeats(experiment, dataset)
    if finding.kind is FindingKind.DRIFT:
        return _draw_anew(experiment)
    made: dict[FindingKind, Mend] = {
        FindingKind.PERHAPS_CLASSES: Mend(
            "Make them classes", partial(set_target_kind, experiment, dataset, data, TargetKind.CLASSES)
        ),
        FindingKind.SCALES: Mend("Standardize the inputs", partial(_standardized, experiment)),
        FindingKind.IMBALANCE: Mend(
            "Let rare classes count more", partial(set_class_weights, experiment, ClassWeighting.BALANCED)
        ),
        FindingKind.FAR_OUT: Mend("Clip them at the 1 % and 99 % quantiles", partial(_clipped, experiment, finding)),
        FindingKind.GAPS: Mend(
            "Use them, with the gaps filled", partial(set_role, experiment, dataset, data, finding.columns, Role.INPUT)
        ),
    }
    return made.get(finding.kind)


def _leave_out(columns: tuple[str, ...], experiment: Experiment, data: PreparedData) -> Mend | None:
    """The inputs without these columns, if any are left."""
    inputs = tuple(name for name in data.features if name not in columns)
    if not inputs:
        return None
    what = f"'{columns[0]}'" if len(columns) == 1 else f"these {len(columns)} columns"
    spec = experiment.data
    return Mend(f"Leave out {what}", partial(set_columns, experiment, inputs, spec.targets, spec.target_kind))


def _without_repeats(experiment: Experiment, dataset: Dataset) -> Mend | None:
    """The table with each row once, held in the experiment; None where it is too large for that."""
    if isinstance(experiment.data.source, InlineSource):
        return Mend("Remove the repeats", partial(_each_once, experiment, dataset))
    if dataset.rows * len(dataset.columns) > MOST_CELLS:
        return None
    return Mend("Copy the table into the experiment, without the repeats", partial(_each_once, experiment, dataset))


def _each_once(experiment: Experiment, dataset: Dataset) -> Edit:
    held = experiment
    if not isinstance(experiment.data.source, InlineSource):
        held = copy_in(experiment, dataset).experiment
    return Edit("Remove repeated rows", remove_rows(held, repeated_rows(dataset).tolist()).experiment)


def _draw_anew(experiment: Experiment) -> Mend:
    """Parts that are not drawn at random are drawn now; others with another seed."""
    if experiment.data.split.by in _NOT_DRAWN:
        return Mend("Split the rows at random", partial(set_split, experiment, by=SplitBy.STRATIFIED))
    return Mend("Draw the parts anew", partial(set_seed, experiment, experiment.seed + 1))


def _standardized(experiment: Experiment) -> Edit:
    return set_standardize(experiment, inputs=True, targets=experiment.data.standardize_targets)


def _clipped(experiment: Experiment, finding: Finding) -> Edit:
    """Behind the steps that fill gaps, before all others."""
    steps = experiment.data.pipeline
    position = next((n for n, step in enumerate(steps) if not isinstance(step, Gaps)), len(steps))
    step = Clip(how=Limits.QUANTILES, low=0.01, high=0.99, columns=finding.columns)
    return add_step(experiment, step, position)
