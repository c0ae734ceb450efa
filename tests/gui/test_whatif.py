"""What if: numbers set by hand while paused, updates skipped and scaled, through the real window."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu
from pytestqt.qtbot import QtBot

from nnstudio.engine.ops import OpKind
from nnstudio.gui.explanation.depths import Depth
from nnstudio.gui.main_window import MainWindow
from nnstudio.training.keyframes import Moment

from .conftest import OpenWindow


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """XOR, in the middle of the backward pass of its third mini-batch."""
    window = open_window("xor")
    session = window.context.session
    session.step_batch()
    session.step_batch()
    session.run_to_operation(session.machine.program.writer["dW2"])
    return window


def action(window: MainWindow, name: str) -> QAction:
    return window.action(name)


def everything(window: MainWindow) -> list[bytes]:
    state = window.debugger.machine.state()
    families = [state.store, *state.workspaces.values()]
    return [flat.tobytes() for family in families for flat in family.values()]


def test_an_activation_set_in_the_table_goes_back_and_says_so(window: MainWindow, qtbot: QtBot) -> None:
    session, inspector = window.context.session, window.panels["inspector_panel"]
    window.context.selection.choose("A1", (0, 1))
    inspector.refresh()
    index = inspector.model.index(0, 1)
    assert index.flags() & Qt.ItemFlag.ItemIsEditable
    with qtbot.waitSignal(session.message) as said:
        assert inspector.model.setData(index, "0.5")
    assert said.args[0].startswith("Set a¹₂ to 0.5; went back to Z² = ")
    assert said.args[0].endswith("what follows from it is computed anew")
    machine = session.machine
    assert machine.value("A1")[0, 1] == 0.5
    assert machine.op.writes == ("Z2",)
    assert not machine.is_fresh("Z2")
    inspector.refresh()
    assert inspector._origin.text().endswith("; 1 set by hand")


def test_undo_puts_everything_back_and_redo_sets_it_again(window: MainWindow) -> None:
    session, stack = window.context.session, window.context.document.undo_stack
    before, here = everything(window), window.debugger.timeline.here
    assert session.edit_value("A1", (0, 1), 0.5)
    assert stack.undoText() == "Set a¹₂ to 0.5"
    session.step_batch()
    session.step_batch()
    action(window, "undo").trigger()
    assert window.debugger.timeline.here == here
    assert everything(window) == before
    action(window, "redo").trigger()
    assert session.machine.op.writes == ("Z2",)
    assert session.machine.value("A1")[0, 1] == 0.5


def test_a_learning_rate_set_by_hand_is_the_experiments(window: MainWindow) -> None:
    session, document = window.context.session, window.context.document
    before, here = session.machine.value("alpha").item(), window.debugger.timeline.here
    assert session.edit_value("alpha", (), 0.25)
    assert session.machine.value("alpha") == document.experiment.optimizer.learning_rate == 0.25
    assert window.debugger.timeline.here == here
    action(window, "undo").trigger()
    assert session.machine.value("alpha") == document.experiment.optimizer.learning_rate == before
    assert not session.edit_value("alpha", (), -1)


def test_what_cannot_be_set_is_refused_with_a_reason(window: MainWindow) -> None:
    session, inspector = window.context.session, window.panels["inspector_panel"]
    for slot, index, why in (
        ("dW1", (0, 0), "∂J/∂W¹ has not been computed in this iteration yet"),
        ("J", (), "nothing is computed from J"),
    ):
        assert not session.edit_value(slot, index, 1.0)
        assert why in window.banner.text
    window.context.selection.choose("J", ())
    inspector.refresh()
    assert not inspector.model.index(0, 0).flags() & Qt.ItemFlag.ItemIsEditable
    assert not window.context.document.undo_stack.canUndo()


def test_an_update_is_skipped_shown_and_made_after_all(window: MainWindow) -> None:
    session, program = window.context.session, window.panels["program_panel"]
    weights = session.machine.value("W1").copy()
    action(window, "skip_update").trigger()
    program.refresh()
    rows = [program.model._rows[n] for n in range(program.model.rowCount()) if program.model._rows[n].altered]
    assert rows
    assert {row.detail for row in rows} == {"skipped"}
    session.step_batch()
    assert np.array_equal(session.machine.value("W1"), weights)
    program.refresh()
    assert not any(row.altered for row in program.model._rows)
    action(window, "undo").trigger()
    session.step_batch()
    assert not np.array_equal(session.machine.value("W1"), weights)
    for factor in (0, 1):
        action(window, "skip_update").trigger()
        assert session.machine.update_factor(upcoming=True) == factor


def test_each_depth_of_the_explanation_owns_up_to_a_scaled_update_before_it_and_after(window: MainWindow) -> None:
    session, explanation = window.context.session, window.panels["explanation_panel"]
    note = "This update is scaled by hand: it goes 3 times as far."
    session.scale_update(3.0)
    while session.machine.op.kind is not OpKind.UPDATE:
        session.step_over()
    assert explanation.sections[1].explanation.note == note, "of what comes next"
    session.step_over()
    for depth in Depth:
        explanation.depths.choose(depth)
        assert note in explanation.text


def test_an_update_is_scaled_by_the_factor_that_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    session = window.context.session
    for text, factor in (("-0,5", -0.5), ("half", -0.5), ("1", 1.0)):
        action(window, "scale_update").trigger()
        dialog = window.findChild(QInputDialog, "scale_update_dialog")
        dialog.setTextValue(text)
        dialog.accept()
        qtbot.waitUntil(lambda: window.findChild(QInputDialog, "scale_update_dialog") is None)
        assert session.machine.update_factor(upcoming=True) == factor


def test_the_menu_of_an_update_skips_it(window: MainWindow) -> None:
    program, machine = window.panels["program_panel"], window.context.session.machine
    for number, op in enumerate(machine.program.ops):
        program._open_menu(number, window.pos())
        menu = window.findChildren(QMenu, "operation_menu")[-1]
        skipping = [one for one in menu.actions() if one.objectName() == "skip_this_update"]
        assert bool(skipping) == (op.kind.value == "update")
        menu.close()
    skipping[0].trigger()
    assert machine.update_factor(upcoming=True) == 0


def test_an_edit_far_back_in_the_past_is_made_on_arrival(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way to where it is made is so long that it is gone in the background."""
    session, timeline = window.context.session, window.debugger.timeline
    monkeypatch.setattr("nnstudio.gui.travel._AT_ONCE_SECONDS", -1.0)
    timeline.keyframes.forget_after(Moment(0))
    here = timeline.here
    assert session.edit_value("A1", (0, 1), 0.5)
    assert not session.paused
    qtbot.waitUntil(lambda: session.paused and session.machine.value("A1")[0, 1] == 0.5)
    action(window, "undo").trigger()
    qtbot.waitUntil(lambda: session.paused and timeline.here == here)
    assert not timeline.edits
