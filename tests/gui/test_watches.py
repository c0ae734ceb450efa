"""The ready-made watches through the real window."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import set_layer
from nnstudio.gui import travel
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.session import RunState
from nnstudio.gui.watches.row import WatchRow
from nnstudio.gui.watches.view import WatchesView
from nnstudio.gui.watches.watching import Standing, State
from nnstudio.training.keyframes import Moment

OpenWindow = Callable[..., MainWindow]


def opened(window: MainWindow) -> WatchesView:
    view = window.context.tools.open("watches")
    assert isinstance(view, WatchesView)
    return view


def row(view: WatchesView, name: str) -> WatchRow:
    return next(row for row in view.rows if row.watch.name == name)


def standing(view: WatchesView, name: str) -> Standing:
    return next(one for one in view._standings if one.watch.name == name)


def enter(qtbot: QtBot, view: WatchesView, name: str, text: str, number: int = 0) -> None:
    field = row(view, name).lines[number].field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def train_to_stop(qtbot: QtBot, window: MainWindow) -> None:
    session = window.context.session
    window.action("train").trigger()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=20_000)


def test_each_shows_the_measured_value_beside_its_threshold(window: MainWindow) -> None:
    view = opened(window)
    window.context.session.step_batch()
    vanishing = standing(view, "vanishing_gradient")
    assert vanishing.state is State.FINE
    smallest = min(abs(window.debugger.machine.value(f"dW{n}")).mean() for n in (1, 2, 3))
    assert vanishing.worst is not None
    assert vanishing.worst.measured.value == smallest
    line = row(view, "vanishing_gradient").lines[0]
    assert line.value.whole == f"{smallest:.4g}"
    assert line.field.text() == "1e-07"
    assert row(view, "dead_relu").state.whole == "not here"
    assert "mean |∂J/∂W|" in row(view, "vanishing_gradient").switch.accessibleName()


def test_a_threshold_that_is_changed_changes_the_verdict_and_lasts(
    window: MainWindow, open_window: OpenWindow, qtbot: QtBot
) -> None:
    view = opened(window)
    window.context.session.step_batch()
    enter(qtbot, view, "vanishing_gradient", "0,5")
    assert standing(view, "vanishing_gradient").state is State.TRUE
    again = opened(open_window())
    assert again.watching.levels("vanishing_gradient") == (0.5,)
    restore = view.findChild(QPushButton, "watch_restore")
    assert restore.isVisible()
    restore.click()
    assert view.watching.levels("vanishing_gradient") == (1e-7,)
    assert standing(view, "vanishing_gradient").state is State.FINE
    assert not restore.isVisible()


def test_a_threshold_that_cannot_be_is_refused_with_the_reason(window: MainWindow, qtbot: QtBot) -> None:
    view = opened(window)
    enter(qtbot, view, "saturation", "150")
    problem = view.findChild(QLabel, "watch_problem")
    assert "between 0 and 100" in problem.text()
    assert row(view, "saturation").lines[0].field.text() == "50"
    enter(qtbot, view, "saturation", "many")
    assert "write a number" in problem.text()


def test_one_that_is_switched_on_stops_the_training_when_it_comes_true(window: MainWindow, qtbot: QtBot) -> None:
    view = opened(window)
    enter(qtbot, view, "overfitting", "-1")
    row(view, "overfitting").switch.click()
    assert view.watching.is_on("overfitting")
    epoch = window.debugger.machine.epochs
    train_to_stop(qtbot, window)
    assert window.debugger.machine.epochs == epoch + 1
    assert "Overfitting" in str(window.debugger.hits[0])
    assert any("Overfitting" in mark.text for mark in window.debugger.timeline.marks)
    row(view, "overfitting").switch.click()
    assert window.debugger.watcher.idle


def test_one_that_is_on_knows_what_takes_mini_batches_in_a_row(window: MainWindow) -> None:
    view = opened(window)
    session = window.context.session
    session.step_batch()
    assert standing(view, "update_ratio").state is State.UNKNOWN
    row(view, "update_ratio").switch.click()
    session.step_batch()
    assert standing(view, "update_ratio").state is State.FINE
    assert row(view, "update_ratio").lines[0].value.whole != "—"


def test_choosing_one_explains_it_and_chooses_its_slot_in_the_whole_window(window: MainWindow, qtbot: QtBot) -> None:
    view = opened(window)
    window.context.session.step_batch()
    one = row(view, "exploding_gradient")
    qtbot.mouseClick(one.sign, Qt.MouseButton.LeftButton)
    worst = standing(view, "exploding_gradient").worst
    assert worst is not None
    assert window.context.selection.chosen.slot == worst.measured.slot
    assert view.findChild(QLabel, "watch_explanation").text() == one.watch.explanation
    assert "SageMaker" in view.findChild(QLabel, "watch_source").text()
    one.switch.setFocus()
    qtbot.keyClick(one.switch, Qt.Key.Key_Up)
    assert row(view, "vanishing_gradient").switch.hasFocus()
    assert view.findChild(QLabel, "watch_explanation").text().startswith("The mean of |∂J/∂W|")


def test_it_goes_to_where_the_trouble_began(window: MainWindow, qtbot: QtBot) -> None:
    view = opened(window)
    session = window.context.session
    for _ in range(5):
        session.step_batch()
    enter(qtbot, view, "inputs", "0.5")
    enter(qtbot, view, "vanishing_gradient", "100")
    began = view.began
    assert began.isEnabled()
    began.click()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=20_000)
    assert window.debugger.timeline.here == Moment(window.debugger.timeline.start.iterations + 1, 0)
    assert standing(view, "vanishing_gradient").state is State.TRUE
    enter(qtbot, view, "vanishing_gradient", "1e-7")
    assert not began.isEnabled()
    assert "no trouble" in began.toolTip()


def test_the_watch_stays_chosen_on_a_long_way_to_where_its_trouble_began(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(travel, "_AT_ONCE_SECONDS", -1.0)
    view = opened(window)
    session = window.context.session
    for _ in range(5):
        session.step_batch()
    enter(qtbot, view, "vanishing_gradient", "100")
    qtbot.mouseClick(view.began, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=20_000)
    assert view.findChild(QLabel, "watch_explanation").text().startswith("The mean of |∂J/∂W|")


def test_another_network_is_measured_anew(window: MainWindow) -> None:
    view = opened(window)
    document = window.context.document
    document.attempt(set_layer(document.experiment, 0, activation="relu"))
    assert standing(view, "dead_relu").state is not State.ABSENT


@pytest.mark.parametrize("size", [(1600, 1000), (1280, 800)])
def test_nothing_overlaps(open_window: OpenWindow, size: tuple[int, int]) -> None:
    view = opened(open_window(None, size))
    one = row(view, "vanishing_gradient")
    line = one.lines[0]
    in_order = [one.sign, one.switch, one.title, one.state, line.value, line.side, line.field]
    for left, right in pairwise(in_order):
        assert left.geometry().right() < right.geometry().left()
