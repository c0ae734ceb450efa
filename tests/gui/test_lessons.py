"""Every lesson, walked through from start to finish in the real window; and what was open before is back afterwards."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio import resources
from nnstudio.experiment import file
from nnstudio.explain.explanation import Formula
from nnstudio.gui.app import create_window
from nnstudio.gui.lessons.player import Verdict
from nnstudio.gui.lessons.view import LessonsView
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.settings import Settings
from nnstudio.gui.theme import Mode
from nnstudio.lessons.checking import answer, holds
from nnstudio.lessons.library import own
from nnstudio.lessons.reading import read_lesson
from nnstudio.lessons.spec import ChoiceTask, Lesson, NumberTask, Open, ShowDepth, StateTask, Step
from nnstudio.lessons.text import Display
from nnstudio.training.breakpoints import ConditionBreakpoint

LESSONS = sorted(path.parent.name for path in own().glob("*/lesson.json"))
PICTURE = "\N{OBJECT REPLACEMENT CHARACTER}"


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """One window for all lessons, on an experiment of the user's own, edited and in the middle of an iteration."""
    folder = tmp_path_factory.mktemp("lessons")
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    settings.mode, settings.motion = Mode.LIGHT, False
    path = folder / "mine.nns.json"
    shutil.copy(resources.path("experiments", "averages.nns.json"), path)
    window = create_window(path, settings)
    window.show()
    session = window.context.session
    session.edit_value("W1", (0, 0), 1.75)
    session.step_batch()
    session.edit_value("W2", (0, 1), -0.3)
    for _ in range(4):
        session.step_over()
    window.context.breakpoints.put(ConditionBreakpoint(condition="J < 0.001"))
    window.context.selection.choose("W1", (1, 0))
    yield window
    window.context.document.note_saved(path)
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def view(window: MainWindow, qtbot: QtBot) -> LessonsView:
    view = window.context.tools.open("lessons")
    assert isinstance(view, LessonsView)
    view.player.leave()
    if view.folder != own():
        view.open_folder(own())
    qtbot.waitUntil(lambda: not view.reading, timeout=20_000)
    return view


def standing(window: MainWindow) -> tuple[object, ...]:
    """All that has to be there again after a lesson."""
    context, machine = window.context, window.debugger.machine
    document, stack = context.document, context.document.undo_stack
    numbers = {slot.name: machine.value(slot.name).tobytes() for slot in machine.slots()}
    undo = (stack, stack.index(), [stack.text(number) for number in range(stack.count())])
    run = (window.debugger, machine.iterations, machine.pc, numbers, window.debugger.timeline.edits)
    shown = context.selection.chosen, window.panels["explanation_panel"].depths.current
    papers = file.encode(document.experiment), document.path, window.windowTitle()
    return papers, undo, run, shown, context.breakpoints.all


def settled(qtbot: QtBot, view: LessonsView) -> None:
    qtbot.waitUntil(lambda: not view.player.at_work and view.context.session.paused, timeout=20_000)


def lesson(view: LessonsView, name: str) -> Lesson:
    found = next(one for one in view.lessons if one.name == name)
    assert isinstance(found, Lesson), found.problem
    return found


def formulas(step: Step) -> int:
    """How many there are in the text of a step."""
    found = 0
    for block in step.blocks:
        found += 1 if isinstance(block, Display) else sum(isinstance(part, Formula) for part in block.parts)
    return found


def begin(view: LessonsView, name: str) -> None:
    """Press Start in the list."""
    row = next(row for row in view.overview.rows if row.lesson.name == name)
    assert not row.start.isHidden()
    row.start.click()


def do_number(qtbot: QtBot, view: LessonsView, task: NumberTask) -> None:
    page, player = view.page, view.player
    page.task.number.setText("nothing")
    page.task.check.click()
    assert "is no number" in page.task.says.text()
    page.task.number.setText("12345.678")
    page.task.check.click()
    settled(qtbot, view)
    assert player.verdict is Verdict.WRONG
    right = answer(task, view.context.session.run)
    assert right is not None
    page.task.number.setText(f"{right + 3 * task.tolerance + 0.01:.9f}")
    page.task.check.click()
    assert player.verdict is Verdict.WRONG
    page.task.number.setText(f"{right:.6g}".replace(".", ","))
    page.task.check.click()


def do_choice(view: LessonsView, task: ChoiceTask) -> None:
    for number, button in enumerate(view.page.task.options.buttons):
        if number != task.right:
            button.click()
            assert view.player.verdict is Verdict.WRONG
    view.page.task.options.buttons[task.right].click()


