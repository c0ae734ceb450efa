"""Slow motion: it plays as F10 steps, at a speed, and ends when anything else happens."""

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.slow_motion import SPEEDS, SpeedControl
from nnstudio.training.breakpoints import ConditionBreakpoint, at_operation
from nnstudio.training.keyframes import Moment


def start(window: MainWindow, speed: float = 60.0) -> None:
    window.context.settings.slow_motion_speed = speed
    window.action("slow_motion").trigger()


def control(window: MainWindow) -> SpeedControl:
    found = window.statusBar().findChild(SpeedControl)
    assert found is not None
    return found


def test_it_plays_operation_after_operation_until_paused(window: MainWindow, qtbot: QtBot) -> None:
    timeline = window.debugger.timeline
    begin = timeline.here
    assert not control(window).isVisible()
    start(window)
    assert window.action("slow_motion").isChecked()
    assert control(window).isVisible()
    assert window.action("pause").isEnabled()
    qtbot.waitUntil(lambda: timeline.here >= Moment(begin.iterations, 8), timeout=20_000)
    window.action("pause").trigger()
    assert not window.slow_motion.playing
    assert not window.action("slow_motion").isChecked()
    assert not control(window).isVisible()
    assert not window.action("pause").isEnabled()
    here = timeline.here
    with qtbot.assertNotEmitted(window.context.session.refreshed, wait=80):
        pass
    assert timeline.here == here


@pytest.mark.parametrize("speed", [5.0, 60.0])
def test_the_speed_is_so_many_operations_a_second(window: MainWindow, speed: float) -> None:
    played: list[int] = []
    window.context.session.play = played.append  # type: ignore[method-assign]
    motion = window.slow_motion
    start(window, speed)
    assert played == [max(round(speed / 20), 1)]
    assert abs(motion._timer.interval() - 1000 * played[0] / speed) <= 5
    motion.stop()


def test_a_step_by_hand_ends_it(window: MainWindow, qtbot: QtBot) -> None:
    start(window, 0.5)
    assert window.debugger.machine.pc == 1
    window.action("step_over").trigger()
    assert window.slow_motion.playing
    window.slow_motion._timer.start(0)
    qtbot.waitUntil(lambda: not window.slow_motion.playing, timeout=20_000)
    assert window.debugger.machine.pc == 2


def test_training_ends_it(window: MainWindow, qtbot: QtBot) -> None:
    start(window, 0.5)
    window.debugger.trainer.limit = 1_000_000
    window.action("train").trigger()
    assert not window.slow_motion.playing
    window.action("pause").trigger()
    qtbot.waitUntil(lambda: window.context.session.paused, timeout=20_000)


def test_a_breakpoint_ends_it_there(window: MainWindow, qtbot: QtBot) -> None:
    debugger = window.debugger
    debugger.watcher.watch([at_operation(debugger.machine.program, 5), ConditionBreakpoint(condition="J > 1e9")])
    start(window)
    qtbot.waitUntil(lambda: not window.slow_motion.playing, timeout=20_000)
    assert debugger.machine.pc == 5
    assert debugger.hits


def test_another_network_ends_it(window: MainWindow) -> None:
    start(window, 0.5)
    window.files.open_sample("xor")
    assert not window.slow_motion.playing


def test_the_speed_is_chosen_with_the_slider_and_remembered(window: MainWindow) -> None:
    start(window, 0.5)
    slider = control(window).slider
    slider.slider.setFocus()
    slider.slider.setValue(len(SPEEDS) - 1)
    slider.slider.clearFocus()
    assert window.context.settings.slow_motion_speed == 60.0
    assert slider.value.text() == "60 operations/s"
    window.slow_motion.stop()
