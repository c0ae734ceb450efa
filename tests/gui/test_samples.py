"""The samples: a table of all rows with what the network says, filtered, sorted and walked through."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from nnstudio.data.preparation import PartName
from nnstudio.gui.canvas import target as targets
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.canvas_panel import CanvasPanel
from nnstudio.gui.panels.plots_panel import PlotsPanel
from nnstudio.gui.plots.confusion_chart import ConfusionChart
from nnstudio.gui.plots.point_chart import PointChart
from nnstudio.gui.plots.views import View
from nnstudio.gui.samples.state import Field, Listing, Step
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


def press(window: MainWindow, keys: str) -> None:
    combination = QKeySequence(keys)[0]
    QTest.keyClick(window, combination.key(), combination.keyboardModifiers())


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
    qtbot.mouseClick(samples.steps[Step.FIRST], Qt.MouseButton.LeftButton)
    assert looked_at(samples) == found.places[0]
    qtbot.mouseClick(samples.steps[Step.NEXT], Qt.MouseButton.LeftButton)
    assert looked_at(samples) == found.places[1]
    qtbot.mouseClick(samples.steps[Step.LAST], Qt.MouseButton.LeftButton)
    assert looked_at(samples) == found.places[-1]
    assert f"of 150 rows · {len(found.order)} wrong" in samples.header.note.text()


def test_the_next_mistake_is_found_round_the_end(samples: SamplesView, qtbot: QtBot) -> None:
    found = listing(samples)
    wrong = np.flatnonzero(found.found.wrong[found.order])
    assert found.next_mistake(-1) == wrong[0]
    assert found.next_mistake(int(wrong[-1])) == wrong[0]
    qtbot.mouseClick(samples.steps[Step.MISTAKE], Qt.MouseButton.LeftButton)
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
    found = listing(view)
    assert (found.found.true[found.order] == true).all()
    assert (found.found.predicted[found.order] == predicted).all()
    for keys, line in (("Alt+Shift+Home", 0), ("Alt+PgDown", 1), ("Alt+Shift+End", -1)):
        press(window, keys)
        assert window.context.shown.place == found.places[line]
    assert view.true.key == str(true)
    assert view.predicted.key == str(predicted)


def test_a_point_a_line_of_the_table_and_a_neuron_show_the_same_sample(open_window: OpenWindow) -> None:
    window = open_window("circles")
    window.action("step_batch").trigger()
    view = window.context.tools.open("samples")
    plots, canvas = window.panels["plots_panel"], window.panels["canvas_panel"]
    assert isinstance(view, SamplesView)
    assert isinstance(plots, PlotsPanel)
    assert isinstance(canvas, CanvasPanel)
    chart, run, shown = plots.learned.picture.chart, window.context.session.run, window.context.shown
    assert isinstance(chart, PointChart)

    def agrees(place: Place) -> None:
        """Every panel shows this row, and the formula and the drawing have its numbers."""
        assert shown.place == place
        assert view.table.currentIndex().row() == listing(view).line_of(place)
        x, expected = run.data.train.X[place.row], run.model.predict(run.data.train.X[place.row : place.row + 1])[0]
        assert chart.ring == pytest.approx(run.data.original_inputs(x))
        assert canvas._reading is not None
        assert canvas._reading.neurons[-1].outputs == pytest.approx(expected, abs=1e-12)
        assert window.context.selection.chosen.index in (None, (shown.sample, 0))

    at = {row: chart.to_pixel(*place) for row, place in zip(chart.rows.tolist(), chart.places.tolist(), strict=True)}
    apart = [row for row, place in at.items() if chart.row_at(place) == row]
    outside = [row for row in apart if row not in run.machine.batches.rows]
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at[outside[0]].toPoint())
    agrees(Place(PartName.TRAINING, outside[0]))
    neuron = canvas.view.place_of(targets.neuron(1, 0))
    assert neuron is not None
    QTest.mouseClick(canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=neuron)
    agrees(Place(PartName.TRAINING, outside[0]))
    line = listing(view).line_of(Place(PartName.TRAINING, outside[1]))
    assert line is not None
    view.table.selectRow(line)
    agrees(Place(PartName.TRAINING, outside[1]))


def test_the_keys_walk_through_the_mini_batch_and_through_all_rows(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("iris")
    window.action("step_batch").trigger()
    shown, run = window.context.shown, window.context.session.run
    batch = run.machine.batches.rows.tolist()
    for keys, row in (("Alt+PgDown", 1), ("Alt+PgDown", 2), ("Alt+PgUp", 1)):
        press(window, keys)
        assert shown.place == Place(PartName.TRAINING, batch[row])
    press(window, "Alt+Shift+End")
    assert shown.place == Place(PartName.VALIDATION, len(run.data.validation.X) - 1)
    press(window, "Alt+PgUp")
    assert shown.place == Place(PartName.VALIDATION, len(run.data.validation.X) - 2)
    press(window, "Alt+Shift+Right")
    place = shown.place
    assert place is not None
    part = run.data.part(place.part)
    assert run.model.predict(part.X[place.row : place.row + 1])[0].argmax() != part.Y[place.row].argmax()
    places = set()
    for _ in range(20):
        press(window, "Alt+Shift+Down")
        places.add(shown.place)
    assert len(places) > 5


def test_with_the_table_in_sight_the_keys_walk_over_its_lines(samples: SamplesView) -> None:
    window = samples.window()
    assert isinstance(window, MainWindow)
    samples.part.setCurrentText("validation rows")
    samples.table.sortByColumn(Field.ERROR, Qt.SortOrder.DescendingOrder)
    found = listing(samples)
    lines = {"Alt+Shift+Home": 0, "Alt+PgDown": 1, "Alt+Shift+Right": found.next_mistake(1), "Alt+Shift+End": -1}
    for keys, line in lines.items():
        press(window, keys)
        assert line is not None
        assert looked_at(samples) == found.places[line]


def test_each_step_shows_its_key_in_the_menu_and_beside_the_table(samples: SamplesView) -> None:
    window = samples.window()
    assert isinstance(window, MainWindow)
    for step in Step:
        action = window.action(f"sample_{step}")
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        assert key
        assert f"({key})" in action.toolTip()
        assert f"({key})" in samples.steps[step].toolTip()
    walk = next(menu for menu in window.menuBar().findChildren(QMenu) if menu.title() == "Walk through the samples")
    assert [action.objectName() for action in walk.actions()] == [f"sample_{step}" for step in Step]


def test_values_are_sorted_by_how_far_they_are_off(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("diabetes")
    view = window.context.tools.open("samples")
    assert isinstance(view, SamplesView)
    assert view.mistakes.isHidden()
    qtbot.mouseClick(view.steps[Step.MISTAKE], Qt.MouseButton.LeftButton)
    found = listing(view)
    assert view.table.currentIndex().row() == int(np.argmax(found.found.error[found.order]))


def test_it_follows_the_weights(samples: SamplesView) -> None:
    before = listing(samples).found.error.copy()
    samples.context.session.step_batch()
    assert not np.array_equal(listing(samples).found.error, before)


def test_many_rows_are_asked_about_in_the_background(
    samples: SamplesView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnstudio.gui.asking._AT_ONCE", 0)
    before = listing(samples)
    samples.context.session.step_batch()
    qtbot.waitUntil(lambda: listing(samples) is not before)
    run = samples.context.session.run
    expected = run.model.predict(run.data.train.X)
    assert listing(samples).found.outputs[0] == pytest.approx(expected[0])
