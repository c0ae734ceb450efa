"""Why is this number, through the real window: from a menu to the formula, back through layers, samples and time."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import remove_layer
from nnstudio.gui.canvas.target import weight
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.session import RunState
from nnstudio.gui.why import retracing
from nnstudio.gui.why.bar_list import BarList
from nnstudio.gui.why.rows import Row
from nnstudio.gui.why.trail import Stop, Trail
from nnstudio.gui.why.view import INPUTS, SAMPLES, TIME, WhyView
from nnstudio.training.course import Retracing
from nnstudio.training.debugger import Goal

OpenWindow = Callable[..., MainWindow]


def ask(window: MainWindow, slot: str, index: tuple[int, ...]) -> WhyView:
    window.context.selection.choose(slot, index)
    view = window.context.tools.open("why")
    assert isinstance(view, WhyView)
    return view


def begun(window: MainWindow) -> MainWindow:
    """The window on a run of its own, three epochs after its start."""
    session = window.context.session
    session.reset()
    for _ in range(3):
        session.debugger.train(Goal.EPOCH)
    session.refreshed.emit()
    return window


def rows(found: BarList) -> tuple[Row, ...]:
    return found.rows.rows


def click(qtbot: QtBot, found: BarList, row: int) -> None:
    index = found.rows.index(row)
    found.scrollTo(index)
    qtbot.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=found.visualRect(index).center())


def row_of(found: BarList, text: str) -> int:
    return next(n for n, row in enumerate(rows(found)) if row.text == text)


def chosen(window: MainWindow) -> tuple[str, tuple[int, ...] | None]:
    return window.context.selection.chosen.slot, window.context.selection.chosen.index


def trail(view: WhyView) -> list[tuple[str, tuple[int, ...]]]:
    return [(stop.slot, stop.index) for stop in view.trail.stops]


def test_the_key_asks_about_the_chosen_value(window: MainWindow, qtbot: QtBot) -> None:
    window.context.selection.choose("A2", (1, 0))
    qtbot.keyClick(window, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    view = window.context.tools.made["why"].view
    assert isinstance(view, WhyView)
    assert view.isVisible()
    value = window.debugger.machine.value("A2")[1, 0]
    assert view.section.headline.text().startswith(f"a²₁ = {value:.4f}: the activation of".replace("-", "−"))


@pytest.mark.parametrize("panel", ["inspector_panel", "canvas_panel"])
def test_the_menu_of_a_value_asks_about_it(window: MainWindow, qtbot: QtBot, panel: str) -> None:
    dock = window.panels[panel]
    if panel == "canvas_panel":
        dock._open_menu(weight(2, 0, 1), QPoint(0, 0))
    else:
        window.context.selection.choose("W2", (0, 1))
        dock._open_menu(dock.table, QPoint(0, 0))
    menu = dock.findChild(QMenu, "value_menu")
    next(action for action in menu.actions() if action.objectName() == "why").trigger()
    menu.close()
    assert trail(window.context.tools.made["why"].view) == [("W2", (0, 1))]


def test_the_explanation_has_a_link_to_it(window: MainWindow, qtbot: QtBot) -> None:
    link = window.panels["explanation_panel"].findChild(QPushButton, "why_link")
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert window.context.tools.made["why"].view.isVisible()


def test_from_the_cost_back_to_the_data_and_all_panels_go_along(window: MainWindow, qtbot: QtBot) -> None:
    window.context.session.step_batch()
    view = ask(window, "J", ())
    way = ["A3", "Z3", "A2", "Z2", "A1", "Z1", "X"]
    for slot in way:
        place = next(n for n, one in enumerate(view.inputs._places) if one[0] == slot)
        click(qtbot, view.inputs.list, place)
        assert chosen(window)[0] == slot
        assert window.panels["inspector_panel"]._shown.name == slot
    assert [slot for slot, _ in trail(view)] == ["J", *way]
    assert view.section.note.text().startswith("It comes from the data: row ")
    assert view.inputs.words.isHidden()
    assert not rows(view.inputs.list)


def test_the_trail_leads_back_and_forward_again(window: MainWindow, qtbot: QtBot) -> None:
    window.context.session.step_batch()
    view = ask(window, "Z2", (3, 1))
    click(qtbot, view.inputs.list, row_of(view.inputs.list, "W²₂₃"))
    assert chosen(window) == ("W2", (1, 2))
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert chosen(window) == ("Z2", (3, 1))
    assert not view.crumbs.back.isEnabled()
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert chosen(window) == ("W2", (1, 2))
    view.crumbs.line.linkActivated.emit("0")
    assert chosen(window) == ("Z2", (3, 1))
    assert trail(view) == [("Z2", (3, 1)), ("W2", (1, 2))]
    window.context.selection.choose("b1", (0,))
    assert trail(view) == [("Z2", (3, 1)), ("b1", (0,))]


def test_keys_alone_lead_from_number_to_number_and_back(window: MainWindow, qtbot: QtBot) -> None:
    window.context.session.step_batch()
    window.context.selection.choose("dW1", (0, 1))
    qtbot.keyClick(window, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    view = window.context.tools.made["why"].view
    assert window.focusWidget() is view.samples.list
    window.context.selection.choose("A1", (0, 0))
    for slot in ("Z1", "X"):
        assert window.focusWidget() is view.inputs.list
        qtbot.keyClick(view.inputs.list, Qt.Key.Key_Home)
        qtbot.keyClick(view.inputs.list, Qt.Key.Key_Return)
        assert chosen(window)[0] == slot
    for slot in ("Z1", "A1", "dW1"):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert chosen(window)[0] == slot
    assert window.focusWidget() is view.samples.list


def test_enter_opens_an_input(window: MainWindow, qtbot: QtBot) -> None:
    window.context.session.step_batch()
    view = ask(window, "Z1", (0, 0))
    view.inputs.list.setCurrentIndex(view.inputs.list.rows.index(row_of(view.inputs.list, "x₂")))
    qtbot.keyClick(view.inputs.list, Qt.Key.Key_Return)
    assert chosen(window) == ("X", (0, 1))


def test_what_is_stale_says_so_and_is_asked_about_nevertheless(window: MainWindow) -> None:
    session = window.context.session
    session.step_batch()
    session.step_over()
    view = ask(window, "Z2", (0, 0))
    assert view.section.headline.text().startswith("z²₁ = —: ")
    assert "will write it anew" in view.section.note.text()
    stale = [row for row in rows(view.inputs.list) if row.faded]
    assert stale
    assert all((row.value, row.note) == ("—", "stale") for row in stale)


def test_a_weight_tells_its_way_through_time_and_an_iteration_leads_there(window: MainWindow, qtbot: QtBot) -> None:
    begun(window)
    view = ask(window, "W2", (0, 1))
    assert (view.views.current, view.stack.currentWidget()) == (TIME, view.time)
    machine, per_epoch = window.debugger.machine, window.debugger.machine.batches.per_epoch
    assert f"{3 * per_epoch} updates; they add up " in view.section.text
    assert "W²₁₂ = initial + Σ over updates Δ" in view.section.text
    first, now = rows(view.time.list)[0], machine.value("W2")[0, 1]
    assert first.text.startswith("iteration ")
    click(qtbot, view.time.list, 0)
    there = window.debugger.timeline.here
    assert first.text == f"iteration {there.iterations}"
    assert machine.value("W2")[0, 1] != now
    assert f"{there.iterations} update" in view.section.text


def test_before_any_update_a_weight_is_its_initial_value(window: MainWindow) -> None:
    window.context.session.reset()
    view = ask(window, "W2", (0, 1))
    assert view.section.text.splitlines()[0].endswith(": its initial value; no update has run yet")
    assert not rows(view.time.list)
    assert not view.grab().isNull()


def test_a_click_on_the_curve_goes_to_that_iteration(window: MainWindow, qtbot: QtBot) -> None:
    begun(window)
    view = ask(window, "W2", (0, 1))
    curve, end = view.time.curve, window.debugger.machine.iterations
    track = curve._track()
    qtbot.mouseClick(curve, Qt.MouseButton.LeftButton, pos=QPoint(round(track.center().x()), 20))
    assert window.debugger.machine.iterations == pytest.approx(end / 2, abs=1)
    window.action("to_present").trigger()
    assert window.debugger.machine.iterations == end


def test_a_value_that_was_set_by_hand_is_among_what_moved_it(window: MainWindow) -> None:
    begun(window)
    window.context.session.edit_value("W2", (0, 1), 4.0)
    window.context.session.step_batch()
    view = ask(window, "W2", (0, 1))
    first = rows(view.time.list)[0]
    assert (first.text, first.note) == ("set by hand", f"iteration {window.debugger.machine.iterations - 1}")
    assert ", set once in between; " in view.section.text
    assert "Σ set Δ" in view.section.text


def test_a_gradient_is_divided_among_the_samples_and_a_click_chooses_one(window: MainWindow, qtbot: QtBot) -> None:
    window.context.session.step_batch()
    view = ask(window, "dW2", (0, 1))
    assert view.views.current == SAMPLES
    machine = window.debugger.machine
    parts = machine.value("dZ2")[:, 0] * machine.value("A1")[:, 1]
    hardest = int(np.argmax(np.abs(parts)))
    assert rows(view.samples.list)[0].text == f"sample {machine.rows[hardest] + 1}"
    assert view.samples.sum.text().startswith(f"Σ = {machine.value('dW2')[0, 1]:.4f}".replace("-", "−"))
    click(qtbot, view.samples.list, 0)
    assert window.context.selection.chosen.sample == hardest
    assert rows(view.samples.list)[0].current
    assert trail(view) == [("dW2", (0, 1))]


def test_a_sum_that_is_not_the_gradient_says_why(window: MainWindow) -> None:
    window.context.session.step_batch()
    window.debugger.machine.program.arena["dW2"][0, 1] = 0.5
    view = ask(window, "dW2", (0, 1))
    assert view.samples.sum.text().endswith("; the machine has 0.5000, for one of the numbers was set since")


def test_a_weight_offers_the_samples_of_its_gradient_too(window: MainWindow) -> None:
    window.context.session.step_batch()
    view = ask(window, "b1", (2,))
    view.views.choose(SAMPLES)
    assert view.samples.words.text().startswith("∂J/∂b¹₃: ")
    assert "∂J/∂b¹₃ = Σ over samples ∂J/∂z¹₃" in view.section.text
    window.context.session.step_over()
    assert view.views.current == SAMPLES
    assert view.samples.words.text().startswith("The gradient is not computed yet")
    window.context.selection.choose("W1", (0, 0))
    assert view.views.current == SAMPLES
    window.context.selection.choose("A1", (0, 0))
    assert view.views.current == INPUTS
    assert view.views.isHidden()


def test_a_long_way_through_time_is_found_in_the_background_and_can_be_given_up(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(window)
    monkeypatch.setattr(retracing, "_AT_ONCE_SECONDS", -1.0)
    advance = Retracing.advance
    held = [True]

    def slow(way: Retracing, interrupted: Callable[[], bool]) -> bool:
        """In the background nothing comes to an end before it is given up."""
        while held[0] and not interrupted() and way.done:
            pass
        return advance(way, interrupted)

    monkeypatch.setattr(Retracing, "advance", slow)
    view = ask(window, "W2", (0, 1))
    assert view.finder.at_work
    assert "the iterations between them are being run again" in view.time.words.text()
    qtbot.waitUntil(view.time.progress.isVisible)
    view.time.progress.findChild(QPushButton, "why_cancel").click()
    qtbot.waitUntil(lambda: not view.finder.at_work)
    assert view.time.words.text().endswith("were not run again.")
    held[0] = False
    qtbot.mouseClick(view.time.link, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.finder.course is not None)
    assert " updates; " in view.section.text
    assert view.time.words.isHidden()
    assert view.time.link.isHidden()


def test_while_training_it_waits(window: MainWindow, qtbot: QtBot) -> None:
    session = window.context.session
    view = ask(window, "W2", (0, 1))
    window.debugger.trainer.limit = 1_000_000
    session.train()
    qtbot.waitUntil(view.hint.isVisible)
    assert view.page.isHidden()
    session.pause()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED)
    qtbot.waitUntil(view.page.isVisible)
    assert view.hint.isHidden()
    qtbot.waitUntil(lambda: view.finder.course is not None)


def test_another_network_begins_another_trail(window: MainWindow) -> None:
    view = ask(window, "W3", (0, 0))
    document = window.context.document
    document.apply(remove_layer(document.experiment, 0))
    assert len(view.trail.stops) == 1
    assert view.trail.here.slot in window.debugger.machine.program.arena


def test_all_that_can_be_chosen_can_be_asked_about(window: MainWindow, qtbot: QtBot) -> None:
    view = ask(window, "J", ())
    session = window.context.session
    for _ in range(2):
        for slot in session.machine.slots():
            window.context.selection.choose(slot.name)
            assert view.section.headline.text()
            assert not view.grab().isNull()
        session.step_batch()
        session.step_over()


def test_every_control_has_a_name(window: MainWindow) -> None:
    view = ask(window, "W2", (0, 1))
    names = ["why_back", "why_forward", "why_trail", "why_inputs", "why_changes", "why_samples", "why_curve"]
    found = [view.findChild(QWidget, name) for name in names]
    assert all(widget.accessibleName() for widget in found)


def test_a_trail_goes_back_and_forgets_what_lay_ahead() -> None:
    way = Trail()
    stops = [Stop("J", (), 0), Stop("A1", (0, 2), 0), Stop("W1", (2, 0), 0)]
    for stop in stops:
        way.visit(stop)
    assert way.go_to(0) == stops[0]
    way.visit(stops[1])  # the one that lies ahead anyway
    assert (way.here, way.stops) == (stops[1], stops)
    way.visit(Stop("A1", (3, 2), 3))  # the same neuron for another sample
    assert (way.at, way.here, len(way.stops)) == (1, Stop("A1", (3, 2), 3), 3)
    way.visit(Stop("b1", (0,), 3))
    assert [stop.slot for stop in way.stops] == ["J", "A1", "b1"]
    assert not way.can_go_forward
    assert way.go_to(99) == way.here
