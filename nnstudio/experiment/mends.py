"""What mends a finding about the data: an edit like any other, and what to call it on a button."""

from dataclasses import dataclass

from nnstudio.data.exploring import Finding, FindingKind
from nnstudio.data.preparation import PreparedData

from .document import Experiment
from .edits import Edit, set_columns, set_seed, set_standardize

_TO_LEAVE_OUT = (FindingKind.CONSTANT, FindingKind.NEARLY_CONSTANT, FindingKind.ALIKE)


@dataclass(frozen=True, slots=True)
class Mend:
    """`text` says what the edit does."""

    text: str
    edit: Edit


def mend_of(finding: Finding, experiment: Experiment, data: PreparedData) -> Mend | None:
    """The edit that mends it, None where none would."""
    if finding.kind in _TO_LEAVE_OUT:
        return _leave_out(finding.columns, experiment, data)
    if finding.kind is FindingKind.SCALES:
        targets = experiment.data.standardize_targets
        return Mend("Standardize the inputs", set_standardize(experiment, inputs=True, targets=targets))
    if finding.kind is FindingKind.DRIFT:
        return Mend("Draw the parts anew", set_seed(experiment, experiment.seed + 1))
    return None


def _leave_out(columns: tuple[str, ...], experiment: Experiment, data: PreparedData) -> Mend | None:
    """The inputs without these columns, if any are left."""
    inputs = tuple(name for name in data.features if name not in columns)
    if not inputs:
        return None
    what = f"'{columns[0]}'" if len(columns) == 1 else f"these {len(columns)} columns"
    spec = experiment.data
    return Mend(f"Leave out {what}", set_columns(experiment, inputs, spec.targets, spec.target_kind))
