"""The laboratory of learning rates: several side by side while the window stays free, and a rate put to use."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import add_layer, set_hyperparameter
from nnstudio.gui.laboratories.rates import entry
from nnstudio.gui.laboratories.rates.view import RatesView
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.theme import Mode
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal, Trainer

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def view(open_window: OpenWindow) -> RatesView:
    return opened(open_window("circles"))


def opened(window: MainWindow) -> RatesView:
    view = window.context.tools.open("rates")
    assert isinstance(view, RatesView)
    return view


def run(qtbot: QtBot, view: RatesView, rates: str, epochs: int = 12) -> None:
    view.rates.setText(rates)
    view.epochs.setValue(epochs)
    qtbot.mouseClick(view.bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not view.comparing.at_work, timeout=60_000)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def processes_at_work(view: RatesView) -> list[int]:
    crew = view.comparing.crew
    assert crew is not None
    return [process.pid for worker in crew._workers for process in worker._context.started]


def test_it_invites_with_rates_around_that_of_the_experiment(view: RatesView) -> None:
    assert view.rates.text().split() == ["0.0012", "0.004", "0.012", "0.04", "0.12", "0.4", "1.2"]
    assert view.bar.button.property("primary")
    assert view.race.hint == "Run trains 7 copies of the network side by side"


def test_a_run_draws_what_plain_runs_come_to_while_the_window_stays_free(qtbot: QtBot, view: RatesView) -> None:
    ticks: list[float] = []
    timer = QTimer(view, interval=1)
    timer.timeout.connect(lambda: ticks.append(view.state.share))
    timer.start()
    run(qtbot, view, "0,012 0.12 1.2")
    timer.stop()
    assert len(ticks) > 20
    experiment = view.context.document.experiment
    for rate, curve in zip((0.012, 0.12, 1.2), view.race.curves, strict=True):
        trainer = Trainer(build(set_hyperparameter(experiment, "learning_rate", rate).experiment))
        trainer.train(Goal.at(12))
        assert curve.y.tolist() == list(trainer.run.history.train_cost)


def test_rates_that_diverge_or_crawl_are_named(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window("averages")
    window.context.document.apply(set_hyperparameter(window.context.document.experiment, "learning_rate", 0.1))
    view = opened(window)
    run(qtbot, view, "0.000001 0.1 100000", 30)
    assert view.found.whole == "α = 0.1 ends lowest; 1e-06 crawls; 100000 diverges."
    assert [row.words for row in view.table.rows] == ["crawls", "best", "diverges"]
    assert [curve.label for curve in view.race.curves] == ["1e-06  crawls", "0.1", "100000  diverges"]


def test_the_best_rate_is_put_to_use_by_an_edit_that_can_be_undone(qtbot: QtBot, view: RatesView) -> None:
    document = view.context.document
    run(qtbot, view, "0.012 0.4")
    qtbot.mouseClick(view.use_button, Qt.MouseButton.LeftButton)
    assert document.experiment.optimizer.learning_rate == 0.4
    assert view.use_button.text() == "0.4 is in use"
    document.undo_stack.undo()
    assert document.experiment.optimizer.learning_rate == 0.12
    assert view.use_button.text() == "Use 0.4"


def test_another_row_of_the_table_is_another_rate_to_use(qtbot: QtBot, view: RatesView) -> None:
    run(qtbot, view, "0.012 0.4")
    view.list.setFocus()
    qtbot.keyClick(view.list, Qt.Key.Key_Up)
    assert view.use_button.text() == "Use 0.012"
    assert [curve.strong for curve in view.race.curves] == [True, False]


def test_the_range_test_proposes_a_rate_to_use(qtbot: QtBot, view: RatesView) -> None:
    run(qtbot, view, "0.12", 1)
    view.pages.choose("Range test")
    proposal = view.state.proposal
    assert proposal is not None
    assert view.proposed.text() == "The smoothed cost is lowest at α = 2.1. Proposed: 0.21."
    assert [mark.label for mark in view.range.marks] == ["proposed 0.21", "lowest"]
    qtbot.mouseClick(view.use_button, Qt.MouseButton.LeftButton)
    assert view.context.document.experiment.optimizer.learning_rate == 0.21


def test_cancelled_it_leaves_no_process_and_what_was_found_stays(qtbot: QtBot, view: RatesView) -> None:
    view.rates.setText("0.12 0.4")
    view.epochs.setValue(100_000)
    qtbot.mouseClick(view.bar.button, Qt.MouseButton.LeftButton)
    assert view.bar.button.text() == "Cancel"
    assert view.header.note.text().startswith("0 % · ")
    assert "process" in view.header.note.text()
    started = processes_at_work(view)
    qtbot.waitUntil(lambda: len(view.race.curves) == 2, timeout=60_000)
    length = len(view.race.curves[0].x)
    qtbot.waitUntil(lambda: len(view.race.curves[0].x) > length, timeout=60_000)
    qtbot.mouseClick(view.bar.button, Qt.MouseButton.LeftButton)
    assert not any(map(is_there, started))
    assert view.bar.button.text() == "Run"
    assert len(view.race.curves) == 2


def test_the_window_takes_the_processes_with_it(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window("circles")
    view = opened(window)
    view.epochs.setValue(100_000)
    view.run()
    started = processes_at_work(view)
    assert started
    window.close()
    assert not any(map(is_there, started))


def test_whoever_closes_the_dock_does_not_wait_for_it(qtbot: QtBot, view: RatesView) -> None:
    view.epochs.setValue(100_000)
    view.run()
    started = processes_at_work(view)
    view.context.tools.dock("rates").close()
    assert not view.comparing.at_work
    assert not any(map(is_there, started))


def test_behind_another_tab_it_goes_on(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window("circles")
    view = opened(window)
    view.epochs.setValue(100_000)
    view.run()
    window.panels["canvas_panel"].raise_()
    qtbot.waitUntil(lambda: view.visibleRegion().isEmpty())
    assert view.comparing.at_work
    view.comparing.cancel()


def test_what_is_no_rate_is_said_to_be_none(qtbot: QtBot, view: RatesView) -> None:
    view.rates.setText("0.1 fast")
    qtbot.keyClick(view.rates, Qt.Key.Key_Return)
    assert view.bar.problem.text() == "“fast” is no learning rate; write numbers above 0 such as 0.01 0.03 0.1"
    assert not view.comparing.at_work


@pytest.mark.parametrize(
    ("text", "rates"), [("0.1; 0,01", (0.01, 0.1)), ("1e-3 0.1 0.1", (0.001, 0.1)), ("0.1, 0.2", (0.1, 0.2))]
)
def test_rates_are_read_as_people_write_them(text: str, rates: tuple[float, ...]) -> None:
    assert entry.read(text) == rates
    assert entry.read(entry.write(rates)) == rates


@pytest.mark.parametrize("text", ["", "0", "-1", "1e9", "nan", " ".join(str(n) for n in range(1, 12))])
def test_what_are_no_rates_is_refused(text: str) -> None:
    with pytest.raises(entry.RatesError):
        entry.read(text)


def test_an_edit_of_the_network_says_that_it_was_another_one(qtbot: QtBot, view: RatesView) -> None:
    run(qtbot, view, "0.12 0.4", 2)
    view.context.document.apply(add_layer(view.context.document.experiment, 1))
    assert view.header.note.text() == "The experiment has changed since"
    assert view.bar.button.property("primary")
    view.context.document.undo_stack.undo()
    assert view.header.note.text() == ""


def test_the_chart_is_saved_with_its_numbers(qtbot: QtBot, view: RatesView, tmp_path: Path) -> None:
    run(qtbot, view, "0.12 0.4", 2)
    for suffix in ("png", "svg", "csv"):
        assert view.save_button.save(tmp_path / f"rates.{suffix}")
    lines = (tmp_path / "rates.csv").read_text().splitlines()
    assert lines[0] == "epoch,learning rate 0.12,learning rate 0.4"
    assert [float(line.split(",")[1]) for line in lines[1:]] == list(view.state.courses[0].costs)


def test_it_follows_the_theme(qtbot: QtBot, view: RatesView) -> None:
    run(qtbot, view, "0.12 0.4", 2)
    before = view.race.curves[0].colour
    view.context.appearance.set_mode(Mode.DARK)
    assert view.race.curves[0].colour != before


def test_every_control_has_a_name(view: RatesView) -> None:
    for control in (view.rates, view.epochs, view.list, view.race, view.range, view.bar.progress):
        assert control.accessibleName()
    assert all(button.text() or button.accessibleName() for button in view.findChildren(QPushButton))
