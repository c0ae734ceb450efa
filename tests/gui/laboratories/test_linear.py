"""The laboratory of linear against non-linear: what the activations are for."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sklearn.linear_model import LinearRegression

from nnstudio.data.preparation import PartName
from nnstudio.experiment.sample_edits import set_noise
from nnstudio.gui.laboratories.linear.state import Way
from nnstudio.gui.laboratories.linear.view import LinearView
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.plots.curve_picture import CurvePicture
from nnstudio.gui.plots.plane_picture import PlanePicture
from nnstudio.gui.theme import DARK, Mode

OpenWindow = Callable[..., MainWindow]


def opened(window: MainWindow) -> LinearView:
    view = window.context.tools.open("linear")
    assert isinstance(view, LinearView)
    return view


def run(qtbot: QtBot, view: LinearView, epochs: int) -> None:
    view.epochs.setValue(epochs)
    qtbot.mouseClick(view.bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not view.comparing.at_work, timeout=60_000)


@pytest.fixture
def circles(qtbot: QtBot, open_window: OpenWindow) -> LinearView:
    """Two circles, which no straight line parts."""
    view = opened(open_window("circles"))
    run(qtbot, view, 100)
    return view


def test_it_invites(open_window: OpenWindow) -> None:
    view = opened(open_window("circles"))
    assert view.pictures.currentIndex() == 0
    assert view.bar.button.property("primary")


def test_what_no_line_parts_needs_a_bend(circles: LinearView) -> None:
    accuracies = {way: circles.state.metrics(way)[PartName.TRAINING] for way in Way}
    assert accuracies[Way.BENT] > 0.95
    assert accuracies[Way.LINEAR] < 0.75
    assert accuracies[Way.SQUARES] < 0.75
    for way, column in circles.columns.items():
        assert isinstance(column.picture, PlanePicture)
        assert column.measured.whole == f"accuracy {100 * accuracies[way]:.1f} %"


def test_the_pictures_are_of_the_networks_that_were_trained(circles: LinearView) -> None:
    data = circles.context.document.data
    for way in Way:
        model = circles.state.model(way)
        assert model is not None
        right = np.mean((model.predict(data.train.X)[:, 0] >= 0.5) == (data.train.Y[:, 0] == 1))
        assert right == pytest.approx(circles.state.metrics(way)[PartName.TRAINING])


def test_the_linear_network_is_shown_as_one_matrix_and_least_squares_as_those_of_scikit_learn(
    circles: LinearView,
) -> None:
    circles.pages.choose("One matrix")
    linear, squares = circles.matrix.formulas
    model = circles.state.model(Way.LINEAR)
    assert model is not None
    W = model.store["W3"] @ model.store["W2"] @ model.store["W1"]
    for value in W.ravel().tolist():
        assert f"{value:.4f}".replace("-", "−") in linear.plain
    assert linear.plain.startswith("W = W³W²W¹ = [")
    train = circles.context.document.data.train
    theirs = LinearRegression().fit(train.X, train.Y)
    numbers = " ".join(f"{value:.4f}".replace("-", "−") for value in theirs.coef_[0])
    assert squares.plain == f"Ŵ = [{numbers}], b̂ = [{theirs.intercept_[0]:.4f}]"
    assert all(not label.pixmap().isNull() for label in circles.matrix.pictures)


def test_one_input_is_fitted_by_a_curve_and_by_a_straight_line(qtbot: QtBot, open_window: OpenWindow) -> None:
    view = opened(open_window("sine"))
    run(qtbot, view, 30)
    for way, column in view.columns.items():
        assert isinstance(column.picture, CurvePicture)
        bends = np.abs(np.diff(column.picture.line_chart.traces[0].y, 2)).max()
        assert bool(bends < 1e-9) is (way is not Way.BENT)


def test_many_inputs_are_too_many_for_a_matrix_to_be_read(qtbot: QtBot, open_window: OpenWindow) -> None:
    view = opened(open_window("wine"))
    run(qtbot, view, 2)
    view.pages.choose("One matrix")
    assert not view.matrix.formulas
    assert view.matrix.heads[0].text() == "The matrices of this network are too large to be read here."


def test_it_says_where_the_matrix_is_of_standardized_columns(qtbot: QtBot, open_window: OpenWindow) -> None:
    view = opened(open_window("diabetes"))
    run(qtbot, view, 2)
    view.pages.choose("One matrix")
    assert view.matrix.formulas
    assert "standardized" in view.matrix.heads[0].text()


def test_other_data_forget_what_was_found(circles: LinearView) -> None:
    document = circles.context.document
    document.apply(set_noise(document.experiment, 0.3))
    assert circles.state.model(Way.BENT) is None
    assert circles.pictures.currentIndex() == 0


def test_it_follows_the_theme(circles: LinearView) -> None:
    circles.context.appearance.set_mode(Mode.DARK)
    for column in circles.columns.values():
        assert column.picture is not None
        assert column.picture.chart.theme is DARK


def test_what_is_under_way_can_be_given_up(qtbot: QtBot, open_window: OpenWindow) -> None:
    view = opened(open_window("circles"))
    view.epochs.setValue(100_000)
    qtbot.mouseClick(view.bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: all(view.state.model(way) is not None for way in Way), timeout=60_000)
    qtbot.mouseClick(view.bar.button, Qt.MouseButton.LeftButton)
    assert not view.comparing.at_work
    assert view.columns[Way.BENT].picture is not None


def test_the_pictures_are_saved_with_how_good_each_is(circles: LinearView, tmp_path: Path) -> None:
    for suffix in ("png", "svg", "csv"):
        assert circles.save_button.save(tmp_path / f"linear.{suffix}")
    lines = (tmp_path / "linear.csv").read_text().splitlines()
    assert lines[0] == "way,training accuracy,validation accuracy"
    assert float(lines[2].split(",")[1]) == circles.state.metrics(Way.LINEAR)[PartName.TRAINING]
