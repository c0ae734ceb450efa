"""Files that are damaged, or made to do harm: each is refused in words or opens with what is sound, read-only."""

import hashlib
import json
import os
import sqlite3
import time
import tracemalloc
from contextlib import closing
from dataclasses import replace
from itertools import islice
from random import Random

import numpy as np
import pytest

from nnstudio.data.errors import DataError
from nnstudio.engine.spec import SpecError
from nnstudio.experiment import file
from nnstudio.experiment.errors import ExperimentError
from nnstudio.project import LeftRun, NewerFormatError, ProjectError, UndoHistory, UndoStep, open_project, save, unpack
from nnstudio.training.branches import Value
from nnstudio.training.debugger import Goal

from .mutations import SCHEMAS, blobs_swapped, mutated
from .saved import branches_of, debugger_of, everything, experiment_of, grown, project_of, run_operations

MUTATED = int(os.environ.get("NNSTUDIO_MUTATED", "150"))
REFUSALS = (DataError, SpecError, ExperimentError)
LONGEST_SECONDS = 20  # of a busy machine; `tests/faults/mutate_projects.py` holds each file to 5 s


def outcome(path):
    """What comes of opening a file, and of going on from there."""
    try:
        opened = open_project(path)
    except REFUSALS:
        return "refused"
    run_operations(opened.debugger, 30)
    if opened.project.branches is not None:
        grown(replace(opened.project.branches, epochs=0))
    for _, run in opened.project.undo.runs:
        again = debugger_of(experiment_of())
        try:
            again.resume(unpack(run, again))
        except REFUSALS:
            return "no undo"
        run_operations(again, 30)
    return "read-only" if opened.read_only else "opened"


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    debugger = debugger_of(experiment_of())
    for epoch in (2, 4):
        debugger.timeline.due = 0.0
        debugger.train(Goal.at(epoch))
        debugger.write("b1", (1,), 0.25)
    run_operations(debugger, 3)
    path = tmp_path_factory.mktemp("project") / "original.nnstudio"
    made = debugger.run.experiment
    quick = replace(made, optimizer=replace(made.optimizer, learning_rate=0.5))
    branches = branches_of(debugger, (quick, None), (made, Value("b1", (0,), 0.5)), epochs=6)
    text = file.encode(made).decode()
    runs = ((0, LeftRun(1, debugger.run.dataset, debugger.standing())),)
    undo = UndoHistory((UndoStep("Reset", text, text),), 1, runs)
    save(project_of(debugger, notes="Why?", watch_list=("J",), branches=branches, undo=undo), path)
    return path


@pytest.fixture
def copy(original, tmp_path):
    path = tmp_path / "copy.nnstudio"
    path.write_bytes(original.read_bytes())
    return path


def test_no_file_whatever_its_bytes_does_more_than_be_refused_or_opened(original, tmp_path):
    outcomes = set()
    for kind, path in islice(mutated(original, tmp_path, seed=7), MUTATED):
        begun = time.monotonic()
        outcomes.add(outcome(path))
        assert time.monotonic() - begun < LONGEST_SECONDS, kind
    assert outcomes == {"refused", "read-only", "opened", "no undo"}


def test_cut_off_at_any_page_it_is_refused_or_opens_read_only(original, tmp_path):
    content, path = original.read_bytes(), tmp_path / "cut.nnstudio"
    for end in range(0, len(content), 4096):
        path.write_bytes(content[:end])
        assert outcome(path) in ("refused", "read-only")


@pytest.mark.parametrize("schema", SCHEMAS[:6])
def test_what_could_do_something_is_refused(copy, schema):
    with closing(sqlite3.connect(copy)) as connection:
        connection.executescript(schema)
    if "TABLE other" in schema:
        assert open_project(copy).problems == ()  # a table that is not known is not looked at
        return
    with pytest.raises(ProjectError, match="no project"):
        open_project(copy)


def test_a_damaged_moment_is_left_out_and_the_rest_stays_usable(copy):
    sound = open_project(copy)
    with closing(sqlite3.connect(copy)) as connection:
        (damaged,) = connection.execute(
            "SELECT sha256 FROM arrays WHERE owner = 'state 1' AND name = 'store/parameters'"
        ).fetchone()
        connection.execute("UPDATE blobs SET bytes = zeroblob(length(bytes)) WHERE sha256 = ?", (damaged,))
        connection.commit()
    opened = open_project(copy)
    assert opened.read_only
    assert "where the run stood is damaged" in " ".join(opened.problems)
    moment = sound.debugger.timeline.here
    assert opened.debugger.timeline.here < moment
    opened.debugger.go_to(moment)  # it is computed again
    assert everything(opened.debugger)[0] == everything(sound.debugger)[0]


def test_swapped_numbers_are_noticed(copy):
    blobs_swapped(copy, Random(1))
    assert open_project(copy).read_only


