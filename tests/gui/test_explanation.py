"""The explanation reads the operation at hand, typeset and as text, and follows the selection and the run."""

import logging
import sys

import pytest
import typst
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.engine.activations import Activation
from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind
from nnstudio.engine.optimizers import Optimizer, Sgd
from nnstudio.engine.schedules import Cosine, OneCycle, ReduceOnPlateau, Schedule
from nnstudio.engine.spec import LayerSpec, NetworkSpec, RegularizationSpec
from nnstudio.experiment.edits import set_training
from nnstudio.explain.element import element_at
from nnstudio.explain.formulas import explain
from nnstudio.explain.labels import label_formula
from nnstudio.explain.network import network
from nnstudio.explain.numbers import fixed
from nnstudio.explain.reading import Reading
from nnstudio.explain.writing import number
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.explanation_panel import ExplanationPanel
from nnstudio.gui.session import RunState
from nnstudio.gui.theme import DARK, LIGHT, Mode
from nnstudio.gui.typesetter import Typesetter

COSTS = (
    ("identity", "half_mse"),
    ("tanh", "mse"),
    ("identity", "mae"),
    ("identity", "huber"),
    ("identity", "log_cosh"),
    ("sigmoid", "binary_cross_entropy"),
    ("hard_sigmoid", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
    ("softmax", "half_mse"),
    ("sigmoid", "cross_entropy"),
)


def panel(window: MainWindow) -> ExplanationPanel:
    return window.findChild(ExplanationPanel, "explanation_panel")


def pictures(window: MainWindow) -> list[QLabel]:
    return [view.picture for section in panel(window).sections for view in section.formulas if view.isVisible()]


def typeset(window: MainWindow) -> bool:
    return bool(pictures(window)) and all(not label.pixmap().isNull() for label in pictures(window))


def step_to(window: MainWindow, kind: OpKind) -> int:
    """Step until an operation of this kind has run; return its index."""
    session = window.context.session
    while True:
        index, found = session.machine.pc, session.machine.op.kind
        session.step_over()
        if found is kind:
            return index


def test_at_the_start_it_invites_to_run_the_first_operation(open_window) -> None:
    window = open_window("averages")
    assert "Press F10 to run the first operation" in panel(window).text
    assert "Next: the next mini-batch, 3 samples" in panel(window).text


def test_a_step_is_explained_with_the_numbers_of_the_machine(open_window) -> None:
    window = open_window("averages")
    step_to(window, OpKind.AFFINE)
    assert panel(window).text == (
        "Just done: the weighted sum of neuron 1 in hidden layer 1, for sample 1\n"
        "z¹₁ = Σᵢ W¹₁ᵢ xᵢ + b¹₁\n"
        "= (2.0000)(0.1000) + (1.0000)(0.3000) + (0.0000)\n"
        "= 0.5000\n\n"
        "Next: the activation of neuron 1 in hidden layer 1, ReLU, for sample 1\n"
        "a¹₁ = relu(z¹₁) = relu(0.5000) = 0.5000"
    )


def test_formulas_are_typeset_and_read_aloud(open_window, qtbot: QtBot) -> None:
    window = open_window("averages")
    step_to(window, OpKind.AFFINE)
    qtbot.waitUntil(lambda: typeset(window))
    first = pictures(window)[0]
    assert first.accessibleName().startswith("z layer 1 index 1 equals the sum over i of W layer 1 index 1 i x index i")
    assert first.toolTip().startswith("z¹₁ = Σᵢ W¹₁ᵢ xᵢ + b¹₁")


def test_the_chosen_neuron_and_sample_are_explained(open_window) -> None:
    window = open_window("averages")
    step_to(window, OpKind.AFFINE)
    window.context.selection.choose("Z1", (1, 2))
    assert "neuron 3 in hidden layer 1, for sample 2" in panel(window).text
    assert "(1.0000)(0.1000) + (−1.0000)(−0.1000)" in panel(window).text


def test_a_chosen_operation_is_explained_until_the_machine_moves(open_window) -> None:
    window = open_window("averages")
    step_to(window, OpKind.COST)
    window.context.selection.choose_op(2)
    assert panel(window).text.startswith("Operation 3: the activation of neuron 1 in hidden layer 1")
    window.context.session.step_over()
    assert panel(window).text.startswith("Just done: the gradient of the cost")


def test_decimal_places_are_those_of_the_settings(open_window) -> None:
    window = open_window("averages")
    step_to(window, OpKind.ACTIVATION)
    window.context.settings.decimals = 2
    assert "relu(0.50) = 0.50" in panel(window).text


def test_the_theme_recolours_the_formulas(open_window, qtbot: QtBot) -> None:
    window = open_window("averages")
    step_to(window, OpKind.ACTIVATION)
    qtbot.waitUntil(lambda: typeset(window))
    light = pictures(window)[0].pixmap().toImage()
    window.context.appearance.set_mode(Mode.DARK)
    qtbot.waitUntil(lambda: pictures(window)[0].pixmap().toImage() != light)


def test_while_training_it_shows_the_network_and_how_to_read_numbers(window: MainWindow, qtbot: QtBot) -> None:
    session, document = window.context.session, window.context.document
    document.apply(set_training(document.experiment, epochs=1_000_000))
    session.train()
    qtbot.waitUntil(lambda: "Pause (F6) to read the numbers" in panel(window).text)
    shown = panel(window).text
    assert "A¹ = tanh(X W¹ᵀ + b¹)" in shown
    with qtbot.waitSignal(session.refreshed):
        pass
    assert panel(window).text == shown
    session.pause()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED)
    assert panel(window).text.startswith("Just done: the update of W¹₁₁")


