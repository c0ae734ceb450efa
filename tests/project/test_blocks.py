"""The history of a run in blocks: what is read is what was written, to the bit, however it grew and went back."""

import sqlite3
from contextlib import closing
from math import nan

import pytest

from nnstudio.data.preparation import PartName
from nnstudio.project import blocks
from nnstudio.project.blocks import read_blocks, write_blocks
from nnstudio.project.schema import create
from nnstudio.project.store import DamagedError, Store
from nnstudio.training.history import EpochRecord, History
from nnstudio.training.metrics import Metric

COST = PartName.TRAINING, Metric.COST


@pytest.fixture
def store(monkeypatch):
    monkeypatch.setattr(blocks, "_BLOCK", 4)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        create(connection)
        yield Store(connection)


def history_of(epochs, cost=0.1):
    history = History()
    for epoch in epochs:
        history.add(EpochRecord(epoch, {COST: cost * epoch}, (nan, -0.0), 1 / 3, nan))
    return history


def told(history):
    """To the bit."""
    series = [history.penalty, history.learning_rate, history.lowest, *history.measured.values()]
    return [one.tobytes() for one in (history.epochs, *series, *history.gradient_norms)]


@pytest.mark.parametrize("number", [1, 3, 4, 5, 8, 11])
def test_what_is_read_is_what_was_written(store, number):
    history = history_of(range(number))
    write_blocks(store, history)
    assert told(read_blocks(store, history)) == told(history)


@pytest.mark.parametrize("since", range(12))
def test_only_what_is_new_need_be_written(store, since):
    """From any entry on, whether the run has gone on from there or gone back and been written anew."""
    write_blocks(store, history_of(range(11)))
    history = history_of(range(since))
    for record in range(since, 9):
        history.add(EpochRecord(record, {COST: 7.0}, (1.0, 2.0), 0.0, 0.5))
    write_blocks(store, history, min(since, len(history)))
    assert told(read_blocks(store, history)) == told(history)


def test_a_block_that_is_full_is_not_written_again(store):
    write_blocks(store, history_of(range(9)))
    before = rows(store)
    write_blocks(store, history_of(range(13)), 9)
    assert {row for row in before if row[0] in ("history 0", "history 1")} <= rows(store)
    assert len({row[0] for row in rows(store)}) == 4


def test_without_blocks_there_is_no_history(store):
    assert read_blocks(store, history_of([0])) is None


def test_blocks_of_another_network_or_out_of_order_are_damaged(store):
    history = history_of(range(8))
    write_blocks(store, history)
    with pytest.raises(DamagedError, match="another network"):
        read_blocks(store, History())
    store.connection.execute("DELETE FROM arrays WHERE owner = 'history 1'")
    store.connection.execute(
        "INSERT INTO arrays SELECT 'history 1', name, dtype, shape, sha256 FROM arrays WHERE owner = 'history 0'"
    )
    with pytest.raises(DamagedError, match="not in order"):
        read_blocks(store, history)


def rows(store):
    return set(store.connection.execute("SELECT owner, name, sha256, rowid FROM arrays").fetchall())