def test_the_database_of_another_program_is_refused(tmp_path):
    path = tmp_path / "other.nnstudio"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    with pytest.raises(ProjectError, match="is a database of another program"):
        open_project(path)


def test_a_newer_format_is_refused_with_the_version_that_is_needed(copy):
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA user_version = 3")
    with pytest.raises(NewerFormatError, match="install a version of NN Studio that reads nnstudio-project/3"):
        open_project(copy)


def test_a_journal_beside_it_is_not_played_back(copy):
    """Whoever can put a file beside a project could otherwise change what is in it."""
    sound = everything(open_project(copy).debugger)
    for suffix in ("-journal", "-wal"):
        other = copy.with_name("other.nnstudio")
        other.write_bytes(copy.read_bytes())
        connection = sqlite3.connect(other, isolation_level=None)
        if suffix == "-wal":
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        connection.execute("DELETE FROM states")
        connection.execute("COMMIT" if suffix == "-wal" else "SELECT 1")
        beside = other.with_name(other.name + suffix)
        content = beside.read_bytes() if beside.exists() else b""
        connection.close()
        copy.with_name(copy.name + suffix).write_bytes(content)
        assert everything(open_project(copy).debugger) == sound


def test_nothing_can_be_attached_or_written(copy):
    from nnstudio.project.guard import guarded

    with guarded(copy) as connection:
        for statement in ("ATTACH ':memory:' AS other", "DELETE FROM texts", "CREATE TEMP TABLE t (a)"):
            with pytest.raises(sqlite3.Error):
                connection.execute(statement)


@pytest.mark.parametrize(
    "source",
    [
        {"kind": "file", "path": "/dev/zero"},
        {"kind": "file", "path": "copy.nnstudio", "reading": {"labels": "/dev/zero"}},
    ],
)
def test_a_device_is_not_read_as_data(copy, source):
    """A project may say that its data, or the labels beside them, are in /dev/zero."""
    with closing(sqlite3.connect(copy)) as connection:
        text = connection.execute("SELECT content FROM texts WHERE name = 'experiment'").fetchone()[0]
        raw = json.loads(text)
        raw["data"]["source"] = source
        connection.execute("UPDATE texts SET content = ? WHERE name = 'experiment'", (json.dumps(raw),))
        connection.execute("UPDATE data SET keeping = 'referenced', path = '/dev/zero', size = 5, sha256 = 'x'")
        connection.commit()
    with pytest.raises(ProjectError, match="outside its folder, in /dev/zero"):
        open_project(copy)
    with pytest.raises(ProjectError, match=r"not an ordinary file|not those that its run"):
        open_project(copy, follow=lambda _path: True)


def test_numbers_that_would_lead_outside_of_arrays_are_left_out(copy):
    """An order of the rows that names rows there are not, sealed as it should be."""
    opened = open_project(copy)
    state = opened.project.standing.timeline.here.state
    order = np.full_like(state.batches.order, 10**6)
    here = replace(
        opened.project.standing.timeline.here, state=replace(state, batches=replace(state.batches, order=order))
    )
    standing = replace(opened.project.standing, timeline=replace(opened.project.standing.timeline, here=here))
    save(replace(opened.project, standing=standing), copy)
    again = open_project(copy)
    assert any("order of the rows" in problem for problem in again.problems)
    run_operations(again.debugger, 50)


def test_with_any_page_damaged_most_projects_still_open(original, tmp_path):
    content, path = original.read_bytes(), tmp_path / "damaged.nnstudio"
    outcomes = []
    for page in range(0, len(content), 4096):
        path.write_bytes(content[:page] + bytes(4096) + content[page + 4096 :])
        outcomes.append(outcome(path))
    assert outcomes.count("refused") < len(outcomes) / 3


def test_what_is_referred_to_a_thousand_times_is_in_memory_once(copy):
    content, text = bytes(2_000_000), "x" * 2_000_000
    known, told = (hashlib.sha256(one).hexdigest() for one in (content, text.encode()))
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("INSERT INTO blobs VALUES (?, ?)", (known, content))
        connection.execute("INSERT INTO texts VALUES ('undo q', ?, ?)", (text, told))
        for number in range(10, 1010):
            array = ("|u1", "[2000000]", known)
            connection.execute("INSERT INTO arrays VALUES ('window', ?, ?, ?, ?)", (f"a{number}", *array))
            connection.execute("INSERT INTO arrays VALUES (?, 'run', ?, ?, ?)", (f"left {number}", *array))
            connection.execute("INSERT INTO left_runs VALUES (?, 1, '')", (number,))
            connection.execute("INSERT INTO undo VALUES (?, 'x', 'undo q', 'undo q')", (number,))
        connection.commit()
    tracemalloc.start()
    opened = open_project(copy)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 60_000_000
    assert len(opened.project.undo.steps) == 1001
