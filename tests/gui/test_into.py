"""Into the operation, by keys: neuron by neuron, then term by term, while the machine stands."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from nnstudio.engine.ops import OpKind, Phase
from nnstudio.explain.numbers import fixed
from nnstudio.gui.canvas import target as targets
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.canvas_panel import CanvasPanel
from nnstudio.gui.panels.explanation_panel import ExplanationPanel
from nnstudio.gui.panels.program_panel import ProgramPanel
from nnstudio.gui.session import RunState
from nnstudio.training.cursor import Cursor, Level


def action(window: MainWindow, name: str) -> QAction:
    found = window.findChild(QAction, name)
    assert found is not None
    return found


def press(window: MainWindow, key: Qt.Key, times: int = 1, *, shift: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    for _ in range(times):
        QTest.keyClick(window, key, modifier)


def explanation(window: MainWindow) -> str:
    panel = window.panels["explanation_panel"]
    assert isinstance(panel, ExplanationPanel)
    return panel.text


def program(window: MainWindow) -> ProgramPanel:
    panel = window.panels["program_panel"]
    assert isinstance(panel, ProgramPanel)
    return panel


def canvas(window: MainWindow) -> CanvasPanel:
    panel = window.panels["canvas_panel"]
    assert isinstance(panel, CanvasPanel)
    return panel


def run_to(window: MainWindow, kind: OpKind, layer: int | None = None) -> None:
    machine = window.debugger.machine
    while machine.op.kind is not kind or layer not in (None, machine.op.layer):
        window.context.session.step_over()


def rung(window: MainWindow, level: Level) -> QToolButton:
    buttons = program(window).ladder.findChildren(QToolButton)
    return next(button for button in buttons if button.text() == level.value.capitalize())


def test_f11_goes_down_and_along_and_runs_the_operation_behind_the_last_term(window: MainWindow) -> None:
    machine = window.debugger.machine
    press(window, Qt.Key.Key_F11)
    assert (machine.pc, window.debugger.cursor) == (1, None)  # a mini-batch comes in as a whole
    press(window, Qt.Key.Key_F11)
    assert (machine.pc, window.debugger.cursor) == (1, Cursor(0))
    press(window, Qt.Key.Key_F11, 3)
    assert (machine.pc, window.debugger.cursor) == (1, Cursor(0, 2))
    press(window, Qt.Key.Key_F11)
    assert window.debugger.cursor == Cursor(1, 0)
    press(window, Qt.Key.Key_F11, 12)
    assert (machine.pc, window.debugger.cursor) == (2, None)
    assert machine.is_fresh("Z1")


def test_walking_inside_leaves_every_byte_and_the_last_sum_is_what_is_written(window: MainWindow) -> None:
    machine = window.debugger.machine
    press(window, Qt.Key.Key_F10)
    before = machine.model.store.family("parameters").tobytes(), machine.value("Z1").tobytes()
    press(window, Qt.Key.Key_F11, 4)
    assert (machine.model.store.family("parameters").tobytes(), machine.value("Z1").tobytes()) == before
    said = explanation(window)
    press(window, Qt.Key.Key_F11, 13)
    sample = window.context.selection.chosen.sample
    assert f"z¹₁ = {fixed(float(machine.value('Z1')[sample, 0]))}" in said


def test_f10_goes_from_neuron_to_neuron_and_then_runs_the_operation(window: MainWindow) -> None:
    machine = window.debugger.machine
    press(window, Qt.Key.Key_F10)
    press(window, Qt.Key.Key_F11)
    assert action(window, "step_over").text() == "Next neuron"
    press(window, Qt.Key.Key_F10, 4)
    assert (machine.pc, window.debugger.cursor) == (1, Cursor(4))
    press(window, Qt.Key.Key_F10)
    assert (machine.pc, window.debugger.cursor) == (2, None)
    assert action(window, "step_over").text() == "Next operation"


def test_shift_f11_goes_up_and_then_finishes_the_phase(window: MainWindow) -> None:
    machine = window.debugger.machine
    press(window, Qt.Key.Key_F10)
    press(window, Qt.Key.Key_F11, 3)
    assert action(window, "step_out").text() == "Up to neuron"
    press(window, Qt.Key.Key_F11, shift=True)
    assert window.debugger.cursor == Cursor(0)
    assert action(window, "step_out").text() == "Up to operation"
    press(window, Qt.Key.Key_F11, shift=True)
    assert (machine.pc, window.debugger.cursor) == (1, None)
    assert action(window, "step_out").text() == "Finish forward"
    press(window, Qt.Key.Key_F11, shift=True)
    assert machine.op.phase is Phase.COST


def test_shift_f10_goes_back_from_term_to_term_and_out_before_it_leaves_the_operation(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F10)
    here = window.debugger.timeline.here
    for _ in range(3):
        press(window, Qt.Key.Key_F11)
    assert window.debugger.cursor == Cursor(0, 1)
    for expected in (Cursor(0, 0), Cursor(0), None):
        press(window, Qt.Key.Key_F10, shift=True)
        assert (window.debugger.cursor, window.debugger.timeline.here) == (expected, here)
    press(window, Qt.Key.Key_F10, shift=True)
    assert window.debugger.timeline.here < here


def test_every_panel_shows_the_neuron_and_the_term(window: MainWindow) -> None:
    run_to(window, OpKind.AFFINE, 2)
    press(window, Qt.Key.Key_F11, 2)
    press(window, Qt.Key.Key_F10, 8)
    chosen = window.context.selection.chosen
    assert (chosen.slot, chosen.index) == ("Z2", (chosen.sample, 1))
    assert canvas(window).view.edges.lit == (targets.neuron(2, 1), targets.weight(2, 1, 1))
    assert explanation(window).startswith("Neuron 2 of 3 · term 3 of 6: the weighted sum of neuron 2")
    assert "▸ W²₂₂ a¹₂ = " in explanation(window)
    panel = program(window)
    row = panel.model.index(window.debugger.machine.pc)
    spoken = row.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith("inside, neuron 2 of 3 · term 3 of 6")
    assert panel.ladder.current == "Term"
    what = window.findChild(QLabel, "status_what")
    assert what is not None
    assert "neuron 2 of 3 · term 3 of 6" in what.whole  # type: ignore[attr-defined]
    press(window, Qt.Key.Key_F11, shift=True)
    assert canvas(window).view.edges.lit == (targets.neuron(2, 1),)
    press(window, Qt.Key.Key_F11, shift=True)
    assert canvas(window).view.edges.lit == ()


def test_a_gradient_is_carried_back_along_the_edge_of_the_term(window: MainWindow) -> None:
    run_to(window, OpKind.INPUT_GRADIENT, 2)
    press(window, Qt.Key.Key_F11, 2)
    press(window, Qt.Key.Key_F10, 2)
    view = canvas(window).view
    assert view.edges.lit == (targets.neuron(1, 0), targets.weight(2, 2, 0))
    reading = canvas(window)._reading
    assert reading is not None
    assert (reading.work.phase, reading.work.layer) == (Phase.BACKWARD, 2)
    assert "▸ ∂J/∂z²₃ W²₃₁ = " in explanation(window)


@pytest.mark.parametrize("kind", [OpKind.WEIGHT_GRADIENT, OpKind.BIAS_GRADIENT, OpKind.COST, OpKind.UPDATE])
def test_every_kind_of_sum_can_be_walked_through_in_the_window(window: MainWindow, kind: OpKind) -> None:
    run_to(window, kind)
    machine = window.debugger.machine
    pc, opened = machine.pc, None
    for _ in range(12):
        press(window, Qt.Key.Key_F11)
        cursor, opened = window.debugger.cursor, window.context.stepping.opened
        if cursor is None:
            break
        assert opened is not None
        assert explanation(window).lower().startswith(opened.standing(cursor.element, cursor.term))
    assert machine.pc == pc or window.debugger.cursor is None


class TestTheLadder:
    def test_a_rung_below_the_operation_goes_there_at_once(self, window: MainWindow) -> None:
        press(window, Qt.Key.Key_F10)
        rung(window, Level.TERM).click()
        assert window.debugger.cursor == Cursor(0, 0)
        rung(window, Level.NEURON).click()
        assert window.debugger.cursor == Cursor(0)
        rung(window, Level.OPERATION).click()
        assert window.debugger.cursor is None
        assert window.debugger.machine.pc == 1

    def test_a_rung_above_makes_the_next_step_as_long(self, window: MainWindow) -> None:
        machine = window.debugger.machine
        rung(window, Level.BATCH).click()
        assert action(window, "step_over").text() == "Next mini-batch"
        iterations = machine.iterations
        press(window, Qt.Key.Key_F10)
        assert (machine.pc, machine.iterations) == (0, iterations + 1)
        rung(window, Level.PHASE).click()
        press(window, Qt.Key.Key_F10, 2)
        assert machine.op.phase is Phase.COST
        press(window, Qt.Key.Key_F11)
        assert program(window).ladder.current == "Neuron"
        press(window, Qt.Key.Key_F11, shift=True)
        assert program(window).ladder.current == "Operation"

    def test_what_comes_from_outside_has_no_rung_below(self, window: MainWindow) -> None:
        rung(window, Level.TERM).click()
        assert window.debugger.cursor is None
        assert program(window).ladder.current == "Operation"


def test_whatever_else_is_done_leaves_the_operation(window: MainWindow, qtbot: QtBot) -> None:
    session = window.context.session

    def inside() -> None:
        run_to(window, OpKind.AFFINE, 1)
        press(window, Qt.Key.Key_F11, 2)
        assert program(window).ladder.current == "Term"

    for key in (Qt.Key.Key_F8, Qt.Key.Key_F7):
        inside()
        press(window, key)
        qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=20_000)
        assert window.debugger.cursor is None
        assert program(window).ladder.current == "Operation"
    inside()
    press(window, Qt.Key.Key_F8, shift=True)
    assert window.debugger.cursor is None
    inside()
    session.edit_value("W1", (0, 0), 0.25)
    assert window.debugger.cursor is None
    assert np.isclose(window.debugger.machine.value("W1")[0, 0], 0.25)
    inside()
    window.context.selection.choose_op(5, "A2")
    assert window.debugger.cursor is None


def test_choosing_another_neuron_of_the_operation_goes_to_it(window: MainWindow) -> None:
    run_to(window, OpKind.AFFINE, 1)
    press(window, Qt.Key.Key_F11, 3)
    sample = window.context.selection.chosen.sample
    window.context.selection.choose("Z1", (sample, 3))
    assert window.debugger.cursor == Cursor(3, 0)
    window.context.selection.choose("W1", (0, 0))
    assert window.debugger.cursor == Cursor(3, 0)
    window.context.selection.choose_sample(4)
    number = int(window.debugger.machine.rows[4]) + 1
    assert f"sample {number}" in explanation(window)


def test_while_training_runs_it_says_why_not(window: MainWindow, qtbot: QtBot) -> None:
    session = window.context.session
    window.debugger.trainer.limit = 1_000_000
    with qtbot.waitSignal(session.refreshed, timeout=20_000):
        session.train()
    into = action(window, "step_into")
    assert not into.isEnabled()
    assert into.toolTip() == "Go into the operation: neuron by neuron, then term by term (F11) — pause first"
    rung(window, Level.TERM).click()
    assert program(window).ladder.current == "Operation"
    session.pause()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=20_000)


def test_going_in_ends_slow_motion(window: MainWindow) -> None:
    run_to(window, OpKind.AFFINE, 1)
    window.slow_motion.start()
    assert window.slow_motion.playing
    press(window, Qt.Key.Key_F11)
    assert not window.slow_motion.playing
    assert window.debugger.cursor == Cursor(0)


def test_the_row_at_hand_of_a_long_sum_is_in_sight(open_window, qtbot: QtBot) -> None:
    window = open_window(None, (1280, 800))
    run_to(window, OpKind.WEIGHT_GRADIENT, 2)
    press(window, Qt.Key.Key_F11, 9)
    panel = window.panels["explanation_panel"]
    view = next(view for view in panel._page._views() if view.focus is not None)

    def seen() -> bool:
        height = view.picture.pixmap().deviceIndependentSize().height()
        y = view.picture.mapTo(panel._page.viewport(), view.picture.rect().topLeft()).y() + view.focus * height
        return height > 0 and 0 < y <= panel._page.viewport().height()

    qtbot.waitUntil(seen)
