"""Tools › Gradient check: what was found, where, and that neither the check nor its window disturbs the run."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.engine.arena import Arena
from nnstudio.engine.ops import Op, affine
from nnstudio.explain.gradcheck import Extent, GradientCheck
from nnstudio.gui.gradients import checking
from nnstudio.gui.gradients.error_legend import KINK, LEFT_OUT, WORST, WRONG
from nnstudio.gui.gradients.slot_table import Field
from nnstudio.gui.gradients.window import GradientWindow
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.theme import Mode

from .conftest import OpenWindow

CentreOf = Callable[[GradientWindow, tuple[int, int]], QPoint]


def action(window: MainWindow) -> QAction:
    found = window.findChild(QAction, "gradient_check")
    assert found is not None
    return found


def checked(qtbot: QtBot, window: MainWindow) -> GradientWindow:
    """The window of the check, once it has found something."""
    action(window).trigger()
    found = window.findChild(GradientWindow)
    assert found is not None
    qtbot.waitExposed(found)
    qtbot.waitUntil(lambda: not found.checking.at_work)
    return found


def press(qtbot: QtBot, window: GradientWindow, name: str) -> None:
    button = window.findChild(QPushButton, name)
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def label(window: GradientWindow, name: str) -> str:
    found = window.findChild(QLabel, name)
    assert found is not None
    return found.text()


def column(window: GradientWindow, field: Field) -> list[str]:
    return [window.model.index(row, field).data() for row in range(window.model.rowCount())]


def centre(window: GradientWindow, cell: tuple[int, int]) -> QPoint:
    return window.page.map.place(cell).center().toPoint()


def read_under_the_mouse(window: GradientWindow, cell: tuple[int, int]) -> str:
    """The title of what is read out with the mouse on a cell, wherever the layout has it by now."""
    QTest.mouseMove(window.windowHandle(), window.page.map.mapTo(window, centre(window, cell)))
    return window.page.readout.title.text()


def state_bytes(window: MainWindow) -> bytes:
    state = window.debugger.machine.state()
    families = [state.store, *state.workspaces.values()]
    return b"".join(flat.tobytes() for family in families for flat in family.values())


def test_it_says_that_backpropagation_is_right_and_leaves_the_run_alone(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(5):
        window.context.session.step_over()
    before, place = state_bytes(window), window.debugger.machine.pc
    found = checked(qtbot, window)
    assert found.verdict.text().startswith("✓  Backpropagation agrees with central differences: largest relative error")
    assert column(found, Field.SLOT) == ["W¹", "b¹", "W²", "b²", "W³", "b³", "all"]
    assert column(found, Field.CHECKED)[0] == "all 10"
    assert set(column(found, Field.KINKS)) == {"–"}
    assert (state_bytes(window), window.debugger.machine.pc) == (before, place)
    window.context.session.step_over()
    assert window.debugger.machine.pc == place + 1


def test_it_works_while_paused_alone(window: MainWindow, qtbot: QtBot) -> None:
    window.context.session.train()
    assert not action(window).isEnabled()
    assert action(window).toolTip().endswith("— pause first")
    window.context.session.pause()
    qtbot.waitUntil(lambda: window.context.session.paused)
    assert action(window).isEnabled()


def spoiled(arena: Arena, layer: int) -> Op:
    """The gradient of W2 with a wrong sign at (1, 2)."""
    op = gradient(arena, layer)
    if layer != 2:
        return op

    def run() -> None:
        op.run()
        arena["dW2"][1, 2] *= -1

    return replace(op, run=run)


gradient = affine.weight_gradient


def test_a_wrong_gradient_is_shown_where_it_is(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(affine, "weight_gradient", spoiled)
    window = open_window()
    found = checked(qtbot, window)
    assert found.verdict.text().startswith(
        "✗  Backpropagation disagrees with central differences in 1 of 37 parameters: largest relative error 2, in W²₂₃"
    )
    assert found.table.currentIndex().row() == 2
    assert column(found, Field.ERROR)[2] == "✗ 2"
    assert column(found, Field.WHERE)[2] == "W²₂₃"
    assert WRONG in found.page.legend.keys
    analytic, measured = label(found, "gradient_backpropagation"), label(found, "gradient_measured")
    assert found.page.readout.title.text() == "W²₂₃  the largest error"
    assert analytic.strip("−") == measured.strip("−")
    assert analytic != measured


def test_an_entry_is_read_under_the_mouse_and_chosen_everywhere_by_a_click(window: MainWindow, qtbot: QtBot) -> None:
    found = checked(qtbot, window)
    found.table.selectRow(2)
    check = found.checking.check
    assert check is not None
    entry = check.slots[2].entry((1, 4))
    qtbot.waitUntil(lambda: read_under_the_mouse(found, (1, 4)).startswith("W²₂₅"))
    assert float(label(found, "gradient_measured").replace("−", "-")) == pytest.approx(entry.numeric, abs=1e-10)
    QTest.mouseClick(found.page.map, Qt.MouseButton.LeftButton, pos=centre(found, (1, 4)))
    chosen = window.context.selection.chosen
    assert (chosen.slot, chosen.index) == ("W2", (1, 4))
    QTest.keyClick(found.page.map, Qt.Key.Key_Left)
    assert window.context.selection.chosen.index == (1, 3)
    found.table.selectRow(1)
    window.context.selection.choose("b1", (3,))
    assert found.page.readout.title.text().startswith("b¹₄")


def test_the_directions_are_a_row_of_their_own(window: MainWindow, qtbot: QtBot) -> None:
    found = checked(qtbot, window)
    found.table.selectRow(6)
    assert found.page.readout.title.text().startswith("direction ")
    chosen = window.context.selection.chosen
    QTest.mouseClick(found.page.map, Qt.MouseButton.LeftButton, pos=centre(found, (0, 2)))
    assert found.page.readout.title.text().startswith("direction 3")
    assert window.context.selection.chosen == chosen


def test_a_kink_is_hatched_and_is_no_error(open_window: OpenWindow, qtbot: QtBot) -> None:
    """The averages begin with biases of 0; with weights of 0 as well, a unit stands at ReLU's corner."""
    window = open_window("averages")
    window.debugger.machine.model.store["W1"][1] = 0
    found = checked(qtbot, window)
    assert found.verdict.text().startswith("✓")
    assert column(found, Field.KINKS)[:2] == ["2", "1"]
    found.table.selectRow(0)
    assert found.page.legend.keys == (WORST, KINK)
    qtbot.waitUntil(lambda: read_under_the_mouse(found, (1, 0)) == "W¹₂₁  at a kink: J has no slope here")
    assert label(found, "gradient_measured") == "—"


