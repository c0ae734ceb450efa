"""The watch list through the real window: by typing and from menus, with all it was, and a plot to go back by."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import remove_layer
from nnstudio.explain.numbers import count
from nnstudio.gui.canvas.target import weight
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.session import RunState
from nnstudio.gui.watch_list import watching
from nnstudio.gui.watch_list.rows import Row
from nnstudio.gui.watch_list.view import WatchListView
from nnstudio.training.debugger import Goal
from nnstudio.training.keyframes import Moment

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def view(window: MainWindow) -> WatchListView:
    return opened(window)


def opened(window: MainWindow) -> WatchListView:
    found = window.context.tools.open("watch_list")
    assert isinstance(found, WatchListView)
    return found


def type_in(qtbot: QtBot, view: WatchListView, text: str) -> None:
    view.field.clear()
    qtbot.keyClicks(view.field, text)
    qtbot.keyClick(view.field, Qt.Key.Key_Return)


def rows(view: WatchListView) -> list[Row]:
    return view.model.rows


def titles(view: WatchListView) -> list[str]:
    return [row.title for row in rows(view)]


def moments(view: WatchListView, row: int) -> list[Moment]:
    return view.watching.entries[row].track.moments


def watch_from(window: MainWindow, panel: str) -> None:
    (menu,) = [menu for menu in window.panels[panel].findChildren(QMenu, "value_menu") if menu.isVisible()]
    next(action for action in menu.actions() if action.objectName() == "watch_this").trigger()
    menu.close()


def test_what_is_typed_is_watched_with_all_it_was_since_the_run_began(window, view, qtbot):
    session = window.context.session
    session.reset()
    for _ in range(3):
        session.debugger.train(Goal.EPOCH)
    session.refreshed.emit()
    here = session.debugger.timeline.here
    type_in(qtbot, view, "abs(dW2).max()")
    type_in(qtbot, view, "W1[0, 1]")
    assert titles(view) == ["abs(dW2).max()", "W¹₁₂"]
    assert view.field.text() == ""
    assert rows(view)[1].number == window.debugger.machine.value("W1")[0, 1]
    assert moments(view, 1)[0] == Moment(0)
    assert moments(view, 1)[-1] == here
    session.step_over()
    assert rows(view)[0].value == "—"
    assert rows(view)[1].change == "±0"
    session.step_batch()
    assert rows(view)[0].value != "—"
    assert rows(view)[1].change[0] in "+−"


def test_counters_are_written_as_whole_numbers(window, view):
    view.watch("1000 * iteration")
    before = window.debugger.machine.iterations
    window.context.session.step_batch()
    assert rows(view)[0].value == count(1000 * (before + 1))
    assert rows(view)[0].change == f"+{count(1000)}"


def test_what_cannot_be_watched_is_said_beneath_while_it_is_typed(view, qtbot):
    qtbot.keyClicks(view.field, "dW9[0, 1]")
    assert view.problem.isVisible()
    assert view.problem.text().startswith("Column 1: there is no slot 'dW9'; did you mean dW")
    qtbot.keyClick(view.field, Qt.Key.Key_Return)
    assert rows(view) == []
    assert view.field.text() == "dW9[0, 1]"
    type_in(qtbot, view, "J")
    assert not view.problem.isVisible()
    type_in(qtbot, view, "epoch")
    view.watch("J")
    assert titles(view) == ["J", "epoch"]
    assert view.rows.currentIndex().row() == 0


def test_the_menus_of_inspector_and_drawing_watch_the_chosen_value(window, qtbot):
    canvas, inspector = window.panels["canvas_panel"], window.panels["inspector_panel"]
    window.context.selection.choose("Z1", (2, 0))
    inspector._open_menu(inspector.table, QPoint(0, 0))
    watch_from(window, "inspector_panel")
    canvas.view.menu_wanted.emit(weight(2, 0, 3), QPoint(0, 0))
    watch_from(window, "canvas_panel")
    window.context.selection.choose("dW1", None)
    inspector._open_menu(inspector.table, QPoint(0, 0))
    watch_from(window, "inspector_panel")
    view = opened(window)
    assert titles(view) == ["z¹₁ of sample 3", "W²₁₄", "‖∂J/∂W¹‖"]
    assert "norm of 5 × 2" in rows(view)[2].details


def test_a_row_is_edited_where_it_stands_and_refuses_what_cannot_be_watched(view, qtbot):
    view.watch("J")
    view.rows.setFocus()
    qtbot.keyClick(view.rows, Qt.Key.Key_Return)
    editor = view.rows.findChild(QLineEdit, "watch_editor")
    editor.setText("W7")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert view.problem.text().startswith("Column 1: there is no slot 'W7'")
    assert editor.isVisible()
    editor.setText("norm(W1)")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: titles(view) == ["norm(W1)"])
    assert not view.problem.isVisible()


def test_rows_are_moved_and_removed_by_keys_and_are_there_at_the_next_start(open_window, qtbot):
    view = opened(open_window())
    for text in ("J", "epoch", "W1"):
        view.watch(text)
    qtbot.keyClick(view.rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert titles(view) == ["J", "‖W¹‖", "epoch"]
    assert view.rows.currentIndex().row() == 1
    assert view.model.moveRows(view.rows.rootIndex(), 2, 1, view.rows.rootIndex(), 0)  # as a drag does
    assert titles(view) == ["epoch", "J", "‖W¹‖"]
    view.rows.setCurrentIndex(view.model.index(0))
    qtbot.keyClick(view.rows, Qt.Key.Key_Delete)
    assert titles(view) == ["J", "‖W¹‖"]
    view = opened(open_window())
    assert titles(view) == ["J", "‖W¹‖"]
    view.rows.selectAll()
    view.rows.setFocus()
    qtbot.keyClick(view.rows, Qt.Key.Key_Delete)
    assert titles(view) == []


def test_a_click_on_the_plot_goes_to_that_moment(window, view, qtbot):
    session = window.context.session
    view.watch("W1[0, 1]")
    view.watch("J")
    view.watch("epoch")
    session.reset()
    for _ in range(8):
        session.step_batch()
    view._plot.click()
    chart = view.plot.chart
    view.rows.selectionModel().select(view.model.index(0), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    assert [key.label for key in chart.keys] == ["W¹₁₂"]
    qtbot.waitUntil(lambda: chart.frame.width() > 200)
    target, value = Moment(4), view.watching.entries[0].track.values[4]
    at = chart.to_pixel(target.iterations, value).toPoint()
    qtbot.mouseMove(chart, QPoint(1, 1))
    qtbot.mouseMove(chart, at)
    qtbot.waitUntil(lambda: chart.crosshair.reading is not None)
    assert chart.crosshair.reading.entries[0].name == "W¹₁₂"
    with qtbot.waitSignal(session.refreshed):
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: session.paused)
    assert session.debugger.timeline.here == target
    assert window.debugger.machine.value("W1")[0, 1] == value
    assert rows(view)[0].number == value
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.paused and session.debugger.timeline.here == Moment(5))


def test_the_plot_is_saved_with_its_numbers(view, tmp_path):
    view.watch("W1[0, 1]")
    view._plot.click()
    assert view.plot.save.save(tmp_path / "watched.csv")
    lines = (tmp_path / "watched.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].split(",")[-1].strip('"') == "W¹₁₂"
    assert len(lines) == 1 + len(moments(view, 0))


def test_what_a_new_network_lacks_is_said_and_comes_back_with_undo(window, view):
    view.watch("W3[0, 0]")
    view.watch("J")
    document = window.context.document
    document.apply(remove_layer(document.experiment, 0))
    row, other = rows(view)
    assert row.problem
    assert "there is no slot 'W3'" in row.details
    assert row.value == "—"
    assert not other.problem
    document.undo_stack.undo()
    assert rows(view)[0].value != "—"


def test_it_follows_training_and_looks_back_in_the_background_meanwhile(window, view, qtbot, monkeypatch):
    monkeypatch.setattr(watching, "_AT_ONCE_SECONDS", 0.0)
    session = window.context.session
    begun = session.machine.iterations
    window.action("train").trigger()
    view.watch("W1[0, 1]")
    qtbot.waitUntil(lambda: len(view.watching.entries[0].track) > 3 and not view.watching.at_work)
    window.action("pause").trigger()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED)
    qtbot.waitUntil(lambda: view.watching.entries[0].looked_back)
    assert moments(view, 0)[0] <= Moment(begun)
    assert rows(view)[0].number == window.debugger.machine.value("W1")[0, 1]


def test_a_changed_value_flashes_where_motion_is_on(window, view):
    window.context.settings.motion = True
    view.watch("W1[0, 1]")
    view.watch("b1[0] * 0")
    assert view.flash.of(0, 0) == 0
    window.context.session.step_batch()
    assert view.flash.of(0, 0) > 0
    assert view.flash.of(1, 0) == 0
