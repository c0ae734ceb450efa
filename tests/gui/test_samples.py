"""The samples: a table of all rows with what the network says, filtered, sorted and walked through."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.data.preparation import PartName
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.plots_panel import PlotsPanel
from nnstudio.gui.plots.confusion_chart import ConfusionChart
from nnstudio.gui.plots.views import View
from nnstudio.gui.samples.state import Field, Listing
from nnstudio.gui.samples.view import SamplesView
from nnstudio.training.places import Place

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def samples(open_window: OpenWindow) -> SamplesView:
    window = open_window("iris")
    window.action("step_batch").trigger()
    view = window.context.tools.open("samples")
    assert isinstance(view, SamplesView)
    return view


def listing(view: SamplesView) -> Listing:
    assert view.listing is not None
    return view.listing


def looked_at(view: SamplesView) -> Place | None:
    study = view.context.shown.study
    return None if study is None else study.place


def test_all_rows_are_listed_with_what_the_network_says(samples: SamplesView) -> None:
    run = samples.context.session.run
    assert samples.model.rowCount() == 150
    part = run.data.validation
    expected = run.model.predict(part.X)
    line = listing(samples).line_of(Place(PartName.VALIDATION, 3))
    assert line is not None
    texts = [str(samples.model.data(samples.model.index(line, field))) for field in Field]
    assert texts[:2] == [str(part.rows[3] + 1), "validation"]
    assert texts[Field.TARGET] == run.data.classes[int(part.Y[3].argmax())]
    assert texts[Field.PREDICTION].removeprefix("✗ ") == run.data.classes[int(expected[3].argmax())]
    assert texts[Field.CONFIDENCE] == f"{100 * expected[3].max():.1f} %"


def test_a_line_that_is_chosen_is_shown_by_itself(samples: SamplesView) -> None:
    line = listing(samples).line_of(Place(PartName.VALIDATION, 3))
    assert line is not None
    samples.table.setFocus()
    samples.table.selectRow(line)
    assert looked_at(samples) == Place(PartName.VALIDATION, 3)
    QTest.keyClick(samples.table, Qt.Key.Key_Down)
    assert samples.table.currentIndex().row() == line + 1


def test_a_click_on_a_heading_sorts(samples: SamplesView, qtbot: QtBot) -> None:
    samples.table.sortByColumn(Field.ERROR, Qt.SortOrder.DescendingOrder)
    errors = listing(samples).found.error[listing(samples).order]
    assert (np.diff(errors) <= 0).all()


def test_mistakes_are_filtered_and_walked_through(samples: SamplesView, qtbot: QtBot) -> None:
    samples.part.setCurrentText("validation rows")
    samples.mistakes.setChecked(True)
    found = listing(samples)
    assert 0 < len(found.order) < 38
    assert found.found.wrong[found.order].all()
    qtbot.mouseClick(samples.steps["first"], Qt.MouseButton.LeftButton)
    assert looked_at(samples) == found.places[0]
    qtbot.mouseClick(samples.steps["next"], Qt.MouseButton.LeftButton)
    assert looked_at(samples) == found.places[1]
    qtbot.mouseClick(samples.steps["last"], Qt.MouseButton.LeftButton)
    assert looked_at(samples) == found.places[-1]
    assert f"of 150 rows · {len(found.order)} wrong" in samples.header.note.text()


def test_the_next_mistake_is_found_round_the_end(samples: SamplesView, qtbot: QtBot) -> None:
    found = listing(samples)
    wrong = np.flatnonzero(found.found.wrong[found.order])
    assert found.next_mistake(-1) == wrong[0]
    assert found.next_mistake(int(wrong[-1])) == wrong[0]
    qtbot.mouseClick(samples.steps["mistake"], Qt.MouseButton.LeftButton)
    assert samples.table.currentIndex().row() in wrong


def test_a_cell_of_the_confusion_matrix_lists_its_rows(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("iris")
    window.action("step_batch").trigger()
    panel = window.panels["plots_panel"]
    assert isinstance(panel, PlotsPanel)
    assert panel.learned.view is View.CONFUSION
    chart = panel.learned.picture.chart
    assert isinstance(chart, ConfusionChart)
    true, predicted = (int(n) for n in np.unravel_index(int(chart.matrix.argmax()), chart.matrix.shape))
    frame, n = chart.frame, len(chart.labels)
    at = frame.topLeft() + (frame.bottomRight() - frame.topLeft()) / n / 2
    at.setX(at.x() + frame.width() / n * predicted)
    at.setY(at.y() + frame.height() / n * true)
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at.toPoint())
    view = window.context.tools.made["samples"].view
    assert isinstance(view, SamplesView)
    assert len(listing(view).order) == chart.matrix[true, predicted]
    assert view.true.key == str(true)
    assert view.predicted.key == str(predicted)


def test_values_are_sorted_by_how_far_they_are_off(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("diabetes")
    view = window.context.tools.open("samples")
    assert isinstance(view, SamplesView)
    assert view.mistakes.isHidden()
    qtbot.mouseClick(view.steps["mistake"], Qt.MouseButton.LeftButton)
    found = listing(view)
    assert view.table.currentIndex().row() == int(np.argmax(found.found.error[found.order]))


def test_it_follows_the_weights(samples: SamplesView) -> None:
    before = listing(samples).found.error.copy()
    samples.context.session.step_batch()
    assert not np.array_equal(listing(samples).found.error, before)


def test_many_rows_are_asked_about_in_the_background(
    samples: SamplesView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnstudio.gui.samples.view._AT_ONCE", 0)
    before = listing(samples)
    samples.context.session.step_batch()
    qtbot.waitUntil(lambda: listing(samples) is not before)
    run = samples.context.session.run
    expected = run.model.predict(run.data.train.X)
    assert listing(samples).found.outputs[0] == pytest.approx(expected[0])
