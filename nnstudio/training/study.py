"""One row of the data by itself, whichever it is: what the network makes of it, and what it would learn from it alone.

A row that is not in the mini-batch at hand has no numbers in the run's arrays. A study has arrays of its own: it is a
run whose only mini-batch is this row, with the parameters of the run that it belongs to, brought forward to the cost
and back to every gradient, up to the update. It draws no random number of the run's and writes none of its arrays, so
the run goes on as if nobody had looked. Dropout leaves out nothing here, as it does when the network predicts.
"""

from dataclasses import replace

import numpy as np
from msgspec import structs

from nnstudio.data.preparation import Part, Unlabelled
from nnstudio.data.spec import MissingTargets
from nnstudio.engine.ops import OpKind
from nnstudio.engine.spec import Normalization
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.stopping import StoppingSpec

from .places import Place
from .run import Run

NO_ROW_ALONE = (
    "Batch normalization compares the rows of a mini-batch with each other, so a row by itself can't be shown; rows of "
    "the mini-batch at hand can"
)


def obstacle(run: Run) -> str:
    """Why rows of this run can't be studied, if they can't."""
    layers = run.experiment.network.layers
    return NO_ROW_ALONE if any(layer.normalization is Normalization.BATCH for layer in layers) else ""


class Study:
    """`run` is the study's own; `of` the run whose rows and parameters it shows. There must be no `obstacle`."""

    def __init__(self, of: Run, place: Place) -> None:
        self.of = of
        self.place = place
        self.run = _alone(of, place)
        self._begin = self.run.machine.state()
        self.look_at(place)

    @property
    def table_row(self) -> int:
        """The row of the table, from 0."""
        return int(self.of.data.part(self.place.part).rows[self.place.row])

    def look_at(self, place: Place) -> None:
        """Show another row."""
        self.place = place
        part, machine = self.of.data.part(place.part), self.run.machine
        machine.X[0], machine.Y[0] = part.X[place.row], part.Y[place.row]
        machine.table_rows[0] = part.rows[place.row]
        if machine.w is not None and part.weights is not None:
            machine.w[0] = part.weights[place.row]
        self.follow()

    def follow(self) -> None:
        """Take the parameters of the run as they stand, and compute everything anew."""
        machine, store = self.run.machine, self.run.model.store
        machine.restore(self._begin)
        for slot in store.slots():
            if slot.name in self.of.model.store:
                np.copyto(store[slot.name], self.of.model.store[slot.name])
        with np.errstate(all="ignore"):
            machine.run_until(machine.program.update_begins)

    def operation(self, index: int) -> int | None:
        """The operation here that writes what operation `index` of the run's program writes; None where there is none,
        or where it is an update, which a row by itself does not make."""
        op = self.of.machine.program.ops[index]
        if op.kind is OpKind.UPDATE:
            return None
        writer = self.run.machine.program.writer
        return next((writer[slot] for slot in op.writes if slot in writer), None)


def _alone(of: Run, place: Place) -> Run:
    """A run of one row."""
    part, data = of.data.part(place.part), of.data
    only, none = _cut(part, slice(place.row, place.row + 1)), _cut(part, slice(0, 0))
    lone = replace(data, train=only, validation=none, test=none, unlabelled=Unlabelled(none.X, none.rows), notes=())
    return Run(_plain(of.experiment), of.dataset, lone)


def _cut(part: Part, rows: slice) -> Part:
    """Some rows, in arrays of their own: they are written over when another row is looked at."""
    weights = None if part.weights is None else np.ones_like(part.weights[rows])  # that of the row comes with the row
    return Part(part.X[rows].copy(), part.Y[rows].copy(), part.rows[rows].copy(), weights)


def _plain(experiment: Experiment) -> Experiment:
    """The same network, cost and optimizer; nothing is left out, stopped or drawn at random."""
    return replace(
        experiment,
        network=Network(tuple(replace(layer, dropout=0.0) for layer in experiment.network.layers)),
        training=TrainingSpec(batch_size=1, epochs=1, shuffle=False, dtype=experiment.training.dtype),
        stopping=StoppingSpec(),
        data=structs.replace(experiment.data, missing_targets=MissingTargets()),
        parameters=None,
    )
