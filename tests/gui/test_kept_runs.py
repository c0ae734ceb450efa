"""What Undo brings back is in the project: runs that another one took the place of, to the bit, with their edits."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import set_hyperparameter, set_layer
from nnstudio.gui.main_window import MainWindow
from nnstudio.project import Origin, ProjectError, WorkingCopy, left

from .test_projects import numbers

OpenWindow = Callable[..., MainWindow]
Trail = list[dict[str, bytes]]


def resize(window: MainWindow, units: int) -> None:
    document = window.context.document
    assert document.apply(set_layer(document.experiment, 0, units=units))


def set_weight(window: MainWindow, value: float) -> None:
    assert window.context.session.edit_value("W1", (0, 0), value)


def live(window: MainWindow) -> Trail:
    """Three runs, each left for the next one; how the window stood before each step that can be undone, and at last."""
    session, trail = window.context.session, []
    session.step_batch()
    for do in (
        lambda: set_weight(window, 0.25),
        lambda: resize(window, 7),
        lambda: set_weight(window, 0.5),
        window.action("reset").trigger,
        lambda: resize(window, 5),
    ):
        trail.append(numbers(window))
        do()
        session.play(3)
    return [*trail, numbers(window)]


def undo_all(window: MainWindow) -> Trail:
    """How the window stands, and stands after each undo."""
    stack = window.context.document.undo_stack
    return [numbers(window), *(step(window, stack.undo) for _ in range(stack.index()))]


def redo_all(window: MainWindow) -> Trail:
    stack = window.context.document.undo_stack
    return [numbers(window), *(step(window, stack.redo) for _ in range(stack.count() - stack.index()))]


def step(window: MainWindow, do: Callable[[], object]) -> dict[str, bytes]:
    """How the window stands after a step, which may take the way there in the background."""
    do()
    session = window.context.session
    waiting = QEventLoop()
    while not session.paused or session.travel.under_way:
        waiting.processEvents()
    return numbers(window)


@pytest.fixture
def saved(open_window: OpenWindow, tmp_path: Path) -> tuple[Path, Trail, Trail]:
    """A project, how its window stood after each undo to the first one, and after each redo from there."""
    window, path = open_window("xor"), tmp_path / "mine.nnstudio"
    live(window)
    assert window.files.save_path(path)
    undone, redone = undo_all(window), redo_all(window)
    window.close_for_good()
    return path, undone, redone


def test_undo_brings_trained_networks_back_after_the_project_was_closed(
    saved: tuple[Path, Trail, Trail], open_window: OpenWindow
) -> None:
    path, undone, redone = saved
    window = open_window(path)
    assert undo_all(window) == undone
    assert redo_all(window) == redone


def test_the_learning_rate_is_the_one_on_screen_after_undo_too(open_window: OpenWindow, tmp_path: Path) -> None:
    window, path = open_window("xor"), tmp_path / "mine.nnstudio"
    document, session = window.context.document, window.context.session
    session.play(3)
    assert document.apply(set_hyperparameter(document.experiment, "learning_rate", 0.01))
    set_weight(window, -1.0)  # which is read before that, so that the run branches off there
    session.play(30)
    assert window.files.save_path(path)
    undone = undo_all(window)
    window.close_for_good()
    assert undo_all(open_window(path)) == undone


def test_a_run_goes_on_as_it_would_have(open_window: OpenWindow, tmp_path: Path) -> None:
    first, path = open_window("xor"), tmp_path / "mine.nnstudio"
    session = first.context.session
    session.step_batch()
    resize(first, 7)
    assert first.files.save_path(path)
    first.context.document.undo_stack.undo()
    session.play(200)
    uninterrupted, costs = numbers(first), first.debugger.run.history.train_cost
    first.close_for_good()

    second = open_window(path)
    second.context.document.undo_stack.undo()
    second.context.session.play(200)
    assert numbers(second) == uninterrupted
    assert second.debugger.run.history.train_cost == costs
    second.context.session.travel.to_start()
    assert second.debugger.at_start


def test_runs_that_nobody_looked_at_are_saved_again(
    saved: tuple[Path, Trail, Trail], open_window: OpenWindow, tmp_path: Path
) -> None:
    path, undone, redone = saved
    window, again = open_window(path), tmp_path / "again.nnstudio"
    window.context.document.undo_stack.undo()
    assert window.files.save_path(again)
    window.close_for_good()
    window = open_window(again)
    assert undo_all(window) == undone[1:]
    assert redo_all(window) == redone


def test_what_was_undone_is_redone_after_the_project_was_closed(
    saved: tuple[Path, Trail, Trail], open_window: OpenWindow
) -> None:
    path, _, redone = saved
    for _ in range(2):  # the second time nothing is looked at before it is saved again
        window = open_window(path)
        undo_all(window)
        assert window.files.save_path(path)
        window.close_for_good()
    assert redo_all(open_window(path)) == redone


def test_the_working_copy_has_them_too_and_packs_each_once(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window, packed, pack = open_window("xor"), [], left.pack
    monkeypatch.setattr(left, "pack", lambda standing: packed.append(standing) or pack(standing))
    live(window)
    copy, path = WorkingCopy(Origin(None)), tmp_path / "recovered.nnstudio"
    copy.put(window.projects.take())
    before = len(packed)
    set_weight(window, 0.75)
    copy.put(window.projects.take())
    assert len(packed) == before
    with closing(sqlite3.connect(path)) as other:
        copy._connection.backup(other)
    copy.close()
    trail = undo_all(window)
    assert undo_all(open_window(path)) == trail


def test_a_run_that_cannot_be_read_is_said_and_the_one_at_hand_stays_usable(
    saved: tuple[Path, Trail, Trail], open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def refuse(*_: object) -> None:
        raise ProjectError("its moments are damaged")

    window = open_window(saved[0])
    monkeypatch.setattr("nnstudio.project.unpack", refuse)
    with qtbot.waitSignal(window.context.session.failed):
        window.context.document.undo_stack.undo()
    assert "does not come back: its moments are damaged" in window.banner.text
    window.context.session.step_batch()
    assert window.debugger.machine.iterations == 1
    undo_all(window)
    assert not window.context.document.undo_stack.canUndo()
