"""A pipeline: its steps fitted one after the other, each to the training rows as the steps before it leave them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnstudio.data.errors import DataError

from . import Step
from .sample import Sample
from .step import FittedStep, applied, place_of
from .table import Rows, Table

# Another stream of the seed than those of parameters, batches and split (0 to 2): sampling shifts none of them.
_STREAM = 5


@dataclass(frozen=True, slots=True)
class Stage:
    """What there is after a step: so many training rows, and these columns. Without a `step`: before the first.

    What the step `found` in the training rows may stand beside it; `notes` are about what is probably not meant.
    """

    step: Step | None
    rows: int
    names: tuple[str, ...]
    found: str = ""
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, len(self.names)


@dataclass(frozen=True, slots=True, eq=False)
class Learners:
    """The places in a table of the rows that are learned from: the training rows, and those that the network labels
    itself. `labels` has the class of each row of the table (−1 where there is none), None where there are no classes;
    `used` are all the rows that are in any part."""

    training: Rows
    unlabelled: Rows
    used: Rows
    labels: Rows | None

    def drawn(self, training: Rows) -> "Learners":
        return Learners(training, self.unlabelled, self.used, self.labels)

    @property
    def places(self) -> Rows:
        return np.concatenate((self.training, self.unlabelled)) if len(self.unlabelled) else self.training


@dataclass(frozen=True, slots=True, eq=False)
class Fitting:
    """A table after all steps, its training rows, the fitted steps, and what there was after each."""

    table: Table
    training: Rows
    steps: tuple[FittedStep, ...]
    stages: tuple[Stage, ...]
    notes: tuple[str, ...]


def fit_steps(steps: Sequence[Step], table: Table, learners: Learners, seed: int) -> Fitting:
    """Fit each step that is on and apply it to all rows; a DataError says at which place one can't be."""
    fitted: list[FittedStep] = []
    stages = [Stage(None, len(learners.training), table.names)]
    for number, step in enumerate(steps):
        found, notes = "", tuple[str, ...]()
        if isinstance(step, Sample):
            if step.on:
                learners = _draw(step, learners, np.random.default_rng([seed, _STREAM, number]), place_of(number))
        elif step.on:
            place = place_of(number)
            made = step.fit(table.take(learners.places), place)
            found, notes = made.found, (*made.notes, *_remarks(made, table, learners.used, place))
            table = applied(made, table)
            fitted.append(made)
        stages.append(Stage(step, len(learners.training), table.names, found, notes))
    all_notes = tuple(f"step {number}: {note}" for number, stage in enumerate(stages) for note in stage.notes)
    return Fitting(table, learners.training, tuple(fitted), tuple(stages), all_notes)


def _draw(step: Sample, learners: Learners, rng: np.random.Generator, place: str) -> Learners:
    if step.columns:
        raise DataError(f"{place}.columns: sampling draws whole rows; name no columns")
    if learners.labels is None:
        raise DataError(f"{place}: sampling is for classes, and these targets are values; switch the step off")
    return learners.drawn(step.draw(learners.training, learners.labels[learners.training], rng))


def _remarks(step: FittedStep, table: Table, used: Rows, place: str) -> tuple[str, ...]:
    """What is worth knowing about the rows the step is applied to; a DataError where it has no number for one."""
    remarks = step.remarks(table.take(used)) if type(step).remarks is not FittedStep.remarks else ()
    for remark in remarks:
        if remark.refuses:
            raise DataError(f"{place}: {remark.text}")
    return tuple(remark.text for remark in remarks)
