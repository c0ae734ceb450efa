"""The explanation at three depths: an idea with its sketch, all matrices, and one neuron."""

import pytest
import typst
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from nnstudio.engine.ops import OpKind
from nnstudio.experiment.edits import set_training
from nnstudio.explain.ideas import Sketch
from nnstudio.gui.explanation.copying import Form
from nnstudio.gui.explanation.depths import Depth, depth_of
from nnstudio.gui.explanation.matrix_view import MatrixView
from nnstudio.gui.explanation.sketches import SketchView
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.session import RunState
from nnstudio.gui.theme import DARK, LIGHT

from .test_explanation import panel, step_to, typeset


def matrices(window: MainWindow) -> MatrixView:
    view = panel(window).parts.matrices
    assert view is not None
    return view


def middle_of(window: MainWindow, number: int, row: int, column: int) -> QPoint:
    """The middle of an element of the matrix of this number."""
    return matrices(window).layout_.boxes[number].rect(row, column).center().toPoint()


def laid_out(window: MainWindow) -> bool:
    """Whether the matrices have their final place, below a formula that is typeset."""
    view = matrices(window)
    return view.isVisible() and typeset(window) and view.height() == view.layout_.height


@pytest.fixture
def opened(open_window, qtbot: QtBot) -> MainWindow:
    """The three averages after the first weighted sum, as matrices: Z¹ = X W¹ᵀ + b¹."""
    window = open_window("averages")
    panel(window).depths.choose(Depth.MATRIX)
    step_to(window, OpKind.AFFINE)
    qtbot.waitUntil(lambda: laid_out(window))
    return window


def test_the_depth_is_chosen_by_keyboard_and_remembered(open_window, qtbot: QtBot) -> None:
    window = open_window("averages")
    step_to(window, OpKind.AFFINE)
    buttons = {button.text(): button for button in panel(window).depths.findChildren(QToolButton)}
    assert panel(window).depths.current == Depth.SCALAR
    buttons["Idea"].setFocus()
    qtbot.keyClick(buttons["Idea"], Qt.Key.Key_Space)
    assert panel(window).text == (
        "Just done: weighted sum, hidden layer 1\n\n"
        "Each neuron listens to all neurons before it. A weight says how much one of them counts, and in which "
        "direction; the bias says how easily the neuron fires."
    )
    assert panel(open_window("averages")).depths.current == Depth.IDEA
    assert depth_of("nonsense") is Depth.SCALAR


def test_matrices_show_all_numbers_of_an_operation(opened: MainWindow) -> None:
    assert panel(opened).text == (
        "Just done: weighted sum, hidden layer 1\n"
        "Z¹ = X W¹ᵀ + b¹\n\n"
        "Z¹ (3×3): 0.5000, 0.5000, −0.2000; 0.1000, −0.3000, 0.2000; −1.4000, 1.2000, −1.0000\n"
        "X (3×2): 0.1000, 0.3000; 0.1000, −0.1000; −0.8000, 0.2000\n"
        "W¹ᵀ (2×3): 2.0000, −1.0000, 1.0000; 1.0000, 2.0000, −1.0000\n"
        "b¹ (1×3): 0.0000, 0.0000, 0.0000"
    )
    assert matrices(opened).accessibleName() == "weighted sum, hidden layer 1, as matrices"
    assert "X (3×2): 0.100, 0.300" in matrices(opened).accessibleDescription()


def test_pointing_at_an_element_lights_it_and_a_click_chooses_it_everywhere(opened: MainWindow, qtbot: QtBot) -> None:
    view = matrices(opened)
    qtbot.mouseMove(view, middle_of(opened, 0, 2, 1))
    qtbot.waitUntil(lambda: view.pointed is not None)
    assert view.pointed[0].pins(*view.pointed[1:]) == {"samples": 2, "units 1": 1}
    before = view.grab().toImage()
    qtbot.mouseMove(view, middle_of(opened, 2, 0, 1))
    qtbot.waitUntil(lambda: view.grab().toImage() != before)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle_of(opened, 2, 0, 1))
    assert (opened.context.selection.chosen.slot, opened.context.selection.chosen.index) == ("W1", (1, 0))


