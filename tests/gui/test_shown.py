"""Any row of the data, shown by itself: in the drawing, the inspector, the explanation and the sample block."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from nnstudio.data.preparation import PartName
from nnstudio.experiment.edits import add_layer
from nnstudio.explain.numbers import fixed
from nnstudio.gui.data.table_window import TableWindow
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.canvas_panel import CanvasPanel
from nnstudio.gui.panels.data_panel import DataPanel
from nnstudio.gui.panels.explanation_panel import ExplanationPanel
from nnstudio.gui.panels.inspector_panel import InspectorPanel
from nnstudio.gui.panels.plots_panel import PlotsPanel
from nnstudio.training.places import Place

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def stepped(open_window: OpenWindow) -> MainWindow:
    """On the iris flowers, a few operations into the first mini-batch."""
    window = open_window("iris")
    for _ in range(4):
        window.action("step_over").trigger()
    return window


def data_panel(window: MainWindow) -> DataPanel:
    panel = window.panels["data_panel"]
    assert isinstance(panel, DataPanel)
    return panel


def outside(window: MainWindow) -> Place:
    """A training row that is not in the mini-batch at hand."""
    machine = window.context.session.machine
    rows = machine.batches.rows.tolist()
    return Place(PartName.TRAINING, next(row for row in range(len(machine.X)) if row not in rows))


def test_a_validation_row_is_shown_by_itself(stepped: MainWindow) -> None:
    context = stepped.context
    place = Place(PartName.VALIDATION, 7)
    assert context.shown.look_at(place)
    run = context.session.run
    expected = run.model.predict(run.data.validation.X[7:8])[0]
    block = data_panel(stepped).sample
    assert "validation" in block.position.text()
    winner = int(expected.argmax())
    assert block._values["prediction"].whole == f"{run.data.classes[winner]} · {100 * expected[winner]:.1f} %"
    canvas = stepped.panels["canvas_panel"]
    assert isinstance(canvas, CanvasPanel)
    assert canvas._reading is not None
    assert canvas._reading.neurons[-1].outputs == pytest.approx(expected, abs=1e-12)


def test_the_inspector_and_the_explanation_show_its_numbers(stepped: MainWindow) -> None:
    context = stepped.context
    context.selection.choose("A2", (2, 0))
    assert context.shown.look_at(Place(PartName.VALIDATION, 0))
    run = context.session.run
    expected = float(run.model.predict(run.data.validation.X[:1])[0, 0])
    inspector = stepped.panels["inspector_panel"]
    assert isinstance(inspector, InspectorPanel)
    assert inspector.model.block.rows == 1
    assert inspector.model.data(inspector.model.index(0, 0)) == fixed(expected, context.settings.decimals)
    explanation = stepped.panels["explanation_panel"]
    assert isinstance(explanation, ExplanationPanel)
    told = explanation.sections[0].explanation
    assert told is not None
    assert fixed(expected, context.settings.decimals) in " ".join(formula.plain for formula in told.formulas)


def test_a_row_of_the_mini_batch_becomes_its_chosen_sample(stepped: MainWindow) -> None:
    context = stepped.context
    rows = context.session.machine.batches.rows.tolist()
    assert context.shown.look_at(Place(PartName.TRAINING, rows[3]))
    assert context.shown.study is None
    assert context.selection.chosen.sample == 3


def test_the_buttons_walk_through_the_data_and_back_to_the_mini_batch(stepped: MainWindow, qtbot: QtBot) -> None:
    context, block = stepped.context, data_panel(stepped).sample
    context.selection.choose_sample(4)
    assert context.shown.look_at(Place(PartName.VALIDATION, 0))
    qtbot.mouseClick(block.next, Qt.MouseButton.LeftButton)
    assert context.shown.study is not None
    assert context.shown.study.place == Place(PartName.VALIDATION, 1)
    qtbot.mouseClick(block.back, Qt.MouseButton.LeftButton)
    assert context.shown.study is None
    assert context.selection.chosen.sample == 4
    assert block.back.isHidden()


def test_the_run_does_not_notice(stepped: MainWindow) -> None:
    context = stepped.context
    machine = context.session.machine
    before = (machine.pc, machine.iterations, machine.value("Z1").tobytes(), machine.value("dW1").tobytes())
    for row in range(5):
        context.shown.look_at(Place(PartName.VALIDATION, row))
    assert (machine.pc, machine.iterations, machine.value("Z1").tobytes(), machine.value("dW1").tobytes()) == before


def test_a_step_within_the_iteration_shows_the_mini_batch_again(stepped: MainWindow) -> None:
    assert stepped.context.shown.look_at(outside(stepped))
    stepped.action("step_over").trigger()
    assert stepped.context.shown.study is None


def test_it_follows_the_run_from_mini_batch_to_mini_batch(stepped: MainWindow) -> None:
    context = stepped.context
    assert context.shown.look_at(Place(PartName.VALIDATION, 2))
    stepped.action("step_batch").trigger()
    assert context.shown.study is not None
    run = context.session.run
    expected = run.model.predict(run.data.validation.X[2:3])[0]
    assert context.shown.machine.value("A2")[0] == pytest.approx(expected, abs=1e-12)


def test_computed_numbers_of_a_row_by_itself_cannot_be_set_but_weights_can(stepped: MainWindow) -> None:
    context = stepped.context
    inspector = stepped.panels["inspector_panel"]
    assert isinstance(inspector, InspectorPanel)
    assert context.shown.look_at(outside(stepped))
    assert "by itself" in inspector._editing.obstacle("A1")
    assert inspector._editing.obstacle("W1") == ""


def test_a_click_on_a_point_outside_the_mini_batch_shows_its_row(window: MainWindow) -> None:
    panel = window.panels["plots_panel"]
    assert isinstance(panel, PlotsPanel)
    place = outside(window)
    panel.learned.row_clicked.emit(place.row)
    study = window.context.shown.study
    assert study is not None
    assert study.place == place
    ring = panel.learned.picture.chart
    assert ring.ring == panel.learned.picture.place(place.row)  # type: ignore[attr-defined]


def test_another_experiment_ends_it(stepped: MainWindow) -> None:
    context = stepped.context
    assert context.shown.look_at(outside(stepped))
    assert context.document.apply(add_layer(context.document.experiment, 1))
    assert context.shown.study is None


def test_it_stays_live_while_training(stepped: MainWindow, qtbot: QtBot) -> None:
    context = stepped.context
    assert context.shown.look_at(Place(PartName.VALIDATION, 2))
    with qtbot.waitSignal(context.session.refreshed):
        stepped.action("train").trigger()
    qtbot.waitUntil(lambda: context.session.machine.epochs > 3)
    stepped.action("pause").trigger()
    qtbot.waitUntil(lambda: context.session.paused)
    run = context.session.run
    expected = run.model.predict(run.data.validation.X[2:3])[0]
    assert context.shown.study is not None
    assert context.shown.machine.value("A2")[0] == pytest.approx(expected, abs=1e-12)


def test_a_click_on_the_number_of_a_row_of_the_table_shows_the_row(stepped: MainWindow) -> None:
    stepped.panels["data_panel"].form.table_requested.emit()  # type: ignore[attr-defined]
    table = stepped.findChild(TableWindow)
    assert table is not None
    row = int(stepped.context.document.data.validation.rows[4])
    table.view.verticalHeader().sectionClicked.emit(row)
    study = stepped.context.shown.study
    assert study is not None
    assert study.place == Place(PartName.VALIDATION, 4)
    table.close()
