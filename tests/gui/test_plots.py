"""The plots: their state without a window, then the panel in the window."""

import csv
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QFontMetricsF, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from nnstudio.data.preparation import PartName
from nnstudio.experiment.edits import Edit, set_training, with_layers
from nnstudio.experiment.open import open_sample
from nnstudio.gui.document import Content
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.plots_panel import PlotsPanel
from nnstudio.gui.plots.curve_state import CurveState, Quantity
from nnstudio.gui.plots.exports import Plot
from nnstudio.gui.plots.inference import ParameterWatch, Sweep, predict
from nnstudio.gui.plots.plane import Plane, Scale, class_colours, diverging_colours, probabilities
from nnstudio.gui.plots.plane_chart import PlaneChart
from nnstudio.gui.plots.point_chart import PointChart
from nnstudio.gui.plots.ranges import epoch_range, linear_range, log_range, square
from nnstudio.gui.plots.series import GradientNorm, HistoryBuffer, Limits, Measured, decimate, nearest
from nnstudio.gui.plots.ticks import linear_ticks, log_ticks, percent_ticks
from nnstudio.gui.plots.views import MOST_POINTS, Subject, View
from nnstudio.gui.session import RunState
from nnstudio.gui.theme import DARK, LIGHT, Mode
from nnstudio.training.history import EpochRecord, History
from nnstudio.training.metrics import Metric, confusion
from nnstudio.training.run import Run

NAN = float("nan")
COST = Measured(PartName.TRAINING, Metric.COST)


def run_of(name: str) -> Run:
    content = Content.load(open_sample(name), None)
    return Run(content.experiment, content.dataset, content.data)


def history_of(costs: list[float], validation: float = NAN) -> History:
    history = History()
    for epoch, value in enumerate(costs):
        history.add(record(epoch, value, validation, norms=(NAN if epoch == 0 else value, value)))
    return history


def record(epoch: int, cost: float, validation: float = NAN, *, norms: tuple[float, ...]) -> EpochRecord:
    """The cost and the accuracy of an epoch, and those of validation rows if there are any."""
    parts = {PartName.TRAINING: cost, **({} if np.isnan(validation) else {PartName.VALIDATION: validation})}
    measured = {(part, Metric.COST): value for part, value in parts.items()}
    measured |= {(part, Metric.ACCURACY): 0.5 for part in parts}
    return EpochRecord(epoch, measured, norms)


def panel_of(window: MainWindow) -> PlotsPanel:
    panel = window.panels["plots_panel"]
    assert isinstance(panel, PlotsPanel)
    return panel


def click(box: object, text: str) -> None:
    """Click the segment of that text."""
    buttons = box.findChildren(QToolButton)  # type: ignore[attr-defined]
    QTest.mouseClick(next(button for button in buttons if button.text() == text), Qt.MouseButton.LeftButton)


