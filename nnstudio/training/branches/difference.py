"""The one thing that a branch changes.

All else stays equal, so that whatever differs later comes from it. What would change the rows or the mini-batches is
refused: two runs that see other samples have nothing to be compared by, iteration for iteration.
"""

from dataclasses import dataclass

from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import Change, Edit, changes
from nnstudio.experiment.errors import ExperimentError

_SHARED = Change.DATA | Change.BATCHES | Change.PRECISION
_AT_ONCE = Change.LEARNING_RATE | Change.SEED | Change.PARAMETERS | Change.NAME | Change.EPOCHS | Change.STOPPING


@dataclass(frozen=True, slots=True)
class Value:
    """An element of a slot, and what it is set to."""

    slot: str
    index: tuple[int, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Difference:
    """The experiment of the branch, and what changes `at_once`, in the middle of an iteration too: for the rest the
    operations themselves are others, and they begin with the next mini-batch. Another seed draws other random numbers
    from the fork on: the order of the rows and what is dropped out, but neither weights nor the split of the data."""

    label: str
    experiment: Experiment
    at_once: bool = True
    reseeded: bool = False
    value: Value | None = None


def of_edit(experiment: Experiment, edit: Edit) -> Difference:
    """An edit of the forked run's experiment. ExperimentError where a branch cannot differ by that."""
    if changes(experiment, edit.experiment) is Change.NOTHING:
        raise ExperimentError(f"a branch needs something to differ by, and the run has this already: {edit.label}")
    return between(experiment, edit.experiment, edit.label)


def between(experiment: Experiment, other: Experiment, label: str, value: Value | None = None) -> Difference:
    """What another experiment, with a value besides, differs by. ExperimentError where a branch cannot."""
    found = changes(experiment, other)
    if found & _SHARED:
        raise ExperimentError(
            "a branch learns from the same rows in the same mini-batches; change its learning rate, an activation, the "
            "optimizer, the seed or a weight instead"
        )
    return Difference(label, other, not found & ~_AT_ONCE, Change.SEED in found, value)


def of_value(experiment: Experiment, value: Value, label: str) -> Difference:
    """A weight or a bias set at the fork."""
    return Difference(label, experiment, value=value)
