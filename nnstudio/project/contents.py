"""A whole project into an empty store, and out of one again."""

import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from nnstudio import __version__
from nnstudio.experiment import file
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.errors import ExperimentError
from nnstudio.experiment.places import beside

from .branches import write_branches
from .data import write_data
from .errors import ProjectError
from .left import read_left, write_left
from .project import Project, Side, UndoHistory, UndoStep, words
from .runs import write_standing
from .schema import FORMAT
from .store import DamagedError, Store, seal


@dataclass(frozen=True, slots=True)
class _Watched:
    position: int
    expression: str


@dataclass(frozen=True, slots=True)
class _UndoRow:
    position: int
    label: str
    before: str
    after: str


def write_project(store: Store, project: Project, folder: Path) -> str:
    """Write all of it; paths below `folder` become relative to it. What it says is worth telling, if anything."""
    write_about(store)
    experiment = beside(project.experiment, folder)
    store.put_text("experiment", file.encode(experiment).decode())
    said = write_data(store, experiment, project.dataset, folder, embed=project.embed)
    write_standing(store, project.standing)
    write_branches(store, project.branches, folder)
    write_window(store, project)
    write_undo(store, project.undo)
    return said


def write_about(store: Store) -> None:
    """By what and when it is written."""
    about = {
        "format": FORMAT,
        "program": __version__,
        "saved": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "platform": f"{sys.platform} {platform.machine()}",
    }
    store.connection.executemany("INSERT OR REPLACE INTO about (name, value) VALUES (?, ?)", about.items())


def write_window(store: Store, project: Project) -> None:
    """What the window keeps beside the experiment and its run."""
    for name, content in (("notes", project.notes), ("settings", project.settings)):
        store.put_text(name, content)
    store.connection.execute("DELETE FROM watch_list")
    store.insert("watch_list", *(_Watched(n, text) for n, text in enumerate(project.watch_list)))
    kept = {"layout": project.layout, "picture": project.picture}
    store.put_arrays("window", {name: np.frombuffer(content, np.uint8) for name, content in kept.items()})


def write_undo(store: Store, undo: UndoHistory, last: UndoHistory | None = None) -> None:
    """Write what can be undone, of which `last` is there already. A document that several edits lead to is written
    once."""
    same = 0 if last is None else _alike(last.steps, undo.steps)
    connection = store.connection
    connection.execute("DELETE FROM undo WHERE position >= ?", (same,))
    there = {name for names in connection.execute("SELECT before, after FROM undo") for name in names}
    names: dict[Side, str] = {}
    for position, step in enumerate(undo.steps[same:], same):
        for side in (step.before, step.after):
            if side not in names:
                text = words(side)
                names[side] = f"undo {seal(text)}"
                if names[side] not in there:
                    store.put_text(names[side], text)
                    there.add(names[side])
        store.insert("undo", _UndoRow(position, step.label, names[step.before], names[step.after]))
    connection.execute(
        "DELETE FROM texts WHERE name LIKE 'undo %' "
        "AND name NOT IN (SELECT before FROM undo UNION SELECT after FROM undo)"
    )
    store.put_values("run", {"undone": undo.done})
    write_left(store, undo.runs)


def _alike(last: Sequence[UndoStep], steps: Sequence[UndoStep]) -> int:
    """How many of the first steps are the same."""
    pairs = enumerate(zip(last, steps, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(last), len(steps)))


def read_experiment(store: Store) -> Experiment:
    """ProjectError if it is damaged beyond use; if it is only not as it was written, it is among the problems."""
    text = _text(store, "experiment")
    if text is None:
        row = store.connection.execute("SELECT content FROM texts WHERE name = 'experiment'").fetchone()
        text = row[0] if row and isinstance(row[0], str) else ""
    try:
        return file.decode(text)
    except ExperimentError as error:
        raise ProjectError(f"its experiment is damaged: {error}") from None


def read_text(store: Store, name: str, otherwise: str) -> str:
    found = _text(store, name)
    return otherwise if found is None else found


def read_watch_list(store: Store) -> tuple[str, ...]:
    return tuple(row.expression for row in store.rows("watch_list", _Watched, "position"))


def read_bytes(store: Store) -> dict[str, bytes]:
    """The layout and the picture of the window, where they are there."""
    try:
        found, _ = store.arrays("window")
        return {name: array.tobytes() for name, array in found.items() if name in ("layout", "picture")}
    except DamagedError as error:
        store.problems.append(f"how the window was arranged is left out: {error}")
        return {}


def read_undo(store: Store) -> UndoHistory:
    """What can be undone: nothing where any of it is damaged, for each edit stands on the one before."""
    steps = []
    texts: dict[str, str | None] = {}  # most are after one step and before the next
    for row in store.rows("undo", _UndoRow, "position"):
        for name in {row.before, row.after} - texts.keys():
            texts[name] = _text(store, name)
        before, after = texts[row.before], texts[row.after]
        if before is None or after is None:
            store.problems.append("what can be undone is damaged and left out")
            return UndoHistory()
        steps.append(UndoStep(row.label, before, after))
    done = store.values("run").get("undone")
    number = min(max(done, 0), len(steps)) if isinstance(done, int) else len(steps)
    return UndoHistory(tuple(steps), number, read_left(store))


def _text(store: Store, name: str) -> str | None:
    try:
        return store.text(name)
    except DamagedError as error:
        store.problems.append(str(error))
        return None