def do_state(qtbot: QtBot, view: LessonsView, task: StateTask) -> None:
    assert not holds(task, view.context.session.run), "it holds before anything has been done"
    assert view.player.verdict is Verdict.OPEN
    view.page.task.show_link.click()
    settled(qtbot, view)
    assert holds(task, view.context.session.run), "the solution does not fulfil the condition"


def do_task(qtbot: QtBot, view: LessonsView) -> None:
    """A wrong answer, which is refused, then the right one."""
    task = view.player.task
    match task:
        case NumberTask():
            do_number(qtbot, view, task)
        case ChoiceTask():
            do_choice(view, task)
        case StateTask():
            do_state(qtbot, view, task)
    assert task is None or view.player.done


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_walked_through_and_what_was_open_comes_back(
    window: MainWindow, view: LessonsView, qtbot: QtBot, name: str
) -> None:
    before, steps = standing(window), lesson(view, name).steps
    begin(view, name)
    settled(qtbot, view)
    for number, step in enumerate(steps):
        assert view.page.heading.text() == step.heading
        assert view.page.isVisible(), "the lesson has hidden itself"
        assert "$" not in view.page.text.shown
        assert view.page.text.toPlainText().count(PICTURE) == formulas(step), "each formula is drawn once"
        for act in step.acts:
            assert not isinstance(act, ShowDepth) or window.panels["explanation_panel"].depths.current == act.depth
        do_task(qtbot, view)
        view.page.next.click()
        settled(qtbot, view)
        assert number + 1 < len(steps) or view.player.lesson is None
    assert standing(window) == before
    row = next(row for row in view.overview.rows if row.lesson.name == name)
    assert row.mark.text() == "✓ done"


def test_there_are_lessons_and_none_is_broken(view: LessonsView) -> None:
    assert len(LESSONS) >= 4
    assert all(isinstance(one, Lesson) for one in view.lessons)
    assert [row.title.text() for row in view.overview.rows] == [one.title for one in view.lessons]


def test_a_state_task_notices_what_is_done_in_the_window(view: LessonsView, qtbot: QtBot) -> None:
    begin(view, "01-the-perceptron")
    settled(qtbot, view)
    view.player.go_to(3)
    settled(qtbot, view)
    view.context.session.edit_value("b1", (0,), -5.5)
    assert view.player.verdict is Verdict.RIGHT
    assert view.page.task.says.text() == "✓ Right."
    assert not view.page.task.show_link.isVisible()


def test_back_and_a_later_start_find_the_machine_as_the_steps_before_leave_it(
    window: MainWindow, view: LessonsView, qtbot: QtBot
) -> None:
    window.context.settings.set_value("lessons/04-activation-functions", "")
    begin(view, "04-activation-functions")
    settled(qtbot, view)
    view.context.session.edit_value("W1", (0, 0), 77.0)
    view.player.go_to(3)
    settled(qtbot, view)
    view.page.back.click()
    settled(qtbot, view)
    machine = window.debugger.machine
    assert machine.value("W1")[0, 0] == 1
    assert (machine.is_fresh("Z2"), machine.is_fresh("A2")) == (True, False)
    view.page.leave.click()
    assert view.overview.isVisible()
    begin(view, "04-activation-functions")
    settled(qtbot, view)
    assert view.player.step == 2
    assert view.page.title.text().startswith("3 of 5")


def test_the_user_is_never_trapped(window: MainWindow, view: LessonsView, qtbot: QtBot) -> None:
    before = standing(window)
    begin(view, "02-weights")
    settled(qtbot, view)
    assert window.context.document.path is None, "Save would overwrite what was open before"
    assert not window.action("undo").isEnabled()
    window.action("train").trigger()
    view.page.next.click()
    settled(qtbot, view)
    assert view.player.step == 1
    window.action("train").trigger()
    view.page.leave.click()
    assert standing(window) == before
    assert window.context.session.paused


def test_in_a_low_window_the_way_to_the_task_is_shown_and_its_verdict_is_scrolled_to(
    window: MainWindow, view: LessonsView, qtbot: QtBot
) -> None:
    before = window.size()
    window.resize(1280, 800)
    begin(view, "07-averages-by-hand")
    settled(qtbot, view)
    page = view.page
    qtbot.waitUntil(page.to_task.isVisible)
    assert page.task.number.visibleRegion().boundingRect().height() < page.task.number.height()
    page.to_task.click()
    qtbot.waitUntil(lambda: not page.to_task.isVisible())
    assert window.focusWidget() is page.task.number
    qtbot.keyClicks(page.task.number, "77")
    qtbot.keyClick(page.task.number, Qt.Key.Key_Return)
    settled(qtbot, view)
    assert view.player.verdict is Verdict.WRONG
    qtbot.waitUntil(lambda: page.task.says.visibleRegion().boundingRect().height() == page.task.says.height())
    view.player.leave()
    window.resize(before)


