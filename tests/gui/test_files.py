"""Opening, saving, dropping and closing, and what is said when it cannot be done."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from nnstudio import resources
from nnstudio.experiment import file
from nnstudio.experiment.edits import set_layer
from nnstudio.gui.main_window import MainWindow
from nnstudio.project import open_project

from .test_story import take_import

OpenWindow = Callable[..., MainWindow]


def edit(window: MainWindow) -> None:
    document = window.context.document
    assert document.apply(set_layer(document.experiment, 0, units=7))


def question(window: MainWindow) -> QMessageBox:
    found = [box for box in window.findChildren(QMessageBox, "unsaved_changes") if box.isVisible()]
    return found[-1]


def test_saving_and_reopening_gives_the_same_experiment(window: MainWindow, tmp_path: Path) -> None:
    edit(window)
    path = tmp_path / "mine.nns.json"
    assert window.isWindowModified()
    assert window.files.save_path(path)
    assert not window.isWindowModified()
    before = window.context.document.experiment
    window.files.new()
    assert window.context.document.experiment != before
    window.files.open_path(path)
    assert window.context.document.experiment == before
    assert path in window.context.settings.recent


def test_an_edit_can_be_undone_and_the_menu_names_it(window: MainWindow) -> None:
    before = window.context.document.experiment
    edit(window)
    undo = window.findChild(QAction, "undo")
    assert undo.text() == "Undo Layer 1: 7 units"
    undo.trigger()
    assert window.context.document.experiment == before
    assert not window.isWindowModified()
    window.findChild(QAction, "redo").trigger()
    assert window.context.document.experiment.network.layers[0].units == 7


def test_closing_with_changes_asks_and_cancel_keeps_the_window(window: MainWindow) -> None:
    edit(window)
    assert not window.close()
    box = question(window)
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert window.isVisible()


def test_closing_with_changes_can_discard_them(window: MainWindow, qtbot: QtBot) -> None:
    edit(window)
    window.close()
    question(window).button(QMessageBox.StandardButton.Discard).click()
    qtbot.waitUntil(lambda: not window.isVisible())


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("empty.csv", b"", "empty"),
        ("header.csv", b"a,b,c\n", "header.csv"),
        ("ragged.csv", b"a,b\n1,2\n1,2,3\n", "line 3"),
        ("binary.csv", bytes(range(256)) * 40, "binary.csv"),
        ("cut.nns.json", b'{"format": "nnstudio-experiment/1", "data": {', "cut off"),
        ("new.nns.json", b'{"format": "nnstudio-experiment/9"}', "newer"),
    ],
)
def test_a_bad_file_is_refused_and_what_was_open_stays(
    window: MainWindow, tmp_path: Path, name: str, text: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(text)
    before, run = window.context.document.experiment, window.context.session.run
    window.files.open_path(path)
    assert says in window.banner.text
    assert window.context.document.experiment is before
    assert window.context.session.run is run


def test_a_missing_file_is_named(window: MainWindow, tmp_path: Path) -> None:
    window.files.open_path(tmp_path / "gone.csv")
    assert "gone.csv" in window.banner.text


def test_a_file_that_cannot_be_written_is_named(window: MainWindow, tmp_path: Path) -> None:
    edit(window)
    assert not window.files.save_path(tmp_path / "no such folder" / "x.nns.json")
    assert "cannot be written" in window.banner.text
    assert window.isWindowModified()


def test_dropping_a_table_opens_it(window: MainWindow, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(resources.path("samples", "iris.csv")))])
    drop = QDropEvent(
        QPointF(200, 200),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(drop)
    take_import(qtbot, window)
    assert window.context.document.data.classes == ("setosa", "versicolor", "virginica")
    assert window.context.document.experiment.network.layers[-1].units == 3


def test_a_large_table_is_read_in_the_background(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("a,b,y\n" + "0.123456,0.234567,1.5\n0.223456,0.134567,2.5\n" * 60_000)
    with qtbot.waitSignal(window.files.opened, timeout=20_000):
        window.files.open_path(path)
        assert "large.csv" in window.banner.text
    assert window.context.document.dataset.rows == 120_000
    assert window.banner.text == ""


def test_a_folder_of_pictures_is_opened(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    for number, name in enumerate(("cat", "dog")):
        (tmp_path / name).mkdir()
        for shade in range(3):
            Image.new("L", (4, 4), 100 * number + shade).save(tmp_path / name / f"{shade}.png")
    window.action("open_pictures").trigger()
    dialog = window.findChild(QFileDialog, "open_pictures_dialog")
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    take_import(qtbot, window)
    assert window.context.document.data.classes == ("cat", "dog")
    assert window.context.document.dataset.images.columns == window.context.document.data.input_names


def test_reading_can_be_cancelled_and_what_was_open_stays(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("a,b,y\n" + "0.123456,0.234567,1.5\n0.223456,0.134567,2.5\n" * 60_000)
    before = window.context.document.experiment
    window.files.open_path(path)
    window.banner.button.click()
    assert window.banner.text == ""
    from PySide6.QtCore import QThreadPool

    assert QThreadPool.globalInstance().waitForDone(20_000)
    assert window.context.document.experiment is before


def test_a_saved_table_experiment_names_its_file_relative_to_itself(window: MainWindow, tmp_path: Path) -> None:
    table = tmp_path / "flowers.csv"
    table.write_bytes(resources.path("samples", "iris.csv").read_bytes())
    window.files.open_path(table)
    assert window.files.save_path(tmp_path / "flowers.nns.json")
    saved = file.load(tmp_path / "flowers.nns.json")
    assert saved.data.source.path == "flowers.csv"
    window.files.open_path(tmp_path / "flowers.nns.json")
    assert window.banner.text == ""


def test_the_window_comes_back_as_it_was_left(open_window: OpenWindow) -> None:
    first = open_window()
    first.panels["program_panel"].close()
    first.resize(1300, 850)
    first.close()
    second = open_window(None, (1300, 850))
    assert not second.panels["program_panel"].isVisible()
    second.arrange()
    assert second.panels["program_panel"].isVisible()


def test_what_only_a_project_keeps_is_not_dropped_when_an_experiment_is_saved_and_closed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    experiment, project = tmp_path / "mine.nns.json", tmp_path / "mine.nnstudio"
    window.files.save_path(experiment)
    window.context.keepsakes.set_notes("The rate was too high.")
    window.close()
    assert "The notes can be kept in a project alone" in question(window).informativeText()
    question(window).button(QMessageBox.StandardButton.Save).click()
    dialog = window.findChild(QFileDialog, "save_dialog")
    dialog.fileSelected.emit(str(experiment))
    assert window.isVisible()
    assert "makes a project, which keeps the notes" in window.banner.text
    question(window).button(QMessageBox.StandardButton.Save).click()
    window.findChildren(QFileDialog, "save_dialog")[-1].fileSelected.emit(str(project))
    qtbot.waitUntil(lambda: not window.isVisible())
    assert open_project(project).project.notes == "The rate was too high."


def test_a_long_training_is_something_to_save(window: MainWindow) -> None:
    window.context.session.play(1)
    assert not window.isWindowModified()
    window.debugger.trainer.seconds = 185.0
    window.context.session.play(1)
    assert window.isWindowModified()
    window.close()
    assert "3 minutes of training can be kept in a project alone" in question(window).informativeText()
    question(window).button(QMessageBox.StandardButton.Discard).click()


def test_a_name_in_capitals_is_a_project_too(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "MINE.NNSTUDIO"
    window.files.save_path(path)
    assert not window.isWindowModified()
    window.context.session.play(1)
    assert window.isWindowModified()
