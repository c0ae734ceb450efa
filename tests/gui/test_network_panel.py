"""The Layers panel: every control makes an edit, every edit shows in the controls, a refusal is said beside them."""

from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from nnstudio.engine.activations import Activation
from nnstudio.engine.costs import Cost
from nnstudio.engine.initializers import Initializer
from nnstudio.engine.optimizers import Optimizer
from nnstudio.engine.schedules import Schedule
from nnstudio.engine.spec import Normalization, Precision
from nnstudio.experiment.document import Experiment, Network
from nnstudio.experiment.edits import Edit, set_hyperparameter, set_layer, set_regularization, set_training
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.session import RunState
from nnstudio.gui.widgets.fold import FoldButton
from nnstudio.gui.widgets.number_field import step_in_decades, step_towards_one

from .conftest import OpenWindow

GROUPS = ("details", "optimizer", "schedule", "regularization", "stopping", "repeatability")
T = TypeVar("T", bound=QWidget)


def spin(window: MainWindow, name: str) -> QSpinBox:
    return _find(window, QSpinBox, name)


def combo(window: MainWindow, name: str) -> QComboBox:
    return _find(window, QComboBox, name)


def line(window: MainWindow, name: str) -> QLineEdit:
    return _find(window, QLineEdit, name)


def unfold(window: MainWindow, qtbot: QtBot, *groups: str) -> None:
    for group in groups:
        qtbot.mouseClick(_find(window, FoldButton, f"{group}_group"), Qt.MouseButton.LeftButton)


def header(window: MainWindow, group: str) -> FoldButton:
    return _find(window, FoldButton, f"{group}_group")


def problem(window: MainWindow, group: str) -> str:
    label = _find(window, QLabel, f"{group}_problem")
    return label.text() if not label.isHidden() else ""


def experiment(window: MainWindow) -> Experiment:
    return window.context.document.experiment


def choose(box: QComboBox, key: str) -> None:
    box.setCurrentIndex(box.findData(key))


def enter(qtbot: QtBot, field: QWidget, text: str) -> None:
    field.setFocus()
    inner = field.lineEdit() if isinstance(field, QSpinBox) else field
    inner.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def undo_text(window: MainWindow) -> str:
    return window.context.document.undo_stack.undoText()


def menu_action(window: MainWindow, name: str) -> QAction:
    action = window.findChild(QAction, name)
    assert action is not None, name
    return action


def test_it_shows_the_layers_of_the_document(window: MainWindow) -> None:
    assert [spin(window, f"units_{number}").value() for number in (1, 2, 3)] == [5, 3, 1]
    assert [combo(window, f"activation_{number}").currentText() for number in (1, 2, 3)] == ["tanh", "tanh", "sigmoid"]
    note = window.panels["network_panel"].header.note
    assert note.text() == "37 parameters"
    assert "(2+1)·5 + (5+1)·3 + (3+1)·1 = 37" in note.toolTip()


def test_typing_a_number_of_units_is_one_edit(window: MainWindow, qtbot: QtBot) -> None:
    enter(qtbot, spin(window, "units_1"), "128")
    assert experiment(window).network.layers[0].units == 128
    assert undo_text(window) == "Layer 1: 128 units"
    assert window.context.document.undo_stack.count() == 1


def test_the_controls_follow_undo_without_a_further_edit(window: MainWindow) -> None:
    spin(window, "units_1").setValue(8)
    choose(combo(window, "activation_2"), "relu")
    stack = window.context.document.undo_stack
    stack.undo()
    stack.undo()
    assert spin(window, "units_1").value() == 5
    assert combo(window, "activation_2").currentText() == "tanh"
    assert stack.count() == 2
    assert stack.index() == 0


def test_the_controls_follow_an_edit_made_elsewhere(window: MainWindow) -> None:
    window.context.document.apply(set_layer(experiment(window), 0, units=7))
    assert spin(window, "units_1").value() == 7
    assert window.panels["network_panel"].header.note.text() == "49 parameters"


def test_every_kind_of_thing_can_be_chosen(window: MainWindow, qtbot: QtBot) -> None:
    unfold(window, qtbot, "details", "schedule")
    for name, kind in (
        ("activation_1", Activation),
        ("cost", Cost),
        ("optimizer", Optimizer),
        ("initializer_1", Initializer),
        ("schedule", Schedule),
    ):
        box = combo(window, name)
        assert [box.itemData(row) for row in range(box.count())] == list(kind.registry)