class TestTicks:
    @pytest.mark.parametrize(
        ("ticks", "labels"),
        [
            (linear_ticks(0, 1, 5), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
            (linear_ticks(-1, 1, 2), ["−1", "0", "1"]),
            (linear_ticks(0, 21000, 3), ["0", "10\N{THIN SPACE}000", "20\N{THIN SPACE}000"]),
            (percent_ticks(0.78, 1.0, 3), ["80 %", "90 %", "100 %"]),
            (log_ticks(np.log10(0.045), 0.02, 6), ["0.05", "0.1", "0.2", "0.5", "1.0"]),
            (log_ticks(-9, 1, 5), ["10⁻⁸", "10⁻⁶", "0.0001", "0.01", "1.0"]),
            (log_ticks(np.log10(3.42), np.log10(3.61), 3), ["3.5", "3.6"]),
        ],
    )
    def test_labels_are_plain_numbers(self, ticks: list, labels: list[str]) -> None:
        assert [tick.label for tick in ticks] == labels

    @pytest.mark.parametrize("span", [1e-9, 0.3, 7.0, 1e12])
    @pytest.mark.parametrize("most", [2, 5, 9])
    def test_there_are_never_many_more_than_asked_for(self, span: float, most: int) -> None:
        ticks = linear_ticks(0.1234 * span, 1.1234 * span, most)
        assert 1 <= len(ticks) <= most + 1
        assert len({tick.label for tick in ticks}) == len(ticks)

    def test_no_stretch_has_no_ticks(self) -> None:
        assert linear_ticks(1, 1, 5) == []
        assert log_ticks(NAN, NAN, 5) == []


class TestHistoryBuffer:
    def test_it_follows_a_growing_history(self) -> None:
        history, buffer = history_of([3.0]), HistoryBuffer()
        buffer.update(history)
        for epoch in range(1, 1000):
            history.add(record(epoch, 3.0 / epoch, norms=(1.0, 2.0)))
            assert buffer.update(history)
        assert not buffer.update(history)
        assert buffer.values(COST).tolist() == history.train_cost.tolist()
        assert buffer.limits((COST,)) == Limits(3.0 / 999, 3.0, 3.0 / 999)
        assert buffer.version == 1

    def test_it_notices_a_history_that_was_begun_anew(self) -> None:
        buffer = HistoryBuffer()
        buffer.update(history_of([3.0, 2.0, 1.0]))
        buffer.update(history_of([3.0]))
        assert len(buffer) == 1
        buffer.update(history_of([5.0, 4.0]))
        assert buffer.values(COST).tolist() == [5.0, 4.0]
        buffer.update(history_of([5.0, 9.0, 8.0]))
        assert buffer.values(COST).tolist() == [5.0, 9.0, 8.0]
        assert buffer.limits((COST,)).low == 5.0

    def test_without_validation_there_is_no_such_curve(self) -> None:
        buffer = HistoryBuffer()
        buffer.update(history_of([1.0]))
        assert len(CurveState(Quantity.COST).names(buffer)) == 1
        buffer.update(history_of([1.0], validation=2.0))
        assert len(CurveState(Quantity.COST).names(buffer)) == 2
        assert len(CurveState(Quantity.GRADIENTS).names(buffer)) == 2

    def test_what_is_not_finite_does_not_stretch_the_axis(self) -> None:
        buffer = HistoryBuffer()
        buffer.update(history_of([1.0, float("inf"), -2.0, NAN]))
        assert buffer.limits((COST,)) == Limits(-2.0, 1.0, 1.0)

    def test_a_long_history_grows_without_being_copied(self) -> None:
        history, buffer = history_of(list(np.linspace(1, 0, 100_000))), HistoryBuffer()
        buffer.update(history)
        history.add(record(100_000, 0.0, norms=(0.0, 0.0)))
        buffer.update(history)
        before = buffer.values(COST)
        for epoch in range(100_001, 100_101):
            history.add(record(epoch, 0.0, norms=(0.0, 0.0)))
            buffer.update(history)
        assert len(buffer.values(COST)) == len(before) + 100
        assert np.shares_memory(buffer.values(COST), before)


class TestCurveState:
    def test_thinning_out_keeps_every_peak(self) -> None:
        x, y = np.arange(10_000.0), np.zeros(10_000)
        y[[17, 5003, 9999]] = 1.0, -1.0, 2.0
        thin_x, thin_y = decimate(x, y, 300)
        assert len(thin_x) < 1000
        assert set(thin_y) == {0.0, 1.0, -1.0, 2.0}
        assert (thin_x[0], thin_x[-1]) == (0.0, 9999.0)
        assert (np.diff(thin_x) >= 0).all()

    def test_a_logarithmic_scale_leaves_out_what_has_no_logarithm(self) -> None:
        buffer = HistoryBuffer()
        buffer.update(history_of([1.0, 0.0, -1.0, 0.01]))
        (line,) = CurveState(Quantity.COST, log=True).plan(buffer, 100).lines
        np.testing.assert_array_equal(line.y, [0.0, NAN, NAN, -2.0])

    def test_the_metric_is_linear_whatever_the_switch_says(self) -> None:
        state = CurveState(Quantity.METRIC, Metric.ACCURACY, log=True)
        assert not state.logarithmic
        assert state.ticks is percent_ticks

    def test_a_zoomed_curve_fits_the_height_to_what_is_seen(self) -> None:
        buffer = HistoryBuffer()
        buffer.update(history_of([1000.0, *([1.0, 2.0] * 50)]))
        state = CurveState(Quantity.COST, log=False)
        assert state.plan(buffer, 100).y[1] >= 1000
        state.window = (50.0, 60.0)
        plan = state.plan(buffer, 100)
        assert plan.x == (50.0, 60.0)
        assert plan.y[1] < 3

    @pytest.mark.parametrize("limits", [Limits(0.5, 2.0, 0.5), Limits(0.0, 0.0, NAN), Limits(NAN, NAN, NAN)])
    def test_ranges_hold_what_they_show(self, limits: Limits) -> None:
        for low, high in (linear_range(limits), log_range(limits)):
            assert np.isfinite((low, high)).all()
            assert low < high
        assert not limits.low < linear_range(limits)[0]
        assert not limits.high > linear_range(limits)[1]

    def test_the_axis_of_epochs_moves_in_steps(self) -> None:
        assert epoch_range(0, 3) == (0, 10)
        assert len({epoch_range(0, last) for last in range(1000, 1100)}) < 10

    def test_the_nearest_epoch_is_found(self) -> None:
        epochs = np.array([0.0, 1.0, 2.0, 5.0])
        assert [nearest(epochs, place) for place in (-3, 0.4, 0.6, 3.4, 3.6, 99)] == [0, 0, 1, 2, 3, 3]

    def test_like_stretches_are_made_equally_long(self) -> None:
        assert square((0, 10), (0, 8)) == ((0, 10), (-1, 9))
        assert square((0, 10), (0, 1)) == ((0, 10), (0, 1))


class TestViews:
    @pytest.mark.parametrize(
        ("sample", "views"),
        [
            ("circles", (View.MAP, View.CONFUSION)),
            ("sine", (View.CURVE, View.PREDICTIONS)),
            ("averages", (View.SURFACE, View.PREDICTIONS)),
            ("iris", (View.CONFUSION,)),
            ("diabetes", (View.PREDICTIONS,)),
        ],
    )
    def test_the_data_decide_what_there_is_to_see(self, sample: str, views: tuple[View, ...]) -> None:
        assert Subject(run_of(sample).data).views == views

    def test_a_binary_target_has_two_named_classes(self) -> None:
        assert Subject(run_of("circles").data).classes == ("class = 0", "class = 1")

    def test_a_large_part_is_drawn_by_a_fixed_choice_of_rows(self) -> None:
        experiment = open_sample("circles")
        source = msgspec.structs.replace(experiment.data.source, rows=6000)
        spec = msgspec.structs.replace(experiment.data, source=source)
        content = Content.load(replace(experiment, data=spec), None)
        first, second = Subject(content.data).train, Subject(content.data).train
        assert first.partial
        assert len(np.unique(first.chosen)) == MOST_POINTS
        np.testing.assert_array_equal(first.chosen, second.chosen)


class TestPlane:
    def test_the_grid_runs_from_the_top_left_in_the_networks_units(self) -> None:
        data = run_of("circles").data
        plane = Plane(data)
        places = plane.places(4)
        assert places[0, 0] < places[3, 0]
        assert places[0, 1] > places[-1, 1]
        np.testing.assert_allclose(plane.grid(4), data.standardized_inputs(places))
        assert plane.cell(*places[6], 4) == 6
        assert plane.cell(plane.x[1] + 1, 0, 4) is None

    def test_all_data_lie_inside(self) -> None:
        data = run_of("circles").data
        plane, inputs = Plane(data), data.original_inputs(data.train.X)
        assert plane.x[0] < inputs[:, 0].min()
        assert plane.y[1] > inputs[:, 1].max()

    def test_certain_classes_have_their_colours_and_even_ones_none(self) -> None:
        colours = class_colours(np.array([[1.0, 0, 0], [1 / 3] * 3, [NAN, 0, 0]]), LIGHT)
        assert colours[1] == 0xFF000000 | int(LIGHT.neutral[1:], 16)
        assert colours[0] not in (colours[1], 0)
        assert colours[2] == 0

    def test_outputs_that_are_no_probabilities_become_shares(self) -> None:
        np.testing.assert_allclose(
            probabilities(np.array([[2.0, 1.0, -1.0], [0.0, 0, 0]])), [[0.5, 0.5, 0], [1 / 3] * 3]
        )

    def test_values_are_coloured_around_zero_where_they_have_both_signs(self) -> None:
        assert Scale.of(np.array([-1.0, 2.0])) == Scale(0.0, 2.0)
        assert Scale.of(np.array([10.0, 20.0])) == Scale(15.0, 5.0)
        assert Scale.of(np.array([7.0])).reach > 0
        low, middle, high, none = diverging_colours(np.array([-1.0, 0, 1, NAN]), LIGHT)
        assert [f"#{colour & 0xFFFFFF:06x}" for colour in (low, middle, high)] == [
            LIGHT.negative,
            LIGHT.neutral,
            LIGHT.positive,
        ]
        assert none == 0


class TestInference:
    def test_a_sweep_makes_the_same_predictions_bit_by_bit(self) -> None:
        run = run_of("iris")
        sweep = Sweep(run.model, run.data.train.X)
        while not sweep.finished:
            sweep.advance(0.0)
        np.testing.assert_allclose(sweep.outputs, predict(run.model, run.data.train.X), rtol=1e-12)

    def test_the_watch_sees_an_update_and_nothing_else(self) -> None:
        run = run_of("iris")
        watch = ParameterWatch(run.model)
        assert watch.look()
        while run.machine.op.phase.value != "update":
            run.machine.step()
            assert not watch.look()
        run.machine.step()
        assert watch.look()


class TestCurve:
    def test_it_shows_every_epoch_from_the_untrained_network_on(self, window: MainWindow) -> None:
        curve = panel_of(window).curve
        history = window.context.session.run.history
        assert curve.buffer.epochs.tolist() == history.epochs.tolist()
        drawn = [item for item in curve.getPlotItem().curves if item.isVisible()]
        assert len(drawn) == 2
        x, y = drawn[0].getData()
        assert x[0] == 0
        np.testing.assert_allclose(10**y, history.train_cost)

    def test_an_epoch_more_is_a_point_more(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = panel_of(window)
        QTest.keyClick(window, Qt.Key.Key_F7)
        qtbot.waitUntil(lambda: window.context.session.paused and len(panel.curve.buffer) == 42, timeout=20_000)

    def test_the_choice_of_quantity_changes_the_curves_and_the_legend(self, window: MainWindow) -> None:
        panel = panel_of(window)
        assert panel._legend.labels == ("training", "validation")
        click(panel._quantities, "Gradients")
        assert panel._legend.labels == ("W¹", "W²", "W³")
        assert window.context.settings.value("plots/quantity", "") == "Gradients"

    def test_lines_differ_by_their_dashes_too(self, window: MainWindow) -> None:
        panel = panel_of(window)
        for quantity in Quantity:
            panel.curve.state.quantity = quantity
            dashes = [key.dash for key in panel.curve.legend_keys()]
            assert len(set(dashes)) == len(dashes)

    def test_accuracy_has_no_logarithmic_scale_and_says_why(self, window: MainWindow) -> None:
        panel = panel_of(window)
        assert panel._scales.current == "Log"
        click(panel._quantities, "Accuracy")
        assert not panel._scales.isEnabled()
        assert panel._scales.current == "Linear"
        assert "logarithm" in panel._scales.toolTip()
        click(panel._quantities, "Cost")
        assert panel._scales.isEnabled()
        assert panel._scales.current == "Log"

    def test_values_have_r2_in_place_of_accuracy(self, window: MainWindow) -> None:
        click(panel_of(window)._quantities, "Accuracy")
        window.files.open_sample("sine")
        panel = panel_of(window)
        assert panel._quantities.current == "R²"
        assert panel.curve.state.quantity is Quantity.METRIC
        assert panel.curve.state.metric is Metric.R2

    def test_the_crosshair_reads_the_nearest_epoch(self, window: MainWindow) -> None:
        curve = panel_of(window).curve
        area = curve.getViewBox().sceneBoundingRect()
        QTest.mouseMove(curve.viewport(), area.center().toPoint())
        reading = curve.reading
        assert reading is not None
        epoch = int(reading.title.split()[1])
        assert abs(epoch - 20) <= 1
        cost = window.context.session.run.history.train_cost[epoch]
        assert float(reading.entries[0].value) == pytest.approx(cost, rel=1e-3)

    def test_arrow_keys_move_the_crosshair(self, window: MainWindow) -> None:
        curve = panel_of(window).curve
        QTest.keyClick(curve, Qt.Key.Key_Left)
        assert curve.reading is not None
        assert curve.reading.title == "epoch 39"
        QTest.keyClick(curve, Qt.Key.Key_Home)
        assert curve.reading.title == "epoch 0"
        assert "epoch 0" in curve.accessibleDescription()
        QTest.keyClick(curve, Qt.Key.Key_Escape)
        assert curve.reading is None

    def test_zooming_holds_until_a_double_click(self, window: MainWindow) -> None:
        panel = panel_of(window)
        curve, fit = panel.curve, panel._fit
        whole = curve.getViewBox().viewRange()
        assert not fit.isEnabled()
        QTest.keyClick(curve, Qt.Key.Key_Plus)
        assert fit.isEnabled()
        low, high = curve.getViewBox().viewRange()[0]
        assert high - low < whole[0][1] - whole[0][0]
        panel.refresh()
        assert curve.getViewBox().viewRange()[0] == [low, high]
        QTest.mouseDClick(curve.viewport(), Qt.MouseButton.LeftButton, pos=curve.viewport().rect().center())
        assert curve.getViewBox().viewRange() == whole
        assert not fit.isEnabled()

    def test_a_reset_shows_one_point_and_invites_to_train(self, window: MainWindow) -> None:
        panel = panel_of(window)
        QTest.keyClick(panel.curve, Qt.Key.Key_Plus)
        window.context.session.reset()
        assert len(panel.curve.buffer) == 1
        assert panel.curve.hint == "Press F5 to train"
        assert panel.curve.state.window is None
        window.context.session.step_over()
        assert "F7" in panel.curve.hint

    def test_the_theme_recolours_everything(self, window: MainWindow) -> None:
        panel = panel_of(window)
        light = panel.learned.grab().toImage()
        window.context.appearance.set_mode(Mode.DARK)
        assert panel.curve.theme is DARK
        assert panel.curve.legend_keys()[0].colour == DARK.train
        assert panel.learned.grab().toImage() != light


class TestLearned:
    def test_the_map_is_what_the_network_predicts(self, window: MainWindow) -> None:
        panel = panel_of(window)
        chart = panel.learned.picture.chart
        assert isinstance(chart, PlaneChart)
        assert chart.side == 100
        plane = Plane(window.context.session.run.data)
        outputs = predict(window.context.session.run.model, plane.grid(100))[:, 0]
        blue, red = chart.colours.ravel() & 0xFF, chart.colours.ravel() >> 16 & 0xFF
        certain = np.abs(outputs - 0.5) > 0.2
        np.testing.assert_array_equal((blue > red)[certain], (outputs > 0.5)[certain])

    def test_a_step_that_changes_no_weight_leaves_the_map(
        self, window: MainWindow, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        picture = panel_of(window).learned.picture
        shown: list[bool] = []
        monkeypatch.setattr(picture, "show", lambda running: shown.append(running))
        window.context.session.step_over()
        assert shown == []
        window.context.session.step_batch()
        assert shown == [False]

    def test_what_is_not_seen_is_not_computed(self, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
        panel = panel_of(window)
        shown: list[bool] = []
        monkeypatch.setattr(panel.learned.picture, "show", lambda running: shown.append(running))
        panel.hide()
        window.context.session.step_batch()
        assert shown == []
        panel.show()
        assert shown == [False]

    def test_the_confusion_matrix_counts_the_rows_of_its_part(self, window: MainWindow, qtbot: QtBot) -> None:
        learned = panel_of(window).learned
        click(learned._views, "Confusion")
        run = window.context.session.run
        for part, name in ((run.data.train, "Training"), (run.data.validation, "Validation")):
            click(learned._parts, name)
            expected = confusion(run.model.predict(part.X), part.Y, 2)
            qtbot.waitUntil(lambda: not learned._refining.isActive())
            np.testing.assert_array_equal(learned.picture.chart.matrix, expected)  # type: ignore[attr-defined]
            right = f"{np.trace(expected)} of {len(part.X)} right"
            assert learned._summary.text() == right
            assert right in learned.picture.chart.accessibleDescription()

    def test_the_chosen_sample_is_ringed(self, window: MainWindow) -> None:
        session, panel = window.context.session, panel_of(window)
        window.context.selection.choose_sample(3)
        row = session.machine.batches.rows[3]
        chart = panel.learned.picture.chart
        assert isinstance(chart, PointChart)
        assert chart.ring == pytest.approx(tuple(session.run.data.train.X[row]))

    def test_a_click_on_a_point_of_the_mini_batch_chooses_it(self, window: MainWindow) -> None:
        session, chart = window.context.session, panel_of(window).learned.picture.chart
        row = session.machine.batches.rows[5]
        at = chart.to_pixel(*session.run.data.train.X[row]).toPoint()
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
        chosen = session.machine.batches.rows[window.context.selection.chosen.sample]
        near = chart.to_pixel(*session.run.data.train.X[chosen]).toPoint() - at
        assert near.manhattanLength() <= 3

    def test_arrow_keys_choose_the_next_sample(self, window: MainWindow) -> None:
        chart = panel_of(window).learned.picture.chart
        before = window.context.selection.chosen.sample
        QTest.keyClick(chart, Qt.Key.Key_Right)
        assert window.context.selection.chosen.sample == before + 1
        QTest.keyClick(chart, Qt.Key.Key_Left)
        assert window.context.selection.chosen.sample == before

    @pytest.mark.parametrize("size", [(110, 90), (300, 90), (600, 600)])
    def test_no_number_below_the_map_runs_into_the_next(self, window: MainWindow, size: tuple[int, int]) -> None:
        chart = panel_of(window).learned.picture.chart
        assert isinstance(chart, PlaneChart)
        chart.resize(*size)
        chart.x_range = (-1.13, 0.87)
        metrics = QFontMetricsF(chart.small)
        spans = [
            (chart.to_pixel(tick.place, 0).x(), metrics.horizontalAdvance(tick.label) / 2) for tick in chart.x_ticks()
        ]
        assert spans
        assert all(at + half < there - wide for (at, half), (there, wide) in pairwise(spans))

    def test_the_place_under_the_pointer_is_explained(self, window: MainWindow) -> None:
        chart = panel_of(window).learned.picture.chart
        assert "predicted class" in chart.tip(chart.frame.center())
        assert chart.tip(QPointF(-5, -5)) == ""

    def test_training_keeps_both_plots_moving(self, window: MainWindow, qtbot: QtBot) -> None:
        panel, session = panel_of(window), window.context.session
        chart = panel.learned.picture.chart
        assert isinstance(chart, PlaneChart)
        before = chart.colours.copy()
        session.train()
        qtbot.waitUntil(lambda: len(panel.curve.buffer) > 45 and chart.side == 50, timeout=20_000)
        session.pause()
        qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=20_000)
        assert chart.side == 100
        assert not np.array_equal(before, chart.colours)
        assert len(panel.curve.buffer) == len(session.run.history)

    @pytest.mark.parametrize("sample", ["sine", "averages", "diabetes", "digits", "iris"])
    def test_every_view_of_every_kind_of_data_is_drawn(
        self, open_window: Callable[..., MainWindow], qtbot: QtBot, sample: str
    ) -> None:
        learned = panel_of(open_window(sample)).learned
        assert learned.subject is not None
        for view in learned.subject.views:
            learned.choose(view)
            assert learned.view is view
            qtbot.waitUntil(lambda: not learned._refining.isActive())
            image = learned.picture.chart.grab().toImage()
            colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
            assert len(colours) > 8

    def test_predictions_that_are_not_finite_are_said_to_be(self, window: MainWindow) -> None:
        session, learned = window.context.session, panel_of(window).learned
        click(learned._views, "Confusion")
        session.run.model.store["W1"].fill(NAN)
        session.refreshed.emit()
        assert "not finite" in learned.picture.chart.problem  # type: ignore[attr-defined]

    def test_another_topology_is_drawn_anew(self, window: MainWindow) -> None:
        document, panel = window.context.document, panel_of(window)
        layers = document.experiment.network.layers
        assert document.apply(Edit("Fewer", with_layers(document.experiment, layers[1:])))
        assert panel.curve.buffer.names[-1] == GradientNorm(2)
        assert document.apply(set_training(document.experiment, batch_size=7))
        window.context.session.step_batch()
        assert panel.learned.picture.chart.ring is not None  # type: ignore[attr-defined]


class TestSaving:
    def test_the_curve_as_numbers_has_every_digit(self, window: MainWindow, tmp_path: Path) -> None:
        assert panel_of(window).save_plot(tmp_path / "curve.csv")
        rows = list(csv.DictReader((tmp_path / "curve.csv").read_text().splitlines()))
        history = window.context.session.run.history
        assert list(rows[0])[:3] == ["epoch", "training", "validation"]
        assert [int(row["epoch"]) for row in rows] == history.epochs.tolist()
        assert [float(row["training"]) for row in rows] == history.train_cost.tolist()
        assert rows[0]["gradient norm 1"] == ""

    def test_the_map_as_numbers_has_places_and_predictions(self, window: MainWindow, tmp_path: Path) -> None:
        assert panel_of(window).save_plot(tmp_path / "map.csv", Plot.LEARNED)
        rows = list(csv.reader((tmp_path / "map.csv").read_text().splitlines()))
        assert rows[0] == ["x1", "x2", "predicted class"]
        place = np.array([[float(rows[1][0]), float(rows[1][1])]])
        assert float(rows[1][2]) == pytest.approx(window.context.session.run.model.predict(place)[0, 0])

    @pytest.mark.parametrize("plot", list(Plot))
    def test_pictures_have_twice_the_resolution(self, window: MainWindow, tmp_path: Path, plot: Plot) -> None:
        panel = panel_of(window)
        assert panel.save_plot(tmp_path / "plot.png", plot)
        image = QImage(str(tmp_path / "plot.png"))
        shown = panel.curve if plot is Plot.CURVE else panel.learned.picture.chart
        assert image.width() >= 2 * shown.width()

    @pytest.mark.parametrize("plot", list(Plot))
    def test_svg_keeps_its_shapes(self, window: MainWindow, tmp_path: Path, plot: Plot) -> None:
        assert panel_of(window).save_plot(tmp_path / "plot.svg", plot)
        text = (tmp_path / "plot.svg").read_text()
        assert QSvgRenderer(text.encode()).isValid()
        assert "<path" in text or "<polyline" in text
        assert text.count("<text") >= 4

    @pytest.mark.parametrize("sample", ["iris", "diabetes", "sine", "averages"])
    def test_every_view_can_be_saved(
        self, open_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot, sample: str
    ) -> None:
        panel = panel_of(open_window(sample))
        assert panel.learned.subject is not None
        for view in panel.learned.subject.views:
            panel.learned.choose(view)
            qtbot.waitUntil(lambda: not panel.learned._refining.isActive())
            for suffix in ("png", "svg", "csv"):
                assert panel.save_plot(tmp_path / f"{view}.{suffix}", Plot.LEARNED)
                assert (tmp_path / f"{view}.{suffix}").stat().st_size > 20

    @pytest.mark.parametrize("name", ["no-such-folder/plot.png", "plot.jpeg"])
    def test_what_cannot_be_saved_is_said(self, window: MainWindow, tmp_path: Path, qtbot: QtBot, name: str) -> None:
        with qtbot.waitSignal(window.context.session.failed) as told:
            assert not panel_of(window).save_plot(tmp_path / name)
        assert "not saved" in told.args[0]
        assert not (tmp_path / name).exists()

    def test_the_menu_asks_for_a_file_and_saves_it(self, window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
        panel = panel_of(window)
        actions = [action for action in panel._more.menu().findChildren(QAction) if action.data()]
        assert len(actions) == 6
        next(action for action in actions if action.data()[1] == "csv").trigger()
        dialog = panel.findChild(QFileDialog, "save_plot_dialog")
        assert dialog is not None
        dialog.fileSelected.emit(str(tmp_path / "chosen.csv"))
        dialog.close()
        qtbot.waitUntil(lambda: panel.findChild(QFileDialog, "save_plot_dialog") is None)
        assert (tmp_path / "chosen.csv").read_text().startswith("epoch,training")


def test_every_control_has_a_name(window: MainWindow) -> None:
    panel = panel_of(window)
    for widget in (panel.curve, panel._quantities, panel._scales, panel._more, panel._legend, panel.learned._views):
        assert widget.accessibleName()
    assert panel.learned.picture.chart.accessibleName()


def test_the_pointer_over_an_empty_corner_reads_nothing(window: MainWindow) -> None:
    curve = panel_of(window).curve
    QTest.mouseMove(curve.viewport(), QPoint(2, 2))
    assert curve.reading is None
