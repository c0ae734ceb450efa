"""Going back and forth in time through the window."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import set_hyperparameter
from nnstudio.gui import travel as travel_module
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.session import RunState
from nnstudio.training.breakpoints import ConditionBreakpoint
from nnstudio.training.keyframes import Moment

SHIFT = Qt.KeyboardModifier.ShiftModifier


def action(window: MainWindow, name: str) -> QAction:
    return window.action(name)


def numbers(window: MainWindow) -> bytes:
    return window.debugger.machine.model.store.family("parameters").tobytes()


def test_shift_f10_goes_back_over_updates_and_epochs_and_f10_forward_again(window: MainWindow) -> None:
    timeline = window.debugger.timeline
    here, before = timeline.here, numbers(window)
    QTest.keyClick(window, Qt.Key.Key_F10, SHIFT)
    last = len(window.debugger.machine.program.ops) - 1
    assert timeline.here == Moment(here.iterations - 1, last)
    assert numbers(window) != before
    QTest.keyClick(window, Qt.Key.Key_F10)
    assert timeline.here == here
    assert numbers(window) == before


def test_back_is_off_at_the_start_and_says_why(open_window, qtbot: QtBot) -> None:
    window = open_window("xor")
    back = action(window, "step_back")
    assert not back.isEnabled()
    assert "start of the run" in back.toolTip()
    QTest.keyClick(window, Qt.Key.Key_F10)
    assert back.isEnabled()
    assert back.toolTip().startswith("Go back to the previous operation, or within one to the previous neuron or term")
    QTest.keyClick(window, Qt.Key.Key_F10, SHIFT)
    assert not back.isEnabled()
    assert not window.debugger.timeline.start < window.debugger.timeline.here


def test_back_by_phase_mini_batch_epoch_and_to_the_start(window: MainWindow) -> None:
    timeline, per_epoch = window.debugger.timeline, window.debugger.machine.batches.per_epoch
    end = timeline.here
    QTest.keyClick(window, Qt.Key.Key_F10)
    QTest.keyClick(window, Qt.Key.Key_F10)
    action(window, "back_phase").trigger()
    assert timeline.here == Moment(end.iterations, 1)
    action(window, "back_batch").trigger()
    assert timeline.here == end
    action(window, "back_batch").trigger()
    assert timeline.here == Moment(end.iterations - 1)
    action(window, "back_epoch").trigger()
    assert timeline.here == Moment(end.iterations - per_epoch)
    action(window, "back_epoch").trigger()
    assert timeline.here == Moment(end.iterations - 2 * per_epoch)
    action(window, "to_start").trigger()
    assert timeline.here == Moment(0)
    assert not action(window, "back_epoch").isEnabled()
    action(window, "to_present").trigger()
    assert timeline.here == Moment(end.iterations, 2)
    assert not action(window, "to_present").isEnabled()


def test_the_past_says_so_and_shows_the_numbers_of_its_epoch(window: MainWindow) -> None:
    history = window.context.session.run.history
    action(window, "to_start").trigger()
    sentence = window.statusBar()._what.text()
    assert sentence.startswith("In the past: the run has come to the end of epoch 40")
    assert len(history) == 41
    assert window.context.session.run.entry == 0


def test_an_edit_in_the_past_begins_another_run_and_says_so(window: MainWindow, qtbot: QtBot) -> None:
    session, timeline = window.context.session, window.debugger.timeline
    action(window, "back_epoch").trigger()
    with qtbot.waitSignal(session.message) as said:
        assert session.edit_value("W1", (0, 0), 0.5)
    assert "Another run branches off here" in said.args[0]
    assert "epoch 40" in said.args[0]
    assert not timeline.in_past
    assert session.run.history.epochs.tolist() == list(range(40))
    assert window.debugger.machine.value("W1")[0, 0] == 0.5


def test_undoing_an_edit_that_lies_ahead_lets_it_not_be_made(window: MainWindow) -> None:
    session, timeline = window.context.session, window.debugger.timeline
    for _ in range(3):
        session.step_batch()
    assert session.edit_value("W1", (0, 0), 0.5)
    edited = timeline.here
    action(window, "back_batch").trigger()
    before = numbers(window)
    action(window, "undo").trigger()
    assert numbers(window) == before
    assert timeline.furthest == edited
    session.step_batch()
    assert timeline.here == edited
    assert window.debugger.machine.value("W1")[0, 0] != 0.5
    assert not timeline.edits


def test_undo_where_the_edit_was_made_is_as_if_it_had_not_been(window: MainWindow) -> None:
    session = window.context.session
    before = numbers(window)
    assert session.edit_value("W1", (0, 0), 0.5)
    session.step_batch()
    action(window, "back_batch").trigger()
    assert window.debugger.machine.value("W1")[0, 0] == 0.5
    action(window, "undo").trigger()
    assert numbers(window) == before


def test_undo_gives_back_what_lay_ahead_and_redo_what_lay_ahead_with_the_edit(window: MainWindow, qtbot: QtBot) -> None:
    session, timeline = window.context.session, window.debugger.timeline
    history, far, present = session.run.history, timeline.furthest, numbers(window)
    costs = history.train_cost.tolist()
    action(window, "back_epoch").trigger()
    action(window, "back_epoch").trigger()
    stood, there = timeline.here, numbers(window)
    with qtbot.waitSignal(session.message) as said:
        assert session.edit_value("W1", (0, 0), 0.5)
    assert "Undo brings back what lay ahead, up to the end of epoch 40" in said.args[0]
    session.step_batch()
    edited = numbers(window)

    with qtbot.waitSignal(session.message) as said:
        action(window, "undo").trigger()
    assert "Redo brings back the run with the edit" in said.args[0]
    assert (timeline.here, numbers(window), timeline.furthest) == (stood, there, far)
    assert window.panels["plots_panel"].timeline.strip.run.end == far
    assert history.train_cost.tolist() == costs
    action(window, "to_present").trigger()
    assert numbers(window) == present

    action(window, "redo").trigger()
    assert timeline.here == stood
    assert window.debugger.machine.value("W1")[0, 0] == 0.5
    action(window, "to_present").trigger()
    assert numbers(window) == edited


def test_another_run_has_the_learning_rate_that_is_on_screen(window: MainWindow) -> None:
    session, document = window.context.session, window.context.document
    document.apply(set_hyperparameter(document.experiment, "learning_rate", 0.01))
    session.step_batch()
    action(window, "back_epoch").trigger()
    assert session.machine.value("alpha") == 0.01
    action(window, "back_epoch").trigger()
    assert session.machine.value("alpha") != 0.01
    assert session.edit_value("W1", (0, 0), 0.5)
    assert session.machine.value("alpha") == 0.01


def crawl(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the run be repeated from its start, and slowly."""
    timeline = window.debugger.timeline
    timeline.keyframes.forget_after(Moment(0))
    run_iteration, never = timeline.run_iteration, threading.Event()

    def slowly() -> None:
        never.wait(0.005)
        run_iteration()

    monkeypatch.setattr(timeline, "run_iteration", slowly)


