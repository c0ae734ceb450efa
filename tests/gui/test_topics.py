"""Cards: every choice is told in words, by its formula and by the curve that the engine itself computes."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from nnstudio.engine.activations import Activation, activation
from nnstudio.engine.costs import Cost
from nnstudio.engine.initializers import Initializer
from nnstudio.engine.optimizers import Optimizer, optimizer
from nnstudio.engine.schedules import Schedule, schedule
from nnstudio.engine.spec import Normalization
from nnstudio.experiment.edits import set_hyperparameter
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.theme import DARK, LIGHT
from nnstudio.gui.topics import topics
from nnstudio.gui.topics.card import TopicCard
from nnstudio.gui.topics.shapes import activation_shape, schedule_shape
from nnstudio.gui.topics.topic import Topic
from nnstudio.gui.typesetter import Typesetter
from nnstudio.gui.widgets.choice import Choice

ALL = [
    *(topics.activation_topic(name) for name in Activation.registry),
    *(topics.cost_topic(name) for name in Cost.registry),
    *(topics.initializer_topic(name) for name in Initializer.registry),
    *(topics.normalization_topic(kind) for kind in Normalization),
    *(topics.optimizer_topic(optimizer(name)) for name in Optimizer.registry),
    *(topics.schedule_topic(schedule(name), 0.1) for name in Schedule.registry),
]


@pytest.mark.parametrize("topic", ALL, ids=lambda topic: topic.title)
def test_every_choice_has_words_a_formula_that_can_be_typeset_and_a_finite_curve(qapp, topic: Topic) -> None:
    assert topic.title[0].isupper()
    assert topic.summary.endswith(".")
    typesetter = Typesetter()
    assert topic.formulas
    for theme in (LIGHT, DARK):
        pictures = typesetter.pictures([formula.typst for formula in topic.formulas], 288, theme, 1.0)
        assert all(picture is not None for picture in pictures), topic.plain
    if topic.shape is not None:
        shape = topic.shape()
        assert all(len(curve.y) == len(shape.x) and np.isfinite(curve.y).all() for curve in shape.curves)


def test_activations_costs_schedules_and_initializers_have_a_plot() -> None:
    without = {topic.title for topic in ALL if topic.shape is None}
    normalizations = {topics.normalization_topic(kind).title for kind in Normalization}
    assert without == {kind.title for kind in Optimizer.registry.values()} | normalizations


@pytest.mark.parametrize("name", ["tanh", "selu", "relu6"])
def test_the_curve_is_the_activation_of_the_engine_and_the_dashed_one_its_slope(name: str) -> None:
    sigma = activation(name)
    shape = activation_shape(sigma)
    value, slope = shape.curves
    np.testing.assert_array_equal(value.y, sigma.value(shape.x[:, None])[:, 0])
    np.testing.assert_array_equal(slope.y, sigma.slope_value(shape.x[:, None])[:, 0])
    assert slope.dashed
    assert not value.dashed
    assert all(shape.x[0] < kink < shape.x[-1] for kink in sigma.kinks)


def test_the_curve_of_a_schedule_is_its_rate_by_epoch() -> None:
    shape = schedule_shape(schedule("step", step_size=10, gamma=0.5), 0.8)
    rates = shape.curves[0].y
    assert rates[0] == 0.8
    assert rates[(shape.x > 10) & (shape.x < 20)] == pytest.approx(0.4)
    assert rates[-1] == pytest.approx(0.1)


def test_a_plateau_is_shown_by_its_own_operations_on_a_cost_that_stands_still() -> None:
    shape = schedule_shape(schedule("reduce_on_plateau", patience=3, factor=0.5), 1.0)
    rates = shape.curves[0].y
    assert rates[0] == 1.0
    assert {1.0, 0.5, 0.25} <= set(rates.tolist())
    assert "stands still" in shape.x_name


def test_the_card_follows_the_keyboard_through_the_open_list_and_goes_with_it(window: MainWindow, qtbot: QtBot) -> None:
    box = combo(window, "activation_1")
    box.setFocus()
    box.showPopup()
    assert card(window).isVisible()
    assert card(window).title.text() == "Tanh"
    qtbot.keyClick(box.view(), Qt.Key.Key_Down)
    assert card(window).title.text() == "ReLU"
    assert card(window).formulas[0].pixmap().width() > 0
    assert "max(0" in card(window).accessibleName() or "relu" in card(window).accessibleName()
    assert not card(window).geometry().intersects(box.view().window().geometry())
    box.hidePopup()
    assert not card(window).isVisible()
    assert box.currentText() == "tanh", "looking chooses nothing"


def test_the_card_shows_on_a_closed_drop_down_where_the_pointer_rests(window: MainWindow, qtbot: QtBot) -> None:
    box = combo(window, "cost")
    rest_on(box)
    assert card(window).isVisible()
    assert card(window).title.text() == "Binary cross-entropy"
    assert card(window).screen().availableGeometry().contains(card(window).geometry())
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not card(window).isVisible()


def test_the_card_of_the_optimizer_at_hand_has_its_settings(window: MainWindow) -> None:
    box = combo(window, "optimizer")
    rest_on(box)
    lines = [label for label in card(window).formulas if not label.isHidden()]
    assert len(lines) == 1
    window.context.document.apply(set_hyperparameter(window.context.document.experiment, "momentum", 0.9))
    rest_on(box)
    lines = [label for label in card(window).formulas if not label.isHidden()]
    assert len(lines) == 2, "with momentum there is a velocity"


def test_a_screen_reader_is_told_what_the_card_shows(window: MainWindow) -> None:
    box = combo(window, "activation_1")
    assert box.toolTip().startswith("Tanh\nSqueezes any number")
    box.showPopup()
    told = box.itemData(box.findData("relu"), Qt.ItemDataRole.AccessibleDescriptionRole)
    box.hidePopup()
    assert told.startswith("ReLU\nKeeps what is positive")


def test_no_card_is_made_before_it_is_wanted(window: MainWindow) -> None:
    assert window.panels["network_panel"].guide.card is None


def card(window: MainWindow) -> TopicCard:
    made = window.panels["network_panel"].guide.card
    assert made is not None
    return made


def combo(window: MainWindow, name: str) -> Choice:
    found = window.findChild(QComboBox, name)
    assert isinstance(found, Choice)
    return found


def rest_on(box: QComboBox) -> None:
    middle = box.rect().center()
    QApplication.sendEvent(box, QHelpEvent(QEvent.Type.ToolTip, middle, box.mapToGlobal(QPoint(middle))))
