"""What the learning curve shows: which quantity, of which rows, on which scale, with which marks."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from nnstudio.data.preparation import PartName
from nnstudio.data.spec import SplitSpec
from nnstudio.engine.optimizers import optimizer
from nnstudio.engine.schedules import schedule
from nnstudio.engine.spec import RegularizationSpec
from nnstudio.experiment import file
from nnstudio.experiment.document import TrainingSpec
from nnstudio.experiment.open import open_sample
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.plots_panel import PlotsPanel
from nnstudio.gui.plots.curve_keys import key_of, value_text
from nnstudio.gui.plots.curve_state import CurveState, Quantity
from nnstudio.gui.plots.frame import Frame
from nnstudio.gui.plots.legend import Key, Legend
from nnstudio.gui.plots.marks import Marks
from nnstudio.gui.plots.series import GradientNorm, HistoryBuffer, Measured, SeriesName, Single
from nnstudio.gui.theme import DARK, LIGHT, Theme
from nnstudio.training.history import EpochRecord, History
from nnstudio.training.metrics import Metric
from nnstudio.training.trainer import Goal

NAN = float("nan")
PARTS = tuple(PartName)


def buffer_of(validation: list[float], *, test: bool = False, penalty: float = 0.0) -> HistoryBuffer:
    """Epochs of these validation costs."""
    history, buffer = History(), HistoryBuffer()
    parts = PARTS if test else PARTS[:2]
    for epoch, cost in enumerate(validation):
        measured = {(part, metric): cost for part in parts for metric in (Metric.COST, Metric.R2, Metric.RMSE)}
        history.add(EpochRecord(epoch, measured, (1.0,), penalty, 0.1))
    buffer.update(history)
    return buffer


def test_a_lowest_cost_of_0_has_no_ring_on_a_logarithmic_axis(qapp: QApplication) -> None:
    buffer, state = buffer_of([1.0, 0.0, *[1.0] * 8]), CurveState(log=True)
    assert state.best(buffer) == 1
    marks = Marks()
    marks.show_marks(state, buffer, state.plan(buffer, 100).lines, LIGHT)
    assert not marks.isVisible()
    state.log = False
    marks.show_marks(state, buffer, state.plan(buffer, 100).lines, LIGHT)
    assert marks.getData()[1].tolist() == [0.0]


class TestState:
    def test_the_cost_has_a_curve_of_each_part_and_the_penalty_one_where_there_is_one(self) -> None:
        costs = [Measured(part, Metric.COST) for part in PARTS]
        assert CurveState().names(buffer_of([1.0])) == (*costs[:2],)
        assert CurveState().names(buffer_of([1.0], test=True, penalty=0.5)) == (*costs, Single.PENALTY)

    def test_the_learning_rate_is_linear_unless_it_is_asked_for_otherwise(self) -> None:
        state = CurveState(Quantity.RATE)
        assert state.names(buffer_of([1.0])) == (Single.RATE,)
        assert not state.logarithmic
        state.set_scale(log=True)
        assert state.logarithmic
        state.quantity = Quantity.COST
        state.set_scale(log=False)
        assert not state.logarithmic
        assert state.log_rate

    @pytest.mark.parametrize(("metric", "possible"), [(Metric.R2, False), (Metric.RMSE, True), (Metric.MAE, True)])
    def test_errors_can_be_logarithmic_and_what_can_be_negative_cannot(self, metric: Metric, possible: bool) -> None:
        assert CurveState(Quantity.METRIC, metric).logarithmic is possible

    @pytest.mark.parametrize("metric", [Metric.ROC_AUC, Metric.MACRO_F1, Metric.ACCURACY])
    def test_what_is_one_at_best_is_drawn_up_to_one(self, metric: Metric) -> None:
        history, buffer = History(), HistoryBuffer()
        history.add(EpochRecord(0, {(PartName.TRAINING, metric): 0.7}))
        history.add(EpochRecord(1, {(PartName.TRAINING, metric): 0.8}))
        buffer.update(history)
        low, high = CurveState(Quantity.METRIC, metric).plan(buffer, 100).y
        assert low < 0.7
        assert 1 < high < 1.1

    def test_a_metric_without_a_number_has_one_curve_that_says_nothing(self) -> None:
        history, buffer = History(), HistoryBuffer()
        history.add(EpochRecord(0, {(part, Metric.ROC_AUC): NAN for part in PARTS}))
        buffer.update(history)
        state = CurveState(Quantity.METRIC, Metric.ROC_AUC)
        assert state.names(buffer) == (Measured(PartName.TRAINING, Metric.ROC_AUC),)
        assert state.plan(buffer, 100).y[0] < 1

    def test_the_best_epoch_is_marked_once_the_validation_cost_has_been_higher_for_some_epochs(self) -> None:
        falling = [3.0, 2.0, 1.0, NAN]
        assert CurveState().best(buffer_of(falling)) is None
        assert CurveState().best(buffer_of([*falling, 1.5, 1.0, 1.5, 2.0])) == 2
        assert CurveState(Quantity.METRIC, Metric.R2).best(buffer_of([*falling, *[2.0] * 9])) == 2
        assert CurveState(Quantity.RATE).best(buffer_of([*falling, *[2.0] * 9])) is None


def test_values_are_written_as_people_read_them() -> None:
    assert value_text(Measured(PartName.TEST, Metric.BALANCED_ACCURACY), 0.975) == "97.5 %"
    assert value_text(Measured(PartName.TEST, Metric.ROC_AUC), 0.97512) == "0.9751"
    assert value_text(Measured(PartName.TEST, Metric.ACCURACY), NAN) == "—"
    assert value_text(Single.RATE, 0.001) == "0.001"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_curves_that_are_seen_together_differ_by_colour_and_by_dashes(theme: Theme) -> None:
    together: list[SeriesName] = [*(Measured(part, Metric.COST) for part in PARTS), Single.PENALTY]
    keys = [key_of(name, theme) for name in together]
    assert len({key.colour for key in keys}) == len({key.dash for key in keys}) == len(keys)


def contrast(one: str, other: str) -> float:
    """By the definition of WCAG 2."""

    def luminance(colour: str) -> float:
        shares = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
        linear = np.where(shares <= 0.03928, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("name", [*(Measured(part, Metric.COST) for part in PARTS), *Single, GradientNorm(1)])
def test_every_curve_s_name_can_be_read_on_its_ground(name: SeriesName, theme: Theme) -> None:
    assert contrast(key_of(name, theme).colour, theme.panel) >= 4.5


def test_a_frame_finds_what_stands_at_a_pixel() -> None:
    frame = Frame(QRectF(10, 20, 100, 50), (0, 10), (-1, 1))
    assert frame.x_at(frame.x_pixel(4.0)) == pytest.approx(4.0)
    assert frame.y_pixel(1) == 20
    assert frame.x_at(9) is None


def test_a_legend_says_what_it_has_no_room_for(qtbot: QtBot) -> None:
    legend = Legend(Qt.Orientation.Horizontal)
    qtbot.addWidget(legend)
    legend.show()
    legend.show_keys([Key("training"), Key("validation"), Key("test")], LIGHT)
    legend.resize(legend.sizeHint())
    assert legend.cut == ()
    legend.resize(120, 18)
    assert legend.cut == ("validation", "test")


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """Circles with test rows, a penalty and a schedule."""
    circles = open_sample("circles")
    experiment = replace(
        circles,
        data=structs.replace(circles.data, split=SplitSpec(0.25, 0.15)),
        regularization=RegularizationSpec(l2=0.002),
        optimizer=optimizer("adam", learning_rate=0.1),
        schedule=schedule("cosine", period=20),
        training=TrainingSpec(10, 100),
    )
    path = tmp_path / "rich.nns.json"
    file.save(experiment, path)
    return path


def panel_of(window: MainWindow) -> PlotsPanel:
    panel = window.panels["plots_panel"]
    assert isinstance(panel, PlotsPanel)
    return panel


def trained(window: MainWindow, epochs: int = 30) -> PlotsPanel:
    for _ in range(epochs):
        window.debugger.train(Goal.EPOCH)
    window.context.session.refreshed.emit()
    return panel_of(window)


def choose(panel: PlotsPanel, segment: str, option: str) -> None:
    """Open the menu of a segment and trigger one of its options."""
    buttons = panel._quantities.findChildren(QToolButton)
    menu = next(button for button in buttons if button.text() == segment).menu()
    next(action for action in menu.actions() if action.text() == option).trigger()


class TestWindow:
    def test_the_menu_of_the_second_segment_has_every_metric_of_the_data(self, window: MainWindow) -> None:
        panel = panel_of(window)
        choose(panel, "Accuracy", "ROC AUC")
        assert panel._quantities.current == "ROC AUC"
        assert panel.curve.state.quantity is Quantity.METRIC
        assert panel.curve.state.metric is Metric.ROC_AUC
        assert "chance" in panel._quantities.toolTip()
        drawn = panel.curve.buffer.values(Measured(PartName.TRAINING, Metric.ROC_AUC))
        _x, y = panel.curve._curves[0].getData()
        np.testing.assert_array_equal(y, drawn)

    def test_a_chosen_metric_stays_chosen_for_data_that_have_it(self, window: MainWindow) -> None:
        panel = panel_of(window)
        choose(panel, "Accuracy", "Macro F1")
        window.files.open_sample("sine")
        assert panel._quantities.current == "R²"
        window.files.open_sample("iris")
        assert panel._quantities.current == "Macro F1"

    def test_values_have_their_errors_on_a_logarithmic_scale_if_wished(
        self, open_window: Callable[..., MainWindow]
    ) -> None:
        panel = panel_of(open_window("sine"))
        choose(panel, "R²", "RMSE")
        assert panel._scales.isEnabled()
        assert panel._scales.current == "Log"
        choose(panel, "RMSE", "R²")
        assert not panel._scales.isEnabled()
        assert panel._scales.toolTip().startswith("R² can be 0 or less")

    def test_the_learning_rate_of_a_schedule_is_a_curve(
        self, open_window: Callable[..., MainWindow], rich: Path
    ) -> None:
        panel = trained(open_window(rich))
        choose(panel, "Gradients", "Learning rate")
        assert panel._legend.labels == ("learning rate α",)
        assert panel._scales.current == "Linear"
        rates = panel.curve.buffer.values(Single.RATE)
        assert np.isnan(rates[0])
        assert rates[1] > rates[15] < rates[21]
        assert panel.context.settings.value("plots/quantity", "") == "Learning rate"

    def test_the_down_key_opens_the_menu_of_a_segment(
        self, window: MainWindow, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened: list[bool] = []
        monkeypatch.setattr(QToolButton, "showMenu", lambda _: opened.append(True))
        buttons = panel_of(window)._quantities.findChildren(QToolButton)
        for button in buttons:
            QTest.keyClick(button, Qt.Key.Key_Down)
        assert len(opened) == 2

    def test_test_rows_and_the_penalty_have_curves_of_their_own(
        self, open_window: Callable[..., MainWindow], rich: Path
    ) -> None:
        panel = trained(open_window(rich))
        assert panel._legend.labels[:4] == ("training", "validation", "test", "penalty")
        assert len([curve for curve in panel.curve._curves if curve.isVisible()]) == 4
        QTest.keyClick(panel.curve, Qt.Key.Key_End)
        reading = panel.curve.reading
        assert reading is not None
        assert [entry.name for entry in reading.entries] == ["training", "validation", "test", "penalty"]

    def test_what_the_legend_has_no_room_for_is_called_at_the_end_of_its_curve(
        self, open_window: Callable[..., MainWindow], rich: Path
    ) -> None:
        panel = trained(open_window(rich, (1280, 800)))
        cut = panel._legend.cut
        assert "penalty" in cut
        named = {curve._label for curve in panel.curve._curves if curve.isVisible() and curve._label}
        assert named == set(cut) & {"training", "validation", "test", "penalty"}

    def test_the_best_epoch_is_ringed_and_said(self, open_window: Callable[..., MainWindow], rich: Path) -> None:
        window = open_window(rich)
        panel, history = trained(window, 3), window.context.session.run.history
        lowest = int(np.argmin(history.validation_cost))
        history.forget_from(lowest + 1)
        for epoch in range(lowest + 1, lowest + 8):
            worse = {key: 2 * series[lowest] for key, series in history.measured.items()}
            history.add(EpochRecord(epoch, worse, tuple(norms[lowest] for norms in history.gradient_norms)))
        panel.refresh()
        (x,), (y,) = panel.curve._marks.getData()
        assert x == lowest
        assert 10**y == pytest.approx(history.validation_cost[lowest])
        assert "lowest validation cost" in panel._legend.labels
        panel.curve._epoch = float(lowest)
        panel.curve._show_crosshair()
        assert panel.curve.reading is not None
        assert panel.curve.reading.title == f"epoch {lowest}, lowest validation cost"

    def test_the_table_has_every_series(
        self, open_window: Callable[..., MainWindow], rich: Path, tmp_path: Path
    ) -> None:
        window = open_window(rich)
        assert trained(window, 3).save_plot(tmp_path / "curve.csv")
        rows = list(csv.DictReader((tmp_path / "curve.csv").read_text().splitlines()))
        history = window.context.session.run.history
        assert list(rows[0])[:4] == ["epoch", "training", "validation", "test"]
        for heading, series in (
            ("test ROC AUC", history.of(PartName.TEST, Metric.ROC_AUC)),
            ("training data cost", history.of(PartName.TRAINING, Metric.DATA_COST)),
            ("penalty", history.penalty),
        ):
            assert [float(row[heading]) for row in rows] == series.tolist()
        assert [row["learning rate"] != "" for row in rows] == [False, True, True, True]

    @pytest.mark.parametrize("suffix", ["png", "svg"])
    @pytest.mark.parametrize("quantity", list(Quantity))
    def test_every_quantity_can_be_saved_as_a_picture(
        self, open_window: Callable[..., MainWindow], rich: Path, tmp_path: Path, quantity: Quantity, suffix: str
    ) -> None:
        panel = trained(open_window(rich), 3)
        panel.curve.state.quantity = quantity
        assert panel.save_plot(tmp_path / f"curve.{suffix}")

    def test_the_confusion_matrix_counts_the_test_rows_too(
        self, open_window: Callable[..., MainWindow], rich: Path
    ) -> None:
        window = open_window(rich)
        learned = trained(window, 1).learned
        learned._views.choose("Confusion")
        learned._parts.choose("Test")
        assert learned.picture.chart.matrix.sum() == len(window.context.document.data.test.X)  # type: ignore[attr-defined]
