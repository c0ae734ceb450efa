"""The branches of a run: where it forked, and what each differs by. How they go on follows from that, to the bit."""

import json
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import msgspec

from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import prepare
from nnstudio.engine.model import Model
from nnstudio.engine.spec import SpecError
from nnstudio.experiment import file
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.errors import ExperimentError
from nnstudio.experiment.places import anchored, beside
from nnstudio.training.branches import MOST_BRANCHES, BranchSet, Difference, Fork, Value, between
from nnstudio.training.keyframes import Keyframe
from nnstudio.training.run import Run

from .epochs import arrays_of, history_of
from .states import StateRow, check_fits, drop_state, inside, read_state, write_state
from .store import DamagedError, Store

FORK = "fork"
_FORK_ID = 0
"""The id of the fork among the states; those of the run count from 1."""
_MOST_EPOCHS = 2**53


@dataclass(frozen=True, slots=True)
class _BranchRow:
    position: int
    label: str
    experiment: str
    slot: str | None = None
    element: str | None = None
    value: str | None = None


def write_branches(store: Store, branches: BranchSet | None, folder: Path) -> None:
    """Write them in place of those that are there; paths below `folder` become relative to it."""
    store.connection.execute("DELETE FROM branches")
    store.connection.execute("DELETE FROM texts WHERE name = 'fork' OR name LIKE 'branch %'")
    drop_state(store, _FORK_ID)
    store.drop_arrays(FORK)
    if branches is None:
        return
    fork = branches.fork
    write_state(store, _FORK_ID, FORK, Keyframe(fork.state, 0))
    store.put_arrays(FORK, arrays_of(fork.history))
    store.put_values("run", {"branch_epochs": branches.epochs})
    experiments = {FORK: fork.experiment}
    for position, difference in enumerate(branches.differences):
        store.insert("branches", _row(position, difference))
        experiments[f"branch {position}"] = difference.experiment
    for name, experiment in experiments.items():
        store.put_text(name, file.encode(beside(experiment, folder)).decode())


def read_branches(store: Store, dataset: Dataset, folder: Path) -> BranchSet | None:
    """The branches, None where there are none; where they are damaged, that is among the problems."""
    if not store.has_table("branches"):  # of an earlier version
        return None
    try:
        experiment = _experiment(store, FORK, folder)
        if experiment is None:
            return None
        fork = _fork(store, experiment, dataset)
        rows = list(store.rows("branches", _BranchRow, "position"))[:MOST_BRANCHES]
        differences = tuple(_difference(store, row, fork, folder) for row in rows)
    except (DamagedError, DataError, ExperimentError, SpecError, ValueError, msgspec.MsgspecError) as error:
        store.problems.append(f"the branches are left out: {error}")
        return None
    match store.values("run").get("branch_epochs"):
        case int(epochs) if 0 <= epochs < _MOST_EPOCHS:
            return BranchSet(fork, differences, epochs)
    return BranchSet(fork, differences, fork.history.epochs[-1])


def _row(position: int, difference: Difference) -> _BranchRow:
    name, value = f"branch {position}", difference.value
    if value is None:
        return _BranchRow(position, difference.label, name)
    return _BranchRow(position, difference.label, name, value.slot, json.dumps(value.index), repr(float(value.value)))


def _experiment(store: Store, name: str, folder: Path) -> Experiment | None:
    text = store.text(name)
    return None if text is None else anchored(file.decode(text), folder)


def _fork(store: Store, experiment: Experiment, dataset: Dataset) -> Fork:
    data = prepare(dataset, experiment.data, experiment.seed)
    run = Run(experiment, dataset, data)
    row = next((one for one in store.rows("states", StateRow, "id") if one.kind == FORK), None)
    if row is None:
        raise DamagedError("where the run forked is missing")
    state = read_state(store, row).state
    check_fits(state, run.machine, run.machine.state())
    try:
        history = history_of(store.arrays(FORK)[0], run.history)
    except DamagedError as error:
        raise DamagedError(f"the epochs before the fork are damaged: {error}") from None
    return Fork(experiment, dataset, data, state, history, run.machine.batches.per_epoch)


def _difference(store: Store, row: _BranchRow, fork: Fork, folder: Path) -> Difference:
    experiment = _experiment(store, row.experiment, folder)
    if experiment is None:
        raise DamagedError("what a branch differs by is missing")
    model = Run(experiment, fork.dataset, fork.data).model
    return between(fork.experiment, experiment, row.label, _value(row, model))


def _value(row: _BranchRow, model: Model) -> Value | None:
    if row.slot is None or row.element is None or row.value is None:
        return None
    index, value = msgspec.json.decode(row.element, type=tuple[int, ...]), float(row.value)
    known = row.slot in model.store and inside(index, model.store[row.slot].shape)
    if not known or not isfinite(value):
        raise DamagedError("a branch sets a number that there is not")
    return Value(row.slot, index, value)
