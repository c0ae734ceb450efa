"""Undo in a project whose data lie in files: moved together with it, and never read from elsewhere unasked."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from nnstudio import resources
from nnstudio.experiment.open import for_table
from nnstudio.gui.app import window_for
from nnstudio.gui.document import Content
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.settings import Settings

from .test_changed_file import answer
from .test_kept_runs import redo_all, resize, undo_all
from .test_projects import numbers

OpenWindow = Callable[..., MainWindow]
IRIS = resources.path("samples", "iris.csv").read_text()


def saved(open_window: OpenWindow, project: Path, first: Path, second: Path) -> MainWindow:
    """A project in whose file it says where its data are: a table, on which it trained, and then another one."""
    for path, text in ((first, IRIS), (second, IRIS.replace("5.1", "5.2"))):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    window = open_window(first)
    session, document = window.context.session, window.context.document
    window.context.keepsakes.set_embed(False)
    session.step_batch()
    resize(window, 7)
    session.step_batch()
    document.begin_anew(Content.load(for_table(second), None), second.parent, "Import other")
    session.step_batch()
    assert window.files.save_path(project)
    return window


def test_a_project_that_moved_with_its_data_is_undone_to_its_beginning(open_window: OpenWindow, tmp_path: Path) -> None:
    home, away = tmp_path / "home", tmp_path / "away"
    first = saved(open_window, home / "mine.nnstudio", home / "flowers.csv", home / "other.csv")
    undone, redone = undo_all(first), redo_all(first)
    first.close_for_good()
    home.rename(away)
    window = open_window(away / "mine.nnstudio")
    assert undo_all(window) == undone
    assert window.context.document.experiment.data.source.paths == (str(away / "flowers.csv"),)
    assert redo_all(window) == redone
    assert window.files.save_path(away / "mine.nnstudio")
    window.close_for_good()
    assert undo_all(open_window(away / "mine.nnstudio")) == undone


def test_undo_reads_no_file_outside_of_the_project_unasked(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    project, elsewhere = tmp_path / "home" / "mine.nnstudio", tmp_path / "elsewhere" / "flowers.csv"
    first = saved(open_window, project, elsewhere, tmp_path / "home" / "other.csv")
    undone = undo_all(first)
    first.close_for_good()
    window = open_window(project)
    stack = window.context.document.undo_stack
    stack.undo()
    box = window.findChild(QMessageBox, "data_elsewhere")
    assert box.text() == "Read the data of this step from another folder?"
    assert str(elsewhere) in box.informativeText()
    assert numbers(window) == undone[0], "nothing is read by then"
    box.button(QMessageBox.StandardButton.Yes).click()
    assert numbers(window) == undone[1]
    assert undo_all(window) == undone[1:]


def test_data_that_are_gone_are_located_and_only_the_right_ones_are_taken(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    first = saved(open_window, home / "mine.nnstudio", home / "flowers.csv", home / "other.csv")
    undone = undo_all(first)
    first.close_for_good()
    (home / "other.csv").rename(tmp_path / "here.csv")

    window = open_window()
    window.files.open_path(home / "mine.nnstudio")
    for chosen in (home / "flowers.csv", tmp_path / "here.csv"):
        qtbot.waitUntil(lambda: window.findChild(QMessageBox, "data_missing") is not None)
        box = window.findChild(QMessageBox, "data_missing")
        assert box.text() == "The data of mine.nnstudio are not where they were"
        answer(box, "Locate…")
        dialog = window.findChild(QFileDialog, "locate_dialog")
        assert dialog.windowTitle().startswith("Where is ")
        box.setObjectName("")
        dialog.setObjectName("")
        dialog.fileSelected.emit(str(chosen))
        dialog.reject()
    qtbot.waitUntil(lambda: window.context.document.path == home / "mine.nnstudio")
    assert window.isWindowModified(), "the file says where they were"
    assert numbers(window) == undone[0]
    assert window.context.document.experiment.data.source.paths == (str(tmp_path / "here.csv"),)
    assert window.files.save_path(home / "mine.nnstudio")
    assert not window.isWindowModified()


def test_a_project_named_at_the_start_asks_too(
    open_window: OpenWindow, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    saved(open_window, home / "mine.nnstudio", home / "flowers.csv", home / "other.csv").close_for_good()
    (home / "other.csv").unlink()
    window = window_for(home / "mine.nnstudio", settings)
    window.show()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "data_missing") is not None)
    answer(window.findChild(QMessageBox, "data_missing"), "Cancel")
    window.close_for_good()


def test_what_cannot_be_undone_is_not_undone(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    home, project = tmp_path / "home", tmp_path / "home" / "mine.nnstudio"
    first = saved(open_window, project, home / "flowers.csv", home / "other.csv")
    steps, undone = first.context.document.undo_stack.index(), undo_all(first)
    first.close_for_good()
    (home / "flowers.csv").rename(home / "away.csv")
    window = open_window(project)
    stack = window.context.document.undo_stack
    for _ in range(3):
        window.action("undo").trigger()
    assert "there is no file" in window.banner.text
    qtbot.waitUntil(lambda: stack.index() == steps)
    assert window.files.save_path(project)
    window.close_for_good()
    (home / "away.csv").rename(home / "flowers.csv")
    window = open_window(project)
    assert undo_all(window) == undone


def test_undone_to_a_file_that_has_changed_since_it_says_so(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("flowers.csv", "other.csv"):
        (home / name).write_text(IRIS)
    first = open_window(home / "flowers.csv")
    first.context.keepsakes.set_embed(False)
    other = Content.load(for_table(home / "other.csv"), None)
    first.context.document.begin_anew(other, home, "Import other")  # nothing has been learned by then
    assert first.files.save_path(home / "mine.nnstudio")
    first.close_for_good()
    (home / "flowers.csv").write_text(IRIS.replace("5.1", "5.3"))
    window = open_window(home / "mine.nnstudio")
    with qtbot.waitSignal(window.context.session.failed) as told:
        window.context.document.undo_stack.undo()
    assert "its data have changed since" in told.args[0]