def test_copy_offers_plain_text_typst_and_latex(open_window, qtbot: QtBot) -> None:
    window = open_window("averages")
    step_to(window, OpKind.ACTIVATION)
    link = window.findChild(QPushButton, "explanation_copy")
    link.setFocus()
    qtbot.keyClick(link, Qt.Key.Key_Space)
    qtbot.waitUntil(link.forms.isVisible)
    copied = {}
    for action in link.forms.actions():
        action.trigger()
        copied[action.objectName()] = QGuiApplication.clipboard().text()
    link.forms.close()
    assert copied["copy_as_plain"] == panel(window).text
    assert r"a_{1}^{1} = \max (0, z_{1}^{1}) = \max (0, 0.5000) = \mathbf{0.5000}" in copied["copy_as_latex"]
    pages = typst.Compiler(ignore_system_fonts=True).compile(copied["copy_as_typst"].encode(), format="svg")
    assert b"<svg" in pages


def test_formulas_fit_the_width_of_the_panel(open_window, qtbot: QtBot) -> None:
    window = open_window("iris", (1280, 800))
    step_to(window, OpKind.WEIGHT_GRADIENT)
    qtbot.waitUntil(lambda: typeset(window))
    for label in pictures(window):
        assert label.pixmap().deviceIndependentSize().width() <= label.width()


def test_without_typst_the_plain_text_is_shown(open_window, qtbot, monkeypatch, caplog) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    window = open_window("averages")
    step_to(window, OpKind.ACTIVATION)
    with caplog.at_level(logging.WARNING):
        qtbot.waitUntil(lambda: pictures(window)[0].text() == "a¹₁ = relu(z¹₁) = relu(0.5000) = 0.5000")
    assert "typst cannot be loaded" in caplog.text


def test_every_formula_can_be_typeset(qapp, caplog) -> None:
    typesetter = Typesetter()
    for machine in networks():
        for _ in range(len(machine.program.ops)):
            index, op = machine.pc, machine.op
            before = explain(machine, index, element_at(machine, op, "W1", (1, 1), 1), upcoming=True)
            machine.step()
            after = explain(machine, index, element_at(machine, op, "W2", (0, 11), 1), 2)
            label = label_formula(Reading(machine, index, element_at(machine, op, "W1", (0, 0), 0), 2))
            formulas = (*before.formulas, *after.formulas, label, *network(machine.model).formulas)
            sources = [formula.typst for formula in formulas]
            for theme in (LIGHT, DARK) if op.kind is OpKind.LOAD else (LIGHT,):
                made = typesetter.pictures(sources, 260, theme, 1.0)
                assert all(made), f"{sources}\n{caplog.text}"
    assert not caplog.records


