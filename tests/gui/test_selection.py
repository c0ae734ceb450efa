"""One selection runs through all panels, and never points at what is not there."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import remove_layer
from nnstudio.gui.main_window import MainWindow


def test_choosing_an_element_of_an_activation_chooses_its_sample(window: MainWindow) -> None:
    selection = window.context.selection
    selection.choose("A1", (4, 2))
    assert selection.chosen.sample == 4
    selection.choose("W2", (0, 1))
    assert selection.chosen.sample == 4


def test_choosing_the_same_again_says_nothing(window: MainWindow, qtbot: QtBot) -> None:
    selection = window.context.selection
    selection.choose("W2", (0, 1))
    with qtbot.assertNotEmitted(selection.changed):
        selection.choose("W2", (0, 1))


def test_a_choice_that_another_network_lacks_is_let_go(window: MainWindow) -> None:
    selection, document = window.context.selection, window.context.document
    selection.choose("W3", (0, 2))
    document.apply(remove_layer(document.experiment, 1))
    assert selection.chosen.slot == "W1"


def test_a_chosen_operation_is_let_go_when_the_machine_moves(window: MainWindow) -> None:
    selection = window.context.selection
    selection.choose_op(3, "Z2")
    QTest.keyClick(window, Qt.Key.Key_F10)
    assert selection.chosen.op is None
    assert selection.chosen.slot == "Z2"


def test_clicking_an_operation_chooses_what_it_writes(window: MainWindow) -> None:
    panel = window.panels["program_panel"]
    place = panel.view.visualRect(panel.model.index(4)).center()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.context.selection.chosen.slot == "A2"
    assert window.context.selection.chosen.op == 4


def test_the_tab_key_walks_through_the_panels_in_reading_order(window: MainWindow) -> None:
    order: list[str] = []
    widget = window.nextInFocusChain()
    while widget is not window:
        for name, panel in window.panels.items():
            if panel.isAncestorOf(widget) and name not in order:
                order.append(name)
        widget = widget.nextInFocusChain()
    assert order == [
        "data_panel",
        "network_panel",
        "canvas_panel",
        "plots_panel",
        "program_panel",
        "breakpoints_panel",
        "inspector_panel",
        "explanation_panel",
    ]


def test_what_became_infinite_is_chosen_with_its_sample_and_its_inputs_at_hand(
    window: MainWindow, qtbot: QtBot
) -> None:
    session, machine = window.context.session, window.debugger.machine
    for unit in range(3):
        assert session.edit_value("W3", (0, unit), 1e308)
    window.action("train").trigger()
    qtbot.waitUntil(lambda: session.paused, timeout=20_000)
    chosen, trouble = window.context.selection.chosen, window.debugger.nonfinite
    assert trouble is not None
    assert chosen.slot == "Z3"
    assert not np.isfinite(machine.value("Z3")[chosen.index])
    assert chosen.sample == chosen.index[0] == trouble.index[0]
    explanation = window.panels["explanation_panel"]
    assert f"sample {machine.rows[chosen.sample] + 1}" in explanation.text
    window.context.selection.choose("W1", (0, 0))
    assert window.context.selection.chosen.slot == "W1"
