"""Drawing one's own points: strokes by mouse and by keys, the eraser, undo, and a network that learns them."""

from collections.abc import Iterable
from math import cos, pi, sin

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.data.drawn import By
from nnstudio.data.spec import InlineSource
from nnstudio.gui.drawing.view import DrawingView
from nnstudio.gui.main_window import MainWindow
from nnstudio.training.debugger import Goal

from .conftest import OpenWindow

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
Places = Iterable[tuple[float, float]]


@pytest.fixture
def view(window: MainWindow) -> DrawingView:
    window.action("show_draw_points").trigger()
    opened = window.context.tools.made["draw_points"].view
    assert isinstance(opened, DrawingView)
    return opened


def stroke(qtbot: QtBot, view: DrawingView, places: Places, button: Qt.MouseButton = LEFT) -> None:
    """Press at the first place, drag over the others, let go at the last."""
    at = [view.plane.to_pixel(*place).toPoint() for place in places]
    qtbot.mousePress(view.plane, button, pos=at[0])
    for point in at[1:]:
        qtbot.mouseMove(view.plane, point)
    qtbot.mouseRelease(view.plane, button, pos=at[-1])


def choose_class(view: DrawingView, row: int) -> None:
    view.palette_.classes.setCurrentRow(row)


def labels(view: DrawingView) -> list[str | float]:
    return [point.label for point in view.drawing.sheet.points]


def source(window: MainWindow) -> object:
    return window.context.document.experiment.data.source


def arc(turn: float, radius: float = 0.6) -> list[tuple[float, float]]:
    return [(radius * cos(turn + n / 5), radius * sin(turn + n / 5)) for n in range(8)]


def test_one_class_stays_on_the_sheet_and_with_the_second_the_document_learns_from_both(
    window: MainWindow, view: DrawingView, qtbot: QtBot
) -> None:
    before = source(window)
    assert "Press and drag" in view.note.text()
    stroke(qtbot, view, [(-0.6, 0.0), (-0.3, 0.1)])
    assert set(labels(view)) == {"A"}
    assert source(window) == before
    assert "draw some of another class" in view.note.text()
    choose_class(view, 1)
    stroke(qtbot, view, [(0.6, 0.0), (0.3, 0.1)])
    drawn = source(window)
    assert isinstance(drawn, InlineSource)
    assert drawn.columns == ("x1", "x2", "class")
    assert [row[2] for row in drawn.rows] == labels(view)
    assert window.context.document.data.classes == ("A", "B")
    assert window.context.document.experiment.name == "Drawn points"
    assert "learns from these points" in view.note.text()


def test_each_stroke_is_one_step_to_undo_and_to_redo(window: MainWindow, view: DrawingView, qtbot: QtBot) -> None:
    stack, before = window.context.document.undo_stack, source(window)
    stroke(qtbot, view, [(-0.6, 0.0), (-0.3, 0.1)])
    first = view.drawing.sheet
    choose_class(view, 1)
    stroke(qtbot, view, [(0.6, 0.0), (0.3, 0.1)])
    second = view.drawing.sheet
    assert stack.count() == 2
    assert stack.undoText() == "Draw B"
    window.action("undo").trigger()
    assert view.drawing.sheet == first
    assert source(window) == before
    window.action("undo").trigger()
    assert not view.drawing.sheet.points
    window.action("redo").trigger()
    window.action("redo").trigger()
    assert view.drawing.sheet == second
    assert isinstance(source(window), InlineSource)


def test_the_eraser_takes_points_away_and_what_is_left_is_learned_while_there_are_two_classes(
    window: MainWindow, view: DrawingView, qtbot: QtBot
) -> None:
    draw_two_classes(qtbot, view)
    rows = len(view.drawing.sheet.points)
    view.mode.choose("Erase")
    stroke(qtbot, view, [(-0.6, 0.0)])
    left = len(view.drawing.sheet.points)
    assert 0 < left < rows
    assert window.context.document.dataset.rows == left
    stroke(qtbot, view, [(0.6, 0.0), (0.0, 0.0)], RIGHT)
    view.size_.slider.setValue(25)
    qtbot.waitUntil(lambda: view.brush.size == 0.25)
    stroke(qtbot, view, [(0.8, 0.0), (0.0, 0.0)])
    assert set(labels(view)) <= {"A"}
    assert isinstance(source(window), InlineSource), "the document keeps the last points that can be learned from"
    assert "another class" in view.note.text() or "Press and drag" in view.note.text()


def test_own_drawn_points_are_separated(window: MainWindow, view: DrawingView, qtbot: QtBot) -> None:
    """Two arcs that face each other, which no straight line separates; the second with a class in between."""
    draw_two_classes(qtbot, view, arc(0.4), [(-0.1, -0.2), (0.1, -0.2)])
    qtbot.mouseClick(view.palette_.add, LEFT)
    assert view.palette_.chosen == "C"
    stroke(qtbot, view, arc(pi + 0.8))
    assert window.context.document.data.classes == ("A", "B", "C")
    session = window.context.session
    session.run_to(Goal.LIMIT)
    qtbot.waitUntil(lambda: session.paused, timeout=20_000)
    assert session.machine.epochs == session.run.experiment.training.epochs
    data, model = window.context.document.data, session.run.model
    predicted = model.predict(data.train.X).argmax(axis=1)
    assert (predicted == data.train.Y.argmax(axis=1)).mean() == 1.0
    assert view.plane.side > 1, "what the network says is drawn under the points"


