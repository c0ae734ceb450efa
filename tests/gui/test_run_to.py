"""Running to an operation, a layer, an epoch and the next rise of the cost, through the window."""

import pytest
from PySide6.QtWidgets import QInputDialog, QMenu
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import set_hyperparameter
from nnstudio.gui.main_window import MainWindow
from nnstudio.training.keyframes import Moment


def until_paused(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.context.session.paused, timeout=20_000)


def test_to_the_chosen_operation(window: MainWindow) -> None:
    session, machine = window.context.session, window.debugger.machine
    before = machine.iterations
    window.context.selection.choose_op(7)
    window.action("run_to_operation").trigger()
    assert (machine.iterations, machine.pc) == (before, 7)
    window.context.selection.choose_op(7)
    window.action("run_to_operation").trigger()
    assert (machine.iterations, machine.pc) == (before + 1, 7)
    assert session.paused


def test_without_a_chosen_operation_it_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.context.session.message) as said:
        window.action("run_to_operation").trigger()
    assert "Choose an operation" in said.args[0]
    assert window.debugger.machine.pc == 0


def test_to_a_layer_forward_and_then_on_the_way_back(window: MainWindow) -> None:
    menu = window.findChild(QMenu, "run_to_layer_menu")
    assert menu is not None
    menu.aboutToShow.emit()
    names = [action.text() for action in menu.actions()]
    assert names == ["Hidden layer 1", "Hidden layer 2", "Output layer"]
    machine, found = window.debugger.machine, []
    for _ in range(3):
        menu.actions()[1].trigger()
        found.append((machine.op.phase.value, machine.op.layer, machine.program.ops[machine.pc - 1].layer))
    assert found == [("forward", 2, 1), ("backward", 2, 3), ("forward", 2, 1)]


def test_to_an_epoch_ahead_and_back_to_one(window: MainWindow, qtbot: QtBot) -> None:
    session, timeline = window.context.session, window.debugger.timeline
    per_epoch = session.machine.batches.per_epoch
    window.action("run_to_epoch").trigger()
    dialog = window.findChild(QInputDialog, "run_to_epoch_dialog")
    assert dialog is not None
    assert dialog.intValue() == 50
    dialog.setIntValue(45)
    dialog.accept()
    until_paused(qtbot, window)
    assert timeline.here == Moment(45 * per_epoch)
    window.run_to.epoch(12)
    assert timeline.here == Moment(12 * per_epoch)
    assert timeline.in_past
    window.run_to.epoch(46)
    until_paused(qtbot, window)
    assert session.machine.epochs == 46


def test_an_epoch_behind_the_last_one_is_run_to_too(open_window, qtbot: QtBot) -> None:
    window = open_window("xor")
    last = window.debugger.trainer.limit
    window.run_to.epoch(last + 3)
    until_paused(qtbot, window)
    assert window.debugger.machine.epochs == last + 3


@pytest.mark.parametrize("from_start", [False, True])
def test_to_the_next_rise_of_the_cost(window: MainWindow, qtbot: QtBot, from_start: bool) -> None:
    session, document = window.context.session, window.context.document
    document.apply(set_hyperparameter(document.experiment, "learning_rate", 2.0))
    window.debugger.trainer.limit = 100_000
    with qtbot.waitSignal(session.message, timeout=20_000) as said:
        window.action("run_to_rise").trigger()
    assert session.paused
    costs, epoch = session.run.history.train_cost, session.machine.epochs
    assert said.args[0] == f"The training cost rose in epoch {epoch}"
    assert costs[epoch] > costs[epoch - 1]
    assert all(costs[n] <= costs[n - 1] for n in range(41, epoch))
    if from_start:
        window.action("to_start").trigger()
        window.action("run_to_rise").trigger()
        until_paused(qtbot, window)
        first = next(n for n in range(1, epoch + 1) if costs[n] > costs[n - 1])
        assert session.machine.epochs == first


def test_a_cost_that_does_not_rise_any_more_is_said_at_the_last_epoch(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.context.session.message, timeout=20_000) as said:
        window.action("run_to_rise").trigger()
    assert said.args[0] == "Finished 200 epochs without a rise of the training cost; Train goes on for 200 more"
