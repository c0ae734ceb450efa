"""Unsaved work is in the working copy soon after it was done, exact to the bit, and gone from there when it is not
needed."""

import shutil
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import set_layer, set_training
from nnstudio.gui.keeping import keeper as keeping_work
from nnstudio.gui.keeping.keeper import Keeper
from nnstudio.gui.keeping.keeping import Keeping
from nnstudio.gui.main_window import MainWindow
from nnstudio.project import Opened, Recoverable, owner, recoverable, working_copy
from nnstudio.training.debugger import Debugger


@pytest.fixture
def keeper(window: MainWindow) -> Keeper:
    return Keeping(window).keeper


def copies() -> list[Path]:
    return sorted(working_copy.folder().glob("*.nnstudio")) if working_copy.folder().exists() else []


def crashed(monkeypatch: pytest.MonkeyPatch) -> tuple[Recoverable, ...]:
    """What there is to recover, as if the processes that had it were gone."""
    with monkeypatch.context() as context:
        context.setattr(owner, "started", lambda _pid: None)
        return recoverable()


def numbers(debugger: Debugger) -> dict[str, bytes]:
    state = debugger.machine.state()
    arrays = {name: flat.tobytes() for name, flat in state.store.items()}
    return arrays | {"moment": repr(debugger.timeline.here).encode()}


def kept(monkeypatch: pytest.MonkeyPatch) -> Opened:
    (found,) = crashed(monkeypatch)
    assert found.problem == ""
    opened = found.open()
    assert opened.problems == ()
    return opened


def test_an_edit_and_a_step_are_kept_exactly(
    window: MainWindow, keeper: Keeper, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, session = window.context.document, window.context.session
    with qtbot.waitSignal(keeper.kept, timeout=30_000):
        assert document.apply(set_layer(document.experiment, 0, units=7))
    assert kept(monkeypatch).project.experiment == document.experiment
    with qtbot.waitSignal(keeper.kept, timeout=30_000):
        session.play(5)
    opened = kept(monkeypatch)
    assert numbers(opened.debugger) == numbers(window.debugger)
    assert len(opened.project.undo.steps) == 1
    assert opened.project.picture.startswith(b"\x89PNG")


def test_a_running_training_is_kept(
    window: MainWindow, keeper: Keeper, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = window.context.document
    assert document.apply(set_training(document.experiment, epochs=100_000))
    with qtbot.waitSignal(keeper.kept, timeout=30_000):
        window.action("train").trigger()
    monkeypatch.setattr(working_copy, "_SECONDS_APART", 0.01)
    monkeypatch.setattr(working_copy, "_COSTS_APART", 0)
    with qtbot.waitSignals([keeper.kept] * 3, timeout=30_000):
        assert not window.context.session.paused
    opened = kept(monkeypatch)
    assert opened.debugger.machine.epochs >= 40
    window.action("pause").trigger()


def test_a_training_is_kept_the_more_rarely_the_longer_it_waits_for_that(
    window: MainWindow, keeper: Keeper, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, session, times = window.context.document, window.context.session, []
    monkeypatch.setattr(working_copy, "_SECONDS_APART", 0)
    monkeypatch.setattr(working_copy, "_COSTS_APART", 0)
    assert document.apply(set_training(document.experiment, epochs=100_000))
    qtbot.waitUntil(lambda: keeper.at_rest)
    monkeypatch.setattr(keeping_work, "_COSTS_APART", 1e9)
    keeper.kept.connect(partial(times.append, 1))
    window.action("train").trigger()
    qtbot.waitUntil(lambda: times == [1], timeout=30_000)
    with qtbot.waitSignals([session.refreshed] * 5, timeout=30_000):
        pass
    assert times == [1]
    window.action("pause").trigger()


def test_nothing_is_kept_where_nothing_was_done(window: MainWindow, keeper: Keeper) -> None:
    assert keeper.at_rest
    assert copies() == []


def test_closing_the_window_leaves_nothing_to_recover(window: MainWindow, keeper: Keeper, qtbot: QtBot) -> None:
    with qtbot.waitSignal(keeper.kept):
        window.context.session.play(1)
    assert len(copies()) == 1
    window.close()
    assert copies() == []


def test_what_a_save_does_not_have_is_kept(
    window: MainWindow, keeper: Keeper, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.nnstudio"
    with qtbot.waitSignal(keeper.kept):
        window.files.save_path(path)
    (found,) = crashed(monkeypatch)
    assert (found.origin, found.unsaved) == (path, False)
    with qtbot.waitSignal(keeper.kept):
        window.context.session.play(1)
    (found,) = crashed(monkeypatch)
    assert (found.origin, found.unsaved) == (path, True)
    assert found.saved is not None


def test_a_copy_that_somebody_removed_is_made_again_whole(
    window: MainWindow, keeper: Keeper, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.context.document.apply(set_training(window.context.document.experiment, batch_size=7))
    qtbot.waitUntil(lambda: keeper.at_rest and len(copies()) == 1)
    shutil.rmtree(working_copy.folder().parent)
    window.context.document.apply(set_layer(window.context.document.experiment, 0, units=7))
    qtbot.waitUntil(lambda: keeper.at_rest and len(copies()) == 1)
    assert kept(monkeypatch).project.experiment == window.context.document.experiment


def test_another_document_has_a_copy_of_its_own(window: MainWindow, keeper: Keeper, qtbot: QtBot) -> None:
    with qtbot.waitSignal(keeper.kept):
        window.context.session.play(1)
    window.files.new()
    qtbot.waitUntil(lambda: keeper.at_rest)
    assert copies() == []
    assert window.findChild(QMessageBox, "unsaved_changes") is None


def test_a_lesson_leaves_the_work_that_was_put_aside(
    window: MainWindow, keeper: Keeper, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, content = window.context.document, window.context.document.content
    assert document.apply(set_layer(document.experiment, 0, units=7))
    mine = document.experiment
    window.context.interlude.begin(content)
    window.context.session.play(3)
    qtbot.waitUntil(lambda: keeper.at_rest)
    assert kept(monkeypatch).project.experiment == mine


def test_why_nothing_can_be_kept_is_told_once(
    window: MainWindow, keeper: Keeper, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working_copy, "folder", lambda: tmp_path / "file" / "working")
    (tmp_path / "file").write_text("")
    with qtbot.waitSignal(keeper.failed):
        window.context.session.play(1)
    assert "Unsaved work cannot be kept" in window.banner.text
    window.banner.dismiss()
    window.context.session.play(1)
    keeper.keep()
    qtbot.waitUntil(lambda: not keeper._tasks)
    assert window.banner.text == ""
    monkeypatch.undo()
    with qtbot.waitSignal(keeper.kept):
        keeper.keep()
    assert len(copies()) == 1
