"""An autoencoder of images is seen by its images: each above what the network makes of it."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.plots.exports import Plot
from nnstudio.gui.plots.image_chart import Grid, ImageChart
from nnstudio.gui.plots.image_picture import ImagePicture
from nnstudio.gui.plots.learned_view import LearnedView
from nnstudio.gui.plots.views import Subject, View
from nnstudio.training.debugger import Goal
from nnstudio.training.run import build

from .conftest import OpenWindow


@pytest.fixture
def digits(open_window: OpenWindow) -> MainWindow:
    return open_window("digits_autoencoder")


def learned(window: MainWindow) -> LearnedView:
    view: LearnedView = window.panels["plots_panel"].learned
    return view


def chart(window: MainWindow) -> ImageChart:
    picture = learned(window).picture
    assert isinstance(picture, ImagePicture)
    return picture.image_chart


def test_images_come_first_and_predictions_can_be_seen_too(digits: MainWindow) -> None:
    subject = learned(digits).subject
    assert subject is not None
    assert subject.views == (View.IMAGES, View.PREDICTIONS)
    assert learned(digits).view is View.IMAGES


def test_other_data_are_not_seen_as_images(open_window: OpenWindow) -> None:
    window = open_window("digits")
    assert View.IMAGES not in Subject(window.context.document.data).views


def test_each_image_is_shown_above_what_the_network_makes_of_it(digits: MainWindow) -> None:
    session = digits.context.session
    session.debugger.train(Goal.EPOCH)
    session.refreshed.emit()
    data, images = digits.context.document.data, chart(digits)
    assert 8 <= images.shown < len(images.inputs)
    rows = learned(digits).subject.train
    X = rows.X[: len(images.inputs)]
    assert np.array_equal(images.inputs * 16, X.reshape(-1, 8, 8))
    expected = session.run.model.predict(X)
    np.testing.assert_allclose(images.outputs * 16, expected.reshape(-1, 8, 8))
    at = images.frame.topLeft() + images.grid.place(1) + QPointF(2, 2)
    error = np.abs(expected[1] - X[1]).mean()
    row = data.train.rows[rows.chosen[1]] + 1
    assert images.tip(at) == f"Row {row}\npixels off by {error:.3g} on average"


def test_they_follow_the_training_and_the_part(digits: MainWindow) -> None:
    session = digits.context.session
    before = chart(digits).outputs.copy()
    session.step_batch()
    assert not np.array_equal(chart(digits).outputs, before)
    learned(digits)._parts.choose("Validation")
    X = learned(digits).subject.validation.X[:1]
    assert np.array_equal(chart(digits).inputs[0].ravel() * 16, X[0])


def test_a_pixel_has_the_colour_of_its_brightness(digits: MainWindow) -> None:
    images = chart(digits)
    picture = images.grab().toImage()
    ratio = picture.width() / images.width()
    theme, side = images.theme, images.grid.side
    for row, column in ((0, 0), (3, 3), (4, 2)):
        area = QRectF(images.frame.topLeft() + images.grid.place(0), images.frame.size())
        at = area.topLeft() + QPointF((column + 0.5) * side / 8, (row + 0.5) * side / 8)
        share = images.inputs[0][row, column]
        found = QColor(picture.pixel(int(at.x() * ratio), int(at.y() * ratio)))
        field, ink = QColor(theme.field), QColor(theme.text)
        assert found.red() == pytest.approx(field.red() + share * (ink.red() - field.red()), abs=1.5)


@pytest.mark.parametrize(("width", "height"), [(150, 120), (260, 130), (400, 300), (900, 600)])
def test_as_many_fit_as_can_be_seen(width: int, height: int) -> None:
    grid = Grid.within(width, height, 8)
    assert grid.side % 8 == 0
    last = grid.place(grid.count - 1)
    assert last.x() + grid.side <= width
    assert last.y() + 2 * grid.side <= height
    assert grid.count >= min(8, width // 24 * (height // 52))


def test_a_network_that_has_come_to_nan_shows_empty_images(digits: MainWindow) -> None:
    digits.context.session.run.model.store["b4"].fill(np.nan)
    digits.context.session.refreshed.emit()
    images = chart(digits)
    images.grab()
    assert np.isnan(images.outputs).all()


def test_they_are_saved_with_all_pixels(digits: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "images.csv"
    digits.panels["plots_panel"].save_plot(path, Plot.LEARNED)
    lines = path.read_text().splitlines()
    assert lines[0].startswith("row,p00,p01")
    assert lines[0].endswith("predicted p77")
    assert len(lines) == 1 + len(chart(digits).inputs)
    picture = tmp_path / "images.png"
    digits.panels["plots_panel"].save_plot(picture, Plot.LEARNED)
    assert picture.stat().st_size > 1000


def test_inputs_that_make_no_square_are_not_images(open_window: OpenWindow) -> None:
    from nnstudio.data.spec import TargetKind
    from nnstudio.experiment import edits

    window = open_window("iris")
    document = window.context.document
    document.apply(edits.set_columns(document.experiment, (), (), TargetKind.INPUTS))
    assert document.data.autoencoder
    assert View.IMAGES not in Subject(document.data).views
    assert build(document.experiment).data.autoencoder
