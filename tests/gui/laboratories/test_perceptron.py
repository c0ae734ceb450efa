"""The laboratory of one neuron through the real window: sliders, figures, the neuron at hand, saving."""

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from nnstudio.explain.numbers import short
from nnstudio.gui.laboratories.perceptron.view import PerceptronView
from nnstudio.gui.main_window import MainWindow


@pytest.fixture
def laboratory(window: MainWindow) -> PerceptronView:
    window.action("show_perceptron").trigger()
    view = window.context.tools.made["perceptron"].view
    assert isinstance(view, PerceptronView)
    return view


def test_it_opens_on_a_sigmoid_with_its_numbers(laboratory: PerceptronView) -> None:
    assert laboratory.chart.isVisible()
    assert laboratory.readings.value("a = σ(z)") == "0.7311"
    assert laboratory.legend.labels == ("sigmoid", "σ′(z)")


def test_the_sliders_the_fields_and_the_chart_move_the_same_numbers(laboratory: PerceptronView, qtbot: QtBot) -> None:
    laboratory.weight.setFocus()
    qtbot.keyClick(laboratory.weight.focusProxy(), Qt.Key.Key_Right)
    assert laboratory.own.weight == pytest.approx(1.1)
    assert laboratory.weight.field.text() == "1.1"
    laboratory.bias.field.setText("-5")
    qtbot.keyClick(laboratory.bias.field, Qt.Key.Key_Return)
    assert laboratory.own.bias == -5
    laboratory.chart.placed.emit(5.0)
    assert laboratory.readings.value("z = w₀·x + w₁·1") == "0.5"
    assert laboratory.place.value == 5


def test_a_word_in_a_field_is_refused_with_a_reason(
    laboratory: PerceptronView, window: MainWindow, qtbot: QtBot
) -> None:
    laboratory.bias.field.setText("much")
    with qtbot.waitSignal(window.context.session.message):
        qtbot.keyClick(laboratory.bias.field, Qt.Key.Key_Return)
    assert laboratory.own.bias == 0


def test_the_lectures_figures_are_three_curves_in_one_plot(laboratory: PerceptronView) -> None:
    laboratory.figures.choose("Weight")
    assert laboratory.legend.labels == ("w₀ = 0.5", "w₀ = 1", "w₀ = 2")
    assert [row.value for row in laboratory.readings.rows] == ["0.6225", "0.7311", "0.8808"]
    assert not laboratory.weight.isVisible()
    laboratory.figures.choose("Bias")
    assert laboratory.legend.labels == ("w₁ = −5", "w₁ = 0", "w₁ = 5")
    assert len(laboratory.chart.drawing.traces) == 3


def test_a_step_fires_where_the_sum_reaches_zero_and_the_sigmoid_says_how_much(laboratory: PerceptronView) -> None:
    laboratory.figures.choose("Step")
    assert [band.text for band in laboratory.chart.drawing.bands] == ["fires", "does not fire"]
    assert laboratory.readings.value("step") == "1, it fires"
    laboratory.chart.placed.emit(-0.5)
    assert laboratory.readings.value("step") == "0, it does not fire"
    assert laboratory.readings.value("sigmoid") == "0.3775"
    assert laboratory.readings.value("its range") == "0 to 1"
    laboratory.activation.setCurrentIndex(laboratory.activation.findData("step"))
    assert laboratory.legend.labels == ("step",)


def test_at_hand_it_shows_the_chosen_neuron_along_the_chosen_input(
    laboratory: PerceptronView, window: MainWindow
) -> None:
    machine, selection = window.debugger.machine, window.context.selection
    while machine.op.label != "Z3 = A2 W3ᵀ + b3":
        window.action("step_over").trigger()
    laboratory.figures.choose("At hand")
    selection.choose("W2", (1, 3))
    selection.choose_sample(2)
    assert laboratory.input.currentText() == "a¹₄"
    assert laboratory.readings.value("a²₂") == short(machine.value("A2")[2, 1])
    assert laboratory.readings.value("W²₂₄") == short(machine.value("W2")[1, 3])
    laboratory.chart.placed.emit(0.25)
    assert laboratory.chart.drawing.at == 0.25
    laboratory.input.setCurrentIndex(0)
    assert selection.chosen.index == (1, 0)
    assert laboratory.chart.drawing.at == machine.value("A1")[2, 0]


def test_at_hand_it_follows_training(laboratory: PerceptronView, window: MainWindow, qtbot: QtBot) -> None:
    laboratory.figures.choose("At hand")
    before = laboratory.readings.rows
    window.action("train").trigger()
    qtbot.waitUntil(lambda: laboratory.readings.rows != before)
    window.context.session.take()


def test_where_there_is_no_curve_it_says_why(laboratory: PerceptronView, window: MainWindow) -> None:
    window.action("reset").trigger()
    laboratory.figures.choose("At hand")
    assert not laboratory.chart.isVisible()
    assert laboratory.problem.text().endswith("F10 goes on until X is there.")
    assert not laboratory.save.isEnabled()
    window.action("step_over").trigger()
    assert laboratory.chart.isVisible()


def test_it_is_saved_as_a_picture_and_as_numbers(laboratory: PerceptronView, tmp_path: Path) -> None:
    laboratory.figures.choose("Weight")
    for kind in ("png", "svg"):
        assert laboratory.save.save(tmp_path / f"weights.{kind}")
        assert (tmp_path / f"weights.{kind}").stat().st_size > 1000
    laboratory.save.save(tmp_path / "weights.csv")
    rows = list(csv.reader((tmp_path / "weights.csv").read_text().splitlines()))
    assert rows[0] == ["x", "w₀ = 0.5", "w₀ = 1", "w₀ = 2"]
    assert [float(cell) for cell in rows[501]] == [0, 0.5, 0.5, 0.5]
