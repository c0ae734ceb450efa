"""The laboratory of the cost landscape through the real window."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import remove_layer
from nnstudio.experiment.open import open_sample
from nnstudio.explain.landscape.axes import Sight
from nnstudio.explain.landscape.ground import Rows
from nnstudio.explain.numbers import short
from nnstudio.gui.laboratories.landscape.map_chart import shades
from nnstudio.gui.laboratories.landscape.parameters import key_of, next_after, options, parameter_of
from nnstudio.gui.laboratories.landscape.surface_chart import beside
from nnstudio.gui.laboratories.landscape.view import LINE, MAP, SURFACE, LandscapeView
from nnstudio.gui.main_window import MainWindow
from nnstudio.training.preview import after_update
from nnstudio.training.run import build

_NO_KEY = Qt.KeyboardModifier.NoModifier
OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def laboratory(window: MainWindow) -> LandscapeView:
    window.action("show_landscape").trigger()
    view = window.context.tools.made["landscape"].view
    assert isinstance(view, LandscapeView)
    return view


def finish(qtbot: QtBot, view: LandscapeView, side: int = 65) -> None:
    """Wait until the survey is as fine as this."""
    surveying = view.surveying
    qtbot.waitUntil(lambda: surveying.level is not None and surveying.level.side >= side, timeout=20_000)


def to_update(window: MainWindow) -> None:
    while window.debugger.machine.op.phase != "update":
        window.action("step_over").trigger()


def test_it_opens_on_the_chosen_parameter_and_is_surveyed_from_coarse_to_fine(
    laboratory: LandscapeView, qtbot: QtBot
) -> None:
    sides: list[int] = []
    laboratory.surveying.changed.connect(
        lambda: sides.append(laboratory.surveying.level.side if laboratory.surveying.level else 0)
    )
    finish(qtbot, laboratory, 257)
    assert sorted(set(sides) - {0}) == [17, 33, 65, 129, 257]
    assert not laboratory.surveying.at_work
    assert laboratory.line.drawing.at == laboratory.surveying.axes.axes[0].offset


def test_the_tangents_slope_is_the_machines_gradient_when_that_is_there(
    laboratory: LandscapeView, window: MainWindow, qtbot: QtBot
) -> None:
    finish(qtbot, laboratory)
    assert laboratory.controls.readings.value("∂J/∂W¹₁₁, machine") == "—"
    window.context.selection.choose("W2", (1, 3))
    to_update(window)
    finish(qtbot, laboratory)
    gradient = float(window.debugger.machine.value("dW2")[1, 3])
    assert laboratory.surveying.facts.slope == gradient
    assert laboratory.controls.readings.value("slope of the tangent") == short(gradient, 6)
    assert laboratory.controls.readings.value("∂J/∂W²₂₄, machine") == short(gradient, 6)
    assert laboratory.controls.readings.value("J here") == short(window.debugger.machine.cost, 6)
    curve, tangent = laboratory.line.drawing.traces
    assert np.ptp(tangent.y) / np.ptp(tangent.x) == pytest.approx(abs(gradient))
    assert len(curve.x) >= 65


def test_the_next_update_lands_where_the_run_goes(laboratory: LandscapeView, window: MainWindow, qtbot: QtBot) -> None:
    finish(qtbot, laboratory)
    after = after_update(window.debugger.run)["W1"][0, 0]
    assert laboratory.controls.readings.value("W¹₁₁ after the update") == short(float(after), 6)
    assert laboratory.line.drawing.dots[-1].x == pytest.approx(after, rel=1e-12)


def test_a_parameter_is_chosen_here_and_everywhere(laboratory: LandscapeView, window: MainWindow, qtbot: QtBot) -> None:
    laboratory.controls.first.setCurrentIndex(laboratory.controls.first.findData("b2 1"))
    assert window.context.selection.chosen.slot == "b2"
    assert window.context.selection.chosen.index == (1,)
    window.context.selection.choose("W3", (0, 2))
    assert laboratory.controls.first.currentText() == "W³₁₃"
    finish(qtbot, laboratory)
    assert laboratory.line.x_name == "W³₁₃"


def test_the_map_has_the_whole_way_of_the_descent(laboratory: LandscapeView, window: MainWindow, qtbot: QtBot) -> None:
    laboratory.views.choose(MAP)
    finish(qtbot, laboratory, 33)
    qtbot.waitUntil(lambda: len(laboratory.map.way.path) > 200)
    machine = window.debugger.machine
    start = next(iter(window.debugger.timeline.keyframes)).state.store["parameters"]
    np.testing.assert_allclose(laboratory.map.way.path[0], start[:2], rtol=1e-12)
    np.testing.assert_allclose(laboratory.map.way.path[-1], machine.value("W1")[0], rtol=1e-12)
    np.testing.assert_allclose(laboratory.map.way.landing, after_update(window.debugger.run)["W1"][0], rtol=1e-12)
    assert laboratory.map.lines


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_name_of_a_side_stays_clear_of_the_surface_where_the_chart_is_narrow(mirrored: bool) -> None:
    frame, size = QRectF(0, 0, 300, 200), QSizeF(110, 16)
    begin, end = (QPointF(300 - x if mirrored else x, y) for x, y in ((150, 180), (280, 100)))
    roomy = beside((begin, end), QSizeF(60, 16), frame)
    assert roomy.top() == 142, "at the middle of the side"
    narrow = beside((begin, end), size, frame)
    assert frame.contains(narrow)
    inner = narrow.right() if mirrored else narrow.left()
    side = begin.y() + (end.y() - begin.y()) * (inner - begin.x()) / (end.x() - begin.x())
    assert narrow.top() >= side


def test_the_surface_is_turned_by_dragging_and_by_keys(laboratory: LandscapeView, qtbot: QtBot) -> None:
    laboratory.views.choose(SURFACE)
    finish(qtbot, laboratory, 17)
    laboratory.controls.stop.click()
    surface = laboratory.surface
    eye, before = surface.eye, surface.grab().toImage()
    qtbot.mousePress(surface, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    to, buttons = QPointF(140, 90), Qt.MouseButton
    move = QMouseEvent(QEvent.Type.MouseMove, to, to, buttons.NoButton, buttons.LeftButton, _NO_KEY)
    QApplication.sendEvent(surface, move)
    assert surface.eye.turn == pytest.approx(eye.turn + 0.4)
    assert surface.eye.elevation < eye.elevation
    assert surface.grab().toImage() != before
    qtbot.keyClick(surface, Qt.Key.Key_Left)
    assert surface.eye.turn == pytest.approx(eye.turn + 0.3)


@pytest.mark.parametrize("sight", [Sight.RANDOM, Sight.GRADIENT])
def test_the_map_of_other_directions_can_be_drawn_anew(laboratory: LandscapeView, qtbot: QtBot, sight: Sight) -> None:
    laboratory.views.choose(MAP)
    laboratory.controls.sights.setCurrentIndex(laboratory.controls.sights.findData(sight.value))
    finish(qtbot, laboratory, 17)
    assert not laboratory.controls.first.isVisible()
    before = laboratory.surveying.axes.axes[1].direction
    laboratory.controls.others.click()
    finish(qtbot, laboratory, 17)
    assert not np.array_equal(laboratory.surveying.axes.axes[1].direction, before)
    assert laboratory.map.way.path[-1] == pytest.approx([0, 0], abs=1e-9)


def test_the_map_of_the_way_sees_nearly_all_of_it(laboratory: LandscapeView, qtbot: QtBot) -> None:
    laboratory.views.choose(MAP)
    laboratory.controls.sights.setCurrentIndex(laboratory.controls.sights.findData(Sight.WAY.value))
    finish(qtbot, laboratory, 17)
    share = int(laboratory.controls.readings.value("the way, within this plane").removesuffix(" %"))
    assert share > 95
    assert not laboratory.controls.others.isVisible()
    assert len(laboratory.map.way.path) > 200


def test_j_of_all_training_rows_is_that_of_the_history(
    laboratory: LandscapeView, window: MainWindow, qtbot: QtBot
) -> None:
    laboratory.controls.rows.setCurrentIndex(1)
    assert laboratory.surveying.request.rows is Rows.TRAINING
    finish(qtbot, laboratory)
    assert laboratory.controls.readings.value("J here") == short(window.debugger.run.history.train_cost[-1], 6)


def test_a_survey_is_stopped_and_what_it_found_stays(laboratory: LandscapeView, qtbot: QtBot) -> None:
    laboratory.views.choose(MAP)
    finish(qtbot, laboratory, 9)
    laboratory.controls.stop.click()
    found = laboratory.surveying.level
    assert not laboratory.surveying.at_work
    assert not laboratory.controls.stop.isVisible()
    laboratory.nearer.click()
    finish(qtbot, laboratory, 17)
    assert laboratory.surveying.level.axes.axes[0].reach == found.axes.axes[0].reach / 2


def test_while_training_the_way_grows_and_at_a_pause_the_landscape_is_surveyed_anew(
    laboratory: LandscapeView, window: MainWindow, qtbot: QtBot
) -> None:
    laboratory.views.choose(MAP)
    qtbot.waitUntil(lambda: not laboratory.surveying.at_work)
    before, axes = len(laboratory.map.way.path), laboratory.surveying.axes
    window.debugger.trainer.limit = 1_000_000
    window.action("train").trigger()
    qtbot.waitUntil(lambda: len(laboratory.map.way.path) > before + 2)
    assert laboratory.controls.note.text().startswith("Seen from iteration")
    assert laboratory.surveying.axes is axes
    laboratory.views.choose(LINE)
    assert laboratory.controls.note.text() == "The landscape is surveyed where the run pauses."
    assert not laboratory.line.isVisible()
    laboratory.views.choose(MAP)
    window.action("pause").trigger()
    qtbot.waitUntil(lambda: window.context.session.paused)
    finish(qtbot, laboratory, 17)
    assert laboratory.surveying.axes is not axes
    assert laboratory.surveying.iterations == window.debugger.machine.iterations


def test_where_j_is_no_number_it_says_so(laboratory: LandscapeView, window: MainWindow, qtbot: QtBot) -> None:
    finish(qtbot, laboratory, 17)
    window.debugger.machine.model.store["W3"][...] = np.nan
    window.context.session.refreshed.emit()
    qtbot.waitUntil(lambda: laboratory.controls.note.text().startswith("J is no finite number"))
    laboratory.views.choose(MAP)
    laboratory.controls.sights.setCurrentIndex(1)
    qtbot.waitUntil(lambda: not laboratory.surveying.at_work)
    assert laboratory.controls.note.text().startswith("J is no finite number")


def test_another_run_is_surveyed_anew(laboratory: LandscapeView, window: MainWindow, qtbot: QtBot) -> None:
    finish(qtbot, laboratory, 17)
    window.context.document.attempt(remove_layer(window.context.document.experiment, 1))
    finish(qtbot, laboratory, 17)
    assert len(laboratory.surveying.axes.origin) == window.debugger.machine.model.spec.network.parameters


def test_pictures_and_numbers_are_saved(laboratory: LandscapeView, qtbot: QtBot, tmp_path: Path) -> None:
    assert laboratory.views.current == LINE
    laboratory.views.choose(MAP)
    finish(qtbot, laboratory, 17)
    laboratory.controls.stop.click()
    for kind in ("png", "svg", "csv"):
        assert laboratory.save.save(tmp_path / f"map.{kind}")
        assert (tmp_path / f"map.{kind}").stat().st_size > 1000
    rows = (tmp_path / "map.csv").read_text().splitlines()
    assert rows[0] == "W¹₁₁,W¹₁₂,J"
    assert len(rows) == laboratory.surveying.level.side**2 + 1


def test_parameters_go_in_the_order_of_the_model_and_begin_again() -> None:
    slots = build(open_sample("circles")).model.parameter_slots
    seen = [("W1", (0, 0))]
    while (after := next_after(slots, seen[-1])) != seen[0]:
        seen.append(after)
    assert [parameter_of(option.key) for option in options(slots, seen[0])] == seen
    assert parameter_of(key_of(("b2", (1,)))) == ("b2", (1,))


def test_the_shades_of_a_map_go_from_its_lowest_to_its_highest() -> None:
    found = shades(np.array([[1.0, 2.0], [5.0, np.nan]]))
    assert found[:, 0].tolist() == [0.0, 1.0]
    assert found[0, 1] == 0.5
    assert np.isnan(found[1, 1])
