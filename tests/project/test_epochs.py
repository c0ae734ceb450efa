"""The history of a run in rows: what is read is what was written, to the bit, and however long it is."""

import sqlite3
from array import array
from contextlib import closing
from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.preparation import PartName
from nnstudio.project import guard, left, open_project, save
from nnstudio.project.data import fingerprint_of
from nnstudio.project.epochs import read_history, write_history
from nnstudio.project.project import LeftRun
from nnstudio.project.schema import create
from nnstudio.project.store import DamagedError, Store
from nnstudio.training.debugger import Debugger
from nnstudio.training.history import EpochRecord, History
from nnstudio.training.metrics import Metric

from .saved import debugger_of, experiment_of, project_of
from .test_blocks import told

KEYS = ((PartName.TRAINING, Metric.COST), (PartName.VALIDATION, Metric.ACCURACY))
ROWS = 100_000
NUMBERS = st.floats(width=64).map(lambda value: nan if value != value else value)  # SQLite keeps no payload of a NaN
RECORDS = st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)


@pytest.fixture
def store():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        create(connection)
        yield Store(connection)


def history_of(rows):
    history = History()
    for epoch, (cost, accuracy, norm, other, penalty, rate) in sorted(rows.items()):
        history.add(EpochRecord(epoch, dict(zip(KEYS, (cost, accuracy), strict=True)), (norm, other), penalty, rate))
    return history


LIKE = history_of({0: (1.0, 0.5, nan, nan, 0.0, 0.1)})


@given(st.dictionaries(st.integers(0, 2**53 - 1), RECORDS, min_size=1, max_size=12))
def test_what_is_read_is_what_was_written(rows):
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        create(connection)
        store, history = Store(connection), history_of(rows)
        write_history(store, history)
        assert told(read_history(store, LIKE)) == told(history)


def test_without_rows_there_is_no_history(store):
    assert read_history(store, LIKE) is None


def test_norms_of_an_epoch_or_a_layer_that_is_not_there_are_passed_over(store):
    history = history_of({3: (1.0, 0.5, 1.5, 2.5, 0.0, 0.1), 7: (0.5, 0.5, 3.5, 4.5, 0.0, 0.1)})
    write_history(store, history)
    store.connection.executemany(
        "INSERT INTO gradient_norms (epoch, layer, norm) VALUES (?, ?, 9.0)", [(1, 1), (5, 2), (9, 1), (3, 3), (7, 0)]
    )
    assert told(read_history(store, LIKE)) == told(history)
    store.connection.execute("DELETE FROM gradient_norms WHERE epoch = 3 AND layer = 1")
    assert read_history(store, LIKE).gradient_norms[0].tolist() == pytest.approx([nan, 3.5], nan_ok=True)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE epochs SET \"training cost\" = 'low' WHERE epoch = 1",
        "UPDATE epochs SET penalty = x'00ff' WHERE epoch = 1",
        "UPDATE epochs SET epoch = -4 WHERE epoch = 1",
        "UPDATE epochs SET epoch = 9223372036854775807 WHERE epoch = 1",
        "UPDATE gradient_norms SET layer = 'first' WHERE epoch = 1 AND layer = 1",
        "DROP TABLE gradient_norms",
    ],
)
def test_what_is_no_number_is_damage(store, change):
    write_history(store, history_of(dict.fromkeys(range(3), (1.0, inf, 1.5, 2.5, 0.0, 0.1))))
    store.connection.execute(change)
    with pytest.raises(DamagedError):
        read_history(store, LIKE)


@pytest.fixture
def long(monkeypatch):
    """A project whose run is of so many epochs, where the time that is given grows with the size of the file alone."""
    monkeypatch.setattr(guard, "_SECONDS", 0.0)
    project = project_of(debugger_of(experiment_of()))
    history, run = project.standing.run.history, project.standing.run
    many = History(
        array("q", range(ROWS)),
        {key: series[:1] * ROWS for key, series in history.measured.items()},
        [array("d", [0.25]) * ROWS for _ in history.gradient_norms],
        *([series[:1] * ROWS for series in (history.penalty, history.learning_rate, history.lowest)]),
    )
    return replace(project, standing=replace(project.standing, run=replace(run, history=many)))


def test_a_history_is_read_however_long_it_is(long, tmp_path):
    save(long, tmp_path / "long.nnstudio")
    opened = open_project(tmp_path / "long.nnstudio")
    assert not opened.problems
    assert told(opened.project.standing.run.history) == told(long.standing.run.history)


def test_a_run_that_undo_brings_back_has_its_history_however_long_it_is(long, tmp_path):
    save(long, tmp_path / "long.nnstudio")
    fresh = Debugger(open_project(tmp_path / "long.nnstudio").debugger.run)
    kept = LeftRun(1, packed=left.pack(long.standing), fingerprint=fingerprint_of(long.dataset))
    assert told(left.unpack(kept, fresh).run.history) == told(long.standing.run.history)