def test_leaving_closes_what_the_lesson_has_opened_and_nothing_else(
    window: MainWindow, view: LessonsView, qtbot: QtBot
) -> None:
    tools, canvas = window.context.tools, window.panels["canvas_panel"]
    for begun_open in (False, True):
        if begun_open:
            tools.open("perceptron")
            tools.open("lessons")
        else:
            tools.dock("perceptron").close()
        begin(view, "04-activation-functions")
        settled(qtbot, view)
        canvas.close()
        view.player._perform((Open("perceptron"), Open("canvas_panel")), lambda: None)
        assert tools.stands_open("perceptron")
        assert tools.stands_open("canvas_panel")
        view.page.leave.click()
        assert tools.stands_open("perceptron") is begun_open
        assert not tools.stands_open("canvas_panel")
        canvas.show()
    tools.put_away("perceptron")


def test_a_lesson_of_a_teacher_that_is_called_like_one_of_ours_has_a_progress_of_its_own(
    view: LessonsView, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "02-weights"
    shutil.copytree(own() / "02-weights", folder)
    ours, theirs = lesson(view, "02-weights"), read_lesson(folder)
    before = view.player.progress(ours)
    view.start(theirs)
    settled(qtbot, view)
    view.player.go_to(1)
    settled(qtbot, view)
    assert view.player.progress(theirs).step == 1
    assert view.player.progress(ours) == before
    view.player.leave()
    assert view.player.progress(read_lesson(folder)).step == 1, "it is kept"


def test_closing_the_dock_leaves_the_lesson_and_a_tab_before_it_does_not(
    window: MainWindow, view: LessonsView, qtbot: QtBot
) -> None:
    before, dock = standing(window), window.context.tools.made["lessons"]
    begin(view, "02-weights")
    settled(qtbot, view)
    with qtbot.waitSignal(dock.visibilityChanged):
        window.panels["inspector_panel"].raise_()
    with qtbot.waitSignal(dock.visibilityChanged):
        dock.raise_()
    dock.setFloating(True)
    qtbot.waitUntil(view.isVisible)
    dock.setFloating(False)
    qtbot.waitUntil(view.isVisible)
    assert view.player.lesson is not None
    dock.close()
    qtbot.waitUntil(lambda: view.player.lesson is None)
    assert standing(window) == before


def test_opening_something_else_asks_about_ones_own_changes(
    window: MainWindow, view: LessonsView, qtbot: QtBot
) -> None:
    before = standing(window)
    begin(view, "02-weights")
    settled(qtbot, view)
    window.context.session.edit_value("W1", (0, 0), 3.0)
    window.action("new_experiment").trigger()
    box = window.findChild(QMessageBox, "unsaved_changes")
    assert box is not None
    assert window.context.document.experiment.name in box.text()
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert standing(window) == before
    assert view.overview.isVisible()


def test_closing_the_window_in_a_lesson_asks_about_ones_own_changes(
    window: MainWindow, view: LessonsView, qtbot: QtBot
) -> None:
    before = standing(window)
    begin(view, "02-weights")
    settled(qtbot, view)
    window.close()
    assert window.isVisible()
    boxes = [box for box in window.findChildren(QMessageBox, "unsaved_changes") if box.isVisible()]
    boxes[-1].button(QMessageBox.StandardButton.Cancel).click()
    assert standing(window) == before


def test_a_teachers_folder_is_listed_with_what_is_wrong_in_it(view: LessonsView, qtbot: QtBot, tmp_path: Path) -> None:
    shutil.copytree(own() / "02-weights", tmp_path / "1-good")
    shutil.copytree(own() / "02-weights", tmp_path / "2-bad")
    outline = json.loads((tmp_path / "2-bad" / "lesson.json").read_text())
    outline["steps"][1]["task"]["condition"] = "W9[0, 0] > 1"
    (tmp_path / "2-bad" / "lesson.json").write_text(json.dumps(outline))
    view.open_folder(tmp_path)
    qtbot.waitUntil(lambda: not view.reading)
    good, bad = view.overview.rows
    assert not good.start.isHidden()
    assert bad.start.isHidden()
    assert bad.summary.text().startswith("lesson.json, $.steps[1].task.condition: column 1: there is no slot 'W9'")
    view.open_folder(tmp_path / "gone")
    qtbot.waitUntil(lambda: not view.reading)
    assert "cannot be read" in view.overview.says.text()
    own_lessons = view.overview.findChild(QPushButton, "own_lessons")
    assert own_lessons is not None
    own_lessons.click()
    qtbot.waitUntil(lambda: not view.reading, timeout=20_000)
    assert len(view.lessons) == len(LESSONS)