def test_of_a_large_network_a_sample_is_checked(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    extent = Extent(whole=100, sample=20)
    check_gradients = checking.check_gradients
    monkeypatch.setattr(checking, "check_gradients", partial(check_gradients, extent=extent))
    window = open_window("digits")
    found = checked(qtbot, window)
    assert column(found, Field.CHECKED)[0] == "20 of 2\N{THIN SPACE}048"
    found.table.selectRow(0)
    assert LEFT_OUT in found.page.legend.keys
    grid = found.page._grid
    assert grid is not None
    drawn = {(int(row), int(column)) for row, column in np.argwhere(grid.checked)}
    cell = drawn.pop()
    QTest.mouseClick(found.page.map, Qt.MouseButton.LeftButton, pos=centre(found, cell))
    assert window.context.selection.chosen.index in {cell, *drawn}  # dots may overlap


def test_a_long_check_shows_how_far_it_is_and_can_be_given_up(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = Event()

    def endless(J: object, progress: Callable[[int, int], object]) -> GradientCheck:
        try:
            while True:
                progress(1, 4)
        finally:
            ended.set()

    monkeypatch.setattr(checking, "check_gradients", endless)
    action(window).trigger()
    found = window.findChild(GradientWindow)
    assert found is not None
    qtbot.waitUntil(found.progress.isVisible)
    assert found.progress._bar.value() == 250
    assert window.context.session.paused  # the window goes on meanwhile
    window.context.session.step_over()
    press(qtbot, found, "gradient_cancel")
    assert not found.progress.isVisible()
    assert ended.wait(10)
    assert found.checking.check is None
    monkeypatch.undo()
    press(qtbot, found, "gradient_again")
    qtbot.waitUntil(lambda: found.checking.check is not None)


def test_it_says_when_the_run_has_moved_on(window: MainWindow, qtbot: QtBot) -> None:
    found = checked(qtbot, window)
    assert label(found, "gradient_note") == ""
    window.context.session.step_over()
    assert label(found, "gradient_note") == "The run has moved on since"
    press(qtbot, found, "gradient_again")
    qtbot.waitUntil(lambda: not found.checking.at_work)
    assert label(found, "gradient_note") == ""
    machine = window.debugger.machine
    assert window.context.session.edit_value("W1", (0, 0), float(machine.value("W1")[0, 0]) + 1)
    assert label(found, "gradient_note") == "The run has moved on since"


def test_another_network_leaves_the_old_check_to_be_read(window: MainWindow, qtbot: QtBot) -> None:
    found = checked(qtbot, window)
    window.files.open_sample("and")
    assert label(found, "gradient_note") == "The run has moved on since"
    found.table.selectRow(4)
    chosen = window.context.selection.chosen
    QTest.mouseClick(found.page.map, Qt.MouseButton.LeftButton, pos=centre(found, (0, 2)))
    assert window.context.selection.chosen == chosen
    press(qtbot, found, "gradient_again")
    qtbot.waitUntil(lambda: not found.checking.at_work)
    assert column(found, Field.SLOT) == ["W¹", "b¹", "all"]


def test_where_j_is_not_finite_it_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    window.debugger.machine.model.store["W1"].fill(np.nan)
    found = checked(qtbot, window)
    assert found.verdict.text().startswith("Nothing to check: J is nan, and what is not a finite number has no slope")
    assert found.verdict.text().endswith(". Try a smaller learning rate, then Reset.")
    assert found.model.rowCount() == 0


def test_the_numbers_can_be_copied(window: MainWindow, qtbot: QtBot) -> None:
    found = checked(qtbot, window)
    press(qtbot, found, "gradient_text")
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Two circles: epoch 41, mini-batch 1 with 10 rows, J ")
    assert "Backpropagation agrees with central differences" in text
    press(qtbot, found, "gradient_csv")
    assert len(QGuiApplication.clipboard().text().splitlines()) == 1 + 37 + 8


def test_it_follows_the_theme_and_closes_with_escape(window: MainWindow, qtbot: QtBot) -> None:
    found = checked(qtbot, window)
    light = found.grab().toImage()
    window.context.appearance.set_mode(Mode.DARK)
    assert found.grab().toImage() != light
    QTest.keyClick(found, Qt.Key.Key_Escape)
    assert not found.isVisible()
