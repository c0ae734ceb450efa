"""Projects in the window: saved while it trains or stands, and opened again at the very operation, with all that can be
undone, the breakpoints and the way back in time."""

import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

import nnstudio.project
from nnstudio import resources
from nnstudio.experiment.edits import set_layer, set_training
from nnstudio.experiment.open import open_sample
from nnstudio.gui.document import Content
from nnstudio.gui.keeping.keeping import Keeping
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.project import layout, saving
from nnstudio.gui.settings import WATCH_LIST
from nnstudio.project import open_project
from nnstudio.training.branches import BranchSet, Fork, Value, of_value
from nnstudio.training.breakpoints import ConditionBreakpoint
from nnstudio.training.debugger import Goal
from nnstudio.training.history import EpochRecord

OpenWindow = Callable[..., MainWindow]
NAMES = ["mine", "ü 😀\nשלום", *([os.fsdecode(b"caf\xe9")] if sys.platform == "linux" else [])]
"""Elsewhere every name is Unicode."""


def numbers(window: MainWindow) -> dict[str, bytes]:
    """Every number of the run, and where it stands."""
    state = window.debugger.machine.state()
    arrays = {name: flat.tobytes() for name, flat in state.store.items()}
    arrays |= {f"{size} {name}": a.tobytes() for size, kept in state.workspaces.items() for name, a in kept.items()}
    return arrays | {"moment": repr(window.debugger.timeline.here).encode()}


