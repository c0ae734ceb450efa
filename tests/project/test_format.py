"""The file: ordinary tables for any SQLite tool, every part there again, and older formats brought up to date."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest

from nnstudio.data.preparation import PartName
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment import file
from nnstudio.experiment.document import Network
from nnstudio.experiment.open import for_table
from nnstudio.project import LeftRun, ProjectError, UndoHistory, UndoStep, migrating, open_project, save, seals, unpack
from nnstudio.project import saving as saving_module
from nnstudio.project.schema import APPLICATION_ID, TABLES, VERSION
from nnstudio.training.branches import Value
from nnstudio.training.breakpoints import ConditionBreakpoint
from nnstudio.training.debugger import Goal
from nnstudio.training.metrics import Metric
from nnstudio.training.series import reals

from .saved import (
    branches_of,
    bytes_of,
    debugger_of,
    everything,
    experiment_of,
    grown,
    project_of,
    run_operations,
)


@pytest.fixture
def trained():
    debugger = debugger_of(experiment_of(20, name="Trained"))
    debugger.train(Goal.at(3))
    return debugger


def rows(path, query):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_any_sqlite_tool_reads_it(trained, tmp_path):
    path, history = tmp_path / "mine.nnstudio", trained.run.history
    save(project_of(trained), path)
    assert rows(path, "PRAGMA application_id") == [(APPLICATION_ID,)] == [(0x4E4E5331,)]
    assert rows(path, "PRAGMA user_version") == [(VERSION,)]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert {name for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")} == set(TABLES)
    assert rows(path, "SELECT type FROM sqlite_master WHERE type NOT IN ('table', 'index')") == []
    assert ("format", "nnstudio-project/1") in rows(path, "SELECT name, value FROM about")
    (text,) = rows(path, "SELECT content FROM texts WHERE name = 'experiment'")[0]
    assert file.decode(text) == trained.run.experiment
    costs = rows(path, 'SELECT epoch, "training cost" FROM epochs ORDER BY epoch')
    assert costs == list(zip(history.epochs, history.of(PartName.TRAINING, Metric.COST), strict=True))
    assert len(rows(path, "SELECT * FROM gradient_norms WHERE layer = 2")) == len(history)


def test_weights_are_blobs_that_numpy_reads(trained, tmp_path):
    save(project_of(trained), tmp_path / "mine.nnstudio")
    ((dtype, shape, content),) = rows(
        tmp_path / "mine.nnstudio",
        "SELECT a.dtype, a.shape, b.bytes FROM states s JOIN arrays a ON a.owner = 'state ' || s.id "
        "JOIN blobs b ON a.sha256 = b.sha256 WHERE s.kind = 'here' AND a.name = 'store/parameters'",
    )
    read = np.frombuffer(content, dtype).reshape(json.loads(shape))
    assert read.tobytes() == trained.machine.model.store.family("parameters").tobytes()


def test_all_that_the_window_keeps_comes_back(trained, tmp_path):
    undo = UndoHistory((UndoStep("One", '{"a": 1}', '{"a": 2}'), UndoStep("Two", '{"a": 2}', '{"a": 3}')), 1)
    kept = {
        "notes": "Why does it stop?\n∂J/∂W",
        "settings": '{"decimals": 3}',
        "layout": bytes(range(256)),
        "picture": b"\x89PNG",
        "watch_list": ("J", "abs(W1).max()"),
        "undo": undo,
    }
    save(project_of(trained, **kept), tmp_path / "mine.nnstudio")
    project = open_project(tmp_path / "mine.nnstudio").project
    assert {name: getattr(project, name) for name in kept} == kept


@pytest.mark.parametrize("operations", [0, 3])
def test_branches_are_the_same_to_the_bit_when_they_have_been_run_again(trained, tmp_path, operations):
    run_operations(trained, operations)
    made, path = trained.run.experiment, tmp_path / "mine.nnstudio"
    wide = replace(made, network=Network((LayerSpec(5, "relu"), *made.network.layers[1:])))
    quick = replace(made, optimizer=replace(made.optimizer, learning_rate=0.5))
    others = (quick, None), (replace(made, seed=9), None), (made, Value("b1", (0,), 0.1)), (wide, None)
    branches = branches_of(trained, *others, epochs=6)
    save(project_of(trained, branches=branches), path)
    opened = open_project(path).project.branches
    assert [one.label for one in opened.differences] == ["0", "1", "2", "3"]
    for one, other in zip(grown(branches), grown(opened), strict=True):
        assert bytes_of(one.run.machine.state()) == bytes_of(other.run.machine.state())
        assert list(one.run.history.measured.items()) == list(other.run.history.measured.items())
        assert one.run.history.epochs == other.run.history.epochs


def test_branches_that_are_damaged_are_left_out_and_the_run_is_there(trained, tmp_path):
    path = tmp_path / "mine.nnstudio"
    branches = branches_of(trained, (trained.run.experiment, Value("b1", (0,), 0.1)))
    save(project_of(trained, branches=branches), path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE branches SET element = '[7000]'")
        connection.commit()
    opened = open_project(path)
    assert opened.project.branches is None
    assert opened.problems == (
        "the branches are left out: a branch sets a number that there is not",
        "the table 'branches' (its branches) is not as it was written; what can be read is there",
    )
    assert everything(opened.debugger) == everything(trained)


def test_a_project_of_a_version_without_branches_opens(trained, tmp_path):
    path = tmp_path / "mine.nnstudio"
    save(project_of(trained), path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE branches; DELETE FROM about WHERE name = 'seal branches'")
    assert not open_project(path).read_only


@pytest.fixture
def with_left_run(trained, tmp_path):
    """A project whose only step took the place of a run that was in the middle of an iteration; how that stood."""
    left = debugger_of(experiment_of())
    left.train(Goal.at(2))
    run_operations(left, 3)
    text = file.encode(left.run.experiment).decode()
    steps = (UndoStep("Other units", text, text),)
    runs = (0, LeftRun(7, left.run.dataset, left.standing())), (1, LeftRun(8))
    path = tmp_path / "mine.nnstudio"
    save(project_of(trained, undo=UndoHistory(steps, 1, runs)), path)
    return path, left


def test_runs_that_undo_brings_back_are_the_same_to_the_bit(with_left_run):
    path, left = with_left_run
    (place, run), (_, untouched) = open_project(path).project.undo.runs
    assert (place, run.life, untouched.packed) == (0, 7, b"")
    again = debugger_of(left.run.experiment)
    again.resume(unpack(run, again))
    assert everything(again) == everything(left)
    run_operations(again, 100)
    run_operations(left, 100)
    assert bytes_of(again.machine.state()) == bytes_of(left.machine.state())


def test_a_run_is_brought_back_to_its_own_data_alone(with_left_run):
    run = open_project(with_left_run[0]).project.undo.runs[0][1]
    with pytest.raises(ProjectError, match="its data have changed since"):
        unpack(run, debugger_of(experiment_of(8)))


def test_a_run_that_undo_would_bring_back_is_left_out_where_it_is_damaged(with_left_run):
    path, _ = with_left_run
    with closing(sqlite3.connect(path)) as connection:
        (name,) = connection.execute("SELECT sha256 FROM arrays WHERE owner = 'left 0'").fetchone()
        connection.execute("UPDATE blobs SET bytes = zeroblob(length(bytes)) WHERE sha256 = ?", (name,))
        connection.commit()
    opened = open_project(path)
    assert [place for place, _ in opened.project.undo.runs] == [1]
    assert opened.problems == ("a run that Undo would bring back is damaged and left out, at step 0",)


def test_a_project_of_a_version_without_runs_to_bring_back_opens(with_left_run):
    path, _ = with_left_run
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE left_runs; DELETE FROM about WHERE name = 'seal left_runs'")
    opened = open_project(path)
    assert not opened.read_only
    assert (len(opened.project.undo.steps), opened.project.undo.runs) == (1, ())


def test_numbers_of_the_history_are_the_same_to_the_bit_but_for_which_nan(trained, tmp_path):
    history = trained.run.history
    history.penalty = reals([history.penalty[0], -0.0, inf, nan, *history.penalty[4:]])
    save(project_of(trained), tmp_path / "mine.nnstudio")
    found = open_project(tmp_path / "mine.nnstudio").debugger.run.history.penalty
    assert str(list(found)[1:4]) == "[-0.0, inf, nan]"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "data" / "flowers.csv"
    path.parent.mkdir()
    lines = [f"{n / 10},{'' if n % 7 == 3 else n * n / 3},{'rose' if n % 3 else 'Lilie'}" for n in range(60)]
    path.write_text("\n".join(["width,height,kind", *lines]) + "\n")
    return path


def learner(table):
    experiment = for_table(table)
    debugger = debugger_of(experiment)
    debugger.train(Goal.at(2))
    return debugger


def test_an_embedded_table_needs_no_file(table, tmp_path):
    debugger = learner(table)
    save(project_of(debugger, embed=True), tmp_path / "mine.nnstudio")
    table.unlink()
    opened = open_project(tmp_path / "mine.nnstudio")
    assert opened.problems == opened.notes == ()
    assert everything(opened.debugger) == everything(debugger)
    assert opened.project.dataset.written == debugger.run.dataset.written is not None
    for before, after in zip(debugger.run.dataset.columns, opened.project.dataset.columns, strict=True):
        assert (before.name, before.kind, before.problem) == (after.name, after.kind, after.problem)
        np.testing.assert_array_equal(before.values, after.values)
        np.testing.assert_array_equal(before.filled, after.filled)


def test_a_referenced_file_is_named_relative_to_the_project_and_may_move_with_it(table, tmp_path):
    debugger = learner(table)
    save(project_of(debugger, embed=False), tmp_path / "mine.nnstudio")
    assert rows(tmp_path / "mine.nnstudio", "SELECT path FROM data") == [("data/flowers.csv",)]
    assert rows(tmp_path / "mine.nnstudio", "SELECT * FROM columns") == []
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("mine.nnstudio", "data"):
        (tmp_path / name).rename(elsewhere / name)
    assert everything(open_project(elsewhere / "mine.nnstudio").debugger)[0] == everything(debugger)[0]


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_a_referenced_file_that_is_another_is_not_read(table, tmp_path, change):
    save(project_of(learner(table), embed=False), tmp_path / "mine.nnstudio")
    if change == "gone":
        table.unlink()
    else:
        table.write_text(table.read_text().replace("rose", "ROSE"))
    with pytest.raises(ProjectError, match=r"not there; put the file back|are not those that its run has learned from"):
        open_project(tmp_path / "mine.nnstudio")


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_data_whose_file_is_another_since_are_embedded_and_that_is_said(table, tmp_path, change):
    debugger, path = learner(table), tmp_path / "mine.nnstudio"
    assert save(project_of(debugger, embed=False), path) == ""
    if change == "gone":
        table.unlink()
    else:
        table.write_text(table.read_text().replace("rose", "ROSE"))
    said = save(project_of(debugger, embed=False), path)
    assert said.startswith("The data are kept in the project: flowers.csv ")
    assert ("is not there any more" if change == "gone" else "has changed") in said
    opened = open_project(path)
    assert opened.problems == opened.notes == ()
    assert everything(opened.debugger) == everything(debugger)


def test_a_failed_save_leaves_the_old_project_and_says_what_to_do(trained, tmp_path, monkeypatch):
    path = tmp_path / "mine.nnstudio"
    save(project_of(trained), path)
    before = path.read_bytes()
    trained.train(Goal.at(5))

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(saving_module, "write_project", full)
    with pytest.raises(ProjectError, match=r"cannot be written: .* is full; save it in another folder"):
        save(project_of(trained), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def older(trained, tmp_path, monkeypatch):
    """A project of a format before the first, in which notes were called remarks, and what brings it up to date."""

    def rename(connection):
        connection.execute("UPDATE texts SET name = 'notes' WHERE name = 'remarks'")

    monkeypatch.setitem(migrating.MIGRATIONS, 0, rename)
    path = tmp_path / "mine.nnstudio"
    save(project_of(trained, notes="Old"), path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE texts SET name = 'remarks' WHERE name = 'notes'")
        connection.execute("PRAGMA user_version = 0")
        connection.commit()
    return path


def test_an_older_format_is_brought_up_to_date_and_a_backup_kept(older, trained):
    before = older.read_bytes()
    opened = open_project(older)
    assert opened.project.notes == "Old"
    assert everything(opened.debugger)[0] == everything(trained)[0]
    assert older.read_bytes() == before, "opening changes nothing"
    save(opened.project, older)
    assert rows(older, "PRAGMA user_version") == [(VERSION,)]
    backup = older.with_name("mine.version-0.nnstudio")
    assert backup.read_bytes() == before
    save(opened.project, older)
    assert backup.read_bytes() == before


def test_a_format_that_nothing_brings_up_to_date_is_refused(older, monkeypatch):
    monkeypatch.delitem(migrating.MIGRATIONS, 0)
    with pytest.raises(ProjectError, match="which there never was"):
        open_project(older)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("edits", "UPDATE edits SET value = '0.75' WHERE position = 0"),
        ("epochs", 'UPDATE epochs SET "training cost" = 0.001 WHERE epoch = 1'),
        ("gradient_norms", "UPDATE gradient_norms SET norm = norm * 2 WHERE epoch = 1"),
        ("run", "UPDATE run SET value = '7' WHERE name = 'limit'"),
        ("breakpoints", "UPDATE breakpoints SET hits = 900"),
        ("undo", "DELETE FROM undo"),
        ("watch_list", "UPDATE watch_list SET expression = 'W2'"),
        ("epochs", 'ALTER TABLE epochs RENAME COLUMN "training cost" TO "training cosu"'),
        ("undo", "DELETE FROM about WHERE name = 'seal undo'"),
        ("branches", "DROP TABLE branches"),
    ],
)
def test_a_number_that_is_not_as_it_was_written_is_said(trained, tmp_path, table, change):
    path = tmp_path / "mine.nnstudio"
    trained.watcher.watch([ConditionBreakpoint(condition="J < 0")])
    trained.write("b1", (0,), 0.5)
    text = file.encode(trained.run.experiment).decode()
    undo = UndoHistory((UndoStep("Other units", text, text),), 1)
    save(project_of(trained, watch_list=("J",), undo=undo), path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(change).rowcount
        connection.commit()
    (said,) = open_project(path).problems
    assert said.startswith(f"the table '{table}' (")
    assert said.endswith(") is not as it was written; what can be read is there")


def test_every_table_is_sealed_but_what_is_known_by_its_own_hash():
    assert seals._SEALED.keys() == TABLES.keys() - {"about", "blobs"}