def test_the_output_units_follow_the_data_and_say_so(window: MainWindow) -> None:
    units = spin(window, "units_3")
    assert not units.isEnabled()
    assert "one output unit" in units.toolTip()
    combo(window, "source").setCurrentIndex(combo(window, "source").findData("sample:iris"))
    assert spin(window, "units_3").value() == 3
    assert "3 classes" in spin(window, "units_3").toolTip()


def test_a_hundred_layers_have_a_row_each(window: MainWindow, qtbot: QtBot) -> None:
    layers = experiment(window).network.layers
    deep = replace(experiment(window), network=Network((layers[0],) * 99 + layers[-1:]))
    assert window.context.document.attempt(Edit("A hundred layers", deep)) is None
    row = spin(window, "units_100")
    qtbot.waitUntil(lambda: row.isVisible() and row.height() > 20)
    assert not row.isEnabled(), "the last is the output"


def test_add_layer_adds_a_hidden_layer_before_the_output(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(_find(window, QPushButton, "add_layer"), Qt.MouseButton.LeftButton)
    assert [layer.units for layer in experiment(window).network.layers] == [5, 3, 3, 1]
    assert combo(window, "activation_3").currentText() == "tanh"
    assert combo(window, "activation_4").currentText() == "sigmoid"
    window.context.document.undo_stack.undo()
    assert (
        window.findChild(QSpinBox, "units_4", Qt.FindChildOption.FindChildrenRecursively) is None
        or not spin(window, "units_4").isVisible()
    )


def test_the_menu_moves_adds_and_removes_layers(window: MainWindow) -> None:
    menu_action(window, "move_down_1").trigger()
    assert [layer.units for layer in experiment(window).network.layers] == [3, 5, 1]
    menu_action(window, "add_before_1").trigger()
    assert [layer.units for layer in experiment(window).network.layers] == [3, 3, 5, 1]
    menu_action(window, "remove_2").trigger()
    assert [layer.units for layer in experiment(window).network.layers] == [3, 5, 1]


def test_the_menu_leads_to_the_details_of_its_layer(window: MainWindow, qtbot: QtBot) -> None:
    menu_action(window, "details_2").trigger()
    assert combo(window, "initializer_2").hasFocus()
    choose(combo(window, "initializer_2"), "he_normal")
    assert undo_text(window) == "Layer 2: He normal"
    enter(qtbot, line(window, "dropout_2"), "0,25")
    assert experiment(window).network.layers[1].dropout == 0.25
    _find(window, QCheckBox, "bias_2").click()
    assert undo_text(window) == "Layer 2: no biases"
    assert _find(window, QLabel, "badges_2").text() == "He normal · drop 0.25 · no bias"
    assert _find(window, QLabel, "badges_1").isHidden()


def test_dropout_is_refused_where_it_has_no_meaning(window: MainWindow, qtbot: QtBot) -> None:
    unfold(window, qtbot, "details")
    enter(qtbot, line(window, "dropout_1"), "1")
    assert "it must be at least 0 and below 1" in problem(window, "details")
    assert line(window, "dropout_1").text() == "0"
    assert not line(window, "dropout_3").isEnabled()
    assert "output layer" in line(window, "dropout_3").toolTip()


def test_normalization_is_set_by_layer_and_its_parameters_are_counted(window: MainWindow, qtbot: QtBot) -> None:
    unfold(window, qtbot, "details")
    choose(combo(window, "normalization_1"), "batch")
    assert experiment(window).network.layers[0].normalization is Normalization.BATCH
    assert undo_text(window) == "Layer 1: batch normalization"
    assert _find(window, QLabel, "badges_1").text() == "BN"
    note = window.panels["network_panel"].header.note
    assert note.text() == "47 parameters"
    assert "(2+1+2)·5 + (5+1)·3 + (3+1)·1 = 47" in note.toolTip()
    assert "scale γ" in note.toolTip()
    choose(combo(window, "normalization_2"), "layer")
    assert _find(window, QLabel, "badges_2").text() == "LN"


def test_a_normalization_that_cannot_work_is_refused_with_the_reason(window: MainWindow, qtbot: QtBot) -> None:
    unfold(window, qtbot, "details")
    choose(combo(window, "normalization_3"), "layer")
    assert "over one unit always gives 0" in problem(window, "details")
    assert combo(window, "normalization_3").currentData() == "none"
    enter(qtbot, spin(window, "batch_size"), "7")
    choose(combo(window, "normalization_1"), "batch")
    assert "needs two rows or more" in problem(window, "details")
    enter(qtbot, spin(window, "batch_size"), "10")
    choose(combo(window, "normalization_1"), "batch")
    enter(qtbot, spin(window, "batch_size"), "7")
    assert "needs two rows or more" in problem(window, "training")
    assert spin(window, "batch_size").value() == 10


def test_the_details_follow_the_layers(window: MainWindow, qtbot: QtBot) -> None:
    unfold(window, qtbot, "details")
    qtbot.mouseClick(_find(window, QPushButton, "add_layer"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(combo(window, "initializer_4").isVisible)
    assert line(window, "dropout_3").isEnabled()
    window.context.document.undo_stack.undo()
    assert not line(window, "dropout_3").isEnabled()


def test_what_cannot_be_done_with_a_layer_is_disabled_and_says_why(window: MainWindow) -> None:
    for name, reason in (
        ("move_up_1", "first"),
        ("move_down_2", "output layer stays last"),
        ("move_up_3", "output layer stays last"),
        ("add_after_3", "output layer stays last"),
        ("remove_3", "output layer"),
    ):
        action = menu_action(window, name)
        assert not action.isEnabled(), name
        assert reason in action.toolTip()


def test_the_last_layer_cannot_be_removed(window: MainWindow) -> None:
    menu_action(window, "remove_1").trigger()
    menu_action(window, "remove_1").trigger()
    assert len(experiment(window).network.layers) == 1
    assert not menu_action(window, "remove_1").isEnabled()
    assert "at least its output layer" in menu_action(window, "remove_1").toolTip()


def test_alt_down_moves_a_layer_and_the_keyboard_goes_with_it(window: MainWindow, qtbot: QtBot) -> None:
    spin(window, "units_1").setFocus()
    qtbot.keyClick(spin(window, "units_1"), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [layer.units for layer in experiment(window).network.layers] == [3, 5, 1]
    assert spin(window, "units_2").hasFocus()
    qtbot.keyClick(spin(window, "units_2"), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [layer.units for layer in experiment(window).network.layers] == [3, 5, 1]
    assert "output layer stays last" in problem(window, "layers")


def test_a_cost_that_cannot_work_is_refused_with_the_reason_until_something_works(window: MainWindow) -> None:
    choose(combo(window, "cost"), "half_mse")
    choose(combo(window, "activation_3"), "identity")
    choose(combo(window, "cost"), "binary_cross_entropy")
    assert "Binary cross-entropy needs outputs between 0 and 1" in problem(window, "training")
    assert "_" not in problem(window, "training")
    assert combo(window, "cost").currentData() == "half_mse"
    choose(combo(window, "cost"), "mae")
    assert problem(window, "training") == ""


def test_a_reason_goes_with_any_change_of_the_document(window: MainWindow) -> None:
    combo(window, "cost").setCurrentIndex(combo(window, "cost").findData("half_mse"))
    choose(combo(window, "activation_3"), "relu")
    choose(combo(window, "cost"), "binary_cross_entropy")
    assert "ReLU" in problem(window, "training")
    window.context.document.undo_stack.undo()
    assert problem(window, "training") == ""


@pytest.mark.parametrize("text", ["0", "-1", "nan", "1e308", "abc", "inf", ""])
def test_a_learning_rate_that_cannot_be_is_refused_and_the_value_comes_back(
    window: MainWindow, qtbot: QtBot, text: str
) -> None:
    enter(qtbot, line(window, "learning_rate"), text or " ")
    assert problem(window, "training") != ""
    assert line(window, "learning_rate").text() == "0.12"
    assert window.context.document.undo_stack.count() == 0


@pytest.mark.parametrize(("text", "rate"), [("0,05", 0.05), ("0.05", 0.05), ("1e-3", 0.001)])
def test_a_learning_rate_is_understood_with_comma_point_and_exponent(
    window: MainWindow, qtbot: QtBot, text: str, rate: float
) -> None:
    enter(qtbot, line(window, "learning_rate"), text)
    assert experiment(window).optimizer.learning_rate == rate
    assert undo_text(window) == f"Learning rate: {rate:g}"


def test_up_and_down_step_the_learning_rate_by_1_2_5(window: MainWindow, qtbot: QtBot) -> None:
    field = line(window, "learning_rate")
    field.setFocus()
    rates = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down):
        qtbot.keyClick(field, key)
        rates.append(experiment(window).optimizer.learning_rate)
    assert rates == [0.2, 0.5, 1.0, 0.5]


def test_steps_near_one_are_steps_of_the_distance_to_one() -> None:
    assert [step_towards_one(value, 1) for value in (0.0, 0.5, 0.9, 0.95, 0.98)] == [0.5, 0.8, 0.95, 0.98, 0.99]
    assert [step_towards_one(value, -1) for value in (0.99, 0.9, 0.5, 0.0)] == [0.98, 0.8, 0.0, 0.0]
    assert step_towards_one(0.999999, 1) < 1
    assert step_in_decades(0.0, 1) > 0
    assert step_in_decades(1e-6, -1) == 0


def test_the_learning_rate_changes_while_training_runs(window: MainWindow, qtbot: QtBot) -> None:
    session = window.context.session
    window.context.document.apply(_many_epochs(window))
    session.train()
    qtbot.waitUntil(lambda: session.machine.iterations > 600)
    enter(qtbot, line(window, "learning_rate"), "0.03")
    assert session.state is RunState.RUNNING
    session.pause()
    qtbot.waitUntil(lambda: session.paused)
    assert float(session.machine.value("alpha")) == 0.03


def test_a_mini_batch_has_at_most_the_training_rows(window: MainWindow, qtbot: QtBot) -> None:
    field = spin(window, "batch_size")
    assert field.maximum() == 120
    enter(qtbot, field, "500")
    assert "120" in problem(window, "training")
    assert field.value() == 10
    assert field.text() == "10"
    enter(qtbot, field, "120")
    assert experiment(window).training.batch_size == 120
    assert problem(window, "training") == ""


def test_epochs_and_seed_are_edits(window: MainWindow, qtbot: QtBot) -> None:
    unfold(window, qtbot, "repeatability")
    enter(qtbot, spin(window, "epochs"), "1000")
    assert experiment(window).training.epochs == 1000
    enter(qtbot, line(window, "seed"), "9007199254740993")
    assert experiment(window).seed == 9007199254740993
    enter(qtbot, line(window, "seed"), "-3")
    assert "whole number" in problem(window, "repeatability")
    before = experiment(window).seed
    qtbot.mouseClick(_find(window, QToolButton, "new_seed"), Qt.MouseButton.LeftButton)
    assert experiment(window).seed != before
    assert undo_text(window) == f"Seed: {experiment(window).seed}"


def test_escape_takes_back_what_was_typed(window: MainWindow, qtbot: QtBot) -> None:
    for field, text in ((line(window, "learning_rate"), "0.12"), (spin(window, "units_1"), "5")):
        field.setFocus()
        qtbot.keyClicks(field, "77")
        qtbot.keyClick(field, Qt.Key.Key_Escape)
        assert field.text() == text
    assert window.context.document.undo_stack.count() == 0


def test_each_optimizer_brings_its_own_settings(window: MainWindow, qtbot: QtBot) -> None:
    unfold(window, qtbot, "optimizer")
    assert line(window, "momentum").isVisible()
    choose(combo(window, "optimizer"), "adam")
    assert experiment(window).optimizer.learning_rate == 0.001
    enter(qtbot, line(window, "beta1"), "0.8")
    assert experiment(window).optimizer.beta1 == 0.8
    enter(qtbot, line(window, "beta1"), "1")
    assert "below 1" in problem(window, "optimizer")
    choose(combo(window, "optimizer"), "sgd")
    assert experiment(window).optimizer.learning_rate == 0.12, "the optimizer comes back as it was left"


def test_nesterov_needs_a_momentum(window: MainWindow, qtbot: QtBot) -> None:
    unfold(window, qtbot, "optimizer")
    nesterov = _find(window, QCheckBox, "nesterov")
    assert not nesterov.isEnabled()
    assert "momentum" in nesterov.toolTip()
    enter(qtbot, line(window, "momentum"), "0.9")
    nesterov.click()
    assert experiment(window).optimizer.nesterov


def test_regularization_shuffling_and_precision_are_edits(window: MainWindow, qtbot: QtBot) -> None:
    unfold(window, qtbot, "regularization", "repeatability")
    enter(qtbot, line(window, "l2"), "0,001")
    assert experiment(window).regularization.l2 == 0.001
    enter(qtbot, line(window, "l1"), "-1")
    assert problem(window, "regularization").startswith("L1")
    _find(window, QCheckBox, "shuffle").click()
    assert undo_text(window).startswith("Shuffle")
    choose(combo(window, "precision"), "float32")
    assert experiment(window).training.dtype is Precision.FLOAT32


@pytest.mark.parametrize(
    ("name", "title"), [("max_norm", "Max norm"), ("clip_value", "Clip by value"), ("clip_norm", "Clip by norm")]
)
def test_norms_are_bounded_and_gradients_clipped_from_the_panel(
    window: MainWindow, qtbot: QtBot, name: str, title: str
) -> None:
    unfold(window, qtbot, "regularization")
    enter(qtbot, line(window, name), "2,5")
    assert getattr(experiment(window).regularization, name) == 2.5
    assert undo_text(window) == f"{title}: 2.5"
    assert header(window, "regularization").summary == f"{title.lower()} 2.5"
    enter(qtbot, line(window, name), "-1")
    assert problem(window, "regularization").startswith(f"{title} is -1; it must be at least 0")


def test_a_network_beyond_memory_is_refused_and_the_units_come_back(window: MainWindow) -> None:
    spin(window, "units_1").setValue(100_000)
    spin(window, "units_2").setValue(100_000)
    assert experiment(window).network.layers[1].units == 3
    assert "parameters" in problem(window, "layers")
    assert spin(window, "units_2").value() == 3


def test_a_schedule_is_chosen_with_its_own_settings_and_comes_back_as_it_was_left(
    window: MainWindow, qtbot: QtBot
) -> None:
    unfold(window, qtbot, "schedule")
    box = combo(window, "schedule")
    assert [box.itemData(row) for row in range(box.count())] == list(Schedule.registry)
    choose(box, "step")
    assert undo_text(window) == "Schedule: Step"
    enter(qtbot, spin(window, "schedule_step_size"), "50")
    assert undo_text(window) == "Step size: 50 epochs"
    enter(qtbot, line(window, "schedule_gamma"), "0")
    assert "above 0" in problem(window, "schedule")
    choose(box, "one_cycle")
    assert experiment(window).schedule.epochs == experiment(window).training.epochs
    choose(box, "step")
    assert experiment(window).schedule.step_size == 50
    header(window, "schedule").click()
    assert header(window, "schedule").summary == "step, step size 50"
    choose(box, "constant")
    assert header(window, "schedule").summary == ""


def test_stopping_is_off_until_a_number_is_entered_and_again_when_it_is_emptied(
    window: MainWindow, qtbot: QtBot
) -> None:
    unfold(window, qtbot, "stopping")
    assert line(window, "patience").text() == ""
    assert not _find(window, QCheckBox, "restore_best").isEnabled()
    assert "needs a patience" in line(window, "min_delta").toolTip()
    enter(qtbot, line(window, "patience"), "20")
    assert experiment(window).stopping.patience == 20
    assert type(experiment(window).stopping.patience) is int
    assert undo_text(window) == "Patience: 20"
    _find(window, QCheckBox, "restore_best").click()
    assert not experiment(window).stopping.restore_best
    enter(qtbot, line(window, "min_delta"), "0,001")
    enter(qtbot, line(window, "target_cost"), "0.01")
    enter(qtbot, line(window, "seconds"), "60")
    header(window, "stopping").click()
    assert header(window, "stopping").summary == "J ≤ 0.01, patience 20, 60 s"
    header(window, "stopping").click()
    enter(qtbot, line(window, "patience"), "")
    assert experiment(window).stopping.patience is None
    assert undo_text(window) == "Patience: off"


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("patience", "2.5", "write a whole number"),
        ("patience", "0", "The patience is 0; it must be at least 1 epoch; leave it empty for none"),
        ("target_cost", "abc", "write a number"),
        ("target_cost", "-1", "The target cost is -1; it must be at least 0; leave it empty for none"),
        ("seconds", "0", "The time limit in seconds is 0; it must be more than 0; leave it empty for none"),
    ],
)
def test_a_reason_to_stop_that_cannot_be_is_refused_in_plain_words(
    window: MainWindow, qtbot: QtBot, name: str, text: str, reason: str
) -> None:
    unfold(window, qtbot, "stopping")
    enter(qtbot, line(window, name), text)
    assert reason in problem(window, "stopping")
    assert line(window, name).text() == ""
    assert window.context.document.undo_stack.count() == 0


def test_up_begins_a_reason_to_stop_at_a_usual_number(window: MainWindow, qtbot: QtBot) -> None:
    unfold(window, qtbot, "stopping")
    field = line(window, "patience")
    field.setFocus()
    reached = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(field, key)
        reached.append(experiment(window).stopping.patience)
    assert reached == [10, 20, 10, 9]


def test_a_group_that_is_opened_scrolls_into_view(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(size=(1280, 800))
    unfold(window, qtbot, "repeatability")
    dock = window.panels["network_panel"]
    qtbot.waitUntil(lambda: dock.rect().contains(_place(combo(window, "precision"), dock)))


def test_a_closed_group_says_what_in_it_is_not_as_usual(window: MainWindow, qtbot: QtBot) -> None:
    assert header(window, "regularization").summary == ""
    assert header(window, "repeatability").summary == "seed 4"
    window.context.document.apply(set_regularization(experiment(window), l2=0.01))
    assert header(window, "regularization").summary == "L2 0.01"
    assert "L2 0.01" in header(window, "regularization").accessibleDescription()
    window.context.document.apply(set_hyperparameter(experiment(window), "momentum", 0.9))
    window.context.document.apply(set_hyperparameter(experiment(window), "nesterov", True))
    assert header(window, "optimizer").summary == "momentum 0.9, nesterov"
    window.context.document.apply(set_training(experiment(window), shuffle=False, dtype=Precision.FLOAT32))
    assert header(window, "repeatability").summary == "seed 4, no shuffling, float32"


def test_a_group_is_opened_by_keyboard_and_stays_open_in_the_next_window(open_window: OpenWindow, qtbot: QtBot) -> None:
    first = open_window()
    fold = header(first, "regularization")
    fold.setFocus()
    qtbot.keyClick(fold, Qt.Key.Key_Right)
    assert line(first, "l1").isVisible()
    qtbot.keyClick(fold, Qt.Key.Key_Left)
    assert not line(first, "l1").isVisible()
    qtbot.keyClick(fold, Qt.Key.Key_Return)
    assert line(first, "l1").isVisible()
    second = open_window(size=(1280, 800))
    assert header(second, "regularization").isChecked()
    assert second.panels["network_panel"].findChild(QScrollArea).verticalScrollBar().value() == 0
    assert line(second, "l1").isVisible()
    assert not header(second, "optimizer").isChecked()


def test_the_tab_key_goes_through_a_group_where_it_stands(window: MainWindow, qtbot: QtBot) -> None:
    unfold(window, qtbot, "optimizer", "schedule")
    choose(combo(window, "optimizer"), "rmsprop")
    control: QWidget = header(window, "optimizer")
    names = []
    for _ in range(6):
        names.append(control.objectName())
        control = control.nextInFocusChain()
        while not control.objectName() or control.focusPolicy() == Qt.FocusPolicy.NoFocus:
            control = control.nextInFocusChain()
    assert names == ["optimizer_group", "beta", "epsilon", "schedule_group", "schedule", "regularization_group"]


def test_every_control_has_a_name_for_a_screen_reader(window: MainWindow, qtbot: QtBot) -> None:
    unfold(window, qtbot, *GROUPS)
    panel = window.panels["network_panel"]
    kinds = (QSpinBox, QComboBox, QLineEdit, QCheckBox, QToolButton, QPushButton, FoldButton)
    unnamed = [
        control
        for kind in kinds
        for control in panel.findChildren(kind)
        if control.objectName() and not control.objectName().startswith("qt_") and not control.accessibleName()
    ]
    assert not unnamed


@pytest.mark.parametrize("panel", ["network_panel", "data_panel"])
def test_nothing_is_wider_than_a_narrow_panel(window: MainWindow, qtbot: QtBot, panel: str) -> None:
    window.resize(1280, 800)
    dock = window.panels[panel]
    unfold(window, qtbot, *GROUPS)
    window.resizeDocks([dock], [250], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: dock.width() <= 270)
    for control in dock.findChildren(QWidget):
        if control.isVisible() and control.objectName():
            right = control.mapTo(dock, control.rect().topRight()).x()
            assert right < dock.width(), control.objectName()


def _place(control: QWidget, dock: QWidget) -> QRect:
    return QRect(control.mapTo(dock, control.rect().topLeft()), control.size())


def _many_epochs(window: MainWindow) -> Edit:

    return set_training(experiment(window), epochs=1_000_000)


def _find(window: MainWindow, kind: type[T], name: str) -> T:
    found = window.findChild(kind, name)
    assert found is not None, name
    return found