@pytest.mark.parametrize("name", NAMES)
def test_a_project_opens_at_the_very_operation(window: MainWindow, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.nnstudio"
    session, debugger = window.context.session, window.debugger
    window.context.breakpoints.put(ConditionBreakpoint(condition="J < 0", ignore=2))
    assert session.edit_value("W1", (0, 0), 0.25)
    session.play(5)
    before, costs = numbers(window), debugger.run.history.train_cost
    assert window.files.save_path(path)
    window.files.new()
    assert numbers(window) != before
    window.files.open_path(path)
    assert window.banner.text == ""
    assert numbers(window) == before
    assert window.debugger.run.history.train_cost == costs
    assert [str(one) for one in window.context.breakpoints.all] == ["J < 0"]
    assert not window.isWindowModified()
    assert window.context.document.path == path
    session.play(3)
    assert window.isWindowModified()


def test_edits_are_undone_after_the_project_was_closed(open_window: OpenWindow, tmp_path: Path) -> None:
    path, first = tmp_path / "mine.nnstudio", open_window("xor")
    document = first.context.document
    units = document.experiment.network.layers[0].units
    assert document.apply(set_layer(document.experiment, 0, units=7))
    first.debugger.train(Goal.EPOCH)
    first.context.session.refreshed.emit()
    weight = first.debugger.machine.value("W1")[0, 0].item()
    assert first.context.session.edit_value("W1", (0, 0), 0.25)
    assert document.apply(set_layer(document.experiment, 0, units=6))
    document.undo_stack.undo()
    assert first.files.save_path(path)
    first.close()

    second = open_window(path)
    document, stack = second.context.document, second.context.document.undo_stack
    assert (stack.count(), stack.redoText()) == (3, "Layer 1: 6 units")
    stack.redo()
    assert document.experiment.network.layers[0].units == 6
    while stack.canUndo():
        stack.undo()
    assert document.experiment.network.layers[0].units == units
    assert weight != 0.25


def test_an_edit_of_the_run_is_undone_after_the_project_was_closed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path, session = tmp_path / "mine.nnstudio", window.context.session
    before = window.debugger.machine.value("W2")[0, 1].item()
    assert session.edit_value("W2", (0, 1), 0.25)
    assert session.scale_update(0.5)
    assert window.files.save_path(path)
    window.files.open_path(path)
    stack = window.context.document.undo_stack
    assert window.debugger.machine.value("W2")[0, 1] == 0.25
    stack.undo()  # far from a moment that is kept, it takes the way there in the background
    qtbot.waitUntil(lambda: session.paused and window.debugger.machine.update_factor(upcoming=True) == 1)
    stack.undo()
    qtbot.waitUntil(lambda: session.paused and window.debugger.machine.value("W2")[0, 1] == before)
    stack.redo()
    qtbot.waitUntil(lambda: session.paused and window.debugger.machine.value("W2")[0, 1] == 0.25)


def test_the_way_back_in_time_is_there_after_opening(window: MainWindow, tmp_path: Path) -> None:
    path, session = tmp_path / "mine.nnstudio", window.context.session
    window.files.save_path(path)
    session.travel.to_start()
    start = numbers(window)
    window.files.open_path(path)
    question = window.findChild(QMessageBox, "unsaved_changes")
    question.button(QMessageBox.StandardButton.Discard).click()
    session.travel.to_start()
    assert numbers(window) == start


def test_a_project_is_saved_while_it_trains(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path, session, document = tmp_path / "mine.nnstudio", window.context.session, window.context.document
    assert document.apply(set_training(document.experiment, epochs=100_000))
    window.action("train").trigger()
    qtbot.waitUntil(lambda: window.debugger.machine.epochs > 41)
    with qtbot.waitSignal(window.files._saving.saved):
        window.files.save_path(path)
    assert not session.paused
    qtbot.waitUntil(window.isWindowModified)
    window.action("pause").trigger()
    qtbot.waitUntil(lambda: session.paused)
    opened = open_project(path)
    assert opened.problems == ()
    assert opened.debugger.machine.epochs >= 41


def test_a_large_project_is_written_in_the_background(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "mine.nnstudio"
    saving_bytes, saving._AT_ONCE_BYTES = saving._AT_ONCE_BYTES, 0
    try:
        with qtbot.waitSignal(window.files._saving.saved):
            window.files.save_path(path)
            assert "Saving mine.nnstudio" in window.banner.text
            assert window.context.document.path is None
    finally:
        saving._AT_ONCE_BYTES = saving_bytes
    assert window.banner.text == ""
    assert not window.isWindowModified()
    assert open_project(path).problems == ()


def test_documents_that_can_be_undone_are_put_into_words_when_they_are_written(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them are kept again with every edit: the window would stand still for that."""
    document = window.context.document
    for units in (3, 4, 5):
        assert document.apply(set_layer(document.experiment, 0, units=units))
    with monkeypatch.context() as taking:
        taking.setattr("nnstudio.experiment.file.encode", lambda _experiment: pytest.fail("put into words"))
        first, again = (window.files._projects.take().undo for _ in range(2))
    assert first == again
    assert [step.words[0] != step.words[1] for step in first.steps] == [True] * 3
    assert all(one.words[1] == two.words[0] for one, two in pairwise(first.steps))


def test_a_run_of_many_epochs_is_written_in_the_background(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    """Its window would stand still for seconds: an epoch is rows of tables."""
    path, history = tmp_path / "mine.nnstudio", window.context.session.run.history
    last = EpochRecord(0, dict.fromkeys(history.measured, 0.5), (0.25,) * len(history.gradient_norms))
    for epoch in range(len(history), 25_000):
        history.add(replace(last, epoch=epoch))
    with qtbot.waitSignal(window.files._saving.saved):
        window.files.save_path(path)
        assert "Saving mine.nnstudio" in window.banner.text
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM epochs").fetchone() == (25_000,)


def test_what_cannot_be_written_is_never_called_saved(window: MainWindow, tmp_path: Path) -> None:
    assert not window.files.save_path(tmp_path / "no such folder" / "mine.nnstudio")
    assert "cannot be written" in window.banner.text
    assert window.context.document.path is None


def test_a_damaged_project_opens_read_only_and_is_not_saved_over(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "mine.nnstudio"
    window.files.save_path(path)
    content = path.read_bytes()
    weights = window.debugger.machine.model.store.family("parameters").tobytes()
    path.write_bytes(content.replace(weights, bytes(len(weights))))
    damaged = path.read_bytes()
    window.files.open_path(path)
    assert "is damaged and opens read-only" in window.banner.text
    assert window.context.document.path is None
    assert not window.files.save_path(path)
    assert path.read_bytes() == damaged
    assert window.files.save_path(tmp_path / "other.nnstudio")


def test_data_in_another_folder_are_read_only_if_the_person_says_so(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    from nnstudio.experiment.open import for_table
    from nnstudio.project import Project, save
    from nnstudio.training.debugger import Debugger
    from nnstudio.training.run import build

    table, folder = tmp_path / "flowers.csv", tmp_path / "projects"
    table.write_bytes(resources.path("samples", "iris.csv").read_bytes())
    folder.mkdir()
    run = build(for_table(table))
    standing = Debugger(run).standing()
    project = Project(experiment=run.experiment, dataset=run.dataset, standing=standing, embed=False)
    save(project, folder / "mine.nnstudio")
    before = window.context.document.experiment
    window.files.open_path(folder / "mine.nnstudio")
    box = window.findChild(QMessageBox, "data_elsewhere")
    assert str(table) in box.informativeText()
    assert window.context.document.experiment is before
    box.button(QMessageBox.StandardButton.Yes).click()
    assert window.context.document.dataset.rows == 150


def test_the_experiment_alone_is_exported(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.action("export_experiment").trigger()
    dialog = window.findChild(QFileDialog, "export_dialog")
    dialog.fileSelected.emit(str(tmp_path / "alone"))
    dialog.reject()
    assert (tmp_path / "alone.nns.json").exists()
    assert window.context.document.path is None


def test_the_watch_list_comes_with_the_project(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "mine.nnstudio"
    view = window.context.tools.open("watch_list")
    view.watching.add("J * 2")
    window.files.save_path(path)
    view.watching.remove(0)
    window.files.open_path(path)
    window.findChild(QMessageBox, "unsaved_changes").button(QMessageBox.StandardButton.Discard).click()
    assert [entry.watched.text for entry in view.watching.entries] == ["J * 2"]
    reading = view.watching.entries[0].reading
    assert reading is not None
    assert np.isclose(reading.number, 2 * window.debugger.machine.cost)


def test_parameters_go_out_and_come_in_again(window: MainWindow, tmp_path: Path) -> None:
    path, machine = tmp_path / "mine.npz", window.debugger.machine
    assert window.parameters.write(path)
    trained = machine.value("W1").copy()
    document = window.context.document
    assert document.apply(set_training(document.experiment, batch_size=9))
    window.context.session.reset()
    assert (window.debugger.machine.value("W1") != trained).any()
    assert window.parameters.read(path)
    assert (window.debugger.machine.value("W1") == trained).all()
    assert document.undo_stack.undoText() == "Import mine.npz"
    window.context.session.step_batch()
    assert (window.debugger.machine.value("W1") != trained).any()
    assert window.parameters.read(path)
    assert (window.debugger.machine.value("W1") == trained).all()


def test_parameters_of_another_network_are_refused_by_name(window: MainWindow, tmp_path: Path) -> None:
    path, document = tmp_path / "mine.npz", window.context.document
    assert window.parameters.write(path)
    assert document.apply(set_layer(document.experiment, 0, units=7))
    assert not window.parameters.read(path)
    assert "W1 is 5 × 2; this network needs 7 × 2" in window.banner.text


def test_notes_come_with_the_project_and_are_to_be_saved(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "mine.nnstudio"
    text = window.context.tools.open("notes").text
    assert not window.isWindowModified()
    text.setPlainText("The rate was too high.")
    assert window.isWindowModified()
    window.files.save_path(path)
    assert not window.isWindowModified()
    text.setPlainText("Try 0.01.")
    assert window.isWindowModified()
    window.files.save_path(path)
    window.files.new()
    assert text.toPlainText() == ""
    window.files.open_path(path)
    assert text.toPlainText() == "Try 0.01."
    assert open_project(path).project.notes == "Try 0.01."


def test_whether_the_data_are_in_the_project_is_the_persons_choice(window: MainWindow, tmp_path: Path) -> None:
    table, path = tmp_path / "flowers.csv", tmp_path / "mine.nnstudio"
    table.write_bytes(resources.path("samples", "iris.csv").read_bytes())
    choice = next(action for action in window.findChildren(QAction) if action.objectName() == "embed")
    menu = next(menu for menu in window.menuBar().findChildren(QMenu) if choice in menu.actions())
    menu.aboutToShow.emit()
    assert (choice.isEnabled(), choice.isChecked()) == (False, True)  # a sample has no file
    window.files.open_path(table)
    menu.aboutToShow.emit()
    assert (choice.isEnabled(), choice.isChecked()) == (True, True)
    window.files.save_path(path)
    with_data = path.stat().st_size
    choice.trigger()
    assert window.isWindowModified()
    window.files.save_path(path)
    assert path.stat().st_size < with_data
    window.files.new()
    window.files.open_path(path)
    menu.aboutToShow.emit()
    assert not choice.isChecked()
    assert window.context.document.dataset.rows == 150
    table.unlink()
    window.files.open_path(path)
    assert "which is not there" in window.findChild(QMessageBox, "data_missing").informativeText()


def test_data_whose_file_is_gone_are_saved_and_kept_and_the_person_hears_of_it(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    table, path = tmp_path / "flowers.csv", tmp_path / "mine.nnstudio"
    table.write_bytes(resources.path("samples", "iris.csv").read_bytes())
    window.files.open_path(table)
    window.context.keepsakes.set_embed(False)
    table.unlink()
    keeper = Keeping(window).keeper
    keeper.keep_anew()
    qtbot.waitUntil(lambda: keeper.at_rest)
    assert window.banner.text == ""
    assert window.files.save_path(path)
    assert window.banner.text.startswith("The data are kept in the project: flowers.csv is not there any more")
    assert not window.isWindowModified()
    assert open_project(path).project.dataset.rows == 150


def test_breakpoints_and_watches_are_to_be_saved(window: MainWindow, tmp_path: Path) -> None:
    path, breakpoints = tmp_path / "mine.nnstudio", window.context.breakpoints
    window.files.save_path(path)
    breakpoints.put(ConditionBreakpoint(condition="J < 0"))
    assert window.isWindowModified()
    breakpoints.clear()
    assert not window.isWindowModified()
    window.context.settings.set_value(WATCH_LIST, "J")
    assert window.isWindowModified()
    window.files.save_path(path)
    assert not window.isWindowModified()


def test_text_of_a_file_is_shown_as_it_is(window: MainWindow) -> None:
    window.banner.show_error("Not opened: <b>this</b>")
    assert window.banner.label.textFormat() == Qt.TextFormat.PlainText


def test_the_window_is_arranged_as_it_was(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path, tools = tmp_path / "mine.nnstudio", window.context.tools
    window.show()
    qtbot.waitExposed(window)
    tools.open("samples")
    window.panels["plots_panel"].hide()
    inspector = window.panels["inspector_panel"]
    usual = inspector.width()
    window.resizeDocks([window.panels["canvas_panel"], inspector], [500, 700], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: inspector.width() > usual + 50)
    wide = inspector.width()
    window.files.save_path(path)
    window.arrange()
    tools.open("predicting")
    qtbot.waitUntil(lambda: inspector.width() < usual + 50)
    window.files.open_path(path)
    qtbot.waitUntil(lambda: abs(inspector.width() - wide) < 8)
    assert tools.shown == ("samples",)
    assert window.panels["plots_panel"].isHidden()
    assert not window.panels["program_panel"].isHidden()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"layout": 3}', '{"layout": {"sizes": [1]}}'])
def test_a_layout_that_is_none_leaves_the_window_as_it_is(window: MainWindow, text: str) -> None:
    window.context.tools.open("samples")
    shown = [name for name, panel in window.panels.items() if not panel.isHidden()]
    layout.put_back(window, text)
    assert [name for name, panel in window.panels.items() if not panel.isHidden()] == shown


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Every project is written in the background, and not before this is set."""
    go, at_once = threading.Event(), nnstudio.project.save

    def save(*arguments: Any) -> str:
        assert go.wait(20)
        return at_once(*arguments)

    monkeypatch.setattr(saving, "_AT_ONCE_BYTES", 0)
    monkeypatch.setattr(nnstudio.project, "save", save)
    return go


@pytest.mark.parametrize("other", ["new", "lesson", "import"])
def test_what_is_opened_while_a_file_is_written_does_not_belong_to_it(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, slow: threading.Event, other: str
) -> None:
    document, files = window.context.document, window.files
    path = tmp_path / "mine.nnstudio"
    assert files.save_path(path)
    xor = Content.load(open_sample("xor"), None)
    if other == "new":
        document.replace(xor, None)
    elif other == "lesson":
        window.context.interlude.begin(xor)
    else:
        document.begin_anew(xor, tmp_path, "Import")
    slow.set()
    qtbot.waitUntil(lambda: not files.writing)
    assert document.path is None
    assert "mine.nnstudio is saved as it stood before" in window.banner.text
    assert open_project(path).project.experiment.name != document.experiment.name


def test_what_is_saved_while_it_trains_is_taken_before_something_else_is_opened(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    document, files = window.context.document, window.files
    path, name = tmp_path / "mine.nnstudio", document.experiment.name
    document.apply(set_training(document.experiment, epochs=1_000_000))
    window.context.session.train()
    assert files.save_path(path)
    files.open_sample("xor")
    qtbot.waitUntil(lambda: document.experiment.name != name)
    assert window.findChild(QMessageBox, "unsaved_changes") is None
    assert open_project(path).project.experiment.name == name
    assert document.path is None


def test_a_name_that_gets_an_ending_is_not_that_of_a_file_that_is_there(window: MainWindow, tmp_path: Path) -> None:
    there = tmp_path / "table.csv.nnstudio"
    there.write_text("somebody's")
    window.files.save_as()
    window.findChild(QFileDialog, "save_dialog").fileSelected.emit(str(tmp_path / "table.csv"))
    assert "table.csv.nnstudio is there already" in window.banner.text
    assert there.read_text() == "somebody's"


def test_a_damaged_project_is_not_saved_over_by_another_way_to_it(open_window: OpenWindow, tmp_path: Path) -> None:
    path = tmp_path / "mine.nnstudio"
    assert open_window().files.save_path(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE blobs SET bytes = zeroblob(length(bytes)) WHERE rowid > 1")
        connection.commit()
    window, link = open_window(path), tmp_path / "link"
    link.symlink_to(tmp_path)
    assert window.files.read_only
    assert not window.files.save_path(link / path.name)
    window.files.new()
    assert "(read-only)" not in window.windowTitle()


def test_what_was_set_by_hand_is_asked_about_without_a_project(window: MainWindow) -> None:
    assert not window.isWindowModified()
    window.context.session.step_batch()
    assert window.context.session.edit_value("W1", (0, 0), 0.25)
    assert window.isWindowModified()
    assert window.projects.homeless == "what was set by hand in the run"


def test_saving_and_opening_begin_at_home_where_the_folder_is_gone(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "cwd", lambda: Path("/no/such/folder").resolve(strict=True))
    window.files.save_as()
    window.files.open()
    assert window.findChild(QFileDialog, "save_dialog") is not None
    assert window.findChild(QFileDialog, "open_dialog") is not None
    for dialog in window.findChildren(QFileDialog):
        dialog.reject()


def test_branches_of_other_data_are_not_left_out_without_a_word(window: MainWindow, tmp_path: Path) -> None:
    path, document = tmp_path / "mine.nnstudio", window.context.document
    fork = Fork.of(window.debugger.run)
    of_bias = of_value(fork.experiment, Value("b1", (0,), 0.5), "b1: 0.5")
    window.context.keepsakes.set_branches(BranchSet(fork, (of_bias,), 2))
    assert window.files.save_path(path)
    assert window.banner.text == ""
    document.begin_anew(Content.load(open_sample("xor"), None), tmp_path, "XOR")
    assert window.files.save_path(path)
    assert window.banner.text.startswith("mine.nnstudio is saved, but the branches are not in it")


def test_what_was_not_saved_is_past_once_it_is(window: MainWindow, tmp_path: Path) -> None:
    assert not window.files.save_path(tmp_path / "gone" / "mine.nnstudio")
    assert window.banner.text.startswith("Not saved")
    assert window.files.save_path(tmp_path / "mine.nnstudio")
    assert window.banner.text == ""


def test_exported_to_its_own_file_it_is_saved(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path, document = tmp_path / "mine.nns.json", window.context.document
    keeping = Keeping(window)
    assert window.files.save_path(path)
    assert document.apply(set_layer(document.experiment, 0, units=7))
    window.files.export()
    window.findChild(QFileDialog, "export_dialog").fileSelected.emit(str(path))
    assert not window.isWindowModified()
    keeping.changed_file.look()
    assert window.findChild(QMessageBox, "changed_file") is None
    qtbot.waitUntil(lambda: keeping.keeper.at_rest)