@pytest.fixture
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every journey is a long one."""
    monkeypatch.setattr(travel_module, "_AT_ONCE_SECONDS", -1.0)
    monkeypatch.setattr(travel_module, "_SAID_AFTER_SECONDS", -1.0)


@pytest.mark.usefixtures("_slow")
def test_a_long_way_is_gone_in_the_background(window: MainWindow, qtbot: QtBot) -> None:
    session, timeline = window.context.session, window.debugger.timeline
    target = Moment(timeline.here.iterations - 5, 3)
    timeline.keyframes.forget_after(Moment(0))
    session.travel.go_to(target)
    assert session.state is RunState.TRAVELLING
    assert not action(window, "step_over").isEnabled()
    qtbot.waitUntil(lambda: session.paused, timeout=20_000)
    assert timeline.here == target
    assert window.banner.text == ""


@pytest.mark.usefixtures("_slow")
def test_a_long_way_shows_how_far_it_is_and_can_be_cancelled(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, timeline = window.context.session, window.debugger.timeline
    here, before = timeline.here, numbers(window)
    crawl(window, monkeypatch)
    session.travel.go_to(Moment(here.iterations - 5))
    qtbot.waitUntil(lambda: "iterations run again" in window.banner.text, timeout=20_000)
    assert "epoch" in window.banner.text
    window.banner.button.click()
    qtbot.waitUntil(lambda: session.paused, timeout=20_000)
    assert timeline.here == here
    assert numbers(window) == before
    assert window.banner.text == ""


@pytest.mark.usefixtures("_slow")
def test_an_edit_on_the_way_is_made_where_the_run_stood(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    session = window.context.session
    before = window.debugger.machine.value("W1").copy()
    crawl(window, monkeypatch)
    session.travel.go_to(Moment(100))
    document = window.context.document
    document.apply(set_hyperparameter(document.experiment, "learning_rate", 0.02))
    assert session.paused
    assert np.array_equal(window.debugger.machine.value("W1"), before)


def test_while_training_another_moment_pauses_and_goes_there(window: MainWindow, qtbot: QtBot) -> None:
    session = window.context.session
    window.debugger.trainer.limit = 1_000_000
    with qtbot.waitSignal(session.refreshed, timeout=20_000):
        session.train()
    session.travel.go_to(Moment(7, 2))
    assert session.paused
    assert window.debugger.timeline.here == Moment(7, 2)
    assert window.debugger.timeline.in_past


def test_reverse_continue_goes_back_to_the_last_moment_a_condition_held(window: MainWindow, qtbot: QtBot) -> None:
    session, debugger = window.context.session, window.debugger
    debugger.watcher.watch([ConditionBreakpoint(condition="J > 0.5")])
    end = debugger.timeline.here
    with qtbot.waitSignal(session.message, timeout=20_000) as said:
        action(window, "reverse_continue").trigger()
    qtbot.waitUntil(lambda: session.paused, timeout=20_000)
    assert "J > 0.5" in said.args[0]
    assert debugger.machine.cost > 0.5
    assert debugger.hits
    found = debugger.timeline.here
    assert found < end
    debugger.watcher.watch([ConditionBreakpoint(condition="J > 1e9")])
    with qtbot.waitSignal(session.message, timeout=20_000) as said:
        action(window, "reverse_continue").trigger()
    assert "No breakpoint held" in said.args[0]
    assert debugger.timeline.here == found


def test_reverse_continue_without_a_breakpoint_says_so(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.context.session.message) as said:
        action(window, "reverse_continue").trigger()
    assert "No breakpoint is set" in said.args[0]


@pytest.mark.usefixtures("_slow")
def test_a_long_search_is_made_in_the_background(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, debugger, here = window.context.session, window.debugger, window.debugger.timeline.here
    debugger.watcher.watch([ConditionBreakpoint(condition="J > 1e9")])
    debugger.timeline.keyframes.forget_after(Moment(0))
    action(window, "reverse_continue").trigger()
    assert session.state is RunState.TRAVELLING
    with qtbot.waitSignal(session.message, timeout=20_000) as said:
        pass
    qtbot.waitUntil(lambda: session.paused, timeout=20_000)
    assert "No breakpoint held" in said.args[0]
    assert debugger.timeline.here == here
