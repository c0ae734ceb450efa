"""The chain rule in the window: written for what is chosen, lit in the drawing, and equal to the machine's gradient."""

import json
from itertools import cycle
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.engine.ops import Phase
from nnstudio.explain.paths import Found, Paths, Progress, silent
from nnstudio.gui.canvas import target as targets
from nnstudio.gui.chain_rule import searching
from nnstudio.gui.chain_rule.view import ChainRuleView
from nnstudio.gui.main_window import MainWindow

from .conftest import OpenWindow


@pytest.fixture
def view(window: MainWindow, qtbot: QtBot) -> ChainRuleView:
    """The chain rule of W¹₂₁ of the welcome network, 2-5-3-1, just before an update."""
    window.context.selection.choose("W1", (1, 0))
    opened = window.context.tools.open("chain_rule")
    assert isinstance(opened, ChainRuleView)
    qtbot.mouseClick(opened.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not opened.paths.formulas[0].picture.pixmap().isNull())
    return opened


def path_in_drawing(window: MainWindow) -> tuple[targets.Target, ...]:
    return window.panels["canvas_panel"].view.edges.path


def test_the_paths_are_written_and_their_sum_is_the_gradient(window: MainWindow, view: ChainRuleView) -> None:
    assert window.debugger.machine.op.phase is Phase.UPDATE
    assert view.about.headline.text().startswith("3 paths lead from W¹₂₁ to the cost")
    assert [row.formula.plain.count("∂J") for row in view.paths.rows] == [1, 1, 1]
    assert view.verdict.text.startswith("✓ This is the machine's ∂J/∂W¹₂₁")
    assert view.go.isHidden()
    assert [value.text() for _, value in view.tally.lines] == ["18", "350", "64"]


def test_a_path_lights_in_the_drawing_by_key_and_by_pointer(
    window: MainWindow, view: ChainRuleView, qtbot: QtBot
) -> None:
    view.paths.setFocus()
    qtbot.keyClick(view.paths, Qt.Key.Key_Down)
    assert targets.weight(2, 1, 1) in path_in_drawing(window)
    assert targets.neuron(2, 1) in path_in_drawing(window)
    assert targets.weight(1, 1, 0) in path_in_drawing(window)
    assert "2 of 3: partial J" in view.paths.accessibleDescription()
    places = cycle((QPoint(5, 5), QPoint(6, 6)))

    def pointed_at_the_third() -> bool:
        """The page may still be scrolling to the path that the keys went to, so the pointer follows the formula."""
        third = view.paths.formulas[2]
        view.page.ensureWidgetVisible(third)
        qtbot.mouseMove(third, next(places))
        return targets.neuron(2, 2) in path_in_drawing(window)

    qtbot.waitUntil(pointed_at_the_third)
    view.paths.clearFocus()
    qtbot.mouseMove(window.panels["canvas_panel"].view, QPoint(2, 2))
    qtbot.waitUntil(lambda: path_in_drawing(window) == ())


def test_a_path_is_let_go_of_when_the_tool_is_left(window: MainWindow, view: ChainRuleView, qtbot: QtBot) -> None:
    view.paths.setFocus()
    assert path_in_drawing(window)
    window.panels["explanation_panel"].raise_()
    qtbot.waitUntil(lambda: path_in_drawing(window) == ())


def test_it_follows_the_selection_and_says_what_is_missing(window: MainWindow, view: ChainRuleView) -> None:
    window.context.selection.choose("b3", (0,))
    assert view.about.headline.text().startswith("One path leads from b³₁ to the cost")
    window.actions_by_name["step_over"].trigger()
    window.context.selection.choose("dW1", (0, 1))
    assert view.about.headline.text().startswith("3 paths lead from W¹₁₂")
    assert view.about.note.text().startswith("The weights on the way have changed")
    assert view.verdict.isHidden()
    assert not view.go.isHidden()
    assert not view.back.isHidden()


def test_between_two_mini_batches_it_goes_back_to_the_weights_the_pass_backward_worked_with(
    window: MainWindow, view: ChainRuleView, qtbot: QtBot
) -> None:
    window.context.selection.choose("dW1", (0, 1))
    window.action("step_batch").trigger()
    gradient = window.debugger.machine.value("dW1")[0, 1]
    assert view.about.note.text().startswith("The weights on the way have changed since the pass backward")
    qtbot.mouseClick(view.back, Qt.MouseButton.LeftButton)
    assert view.verdict.headline.text().startswith("✓ This is the machine's ∂J/∂W¹₁₂")
    assert window.debugger.machine.value("dW1")[0, 1] == gradient
    assert view.back.isHidden()
    assert view.go.isHidden()
    window.action("to_present").trigger()
    assert not view.back.isHidden()


