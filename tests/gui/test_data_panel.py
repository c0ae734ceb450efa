"""The Data panel: sources, columns, noise and split are edits; the sample at hand is read from the machine."""

from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QTableView,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from nnstudio.data.samples import SAMPLES
from nnstudio.data.spec import TargetKind
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import set_columns, set_training
from nnstudio.experiment.roles import Role
from nnstudio.experiment.table_edits import copy_in
from nnstudio.gui.data.summary import name_symbol
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.plots.plane_chart import PlaneChart
from nnstudio.gui.preparing.column_model import Field
from nnstudio.gui.preparing.columns_page import ColumnsPage
from nnstudio.gui.preparing.view import PreparingView

from .conftest import OpenWindow

T = TypeVar("T", bound=QWidget)


def experiment(window: MainWindow) -> Experiment:
    return window.context.document.experiment


def choose(window: MainWindow, name: str, key: str) -> None:
    box = find(window, QComboBox, name)
    box.setCurrentIndex(box.findData(key))


def press(qtbot: QtBot, window: MainWindow, name: str) -> None:
    qtbot.mouseClick(find(window, QPushButton, name), Qt.MouseButton.LeftButton)


def text(window: MainWindow, name: str) -> str:
    return find(window, QLabel, name).text()


def undo_text(window: MainWindow) -> str:
    return window.context.document.undo_stack.undoText()


def note(window: MainWindow) -> str:
    return window.panels["data_panel"].header.note.text()


def test_it_shows_the_data_of_the_document(window: MainWindow) -> None:
    assert note(window) == "160 rows · 2 inputs"
    assert find(window, QComboBox, "source").currentText() == "Two circles"
    assert text(window, "inputs") == "x₁, x₂"
    assert text(window, "target") == "class (0, 1)"


def test_all_samples_are_offered_in_order_and_then_a_file_and_a_drawing(window: MainWindow) -> None:
    box = find(window, QComboBox, "source")
    texts = [box.itemText(row) for row in range(box.count()) if box.itemText(row)]
    assert texts == [*(sample.title for sample in SAMPLES.values()), "Open file…", "Draw points…"]


def test_choosing_a_sample_is_one_edit_and_the_network_fits_it(window: MainWindow) -> None:
    choose(window, "source", "sample:iris")
    assert undo_text(window) == "Data: Iris flowers"
    assert window.context.document.undo_stack.count() == 1
    assert note(window) == "150 rows · 4 inputs"
    assert experiment(window).network.layers[-1].units == 3
    assert text(window, "target") == "species · 3 classes"
    window.context.document.undo_stack.undo()
    assert find(window, QComboBox, "source").currentText() == "Two circles"
    assert window.context.document.undo_stack.count() == 1


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_can_be_chosen(window: MainWindow, name: str) -> None:
    choose(window, "source", f"sample:{name}")
    assert experiment(window).data == SAMPLES[name].data


