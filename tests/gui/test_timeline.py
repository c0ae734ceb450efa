"""The timeline under the plots: seen, dragged, walked along by keys, and kept within memory."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.plots_panel import PlotsPanel
from nnstudio.gui.timeline.state import MarkKind, RunSoFar
from nnstudio.gui.timeline.strip import TimelineStrip
from nnstudio.training.keyframes import MEGABYTE, Moment

LEFT = Qt.MouseButton.LeftButton


def panel(window: MainWindow) -> PlotsPanel:
    found = window.panels["plots_panel"]
    assert isinstance(found, PlotsPanel)
    return found


def strip(window: MainWindow) -> TimelineStrip:
    return panel(window).timeline.strip


def run_of(window: MainWindow) -> RunSoFar:
    run = strip(window).run
    assert run is not None
    return run


def at(window: MainWindow, share: float) -> QPoint:
    track = strip(window).track
    return QPoint(round(track.left() + share * track.width()), round(track.center().y()))


def test_it_shows_the_run_so_far_with_its_cost(window: MainWindow) -> None:
    run = run_of(window)
    assert run.end == window.debugger.timeline.furthest == run.here
    assert run.line.x[0] == 0
    assert run.line.x[-1] == 1
    assert run.line.y[0] == 1
    assert run.line.y.argmin() == len(run.line.y) - 1
    assert strip(window).x_of(run.here) == strip(window).track.right()


def test_more_moments_kept_lay_nothing_out_anew(window: MainWindow) -> None:
    class Requests(QObject):
        seen = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.seen += event.type() is QEvent.Type.LayoutRequest
            return False

    def keep_more() -> str:
        for _ in range(2):
            window.debugger.step_batch()
            window.debugger.timeline.keep()
        bar.refresh(panel(window).curve.buffer)
        QApplication.processEvents()
        return bar.memory.text()

    bar, requests = panel(window).timeline, Requests()
    before = keep_more()  # may be wider than what was there when the window was made
    bar.installEventFilter(requests)
    assert keep_more() != before
    assert requests.seen == 0


def test_a_click_goes_to_that_moment_and_everything_shows_it(window: MainWindow, qtbot: QtBot) -> None:
    timeline, per_epoch = window.debugger.timeline, window.debugger.machine.batches.per_epoch
    QTest.mouseClick(strip(window), LEFT, pos=at(window, 0.5))
    qtbot.waitUntil(lambda: timeline.in_past)
    assert timeline.here == Moment(20 * per_epoch)
    assert run_of(window).here == timeline.here
    assert window.tool_bar.findChild(object, "standing_epoch").text() == "20"
    assert panel(window).curve._here.isVisible()
    assert panel(window).curve._here.value() == 20
    assert len(panel(window).curve.buffer) == 41


def test_dragging_shows_one_moment_after_the_other_and_training_goes_on_from_there(
    window: MainWindow, qtbot: QtBot
) -> None:
    timeline, seen = window.debugger.timeline, []
    window.context.session.refreshed.connect(lambda: seen.append(timeline.here))
    end, before = timeline.here, window.debugger.machine.value("W1").copy()
    QTest.mousePress(strip(window), LEFT, pos=at(window, 0.9))
    for share in (0.7, 0.4, 0.1):
        QTest.mouseMove(strip(window), at(window, share))
        qtbot.waitUntil(lambda share=share: abs(run_of(window).place(timeline.here) - share) < 0.05)
    QTest.mouseRelease(strip(window), LEFT, pos=at(window, 0.1))
    assert len(set(seen)) >= 3
    assert not np.array_equal(window.debugger.machine.value("W1"), before)
    window.action("to_present").trigger()
    assert timeline.here == end
    assert np.array_equal(window.debugger.machine.value("W1"), before)


def test_the_keys_walk_along_it(window: MainWindow, qtbot: QtBot) -> None:
    timeline, per_epoch = window.debugger.timeline, window.debugger.machine.batches.per_epoch
    end = timeline.here.iterations
    ways = (
        (Qt.Key.Key_Left, end - 1),
        (Qt.Key.Key_Left, end - 2),
        (Qt.Key.Key_Right, end - 1),
        (Qt.Key.Key_PageUp, end - per_epoch),
        (Qt.Key.Key_PageUp, end - 2 * per_epoch),
        (Qt.Key.Key_PageDown, end - per_epoch),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_End, end),
        (Qt.Key.Key_Right, end),
    )
    strip(window).setFocus()
    for key, iterations in ways:
        QTest.keyClick(strip(window), key)
        qtbot.waitUntil(lambda iterations=iterations: timeline.here == Moment(iterations))


def test_it_marks_edits_stops_and_the_best_epoch(window: MainWindow, qtbot: QtBot) -> None:
    session, timeline = window.context.session, window.debugger.timeline
    for _ in range(3):
        session.step_over()
    session.edit_value("W1", (1, 0), 0.5)
    edited = timeline.here
    session.step_batch()
    timeline.mark("breakpoint: J < 0.5")
    session.step_batch()
    flags = {flag.kind: flag for flag in run_of(window).flags}
    assert flags[MarkKind.EDIT].moment == edited
    assert "W¹₂₁ set to 0.5" in run_of(window).words(edited)
    assert flags[MarkKind.STOP].text == "breakpoint: J < 0.5"
    costs = session.run.history.validation_cost
    best = flags[MarkKind.BEST].moment.iterations // session.machine.batches.per_epoch
    assert costs[best] == min(costs)
    x = strip(window).x_of(edited)
    QTest.mouseClick(strip(window), LEFT, pos=QPoint(round(x), 30))
    qtbot.waitUntil(lambda: timeline.here == edited)
    assert window.debugger.machine.value("W1")[1, 0] == 0.5


def test_it_says_how_much_is_kept_and_how_much_may_be(window: MainWindow) -> None:
    bar, keyframes = panel(window).timeline, window.debugger.timeline.keyframes
    assert bar.memory.text() == f"kept: {len(keyframes)} moments\n{keyframes.nbytes / MEGABYTE:.1f} of 256 MB"
    action = next(action for action in bar.memory.menu().actions() if action.data() == 64)
    action.trigger()
    assert keyframes.budget == 64 * MEGABYTE
    assert bar.memory.text().endswith("of 64 MB")
    assert window.context.settings.time_travel_megabytes == 64
    window.action("reset").trigger()
    assert window.debugger.timeline.keyframes.budget == 64 * MEGABYTE


def test_the_budget_is_remembered_and_holds_for_every_run(open_window) -> None:
    window = open_window("xor")
    window.context.settings.time_travel_megabytes = 512
    again = open_window("xor")
    assert again.debugger.timeline.keyframes.budget == 512 * MEGABYTE


def test_nothing_has_run_yet(open_window, qtbot: QtBot) -> None:
    window = open_window("xor")
    assert run_of(window).empty
    QTest.mouseClick(strip(window), LEFT, pos=at(window, 0.5))
    window.context.session.step_over()
    assert not run_of(window).empty
    assert run_of(window).here == Moment(0, 1)


def test_while_training_it_grows(window: MainWindow, qtbot: QtBot) -> None:
    session = window.context.session
    window.debugger.trainer.limit = 1_000_000
    before = run_of(window).end
    session.train()
    qtbot.waitUntil(lambda: run_of(window).end > before, timeout=20_000)
    session.pause()
    qtbot.waitUntil(lambda: session.paused, timeout=20_000)
    assert run_of(window).end == window.debugger.timeline.here


@pytest.mark.parametrize("place", [0.0, 0.2, 0.5, 0.999, 1.0])
def test_places_and_moments_agree(window: MainWindow, place: float) -> None:
    run = run_of(window)
    moment = run.moment(place, 0.0)
    assert abs(run.place(moment) - place) <= 0.5 / run.end.iterations
