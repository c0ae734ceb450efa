"""The table of an experiment is edited cell by cell: good cells are edits, bad ones are kept with the reason."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.data.spec import InlineSource
from nnstudio.experiment.edits import use_sample
from nnstudio.gui.data.table_window import TableWindow
from nnstudio.gui.main_window import MainWindow

from .conftest import OpenWindow


@pytest.fixture
def table(window: MainWindow, qtbot: QtBot) -> TableWindow:
    """The table of two circles, copied into the experiment."""
    opened = open_table(window, qtbot)
    press(qtbot, opened, "copy_into_experiment")
    return opened


def open_table(window: MainWindow, qtbot: QtBot) -> TableWindow:
    qtbot.mouseClick(window.findChild(QPushButton, "table_button"), Qt.MouseButton.LeftButton)
    opened = window.findChild(TableWindow, "table_window")
    assert opened is not None
    qtbot.waitUntil(opened.isActiveWindow)
    return opened


def press(qtbot: QtBot, table: TableWindow, name: str) -> None:
    qtbot.mouseClick(table.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def type_in(qtbot: QtBot, table: TableWindow, row: int, column: int, text: str) -> None:
    """Go to a cell, type and press Enter, as at a keyboard."""
    table.view.go_to((row, column))
    qtbot.keyClick(table.view, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.view.state() is not table.view.State.EditingState)


def source(window: MainWindow) -> InlineSource:
    found = window.context.document.experiment.data.source
    assert isinstance(found, InlineSource)
    return found


def shown(table: TableWindow, row: int, column: int) -> str:
    return str(table.model.index(row, column + 1).data())


def undo_text(window: MainWindow) -> str:
    return window.context.document.undo_stack.undoText()


def test_other_sources_are_copied_into_the_experiment_before_they_can_be_edited(
    window: MainWindow, qtbot: QtBot
) -> None:
    table = open_table(window, qtbot)
    before = window.context.document.dataset
    index = table.model.index(0, 1)
    assert not table.model.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert not table.findChild(QPushButton, "add_row").isVisible()
    press(qtbot, table, "copy_into_experiment")
    assert undo_text(window) == "Copy the data into the experiment"
    assert table.model.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert not table.model.flags(table.model.index(0, 0)) & Qt.ItemFlag.ItemIsEditable, "the part is not the table's"
    after = window.context.document.dataset
    for old, new in zip(before.columns, after.columns, strict=True):
        assert old.values.tobytes() == new.values.tobytes()


def test_a_table_that_is_too_large_says_so_where_it_would_be_copied(window: MainWindow, qtbot: QtBot) -> None:
    document = window.context.document
    document.apply(use_sample(document.experiment, "digits"))
    table = open_table(window, qtbot)
    copy = table.findChild(QPushButton, "copy_into_experiment")
    assert not copy.isEnabled()
    assert "116" in copy.toolTip()


def test_a_typed_number_is_an_edit_that_the_network_learns_from(
    window: MainWindow, table: TableWindow, qtbot: QtBot
) -> None:
    type_in(qtbot, table, 3, 1, "0,75")
    assert source(window).rows[3][1] == 0.75
    assert undo_text(window) == "Row 4, x2: 0.75"
    assert window.context.session.run.dataset.columns[1].values[3] == 0.75
    assert table.view.place == (3, 1), "the cursor stays where it was"
    qtbot.keyClick(table.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert source(window).rows[3][1] != 0.75


def test_a_bad_cell_keeps_what_was_typed_and_says_why_beside_it(
    window: MainWindow, table: TableWindow, qtbot: QtBot
) -> None:
    before, label = source(window), undo_text(window)
    type_in(qtbot, table, 2, 0, "abc")
    assert source(window) == before
    assert undo_text(window) == label
    assert shown(table, 2, 0) == "abc"
    assert table.view.note.isVisible()
    assert "“abc” is not a number, and column 'x1' holds numbers" in table.view.note.text()
    table.view.go_to((5, 1))
    assert not table.view.note.isVisible()
    press(qtbot, table, "add_row")
    assert source(window) == before, "rows must not move under what was typed"
    assert table.view.place == (2, 0)
    type_in(qtbot, table, 2, 0, "0.5")
    assert source(window).rows[2][0] == 0.5
    assert not table.view.note.isVisible()


def test_a_cell_that_the_data_cannot_do_without_is_kept_as_it_was_until_it_is_filled(
    window: MainWindow, table: TableWindow, qtbot: QtBot
) -> None:
    before = source(window)
    type_in(qtbot, table, 2, 0, "NA")
    assert source(window) == before
    assert "the cell is empty" in table.view.note.text()
    qtbot.keyClick(table.view, Qt.Key.Key_Escape)
    assert table.isVisible()
    assert shown(table, 2, 0) != "NA"
    assert not table.view.note.isVisible()


def test_rows_are_added_and_deleted(window: MainWindow, table: TableWindow, qtbot: QtBot) -> None:
    table.view.go_to((4, 1))
    fifth = source(window).rows[4]
    press(qtbot, table, "add_row")
    assert source(window).rows[4:6] == (fifth, fifth)
    assert table.view.place == (5, 1)
    type_in(qtbot, table, 5, 1, "0.125")
    assert source(window).rows[5][1] == 0.125
    press(qtbot, table, "delete_rows")
    assert undo_text(window) == "Delete row 6"
    assert len(source(window).rows) == 160
    assert table.view.place == (5, 1)


def test_columns_are_added_renamed_and_deleted(window: MainWindow, table: TableWindow, qtbot: QtBot) -> None:
    spec = window.context.document.experiment.data
    table.view.go_to((0, 0))
    press(qtbot, table, "add_column")
    assert source(window).columns == ("x1", "column 1", "x2", "class")
    assert window.context.document.data.input_names == ("x1", "x2")
    rename(table, qtbot, "height")
    assert source(window).columns[1] == "height"
    table.view.go_to((0, 0))
    rename(table, qtbot, "width")
    assert window.context.document.data.input_names == ("width", "x2")
    rename(table, qtbot, "x2")
    assert "already" in table.problem.text()
    press(qtbot, table, "delete_column")
    assert window.context.document.data.input_names == ("x2",)
    for _ in range(4):
        window.action("undo").trigger()
    assert window.context.document.experiment.data == spec


def test_blocks_are_copied_and_pasted_and_a_bad_one_changes_nothing(
    window: MainWindow, table: TableWindow, qtbot: QtBot
) -> None:
    clipboard = QApplication.clipboard()
    clipboard.setText("0.1\t0,2\n0.3\t0.4\n")
    table.view.go_to((1, 0))
    qtbot.keyClick(table.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [row[:2] for row in source(window).rows[1:3]] == [(0.1, 0.2), (0.3, 0.4)]
    assert undo_text(window) == "Paste 2 × 2 cells"
    qtbot.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "0.1\n"
    before = source(window)
    for text, reason in (
        ("0.5\nfive\n", "Row 3: “five” is not a number"),
        ("1\t2\t3\t4\n", "beyond the last column 'class'"),
        ("", "nothing to paste"),
    ):
        clipboard.setText(text)
        qtbot.keyClick(table.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert reason in table.problem.text()
        assert source(window) == before


def test_targets_may_be_cleared_and_inputs_not(window: MainWindow, table: TableWindow, qtbot: QtBot) -> None:
    table.view.go_to((7, 2))
    qtbot.keyClick(table.view, Qt.Key.Key_Delete)
    assert source(window).rows[7][2] is None
    assert len(window.context.document.data.unlabelled.rows) == 1
    table.view.go_to((7, 1))
    qtbot.keyClick(table.view, Qt.Key.Key_Delete)
    assert source(window).rows[7][1] is not None
    assert "the cell is empty" in table.problem.text()


def test_what_was_edited_is_what_the_file_has(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window("averages")
    table = open_table(window, qtbot)
    press(qtbot, table, "copy_into_experiment")
    type_in(qtbot, table, 0, 0, "0.9")
    assert window.files.save_path(tmp_path / "edited.nns.json")
    again = open_window(tmp_path / "edited.nns.json")
    assert source(again).rows[0] == (0.9, 0.3, 0.2)


def rename(table: TableWindow, qtbot: QtBot, name: str) -> None:
    press(qtbot, table, "rename_column")
    dialog = table.findChild(QInputDialog, "column_name_dialog")
    dialog.setTextValue(name)
    dialog.accept()
    qtbot.waitUntil(lambda: table.findChild(QInputDialog, "column_name_dialog") is None)