def test_the_keyboard_walks_through_the_result_and_chooses(opened: MainWindow, qtbot: QtBot) -> None:
    view, selection = matrices(opened), opened.context.selection
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.pointed is not None
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(view, key)
    assert (selection.chosen.slot, selection.chosen.index, selection.chosen.sample) == ("Z1", (1, 2), 1)


def test_a_chosen_operation_stays_when_an_element_of_it_is_chosen(opened: MainWindow, qtbot: QtBot) -> None:
    step_to(opened, OpKind.COST)
    opened.context.selection.choose_op(1)
    view = matrices(opened)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle_of(opened, 1, 1, 0))
    assert opened.context.selection.chosen.slot == "X"
    assert panel(opened).text.startswith("Operation 2: weighted sum, hidden layer 1")


def test_going_into_an_operation_fills_the_matrix_neuron_by_neuron(open_window) -> None:
    window = open_window("averages")
    panel(window).depths.choose(Depth.MATRIX)
    window.context.session.step_over()
    window.context.stepping.into()
    window.context.stepping.over()
    assert "Neuron 2 of 3: weighted sum" in panel(window).text
    assert "Z¹ (3×3): 0.5000, 0.5000, —; —, —, —; —, —, —" in panel(window).text


def test_a_share_of_the_cost_chooses_its_sample(opened: MainWindow, qtbot: QtBot) -> None:
    step_to(opened, OpKind.COST)
    qtbot.mouseClick(matrices(opened), Qt.MouseButton.LeftButton, pos=middle_of(opened, 1, 2, 0))
    assert opened.context.selection.chosen.sample == 2


def test_large_matrices_fit_the_panel_and_say_what_is_left_out(open_window, qtbot: QtBot) -> None:
    window = open_window("iris", (1280, 800))
    panel(window).depths.choose(Depth.MATRIX)
    step_to(window, OpKind.WEIGHT_GRADIENT)
    view = matrices(window)
    qtbot.waitUntil(lambda: laid_out(window))
    assert all(box.area.right() <= view.width() for box in view.layout_.boxes)
    assert "…" in panel(window).text


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (Form.PLAIN, "Z¹ (3×3): 0.5000, 0.5000, −0.2000; "),
        (Form.TYPST, '$Z^1 = mat(delim: "[", 0.5000, 0.5000, -0.2000; '),
        (Form.LATEX, r"W^{1 \mathrm{T}} = \begin{bmatrix}2.0000 & -1.0000 & 1.0000 \\ 1.0000 & "),
    ],
)
def test_matrices_can_be_copied(opened: MainWindow, form: Form, expected: str) -> None:
    panel(opened).copy(form)
    copied = QGuiApplication.clipboard().text()
    assert "weighted sum, hidden layer 1" in copied
    assert expected in copied
    if form is Form.TYPST:
        assert typst.Compiler(ignore_system_fonts=True).compile(copied.encode(), format="svg")


def test_while_training_neither_idea_nor_matrices_are_shown(opened: MainWindow, qtbot: QtBot) -> None:
    session, document = opened.context.session, opened.context.document
    document.apply(set_training(document.experiment, epochs=1_000_000))
    session.train()
    qtbot.waitUntil(lambda: "Pause (F6) to read the numbers" in panel(opened).text)
    assert matrices(opened).isHidden()
    session.pause()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED)
    qtbot.waitUntil(matrices(opened).isVisible)


def test_every_sketch_is_drawn_in_both_themes(qapp) -> None:
    drawn = []
    for theme in (LIGHT, DARK):
        for sketch in Sketch:
            view = SketchView()
            view.show_sketch(sketch, theme)
            drawn.append(view.grab().toImage())
    assert all(one != other for place, one in enumerate(drawn) for other in drawn[:place])