SCHEDULES = (
    *(kind() for kind in Schedule.registry.values()),
    Cosine(1.0, 0.1, growth=2),
    Cosine(1.0, restarts=False),
    OneCycle(2.0),
    ReduceOnPlateau(patience=0),
)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
def test_every_formula_of_a_schedule_can_be_typeset(qapp, caplog, schedule: Schedule) -> None:
    typesetter = Typesetter()
    model = Model(ModelSpec(NetworkSpec(2, (LayerSpec(1),)), schedule=schedule))
    machine = Machine(model, [[0.1, 1.0], [0.2, -1.0]], [[1.0], [0.5]], batch_size=1, shuffle=False, seed=1)
    while machine.iterations < 6:
        index, op = machine.pc, machine.op
        element = element_at(machine, op, "W1", (0, 0), 0)
        before = explain(machine, index, element, upcoming=True)
        machine.step()
        if op.kind is OpKind.SCHEDULE:
            formulas = (*before.formulas, *explain(machine, index, element).formulas)
            made = typesetter.pictures([formula.typst for formula in formulas], 260, LIGHT, 1.0)
            assert all(made), f"{formulas}\n{caplog.text}"
    assert not caplog.records


def networks() -> list[Machine]:
    """Each activation, each cost, each optimizer; penalties; sums of over eight terms."""
    hidden = [name for name in Activation.names() if name != "softmax"]
    optimizers = [*(kind() for kind in Optimizer.registry.values()), Sgd(momentum=0.9, nesterov=True)]
    made = []
    for number_, activation in enumerate(hidden):
        last, cost = COSTS[number_ % len(COSTS)]
        spec = NetworkSpec(2, (LayerSpec(12, activation), LayerSpec(2 + 8 * (number_ % 2), last)))
        penalties = RegularizationSpec(0.01, 0.1) if number_ % 3 == 0 else RegularizationSpec()
        model = Model(ModelSpec(spec, cost, penalties, optimizers[number_ % len(optimizers)]))
        model.initialize(number_)
        X = [[0.1 * row, -1.0] for row in range(11)]
        Y = [[float(k == row % spec.outputs) for k in range(spec.outputs)] for row in range(11)]
        made.append(Machine(model, X, Y, batch_size=11, shuffle=False, seed=1))
    return made


def test_what_cannot_be_typeset_is_logged_and_left_to_plain_text(qapp, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        assert Typesetter().pictures(["$nonsense_("], 200, LIGHT, 1.0) == [None]
    assert "shown as plain text" in caplog.text


def test_a_formula_that_cannot_be_typeset_takes_no_other_with_it(qapp, caplog) -> None:
    sources = ["$x^2$", "$nonsense_(", "$sum_i y_i$"]
    with caplog.at_level(logging.WARNING):
        first, second, third = Typesetter().pictures(sources, 200, LIGHT, 1.0)
    assert [picture is not None for picture in (first, second, third)] == [True, False, True]
    assert len(caplog.records) == 1


def test_a_formula_looks_the_same_alone_and_among_others(qapp) -> None:
    sources = ["$x^2$", "$sum_i y_i$", "$x^2$"]
    together = Typesetter().pictures(sources, 200, LIGHT, 2.0)
    alone = [Typesetter().pictures([source], 200, LIGHT, 2.0)[0] for source in sources]
    assert [picture.toImage() for picture in together] == [picture.toImage() for picture in alone]
    assert together[0].deviceIndependentSize().width() == 200


@pytest.mark.parametrize("value", [0.5, -0.57531, 1.2e-7, 3.4e9, 0.0, float("nan"), float("-inf")])
def test_numbers_read_as_in_the_tables(value: float) -> None:
    assert number(value, 4).plain == fixed(value, 4)


def test_every_control_has_a_name(open_window) -> None:
    window = open_window("averages")
    step_to(window, OpKind.COST)
    unnamed = [w for w in panel(window).findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert all(widget.accessibleName() for widget in unnamed)