def test_open_file_asks_the_window_and_changes_nothing(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.panels["data_panel"]
    panel.open_requested.disconnect()
    with qtbot.waitSignal(panel.open_requested):
        choose(window, "source", "open")
    assert find(window, QComboBox, "source").currentText() == "Two circles"
    with qtbot.waitSignal(panel.open_requested):
        press(qtbot, window, "open_button")


def test_a_file_is_shown_by_its_name(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window(_table(tmp_path))
    assert find(window, QComboBox, "source").currentText() == "plants.csv"
    choose(window, "source", "sample:xor")
    assert find(window, QComboBox, "source").currentText() == "Logical XOR"


def test_dragging_the_noise_shows_the_new_points_on_the_way_and_is_one_step_to_undo(
    window: MainWindow, qtbot: QtBot
) -> None:
    slider, stack = find(window, QSlider, "noise"), window.context.document.undo_stack
    assert slider.value() == 12
    chart = window.findChild(PlaneChart, "plane_chart")
    before = chart.places.copy()
    slider.setSliderDown(True)
    slider.setValue(20)
    qtbot.waitUntil(lambda: undo_text(window) == "Noise: 0.2")
    assert not np.array_equal(chart.places, before)
    slider.setValue(30)
    qtbot.waitUntil(lambda: undo_text(window) == "Noise: 0.3")
    slider.setValue(31)
    slider.setSliderDown(False)
    assert undo_text(window) == "Noise: 0.31"
    assert stack.count() == 1
    stack.undo()
    assert np.array_equal(chart.places, before)
    assert slider.value() == 12


def test_a_drag_that_comes_back_to_where_it_began_is_nothing_to_undo(window: MainWindow, qtbot: QtBot) -> None:
    slider, stack = find(window, QSlider, "noise"), window.context.document.undo_stack
    slider.setValue(13)
    qtbot.waitUntil(lambda: stack.count() == 1)
    slider.setSliderDown(True)
    for value in (20, 13):
        slider.setValue(value)
        qtbot.waitUntil(lambda value=value: experiment(window).data.source.noise == value / 100)
    slider.setSliderDown(False)
    assert stack.count() == 1
    assert undo_text(window) == "Noise: 0.13"


def test_a_slider_that_keys_have_just_moved_is_forgotten_when_other_data_come(window: MainWindow, qtbot: QtBot) -> None:
    slider, document = find(window, QSlider, "noise"), window.context.document
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    document.apply(copy_in(document.experiment, document.dataset))
    assert not slider.isVisible()
    assert undo_text(window) == "Copy the data into the experiment"
    slider.clearFocus()
    assert document.undo_stack.count() == 1


def test_two_drags_are_two_steps(window: MainWindow) -> None:
    slider = find(window, QSlider, "noise")
    for value in (20, 30):
        slider.setSliderDown(True)
        slider.setValue(value)
        slider.setSliderDown(False)
    assert window.context.document.undo_stack.count() == 2


def test_training_goes_on_with_the_new_points_while_a_slider_is_dragged(window: MainWindow, qtbot: QtBot) -> None:
    session, slider = window.context.session, find(window, QSlider, "noise")
    session.train()
    slider.setSliderDown(True)
    slider.setValue(25)
    qtbot.waitUntil(lambda: undo_text(window) == "Noise: 0.25")
    assert not session.paused
    slider.setSliderDown(False)
    session.take()
    assert session.run.dataset is window.context.document.dataset


def test_what_a_sample_can_be_asked_for_is_offered_and_nothing_else(window: MainWindow) -> None:
    shown = {
        "circles": {"noise", "balance", "sample_seed"},
        "spirals": {"noise", "turns", "balance", "sample_seed"},
        "sine": {"noise", "turns", "sample_seed"},
        "averages": set(),
    }
    for name, settings in shown.items():
        choose(window, "source", f"sample:{name}")
        controls = ("noise", "turns", "balance", "sample_seed")
        assert {control for control in controls if find(window, QWidget, control).isVisible()} == settings


def test_turns_balance_seed_and_rows_are_dragged_or_typed(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, "source", "sample:spirals")
    for name, step, label in (
        ("turns", 300, "Turns: 3"),
        ("balance", 15, "Class balance: 20 %"),
        ("rows_slider", 50, "Rows: 140"),
    ):
        slider = find(window, QSlider, name)
        slider.setSliderDown(True)
        slider.setValue(step)
        slider.setSliderDown(False)
        assert undo_text(window) == label
    assert find(window, QSpinBox, "rows").value() == 140
    assert window.context.document.dataset.column("class").values.sum() == 28
    seed = find(window, QLineEdit, "sample_seed")
    seed.setText("7")
    qtbot.keyClick(seed, Qt.Key.Key_Return)
    assert undo_text(window) == "Seed of the data: 7"
    qtbot.mouseClick(find(window, QToolButton, "new_sample_seed"), Qt.MouseButton.LeftButton)
    assert experiment(window).data.source.seed != 7


def test_keys_move_a_slider_and_are_entered_together(window: MainWindow, qtbot: QtBot) -> None:
    slider = find(window, QSlider, "validation")
    slider.setFocus()
    for _ in range(5):
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: window.context.document.undo_stack.count() == 1)
    assert undo_text(window) == "Validation: 30 %"
    assert len(window.context.document.data.validation.X) == 48


def test_rows_can_be_kept_for_a_last_judgement(window: MainWindow, qtbot: QtBot) -> None:
    slider = find(window, QSlider, "test")
    slider.setSliderDown(True)
    slider.setValue(10)
    slider.setSliderDown(False)
    assert undo_text(window) == "Test: 10 %"
    assert len(window.context.document.data.test.X) == 16
    assert "16 test" in find(window, QSlider, "validation").parentWidget().toolTip()


def test_rows_and_noise_are_offered_only_where_data_are_drawn(window: MainWindow, qtbot: QtBot) -> None:
    rows = find(window, QSpinBox, "rows")
    rows.setValue(400)
    assert note(window) == "400 rows · 2 inputs"
    choose(window, "source", "sample:iris")
    assert not rows.isVisible()
    assert not find(window, QSlider, "noise").isVisible()
    choose(window, "source", "sample:averages")
    assert rows.isVisible()
    assert not find(window, QSlider, "noise").isVisible()


def test_standardizing_targets_is_for_values_alone(window: MainWindow) -> None:
    choose(window, "source", "sample:iris")
    box = find(window, QComboBox, "standardize")
    assert box.currentText() == "inputs"
    model: QAbstractItemModel = box.model()
    both = model.index(box.findData("inputs targets"), 0)
    assert not model.flags(both) & Qt.ItemFlag.ItemIsEnabled
    assert "classes" in both.data(Qt.ItemDataRole.ToolTipRole)
    choose(window, "source", "sample:diabetes")
    assert box.currentText() == "inputs and targets"
    choose(window, "standardize", "off")
    assert undo_text(window) == "Standardize: off"
    assert not experiment(window).data.standardize_targets


def test_columns_that_are_selected_together_get_a_role_as_one_edit(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, "source", "sample:iris")
    page = _open_columns(qtbot, window)
    page.table.clearSelection()
    for row in (0, 1):
        page.table.selectionModel().select(page.model.index(row, Field.ROLE), QItemSelectionModel.SelectionFlag.Select)
    page.model.setData(page.model.index(1, Field.ROLE), Role.IGNORED.value)
    assert experiment(window).data.inputs == ("petal length (cm)", "petal width (cm)")
    assert undo_text(window) == "2 columns: left out"
    assert note(window) == "150 rows · 2 inputs"


def test_a_column_of_numbers_becomes_the_target_and_no_input(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, "source", "sample:iris")
    page = _open_columns(qtbot, window)
    page.model.setData(page.model.index(3, Field.ROLE), Role.TARGET.value)
    assert experiment(window).data.targets == ("petal width (cm)",)
    assert "petal width (cm)" not in experiment(window).data.inputs
    assert experiment(window).network.layers[-1].units == 1
    assert text(window, "target") == "petal width (cm)"


def test_the_last_input_stays_and_the_reason_is_said(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, "source", "sample:sine")
    page = _open_columns(qtbot, window)
    page.model.setData(page.model.index(0, Field.ROLE), Role.IGNORED.value)
    assert "is the last input" in page.problem.text()
    assert window.context.document.undo_stack.count() == 1


def test_numbers_are_read_as_classes_where_that_is_chosen(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, "source", "sample:sine")
    _open_columns(qtbot, window)
    choose(window, "target_kind", TargetKind.CLASSES)
    assert experiment(window).data.target_kind is TargetKind.CLASSES
    assert len(window.context.document.data.classes) == 120


def test_a_column_among_many_is_found_by_its_name(window: MainWindow, qtbot: QtBot) -> None:
    page = _open_columns(qtbot, window)
    assert page.sought.isHidden()
    choose(window, "source", "sample:digits")
    assert page.sought.isVisible()
    page.sought.setText("P07")
    shown = [page.model.column(row).name for row in range(page.model.rowCount()) if not page.table.isRowHidden(row)]
    assert shown == ["p07"]
    page.sought.clear()
    assert not page.table.isRowHidden(0)


def test_the_inputs_can_be_made_the_targets_and_the_network_becomes_an_autoencoder(
    window: MainWindow, qtbot: QtBot
) -> None:
    choose(window, "source", "sample:iris")
    _open_columns(qtbot, window)
    choose(window, "target_kind", TargetKind.INPUTS)
    assert undo_text(window) == "Targets: the inputs themselves"
    assert text(window, "target") == "the inputs themselves"
    network = experiment(window).network
    assert (network.layers[-1].units, network.layers[-1].activation) == (4, "identity")
    assert experiment(window).cost == "half_mse"
    both = find(window, QComboBox, "standardize").model().index(2, 0)
    assert both.data(Qt.ItemDataRole.ToolTipRole) == "the targets are the inputs, and are standardized as they are"
    session = window.context.session
    session.step_over()
    assert np.array_equal(session.machine.value("Y"), session.machine.value("X"))
    window.context.document.undo_stack.undo()
    assert text(window, "target") == "species · 3 classes"


def test_the_column_that_was_the_target_comes_back_after_an_autoencoder(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, "source", "sample:iris")
    page = _open_columns(qtbot, window)
    for kind in (TargetKind.INPUTS, TargetKind.AUTO):
        choose(window, "target_kind", kind)
    assert experiment(window).data.targets == ("species",)
    assert len(experiment(window).data.inputs) == 4
    assert page.problem.isHidden()


def test_the_table_says_that_the_inputs_of_an_autoencoder_are_its_targets(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window("digits_autoencoder")
    press(qtbot, window, "table_button")
    model = find(window, QDialog, "table_window").findChild(QTableView, "table").model()
    heads = [model.headerData(column, Qt.Orientation.Horizontal) for column in (1, 65)]
    assert heads == ["p00\ninput and target", "digit\nleft out"]


def test_the_table_shows_every_cell_and_the_part_of_each_row(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, "source", "sample:iris")
    press(qtbot, window, "table_button")
    table = find(window, QDialog, "table_window")
    assert not table.isModal()
    model = table.findChild(QTableView, "table").model()
    assert model.rowCount() == 150
    parts = [model.index(row, 0).data() for row in range(150)]
    assert parts.count("validation") == len(window.context.document.data.validation.rows)
    header = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert header[1] == "sepal length (cm)\ninput"
    assert header[5] == "species\ntarget"
    assert model.index(0, 1).data() == "5.1"
    assert model.index(0, 5).data() == "setosa"
    assert model.headerData(0, Qt.Orientation.Vertical) == "1"
    assert "Fisher" in " ".join(label.text() for label in table.findChildren(QLabel))
    assert "CC BY 4.0" in " ".join(label.text() for label in table.findChildren(QLabel))


def test_the_open_table_follows_the_document(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "table_button")
    model = find(window, QDialog, "table_window").findChild(QTableView, "table").model()
    choose(window, "source", "sample:averages")
    assert model.rowCount() == 3
    assert [model.index(row, 3).data() for row in range(3)] == ["0.2", "0.0", "−0.3"]


def test_the_table_marks_what_is_wrong_with_a_column(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(_table(tmp_path))
    document = window.context.document
    assert document.apply(set_columns(document.experiment, ("height",), ("kind",)))
    press(qtbot, window, "table_button")
    model = find(window, QDialog, "table_window").findChild(QTableView, "table").model()
    heads = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    gappy = heads.index("gappy\n⚠ problem")
    assert "row 2" in model.headerData(gappy, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert model.index(1, gappy).data() == "missing"


def test_a_cell_that_is_filled_with_no_number_is_not_called_missing(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "ages.csv"
    path.write_text("age,size,kind\n1,1,a\n,2,b\nabt 30,3,a\n4,4,b\n")
    window = open_window(path)
    press(qtbot, window, "table_button")
    model = find(window, QDialog, "table_window").findChild(QTableView, "table").model()
    assert [model.index(row, 1).data() for row in range(4)] == ["1", "missing", "no number", "4"]


def test_before_the_first_mini_batch_there_is_no_sample(open_window: OpenWindow) -> None:
    window = open_window("averages")
    assert "F10" in text(window, "sample_inputs")
    assert text(window, "sample_prediction") == "—"
    assert not find(window, QToolButton, "next_sample").isEnabled()


def test_the_first_prediction_of_the_averages_differs_by_0_3(open_window: OpenWindow) -> None:
    window = open_window("averages")
    session = window.context.session
    session.step_over()
    assert text(window, "sample_inputs") == "x = (0.1, 0.3)"
    assert text(window, "sample_position") == "1 of 3"
    assert text(window, "sample_target") == "0.2000"
    assert text(window, "sample_prediction") == "—", "the forward phase has yet to compute it"
    while session.machine.op.phase.value == "forward":
        session.step_over()
    assert text(window, "sample_prediction") == "−0.1000"
    assert text(window, "sample_difference") == "0.3000"


def test_the_buttons_walk_over_the_rows_of_the_mini_batch(window: MainWindow, qtbot: QtBot) -> None:
    back, on = find(window, QToolButton, "previous_sample"), find(window, QToolButton, "next_sample")
    assert not back.isEnabled()
    assert "first" in back.toolTip()
    positions = [text(window, "sample_position")]
    for _ in range(9):
        qtbot.mouseClick(on, Qt.MouseButton.LeftButton)
        positions.append(text(window, "sample_position"))
    rows = window.context.session.machine.rows
    assert positions == [f"{row + 1} of 160" for row in rows]
    assert window.context.selection.chosen.sample == 9
    assert not on.isEnabled()
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert window.context.selection.chosen.sample == 8


def test_a_class_is_predicted_by_name_with_its_probability(open_window: OpenWindow) -> None:
    window = open_window("iris")
    session = window.context.session
    session.step_batch()
    place = window.context.selection.chosen.sample
    outputs = session.machine.value(session.run.model.output)[place]
    classes = window.context.document.data.classes
    expected = f"{classes[outputs.argmax()]} · {100 * outputs.max():.1f} %"
    prediction = window.panels["data_panel"].sample._values["prediction"]
    assert prediction.whole == expected
    assert text(window, "sample_target") in classes


def test_inputs_are_shown_in_the_units_of_the_table(open_window: OpenWindow) -> None:
    window = open_window("iris")
    session = window.context.session
    session.step_over()
    row = session.machine.rows[0]
    values = [column.values[row] for column in window.context.document.dataset.columns[:4]]
    assert text(window, "sample_inputs") == f"x = ({', '.join(f'{value:g}' for value in values)})"


def test_a_zero_stays_a_zero_in_the_units_of_the_table(open_window: OpenWindow) -> None:
    window = open_window("digits")
    window.context.session.step_over()
    assert "e−" not in find(window, QLabel, "sample_inputs").toolTip()


def test_many_inputs_are_abridged(open_window: OpenWindow) -> None:
    window = open_window("digits")
    window.context.session.step_over()
    assert text(window, "sample_inputs").endswith(", …)")
    assert "and 40 more" in find(window, QLabel, "sample_inputs").toolTip()


def test_a_smaller_mini_batch_still_has_a_sample(window: MainWindow, qtbot: QtBot) -> None:
    window.context.selection.choose_sample(9)
    window.context.document.apply(set_training(experiment(window), batch_size=4))
    window.context.session.step_over()
    assert text(window, "sample_position").endswith("of 160")
    assert not find(window, QToolButton, "next_sample").isEnabled()


def test_notes_of_the_data_are_shown(window: MainWindow) -> None:
    assert not find(window, QLabel, "data_notes").isVisible()
    choose(window, "source", "sample:digits")
    assert find(window, QLabel, "data_notes").text().startswith("Note: input 'p00' is 0")


def test_numbers_that_may_be_classes_are_made_classes_by_a_click_and_values_again_by_undo(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "wine.csv"
    path.write_text("acid,quality\n" + "".join(f"{n % 11 / 7:.3f},{n % 5 + 4}\n" for n in range(80)))
    window = open_window(path)
    document = window.context.document
    assert text(window, "data_notes").startswith("Note: 'quality' holds whole numbers, 4 … 8")
    press(qtbot, window, "make_classes")
    assert document.data.classes == tuple("45678")
    assert (experiment(window).network.layers[-1].units, experiment(window).cost) == (5, "cross_entropy")
    assert not find(window, QPushButton, "make_classes").isVisible()
    document.undo_stack.undo()
    assert (document.data.task, experiment(window).network.layers[-1].units) == ("values", 1)
    press(qtbot, window, "keep_values")
    assert (document.data.task, document.data.notes) == ("values", ())
    assert not find(window, QPushButton, "keep_values").isVisible()


def test_names_with_a_number_are_symbols() -> None:
    assert [name_symbol(name) for name in ("x1", "x_2", "p07", "age", "ab1")] == ["x₁", "x₂", "p₀₇", "age", "ab1"]
    derived = ("x1²", "x1·x2", "sin x1", "kind=a1")
    assert [name_symbol(name) for name in derived] == ["x₁²", "x₁·x₂", "sin x₁", "kind=a1"]


def _table(folder: Path) -> Path:
    path = folder / "plants.csv"
    rows = ["height,gappy,kind", "1.5,2,moss", "2.5,,fern", "3.5,4,moss", "4.5,5,fern", "5.0,5,fern"]
    path.write_text("\n".join(rows) + "\n")
    return path


def _open_columns(qtbot: QtBot, window: MainWindow) -> ColumnsPage:
    """The page of the columns, as the link in the panel opens it."""
    press(qtbot, window, "columns_button")
    view = window.context.tools.made["preparing"].view
    assert isinstance(view, PreparingView)
    assert view.columns.isVisible()
    return view.columns


def find(window: MainWindow, kind: type[T], name: str) -> T:
    found = window.findChild(kind, name)
    assert found is not None, name
    return found
