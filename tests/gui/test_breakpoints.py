"""Breakpoints through the real window: the gutter, F9, the dialog, the menus, and stopping."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLabel, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import remove_layer, set_layer
from nnstudio.gui.breakpoints.breakpoint_set import BreakpointSet
from nnstudio.gui.breakpoints.editor import BreakpointEditor
from nnstudio.gui.breakpoints.marker import Marker, Shape
from nnstudio.gui.breakpoints.menus import break_when_menu
from nnstudio.gui.canvas.target import weight
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.program_delegate import GUTTER
from nnstudio.gui.program_model import ROW
from nnstudio.gui.session import RunState
from nnstudio.training.breakpoints import (
    ConditionBreakpoint,
    DataBreakpoint,
    Event,
    OpBreakpoint,
    at_operation,
)

OpenWindow = Callable[..., MainWindow]


def breakpoints(window: MainWindow) -> BreakpointSet:
    return window.context.breakpoints


def program(window: MainWindow):
    return window.panels["program_panel"]


def row_of(window: MainWindow, label: str) -> int:
    ops = window.debugger.machine.program.ops
    return next(index for index, op in enumerate(ops) if op.label.startswith(label))


def marker(window: MainWindow, row: int) -> Marker | None:
    return program(window).model.index(row).data(ROW).marker


def click(qtbot: QtBot, window: MainWindow, row: int, across: int) -> None:
    view = program(window).view
    index = program(window).model.index(row)
    view.scrollTo(index)
    rect = view.visualRect(index)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + across, rect.center().y()))


def train_to_stop(qtbot: QtBot, window: MainWindow) -> None:
    session = window.context.session
    window.action("train").trigger()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=20_000)


def dialog_of(window: MainWindow) -> BreakpointEditor:
    (found,) = [one for one in window.findChildren(BreakpointEditor) if one.isVisible()]
    return found


def ok(dialog: QDialog):
    return dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)


def test_a_click_in_the_gutter_sets_a_breakpoint_and_training_stops_before_the_operation(window, qtbot):
    row = row_of(window, "A2")
    click(qtbot, window, row, GUTTER // 2)
    assert marker(window, row) == Marker(Shape.DISC)
    assert window.context.selection.chosen.op is None
    train_to_stop(qtbot, window)
    assert window.debugger.machine.pc == row
    assert program(window).why.isVisible()
    assert program(window).why.whole.startswith("Stopped before A² = tanh(Z²) (epoch 41, mini-batch 1)")
    assert window.findChild(QLabel, "status_what").whole.startswith("Stopped before A² = tanh(Z²)")
    click(qtbot, window, row, GUTTER // 2)
    assert marker(window, row) is None
    assert breakpoints(window).all == ()


def test_a_click_beside_the_gutter_chooses_the_operation(window, qtbot):
    click(qtbot, window, 3, GUTTER + 40)
    assert window.context.selection.chosen.op == 3
    assert breakpoints(window).all == ()


def test_f9_sets_it_at_the_chosen_operation_and_takes_it_away(window, qtbot):
    click(qtbot, window, 5, GUTTER + 40)
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert [index for index in range(20) if marker(window, index)] == [5]
    assert program(window).model.index(5).data(Qt.ItemDataRole.AccessibleTextRole).endswith(", breakpoint")
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert breakpoints(window).all == ()


def test_f9_with_no_operation_chosen_takes_the_one_that_runs_next(window, qtbot):
    window.context.session.step_over()
    window.action("toggle_breakpoint").trigger()
    assert breakpoints(window).at_operation(1) is not None


def test_it_can_be_set_while_training_and_stops_it(window, qtbot):
    session = window.context.session
    window.action("train").trigger()
    qtbot.waitUntil(lambda: session.machine.iterations > 500)
    assert window.action("toggle_breakpoint").isEnabled()
    breakpoints(window).toggle(7)
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=20_000)
    assert session.machine.pc == 7
    assert session.debugger.hits


def test_stepping_past_one_goes_on_from_it(window, qtbot):
    breakpoints(window).toggle(2)
    session = window.context.session
    session.step_batch()
    assert session.machine.pc == 2
    session.step_batch()
    assert session.machine.pc == 0
    assert not program(window).why.isVisible()


def test_the_condition_is_checked_while_it_is_typed(window, qtbot):
    window.action("stop_when").trigger()
    dialog = dialog_of(window)
    problem = dialog.findChild(QLabel, "condition_problem")
    field = dialog.findChild(QLineEdit, "breakpoint_condition")
    assert not problem.isVisible()
    assert not ok(dialog).isEnabled()
    for typed, said in {
        "J": "Column 1: this is a number; compare it, such as J > 0",
        "dW7 > 1": "Column 1: there is no slot 'dW7'; did you mean dW",
        "J >": "Column 4: something is missing at the end",
    }.items():
        field.setText(typed)
        assert problem.text().startswith(said)
        assert problem.isVisible()
        assert not ok(dialog).isEnabled()
    field.setText("epoch == 43")
    assert not problem.isVisible()
    ok(dialog).click()
    assert breakpoints(window).all == (ConditionBreakpoint(condition="epoch == 43"),)
    train_to_stop(qtbot, window)
    assert (session := window.context.session).machine.batches.epoch == 43
    assert session.machine.pc == 1


def test_a_condition_on_what_is_not_known_there_says_so(window, qtbot):
    index = row_of(window, "Z1")
    breakpoints(window).edit(at_operation(window.debugger.machine.program, index))
    dialog = dialog_of(window)
    dialog.condition.setText("J > 1")
    assert dialog.condition_problem.text().startswith("J is not known yet where this looks; it is computed later, by ")
    dialog.reject()
    assert breakpoints(window).all == ()


def test_the_dialog_edits_counts_and_lines_of_the_breakpoint_that_is_there(window, qtbot):
    breakpoints(window).toggle(3)
    (before,) = breakpoints(window).all
    breakpoints(window).edit(before)
    dialog = dialog_of(window)
    dialog.ignore.setValue(4)
    dialog.every.setValue(2)
    prints = dialog.findChild(QCheckBox, "breakpoint_prints")
    prints.setChecked(True)
    assert dialog.line.text().endswith("the lowest J so far is {best_J}"), "J of the mini-batch is not known there yet"
    dialog.line.setText("{K}")
    assert dialog.line_problem.text().startswith("Column 2: there is no slot 'K'")
    assert not ok(dialog).isEnabled()
    dialog.line.setText("{norm(W1)}")
    ok(dialog).click()
    (after,) = breakpoints(window).all
    assert isinstance(after, OpBreakpoint)
    assert (after.key, after.ignore, after.every, after.log) == (before.key, 4, 2, "{norm(W1)}")
    assert marker(window, 3) == Marker(Shape.SQUARE, conditional=True)


def test_the_line_to_begin_with_says_the_cost_where_that_is_known(window, qtbot):
    breakpoints(window).toggle(row_of(window, "dA2"))
    breakpoints(window).edit(breakpoints(window).all[0])
    dialog = dialog_of(window)
    dialog.findChild(QCheckBox, "breakpoint_prints").setChecked(True)
    assert dialog.line.text() == "J is {J} in epoch {epoch}, mini-batch {batch}"
    dialog.reject()


def test_a_data_breakpoint_crosses_the_value_that_is_given(window, qtbot):
    window.context.selection.choose("J", None)
    window.action("break_on_value").trigger()
    dialog = dialog_of(window)
    assert not dialog.level.isVisible()
    dialog.event_.setCurrentIndex(dialog.event_.findData("CROSSES"))
    assert dialog.level.isVisible()
    dialog.level.setText("often")
    assert not ok(dialog).isEnabled()
    dialog.level.setText("0,1")
    ok(dialog).click()
    assert breakpoints(window).all == (DataBreakpoint(slot="J", event=Event.CROSSES, level=0.1),)
    assert marker(window, row_of(window, "J")) == Marker(Shape.DIAMOND)
    train_to_stop(qtbot, window)
    assert "J has crossed 0.1: " in str(window.debugger.hits[0])


def operation_menu(qtbot: QtBot, window: MainWindow, row: int) -> QMenu:
    program(window).view.menu_wanted.emit(row, QPoint(0, 0))
    (menu,) = [menu for menu in program(window).findChildren(QMenu, "operation_menu") if menu.isVisible()]
    return menu


def chosen(menu: QMenu, name: str) -> None:
    actions = {action.objectName(): action for action in menu.actions()}
    for sub in menu.findChildren(QMenu, "break_when_menu"):
        actions |= {action.objectName(): action for action in sub.actions()}
    actions[name].trigger()
    menu.close()


def test_the_menu_of_an_operation_sets_disables_and_removes(window, qtbot):
    chosen(operation_menu(qtbot, window, 4), "set_breakpoint")
    assert marker(window, 4) == Marker(Shape.DISC)
    chosen(operation_menu(qtbot, window, 4), "enable_breakpoint")
    assert marker(window, 4) == Marker(Shape.DISC, enabled=False)
    chosen(operation_menu(qtbot, window, 4), "remove_breakpoint")
    assert marker(window, 4) is None
    chosen(operation_menu(qtbot, window, 4), "changes_sign")
    assert breakpoints(window).all == (DataBreakpoint(slot="A2", event=Event.CHANGES_SIGN),)


def test_breakpoints_outlive_an_edit_of_the_network_and_those_without_a_place_are_named(window, qtbot):
    session, document = window.context.session, window.context.document
    last = row_of(window, "Z3")
    kept = at_operation(session.machine.program, row_of(window, "A1"))
    lost = at_operation(session.machine.program, last)
    breakpoints(window).put(kept)
    breakpoints(window).put(lost)
    breakpoints(window).put(DataBreakpoint(slot="W3", index=(0, 2), event=Event.CHANGES))
    said: list[str] = []
    session.message.connect(said.append)
    document.apply(set_layer(document.experiment, 0, activation="relu"))
    assert not said or "No place" not in said[-1]
    document.apply(remove_layer(document.experiment, 1))
    assert said[-1] == "No place in this network for the breakpoints before Z³ = A² W³ᵀ + b³; W3[0, 2] changes"
    assert set(session.debugger.watcher.problems) == {lost.key, breakpoints(window).all[2].key}
    train_to_stop(qtbot, window)
    assert session.machine.op.label == "A1 = relu(Z1)"
    document.undo_stack.undo()
    assert not session.debugger.watcher.problems
    assert breakpoints(window).all[:2] == (kept, lost)


def test_all_at_once(window, qtbot):
    for row in (1, 2, 3):
        breakpoints(window).toggle(row)
    window.action("disable_breakpoints").trigger()
    assert session_idle(window)
    window.action("enable_breakpoints").trigger()
    assert not session_idle(window)
    window.action("remove_breakpoints").trigger()
    assert breakpoints(window).all == ()


def session_idle(window: MainWindow) -> bool:
    return window.debugger.watcher.idle


@pytest.mark.parametrize("shape", Shape)
def test_a_marker_says_what_it_is(shape):
    words = Marker(shape, enabled=False, conditional=True, lost=True).words
    assert words == f"disabled conditional {shape.value}, not in this network"


def panel(window: MainWindow):
    return window.panels["breakpoints_panel"]


def listed(window: MainWindow) -> list[str]:
    role = Qt.ItemDataRole.AccessibleTextRole
    return [panel(window).model.index(row).data(role) for row in range(panel(window).model.rowCount())]


def test_the_list_is_reached_by_the_view_menu_and_invites_to_set_the_first(window, qtbot):
    assert not panel(window).isVisible()
    panel(window).toggleViewAction().trigger()
    assert panel(window).isVisible()
    panel(window).findChild(QPushButton, "stop_when_link").click()
    dialog = dialog_of(window)
    dialog.condition.setText("J < 0")
    ok(dialog).click()
    assert listed(window) == ["condition: J < 0"]
    window.arrange()
    assert not panel(window).isVisible()


def test_the_list_says_what_each_does_and_counts_its_hits(window, qtbot):
    index = row_of(window, "A1")
    program_ = window.debugger.machine.program
    breakpoints(window).put(replace(at_operation(program_, index), ignore=2, condition="epoch > 1", every=3))
    breakpoints(window).put(DataBreakpoint(slot="W9", event=Event.CHANGES))
    assert panel(window).isVisible(), "what the gutter does not show is shown in the list"
    for _ in range(2):
        window.context.session.step_epoch()
        qtbot.waitUntil(lambda: window.context.session.paused)
    assert listed(window) == [
        "conditional breakpoint: A¹ = tanh(Z¹), if epoch > 1 · after 2 hits, every 3 hits, 6 hits",
        "data breakpoint, not in this network: W9 changes, There is no slot W9 in this network",
    ]


def test_the_list_by_keys(window, qtbot):
    for row in (1, 2):
        breakpoints(window).toggle(row)
    panel(window).show()
    view = panel(window).view
    view.setFocus()
    view.setCurrentIndex(panel(window).model.index(0))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert [one.enabled for one in breakpoints(window).all] == [False, True]
    qtbot.keyClick(view, Qt.Key.Key_Return)
    dialog = dialog_of(window)
    dialog.condition.setText("epoch > 1000")
    ok(dialog).click()
    assert breakpoints(window).all[0].condition == "epoch > 1000"
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert [one.enabled for one in breakpoints(window).all] == [True]
    assert view.currentIndex().row() == 0


def test_a_click_on_the_sign_switches_it(window, qtbot):
    breakpoints(window).toggle(1)
    panel(window).show()
    rect = panel(window).view.visualRect(panel(window).model.index(0))
    place = QPoint(rect.left() + 12, rect.center().y())
    qtbot.mouseClick(panel(window).view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not breakpoints(window).all[0].enabled


def test_log_points_print_into_the_list_and_can_be_cleared(window, qtbot):
    index = row_of(window, "dA2")
    program_ = window.debugger.machine.program
    breakpoints(window).put(replace(at_operation(program_, index), log="J is {J}", ignore=11))
    session = window.context.session
    session.step_epoch()
    qtbot.waitUntil(lambda: session.paused)
    text = panel(window).log.text
    assert text.isVisible()
    assert text.toPlainText() == f"epoch 41 · 12\tJ is {session.machine.cost:.6g}"
    session.step_batch()
    assert len(text.toPlainText().splitlines()) == 2
    panel(window).log.findChild(QPushButton, "clear_log").click()
    assert not text.isVisible()
    session.step_batch()
    assert text.toPlainText().startswith("epoch 42 · 2\tJ is ")


def value_menu(owner) -> QMenu:
    (menu,) = [menu for menu in owner.findChildren(QMenu, "value_menu") if menu.isVisible()]
    return menu


def test_the_menu_of_a_number_in_the_inspector_breaks_on_it(window, qtbot):
    inspector = window.panels["inspector_panel"]
    window.context.selection.choose("W2", (1, 3))
    inspector.table.customContextMenuRequested.emit(QPoint(5, 5))
    menu = value_menu(inspector)
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Copy",
        "Why is this number?",
        "Watch this",
        "Break when W2[1, 3]",
        "Break when dW2[1, 3]",
    ]
    chosen(menu, "changes")  # the last of that name: the gradient's
    assert breakpoints(window).all == (DataBreakpoint(slot="dW2", index=(1, 3), event=Event.CHANGES),)


def test_the_menu_of_a_weight_in_the_drawing_breaks_on_it(window, qtbot):
    canvas = window.panels["canvas_panel"]
    canvas.view.menu_wanted.emit(weight(1, 2, 0), QPoint(0, 0))
    assert (window.context.selection.chosen.slot, window.context.selection.chosen.index) == ("W1", (2, 0))
    menu = value_menu(canvas)
    menu.findChildren(QMenu, "break_when_menu")[0].actions()[2].trigger()
    menu.close()
    assert breakpoints(window).all == (DataBreakpoint(slot="W1", index=(2, 0), event=Event.CHANGES_SIGN),)


def test_what_never_changes_cannot_be_broken_on_and_says_why(window, qtbot):
    menu = break_when_menu("alpha", None, breakpoints(window), window)
    assert not any(action.isEnabled() for action in menu.actions())
    assert menu.actions()[0].toolTip() == "No operation writes alpha; it never changes while training"
