"""A run that another one took the place of: Undo brings it back as it stood, and Redo the one that took its place."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import set_hyperparameter, set_layer, set_training
from nnstudio.gui import left_runs
from nnstudio.gui.main_window import MainWindow

from .test_projects import numbers


@pytest.fixture
def trained(open_window: Callable[..., MainWindow]) -> Iterator[MainWindow]:
    """A window in the middle of an iteration, with a number set by hand."""
    window = open_window("xor")
    session = window.context.session
    session.step_batch()
    assert session.edit_value("W1", (0, 0), 0.25)
    session.play(5)
    return window


def resize(window: MainWindow, units: int) -> None:
    document = window.context.document
    assert document.apply(set_layer(document.experiment, 0, units=units))


def test_undoing_another_number_of_units_brings_back_the_trained_network(trained: MainWindow) -> None:
    before, stack = numbers(trained), trained.context.document.undo_stack
    resize(trained, 7)
    trained.context.session.step_batch()
    after = numbers(trained)
    stack.undo()
    assert numbers(trained) == before
    stack.redo()
    assert numbers(trained) == after


def test_it_goes_on_from_there_as_if_nothing_had_been(trained: MainWindow) -> None:
    session, stack = trained.context.session, trained.context.document.undo_stack
    resize(trained, 7)
    stack.undo()
    session.play(50)
    interrupted = numbers(trained)
    session.travel.to_start()
    session.travel.to_present()
    assert numbers(trained) == interrupted
    session.travel.to_start()
    start = numbers(trained)
    resize(trained, 7)
    stack.undo()
    assert numbers(trained) == start
    session.travel.to_present()
    assert numbers(trained) == interrupted, "what lay ahead is there too"


def test_every_run_on_the_way_comes_back_however_many_there_are(trained: MainWindow) -> None:
    session, stack = trained.context.session, trained.context.document.undo_stack
    left = []
    for units in range(8, 8 + 3 * left_runs._KEPT_WHOLE):
        session.step_batch()
        left.append(numbers(trained))
        resize(trained, units)
    for before in reversed(left):
        stack.undo()
        assert numbers(trained) == before
    stack.undo()
    assert trained.debugger.machine.value("W1")[0, 0] != 0.25, "and so do the edits of the first"


def test_reset_is_undone(trained: MainWindow) -> None:
    before, costs = numbers(trained), trained.debugger.run.history.train_cost.tolist()
    trained.action("reset").trigger()
    assert trained.debugger.at_start
    assert not trained.debugger.timeline.in_past
    undo = trained.action("undo")
    assert undo.text() == "Undo Reset to the initial weights"
    undo.trigger()
    assert numbers(trained) == before
    assert trained.debugger.run.history.train_cost.tolist() == costs
    trained.action("redo").trigger()
    assert trained.debugger.at_start


def test_a_reset_that_changes_nothing_is_none(open_window: Callable[..., MainWindow]) -> None:
    window = open_window("xor")
    window.action("reset").trigger()
    assert not window.action("undo").isEnabled()


def test_a_reset_is_no_change_of_the_file(trained: MainWindow, qtbot: QtBot) -> None:
    trained.action("reset").trigger()
    assert not trained.isWindowModified()
    trained.close()
    qtbot.waitUntil(lambda: not trained.isVisible())


def test_a_learning_rate_goes_with_the_run_that_had_it(trained: MainWindow) -> None:
    session, document = trained.context.session, trained.context.document
    rate = document.experiment.optimizer.learning_rate
    assert document.apply(set_hyperparameter(document.experiment, "learning_rate", 0.5))
    before = numbers(trained)
    resize(trained, 7)
    assert document.apply(set_hyperparameter(document.experiment, "learning_rate", 0.125))
    session.step_batch()
    document.undo_stack.setIndex(document.undo_stack.index() - 2)
    assert numbers(trained) == before
    document.undo_stack.undo()
    assert trained.debugger.machine.value("alpha") == rate


def test_a_network_that_was_reset_before_an_edit_is_fresh_again_without_it(trained: MainWindow) -> None:
    trained.action("reset").trigger()
    initial = numbers(trained)
    resize(trained, 7)
    trained.context.session.step_batch()
    trained.context.document.undo_stack.undo()
    assert numbers(trained) == initial


def test_an_edit_while_it_trains_is_undone_while_it_trains(trained: MainWindow, qtbot: QtBot) -> None:
    session, document = trained.context.session, trained.context.document
    assert document.apply(set_training(document.experiment, epochs=1_000_000))
    session.train()
    resize(trained, 7)
    assert not session.paused
    qtbot.waitUntil(lambda: session.iterations_per_second is not None)
    document.undo_stack.undo()
    assert not session.paused
    session.take()
    assert trained.debugger.machine.value("W1").shape[0] != 7
    assert trained.debugger.run.history.epochs[-1] > 0
