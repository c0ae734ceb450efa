"""What happens when several things happen at once: edits, resets, saves and files while it trains or reads."""

import json
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt, QThreadPool
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QTabBar
from pytestqt.qtbot import QtBot

from nnstudio import resources
from nnstudio.data.spec import FileSource, Reading
from nnstudio.engine.spec import Precision
from nnstudio.experiment import file
from nnstudio.experiment.edits import set_hyperparameter, set_layer, set_training
from nnstudio.experiment.open import open_file
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.canvas_panel import CanvasPanel
from nnstudio.gui.session import RunState
from nnstudio.gui.standing import StatusBar
from nnstudio.gui.training_thread import _Worker
from nnstudio.training.debugger import Debugger, Goal, Outcome, Stop
from nnstudio.training.run import build

OpenWindow = Callable[..., MainWindow]


def parameters(window: MainWindow) -> bytes:
    values: bytes = window.debugger.machine.model.store.family("parameters").tobytes()
    return values


def until_paused(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.context.session.state is RunState.PAUSED, timeout=20_000)


def large_table(folder: Path) -> Path:
    path = folder / "large.csv"
    path.write_text("a,b,y\n" + "0.123456,0.234567,1.5\n0.223456,0.134567,2.5\n" * 60_000)
    return path


def flowers(folder: Path) -> Path:
    """An experiment beside its table, which it names by a relative path."""
    folder.mkdir()
    table = folder / "flowers.csv"
    table.write_bytes(resources.path("samples", "iris.csv").read_bytes())
    experiment = open_file(table)
    data = type(experiment.data)(
        FileSource("flowers.csv", Reading(header=True)),
        experiment.data.inputs,
        experiment.data.targets,
        standardize=True,
    )
    path = folder / "flowers.nns.json"
    file.save(type(experiment)(data, experiment.network, "flowers", experiment.cost), path)
    return path


def test_edits_of_a_run_are_undone_and_made_again_across_a_reset(open_window: OpenWindow) -> None:
    window = open_window("xor")
    session, stack = window.context.session, window.context.document.undo_stack
    initial = parameters(window)
    session.step_batch()
    stepped = parameters(window)
    assert session.edit_value("W1", (0, 0), 3.0)
    edited = parameters(window)
    session.reset()
    assert parameters(window) == initial
    for expected in (edited, stepped):
        stack.undo()
        assert parameters(window) == expected
    for expected in (edited, initial):
        stack.redo()
        assert parameters(window) == expected


def test_a_weight_too_large_for_the_precision_is_refused(open_window: OpenWindow) -> None:
    window = open_window("xor")
    session, document = window.context.session, window.context.document
    assert document.apply(set_training(document.experiment, dtype=Precision.FLOAT32))
    for _ in range(2):
        before = parameters(window)
        assert not session.edit_value("W1", (0, 0), 1e308)
        assert "too large for float32" in window.banner.text
        assert parameters(window) == before
        session.step_over()


