"""The working copy: what was put is there after a crash, exactly; a closed one is gone; a living one is its owner's."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nnstudio.project import ProjectError, UndoHistory, UndoStep, holder_of
from nnstudio.project import owner as owners
from nnstudio.project import working_copy as working_copies
from nnstudio.project.owner import Owner
from nnstudio.project.recovery import owner_of, recoverable
from nnstudio.project.schema import VERSION
from nnstudio.project.working_copy import Origin, WorkingCopy
from nnstudio.training.debugger import Goal

from .saved import debugger_of, everything, experiment_of, project_of, run_operations


@pytest.fixture
def copy():
    made = WorkingCopy()
    yield made
    made.close()


@pytest.fixture
def abandoned(copy, monkeypatch):
    """The working copy as another process sees it that finds its owner gone."""
    monkeypatch.setattr(owners, "started", lambda pid: None)
    return copy


def test_what_was_put_last_is_recovered_exactly(abandoned):
    debugger = debugger_of(experiment_of())
    undo = UndoHistory((UndoStep("Layer 1: 4 units", "{}", '{"units": 4}'),), 1)
    abandoned.put(project_of(debugger))
    debugger.train(Goal.at(3))
    run_operations(debugger, 5)
    debugger.write("b1", (1,), -0.0)
    abandoned.put(project_of(debugger, notes="Why?", undo=undo, watch_list=("J",), picture=b"PNG", layout=b"wide"))
    (found,) = recoverable()
    opened = found.open()
    assert (found.name, found.origin, found.unsaved, found.picture) == ("Untitled", None, True, b"PNG")
    assert opened.problems == ()
    assert _but_for_keyframes(opened.debugger) == _but_for_keyframes(debugger)
    kept = opened.project
    assert (kept.notes, kept.undo, kept.watch_list, kept.layout) == ("Why?", undo, ("J",), b"wide")


def test_only_what_changed_is_written_and_yet_all_of_it_is_there(abandoned):
    debugger = debugger_of(experiment_of())
    for epoch in (2, 5, 9):
        debugger.train(Goal.at(epoch))
        abandoned.put(project_of(debugger))
    debugger.go_to(debugger.timeline.start)
    abandoned.put(project_of(debugger))
    debugger.step_over()
    debugger.write("b1", (0,), 0.5)  # another run branches off
    debugger.train(Goal.at(4))
    abandoned.put(project_of(debugger))
    opened = recoverable()[0].open()
    assert opened.problems == ()
    assert _but_for_keyframes(opened.debugger) == _but_for_keyframes(debugger)


def test_another_experiment_takes_the_place_of_all_that_was_there(abandoned):
    first = debugger_of(experiment_of())
    first.train(Goal.at(3))
    abandoned.put(project_of(first))
    second = debugger_of(experiment_of(8, name="Second", seed=4))
    second.train(Goal.at(1))
    abandoned.put(project_of(second))
    opened = recoverable()[0].open()
    assert opened.project.experiment == second.run.experiment
    assert _but_for_keyframes(opened.debugger) == _but_for_keyframes(second)


def test_the_way_back_begins_where_the_run_did(abandoned):
    debugger = debugger_of(experiment_of())
    debugger.train(Goal.at(3))
    abandoned.put(project_of(debugger))
    opened = recoverable()[0].open().debugger
    opened.go_to(opened.timeline.start)
    debugger.go_to(debugger.timeline.start)
    assert everything(opened)[0] == everything(debugger)[0]


def test_a_closed_copy_is_gone(copy):
    copy.put(project_of(debugger_of(experiment_of())))
    copy.close()
    assert list(working_copies.folder().iterdir()) == []


def test_the_copy_of_a_living_process_is_not_offered(copy):
    copy.put(project_of(debugger_of(experiment_of())))
    assert owner_of(copy.path) == Owner.here()
    assert recoverable() == ()


def test_a_copy_that_nothing_was_put_into_is_not_offered(abandoned):
    assert recoverable() == ()


def test_an_empty_file_is_nobodys_work():
    working_copies.folder().mkdir(parents=True)
    (working_copies.folder() / "0123456789abcdef.nnstudio").touch()
    assert recoverable() == ()


def test_the_copy_of_a_later_version_is_its_living_owners_alone(copy, tmp_path, monkeypatch):
    copy.put(project_of(debugger_of(experiment_of())))
    copy.saved(tmp_path / "mine.nnstudio")
    with closing(sqlite3.connect(copy.path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert recoverable() == ()
    assert holder_of(tmp_path / "mine.nnstudio") is not None
    monkeypatch.setattr(owners, "started", lambda pid: None)
    (found,) = recoverable()
    assert f"nnstudio-project/{VERSION + 1}" in found.problem


def test_it_knows_which_file_it_is_the_copy_of_and_whether_that_has_all_of_it(abandoned, tmp_path):
    saved = datetime.fromisoformat("2026-11-25T12:00:00+00:00")
    abandoned.close()
    copy = WorkingCopy(Origin(tmp_path / "mine.nnstudio", saved))
    copy.put(project_of(debugger_of(experiment_of())))
    (found,) = recoverable()
    assert (found.origin, found.saved, found.unsaved) == (tmp_path / "mine.nnstudio", saved, True)
    copy.saved(tmp_path / "other.nnstudio")
    (found,) = recoverable()
    assert (found.origin, found.unsaved) == (tmp_path / "other.nnstudio", False)
    assert found.saved is not None
    assert found.saved > saved
    copy.close()


@pytest.mark.parametrize("years", [-1, 1])
def test_the_clock_may_be_set(copy, years, monkeypatch):
    """An owner is told by when it was started as the system counts it, and a put is due by a clock that only ticks."""

    class Elsewhen(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(days=365 * years)

    from nnstudio.project import contents

    monkeypatch.setattr(contents, "datetime", Elsewhen)
    monkeypatch.setattr(time, "time", lambda: 1e9)
    copy.put(project_of(debugger_of(experiment_of())))
    assert copy.due > time.monotonic()
    assert recoverable() == ()


def test_a_put_that_fails_leaves_what_was_put_before(abandoned, monkeypatch):
    debugger = debugger_of(experiment_of())
    debugger.train(Goal.at(2))
    abandoned.put(project_of(debugger))
    before = _but_for_keyframes(debugger)
    debugger.train(Goal.at(4))
    with monkeypatch.context() as broken:
        broken.setattr(working_copies, "write_blocks", _full)
        with pytest.raises(ProjectError, match=r"unsaved work cannot be kept .*; make room there"):
            abandoned.put(project_of(debugger))
    assert _but_for_keyframes(recoverable()[0].open().debugger) == before
    abandoned.put(project_of(debugger))
    assert _but_for_keyframes(recoverable()[0].open().debugger) == _but_for_keyframes(debugger)


def test_one_that_cannot_be_begun_leaves_nothing_to_recover(monkeypatch):
    monkeypatch.setattr(working_copies, "create", _full)
    with pytest.raises(ProjectError, match="disk is full; make room there, and save the project until then"):
        WorkingCopy()
    assert recoverable() == ()
    assert list(working_copies.folder().iterdir()) == []


def test_a_copy_whose_file_is_damaged_is_listed_with_what_is_wrong(abandoned):
    abandoned.put(project_of(debugger_of(experiment_of())))
    abandoned.close(keep=True)
    content = bytearray(abandoned.path.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    abandoned.path.write_bytes(content)
    (found,) = recoverable()
    assert found.problem
    with pytest.raises(ProjectError):
        found.open()
    found.discard()
    assert list(working_copies.folder().iterdir()) == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_a_process_that_is_killed_leaves_its_work_to_the_next_one(tmp_path):
    """In truth, and with the owner that the system knows."""
    script = (
        "import os, signal, sys\n"
        "from nnstudio.experiment.open import open_sample\n"
        "from nnstudio.project import Project\n"
        "from nnstudio.project.working_copy import WorkingCopy\n"
        "from nnstudio.training.debugger import Debugger, Goal\n"
        "from nnstudio.training.run import build\n"
        "debugger = Debugger(build(open_sample('xor')))\n"
        "copy = WorkingCopy()\n"
        "for epoch in (1, 2, 3):\n"
        "    debugger.train(Goal.at(epoch))\n"
        "    run = debugger.run\n"
        "    copy.put(Project(experiment=run.experiment, dataset=run.dataset, standing=debugger.standing()))\n"
        "print(debugger.machine.value('W1').tobytes().hex())\n"
        "sys.stdout.flush()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    (found,) = recoverable()
    opened = found.open()
    assert opened.debugger.machine.epochs == 3
    assert opened.debugger.machine.value("W1").tobytes().hex() == done.stdout.strip()


def test_a_process_is_told_from_another_of_the_same_number():
    here = Owner.here()
    assert here.alive
    assert not Owner(here.pid, here.host, here.started + "0").alive
    assert Owner.decode(here.encode()) == here
    assert Owner.decode("{") is None


def _but_for_keyframes(debugger):
    """A working copy keeps few of them."""
    whole = everything(debugger)
    return (*whole[:3], *whole[4:])


def _full(*_):
    raise sqlite3.OperationalError("database or disk is full")
