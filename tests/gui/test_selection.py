"""One selection runs through all panels, and never points at what is not there."""

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