def test_it_is_copied_in_all_forms(view: ChainRuleView) -> None:
    copied = {}
    for action in view.copy_link.forms.actions():
        action.trigger()
        copied[action.text()] = QGuiApplication.clipboard().text()
    assert view.paths.rows[2].formula.plain in copied["Copy as plain text"]
    assert r"\frac{\partial J}{\partial z_{1}^{3}}" in copied["Copy as LaTeX"]
    assert view.paths.rows[2].formula.typst in copied["Copy as typst"]


def test_numbers_that_are_not_finite_are_shown_as_such(window: MainWindow, view: ChainRuleView) -> None:
    window.context.session.edit_value("W2", (0, 1), 1e308)
    window.context.session.edit_value("W3", (0, 0), 1e308)
    view.go.click()
    window.context.selection.choose("W1", (1, 0))
    assert view.paths.rows
    assert "∞" in view.layers.text or "NaN" in view.layers.text or "e+" in view.paths.text


def test_it_is_written_through_a_normalization_too(open_window: OpenWindow, tmp_path: Path, qtbot: QtBot) -> None:
    layers = [{"units": 3, "activation": "tanh", "normalization": "batch"}, {"units": 1}]
    rows = [[0.0, 1.0, 2.0], [1.0, 0.0, 3.0], [1.0, 1.0, 5.0]]
    source = {"kind": "inline", "columns": ["x1", "x2", "y"], "rows": rows}
    data = {"source": source, "inputs": ["x1", "x2"], "targets": ["y"]}
    path = tmp_path / "normalized.nns.json"
    experiment = {"format": "nnstudio-experiment/1", "name": "N", "data": data, "network": {"layers": layers}}
    path.write_text(json.dumps(experiment), encoding="utf-8")
    window = open_window(path)
    view = window.context.tools.open("chain_rule")
    assert "3 paths lead from W¹₁₁" in view.about.text
    qtbot.mouseClick(view.go, Qt.MouseButton.LeftButton)
    for slot in ("W1", "b1", "gamma1", "beta1", "W2", "b2"):
        window.context.selection.choose(slot, (0, 0) if slot[0] == "W" else (0,))
        assert view.verdict.text.startswith("✓ This is the machine's ∂J/∂"), slot
    window.context.selection.choose("W1", (0, 0))
    assert "Batch normalization joins the samples" in view.about.text
    view.paths.setFocus()
    assert targets.neuron(1, 0) in path_in_drawing(window)
    window.context.selection.choose("gamma1", (0,))
    window.panels["explanation_panel"].raise_()
    link = window.findChild(QPushButton, "explanation_chain")
    qtbot.waitUntil(lambda: link.accessibleName() == "Chain rule for γ¹₁")


def test_paths_that_take_long_to_compare_come_later_and_all_else_at_once(
    window: MainWindow, view: ChainRuleView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = [row.formula.plain for row in view.paths.rows]
    may_go_on, search = Event(), Paths.found

    def held_up(paths: Paths, most: int, progress: Progress = silent) -> Found:
        may_go_on.wait(20)
        return search(paths, most, progress)

    monkeypatch.setattr(searching, "AT_ONCE", 0)
    monkeypatch.setattr(Paths, "found", held_up)
    view.refresh()
    assert view.search.at_work
    assert view.paths.isHidden()
    assert view.about.note.text() == "They are being compared with all others."
    assert view.verdict.text.startswith("✓ This is the machine's ∂J/∂W¹₂₁")
    qtbot.waitUntil(view.progress.isVisible)
    cancel = view.progress.findChild(QPushButton, "chain_cancel")
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert view.progress.isHidden()
    assert view.about.note.text().startswith("They were not looked through to the end")
    may_go_on.set()
    window.context.selection.choose("W1", (0, 0))
    window.context.selection.choose("W1", (1, 0))
    qtbot.waitUntil(lambda: [row.formula.plain for row in view.paths.rows] == written)
    assert not view.paths.isHidden()
    assert view.about.note.isHidden()
    view.refresh()
    assert not view.search.at_work


def test_while_training_nothing_is_written(window: MainWindow, view: ChainRuleView, qtbot: QtBot) -> None:
    window.context.session.train()
    qtbot.waitUntil(lambda: view.about.note.text().startswith("Pause (F6)"))
    assert view.paths.isHidden()
    window.context.session.pause()
    qtbot.waitUntil(lambda: not view.paths.isHidden())


def test_the_explanation_leads_to_it(window: MainWindow, qtbot: QtBot) -> None:
    window.context.selection.choose("W2", None)
    link = window.findChild(QPushButton, "explanation_chain")
    assert link.isHidden()
    window.context.selection.choose("W2", (0, 2))
    qtbot.waitUntil(lambda: link.text() == "Chain rule for W²₁₃")
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    view = window.context.tools.dock("chain_rule").view
    assert view.isVisible()
    assert view.about.headline.text().startswith("One path leads from W²₁₃")