@pytest.mark.parametrize("name", ["canvas_panel", "inspector_panel", "program_panel", "data_panel"])
def test_a_panel_shown_while_training_waits_for_its_turn_at_the_machine(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    session, panel = window.context.session, window.panels[name]
    window.debugger.trainer.limit = 1_000_000
    panel.hide()
    session.train()
    states: list[bool] = []
    monkeypatch.setattr(panel, "refresh", lambda: states.append(session._thread._worker.resume.is_set()))
    panel.show()
    assert not states
    qtbot.waitUntil(lambda: len(states) > 0, timeout=20_000)
    assert not any(states)
    monkeypatch.undo()
    session.pause()
    until_paused(qtbot, window)


def test_an_epoch_at_work_stays_one_epoch_when_the_learning_rate_changes(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("digits")
    session, document = window.context.session, window.context.document
    session.reset()
    session.step_epoch()
    assert document.apply(set_hyperparameter(document.experiment, "learning_rate", 0.02))
    until_paused(qtbot, window)
    assert session.machine.epochs == 1
    assert session.machine.at_epoch_end


class _StoppedWhileClearing(threading.Event):
    """The stop comes at the worst moment: after the worker looked for it, before it clears the event."""

    def __init__(self, worker: _Worker) -> None:
        super().__init__()
        self._worker = worker

    def clear(self) -> None:
        self._worker.stopping = True
        self.set()
        super().clear()

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is None
        return super().wait(0) or pytest.fail("it would wait for ever")


def test_a_stop_between_two_looks_at_it_is_not_lost() -> None:
    worker = _Worker()
    worker.resume = _StoppedWhileClearing(worker)
    worker.interrupt.set()
    debugger = Debugger(build(open_file(resources.path("experiments", "xor.nns.json"))))
    outcomes: list[Outcome] = []
    worker.stopped.connect(lambda _stretch, outcome: outcomes.append(outcome))
    worker.work(partial(debugger.train, Goal.LIMIT), 1)
    assert [outcome.stop for outcome in outcomes] == [Stop.INTERRUPTED]


def test_changes_made_while_a_file_is_read_are_asked_about(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.files.open_path(large_table(tmp_path))
    document = window.context.document
    assert document.apply(set_layer(document.experiment, 0, units=7))

    def questions() -> list[QMessageBox]:
        return [box for box in window.findChildren(QMessageBox, "unsaved_changes") if box.isVisible()]

    qtbot.waitUntil(lambda: bool(questions()), timeout=20_000)
    assert document.experiment.network.layers[0].units == 7
    questions()[0].button(QMessageBox.StandardButton.Discard).click()
    assert document.dataset.rows == 120_000


def test_a_sample_opened_while_a_file_is_read_stays(window: MainWindow, tmp_path: Path) -> None:
    window.files.open_path(large_table(tmp_path))
    window.files.open_sample("iris")
    assert QThreadPool.globalInstance().waitForDone(20_000)
    QCoreApplication.processEvents()
    assert window.context.document.experiment.name == "Iris flowers"
    assert window.banner.text == ""


def test_saving_beside_the_table_and_undoing_keeps_the_trained_weights(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    table = tmp_path / "flowers.csv"
    table.write_bytes(resources.path("samples", "iris.csv").read_bytes())
    window = open_window(table)
    session, document = window.context.session, window.context.document
    assert document.apply(set_hyperparameter(document.experiment, "learning_rate", 0.02))
    session.step_batch()
    run, trained = session.run, parameters(window)
    assert window.files.save_path(tmp_path / "flowers.nns.json")
    document.undo_stack.undo()
    assert session.run is run
    assert parameters(window) == trained


def test_undoing_after_saving_elsewhere_still_means_the_same_table(open_window: OpenWindow, tmp_path: Path) -> None:
    path, other = flowers(tmp_path / "first"), tmp_path / "second"
    other.mkdir()
    window = open_window(path)
    document = window.context.document
    assert document.apply(set_layer(document.experiment, 0, units=5))
    assert window.files.save_path(other / "mine.nns.json")
    document.undo_stack.undo()
    assert window.files.save_path(other / "mine.nns.json")
    window.files.open_path(other / "mine.nns.json")
    assert window.banner.text == ""
    assert document.dataset.rows == 150
    assert window.files.save_path(path)
    saved = file.load(path).data.source
    assert saved == FileSource("flowers.csv", Reading(header=True))


def test_save_as_asks_before_it_replaces_a_file(window: MainWindow) -> None:
    """The dialog adds the ending itself, so what it asks about is the file that would be replaced."""
    window.files.save_as()
    dialog = next(found for found in window.findChildren(QFileDialog, "save_dialog") if found.isVisible())
    assert dialog.defaultSuffix() == "nnstudio"
    dialog.filterSelected.emit("Experiments (*.nns.json)")
    assert dialog.defaultSuffix() == "nns.json"
    dialog.reject()


def test_reading_that_runs_out_of_memory_says_so(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    def fail(_path: Path) -> None:
        raise MemoryError

    monkeypatch.setattr("nnstudio.gui.files.open_file", fail)
    window.files.open_path(large_table(tmp_path))
    qtbot.waitUntil(lambda: window.banner.text.startswith("Not opened"), timeout=20_000)
    assert "large.csv" in window.banner.text
    assert "not enough memory" in window.banner.text
    assert np.isfinite(window.debugger.machine.cost)


@pytest.mark.parametrize(
    ("parameters_of_file", "says"),
    [
        ({"W1": [[1.0, 2.0]]}, "3 × 2"),
        ({"W1": "x"}, "$.parameters.W1"),
        ({"Z1": [1.0]}, "$.parameters.Z1"),
        ({"W1": [[1, 2], [3, None], [1, 2]]}, "$.parameters.W1[1][1]"),
        ({"b1": [1, 2, True]}, "$.parameters.b1[2]"),
    ],
)
def test_initial_values_that_do_not_fit_are_refused_and_what_was_open_stays(
    window: MainWindow, tmp_path: Path, parameters_of_file: dict[str, object], says: str
) -> None:
    raw = json.loads(resources.path("experiments", "averages.nns.json").read_text())
    path = tmp_path / "wrong.nns.json"
    path.write_text(json.dumps({**raw, "parameters": parameters_of_file}))
    content, run = window.context.document.content, window.context.session.run
    window.files.open_path(path)
    assert says in window.banner.text
    assert window.context.document.content is content
    assert window.context.session.run is run


def test_initial_values_too_large_for_the_new_precision_refuse_it(open_window: OpenWindow) -> None:
    window = open_window("averages")
    session, document = window.context.session, window.context.document
    assert session.edit_value("W1", (0, 0), 1e300)
    content, run = document.content, session.run
    assert not document.apply(set_training(document.experiment, dtype=Precision.FLOAT32))
    assert "$.parameters.W1[0][0]" in window.banner.text
    assert document.content is content
    assert session.run is run


def test_closing_while_a_file_is_read_gives_it_up(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    window.files.open_path(large_table(tmp_path))
    task = window.files._task
    assert task is not None
    window.close()
    assert window.files._task is None
    assert task._cancelled
    assert QThreadPool.globalInstance().waitForDone(20_000)


def test_a_path_that_cannot_be_looked_at_is_refused_in_words(window: MainWindow, tmp_path: Path) -> None:
    for name in ("x" * 300, "x" * 300 + ".csv", "x" * 300 + ".nns.json"):
        window.files.open_path(tmp_path / name)
        assert window.banner.text.startswith("Not opened")
        window.banner.dismiss()


def test_the_recent_files_pass_over_one_that_cannot_be_looked_at(window: MainWindow, tmp_path: Path) -> None:
    there = tmp_path / "there.csv"
    there.write_text("a,y\n1,2\n")
    for path in (tmp_path / ("x" * 300), tmp_path / "gone.csv", there):
        window.context.settings.remember(path)
    menu = next(menu for menu in window.findChildren(QMenu) if menu.title() == "Open recent")
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == [str(there)]


def test_trained_weights_outlive_an_edit_and_its_undo(open_window: OpenWindow) -> None:
    window = open_window("xor")
    session, document = window.context.session, window.context.document
    for _ in range(3):
        session.step_batch()
    trained = parameters(window)
    assert document.apply(set_layer(document.experiment, 0, activation="relu"))
    assert parameters(window) == trained
    assert document.apply(set_layer(document.experiment, 0, activation="sigmoid"))
    assert parameters(window) == trained
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert parameters(window) == trained


def test_editing_a_weight_that_was_taken_over_leaves_the_initial_ones(open_window: OpenWindow) -> None:
    window = open_window("xor")
    session, document = window.context.session, window.context.document
    initial = parameters(window)
    session.step_batch()
    assert document.apply(set_layer(document.experiment, 0, activation="relu"))
    experiment = document.experiment
    assert session.edit_value("W1", (0, 0), 3.0)
    assert session.machine.value("W1")[0, 0] == 3.0
    assert document.experiment == experiment
    session.reset()
    assert parameters(window) == initial


def test_the_end_of_training_says_how_it_goes_on(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("xor")
    session, document = window.context.session, window.context.document
    assert document.apply(set_training(document.experiment, epochs=1))
    for done in ("1 epoch", "2 epochs"):
        with qtbot.waitSignal(session.message, timeout=20_000) as said:
            session.train()
        assert said.args == [f"Finished {done}; Train goes on for 1 more"]


def test_a_long_message_is_elided_and_its_tooltip_has_the_whole(open_window: OpenWindow) -> None:
    window = open_window(None, (1280, 800))
    bar, session = window.statusBar(), window.context.session
    assert isinstance(bar, StatusBar)
    long = "Another run branches off here. " * 12
    session.message.emit(long)
    assert bar.shown_message.endswith("…")
    assert bar.fontMetrics().horizontalAdvance(bar.shown_message) < bar.width()
    assert bar.toolTip() == long
    session.message.emit("Saved")
    assert (bar.shown_message, bar.toolTip()) == ("Saved", "")


def test_with_all_laboratories_open_the_tab_of_the_network_can_be_seen(open_window: OpenWindow) -> None:
    window = open_window(None, (1280, 800))
    for name in ("branches", "perceptron", "landscape", "rates", "batches", "linear"):
        window.context.tools.open(name)
        QCoreApplication.sendPostedEvents()
    bars = [bar for bar in window.findChildren(QTabBar) if bar.count() == 7]
    assert [bar.tabText(0) for bar in bars] == ["Network"]
    assert bars[0].sizeHint().width() <= window.panels["plots_panel"].width()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_resetting_the_layout_brings_a_floating_panel_back(window: MainWindow) -> None:
    panel = window.panels["inspector_panel"]
    panel.setFloating(True)
    window.arrange()
    assert not panel.isFloating()
    assert panel.isVisible()


def test_the_tab_key_reaches_the_settings_and_the_controls_above_the_drawing(window: MainWindow) -> None:
    canvas = window.panels["canvas_panel"]
    assert isinstance(canvas, CanvasPanel)
    assert QApplication.focusWidget() is canvas.view
    reached: set[str] = set()
    for _ in range(60):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget().accessibleName())
    assert {"Scale of the edges", "Edges show: Weights", "Network drawing", "Learning rate"} <= reached


@pytest.mark.parametrize("size", [(1280, 800), (1600, 1000), (2560, 1440)])
def test_on_a_screen_of_any_size_the_first_window_is_as_after_reset_layout(
    open_window: OpenWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window(None, size)

    def sizes() -> dict[str, tuple[int, int]]:
        return {name: (panel.width(), panel.height()) for name, panel in window.panels.items() if panel.isVisible()}

    first = sizes()
    window.resizeDocks([window.panels["data_panel"]], [400], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: sizes() != first)
    window.action("reset_layout").trigger()
    qtbot.waitUntil(lambda: sizes() == first)