def test_training_goes_on_with_what_is_drawn(window: MainWindow, view: DrawingView, qtbot: QtBot) -> None:
    draw_two_classes(qtbot, view)
    session = window.context.session
    session.train()
    choose_class(view, 0)
    stroke(qtbot, view, [(0.0, 0.8), (0.3, 0.8)])
    assert not session.paused
    session.take()
    assert len(session.run.data.train.X) == len(view.drawing.sheet.points)


def test_keys_move_a_cursor_draw_and_erase(view: DrawingView, qtbot: QtBot) -> None:
    plane = view.plane
    view.count.slider.setValue(0)
    qtbot.waitUntil(lambda: view.brush.count == 1)
    plane.setFocus(Qt.FocusReason.TabFocusReason)
    assert plane.cursor_at == (0.0, 0.0)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(plane, key)
    qtbot.keyClick(plane, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(plane, Qt.Key.Key_Space)
    assert [(p.x, p.y, p.label) for p in view.drawing.sheet.points] == [(-0.15, 0.05, "A")]
    qtbot.keyClick(plane, Qt.Key.Key_2)
    for _ in range(100):
        qtbot.keyClick(plane, Qt.Key.Key_Down)
    qtbot.keyClick(plane, Qt.Key.Key_Space)
    assert [(p.y, p.label) for p in view.drawing.sheet.points] == [(0.05, "A"), (-1.0, "B")]
    qtbot.keyClick(plane, Qt.Key.Key_Delete)
    assert labels(view) == ["A"]


def test_values_are_drawn_as_the_slider_says(window: MainWindow, view: DrawingView, qtbot: QtBot) -> None:
    view.by.choose(By.VALUE.value)
    assert not view.palette_.classes.isVisible()
    for value, x in ((-0.5, -0.6), (0.75, 0.6)):
        view.value.field.setText(str(value))
        qtbot.keyClick(view.value.field, Qt.Key.Key_Return)
        stroke(qtbot, view, [(x, 0.0), (x, 0.3)])
    assert set(labels(view)) == {-0.5, 0.75}
    document = window.context.document
    assert document.experiment.data.source.columns == ("x1", "x2", "y")
    assert document.experiment.network.layers[-1].activation == "identity"
    assert document.undo_stack.undoText() == "Draw 0.75"


def test_a_class_is_renamed_in_the_list_and_a_bad_name_is_refused_with_the_reason(
    window: MainWindow, view: DrawingView, qtbot: QtBot
) -> None:
    draw_two_classes(qtbot, view)
    rename(qtbot, view, 0, "cats")
    qtbot.waitUntil(lambda: window.context.document.data.classes == ("B", "cats"))
    assert view.palette_.classes.item(0).text() == "cats"
    rename(qtbot, view, 0, "B")
    qtbot.waitUntil(lambda: "a class “B” already" in view.note.text())
    assert view.palette_.classes.item(0).text() == "cats"


def test_the_present_data_can_be_drawn_on_and_cleared(window: MainWindow, view: DrawingView, qtbot: QtBot) -> None:
    press(qtbot, view, "start_from_data")
    assert len(labels(view)) == 160
    assert window.context.document.experiment.network.layers[-1].units == 1
    stroke(qtbot, view, [(0.0, 0.9), (0.1, 0.9)])
    assert window.context.document.dataset.rows == len(labels(view)) > 160
    press(qtbot, view, "clear_points")
    assert labels(view) == []
    window.action("undo").trigger()
    assert len(labels(view)) > 160


def test_data_with_more_inputs_than_a_plane_has_say_why(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("iris")
    window.action("show_draw_points").trigger()
    view = window.context.tools.made["draw_points"].view
    press(qtbot, view, "start_from_data")
    assert "a plane has two inputs" in view.note.text().lower()


def test_it_opens_on_what_has_been_drawn_before(window: MainWindow, view: DrawingView, qtbot: QtBot) -> None:
    draw_two_classes(qtbot, view)
    points = view.drawing.sheet.points
    document = window.context.document
    document.replace(document.content, None)
    assert view.drawing.sheet.points == points
    window.files.open_sample("xor")
    assert not view.drawing.sheet.points


def draw_two_classes(
    qtbot: QtBot,
    view: DrawingView,
    first: Places = ((-0.6, 0.0), (-0.3, 0.0)),
    second: Places = ((0.6, 0.0), (0.3, 0.0)),
) -> None:
    choose_class(view, 0)
    stroke(qtbot, view, first)
    choose_class(view, 1)
    stroke(qtbot, view, second)


def rename(qtbot: QtBot, view: DrawingView, row: int, name: str) -> None:
    classes = view.palette_.classes
    classes.setCurrentRow(row)
    classes.editItem(classes.item(row))
    editor = classes.findChild(QLineEdit)
    editor.setText(name)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


def press(qtbot: QtBot, view: DrawingView, name: str) -> None:
    qtbot.mouseClick(view.findChild(QPushButton, name), LEFT)
