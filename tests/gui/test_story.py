"""The whole story, with mouse and keys: a file, a network, training, one iteration step by step, an edit, a save."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QSpinBox
from pytestqt.qtbot import QtBot

from nnstudio import resources
from nnstudio.data.preparation import PartName
from nnstudio.explain.numbers import fixed
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.inspector_panel import InspectorPanel
from nnstudio.training.metrics import Metric
from nnstudio.training.run import Run

OpenWindow = Callable[..., MainWindow]
EXACT = Qt.ItemDataRole.UserRole


def accuracy(run: Run) -> float:
    return run.history.of(PartName.TRAINING, Metric.ACCURACY)[-1]


def dialog(window: MainWindow, name: str) -> QFileDialog:
    return next(found for found in window.findChildren(QFileDialog, name) if found.isVisible())


def choose_file(qtbot: QtBot, window: MainWindow, action: str, dialog_name: str, path: Path) -> None:
    found = window.findChild(QAction, action)
    assert found is not None
    found.trigger()
    chooser = dialog(window, dialog_name)
    chooser.selectFile(str(path))
    chooser.accept()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def take_import(qtbot: QtBot, window: MainWindow) -> None:
    """Import the table that was opened, as the dialog proposes it: by the key that takes it."""
    qtbot.waitUntil(lambda: window.importing.dialog is not None)
    QTest.keyClick(window.importing.dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.importing.dialog is None, timeout=20_000)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def set_number(window: MainWindow, name: str, text: str) -> None:
    field = window.findChild(QSpinBox, name)
    assert field is not None
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def assert_shown(window: MainWindow, slot: str) -> None:
    """The inspector's table shows `slot` exactly as the machine holds it."""
    panel = window.panels["inspector_panel"]
    assert isinstance(panel, InspectorPanel)
    panel.choose_slot(slot)
    values = np.atleast_1d(window.debugger.machine.value(slot))
    values = values if values.ndim == 2 else values[:, None]
    for (row, column), value in np.ndenumerate(values):
        cell = panel.model.index(row, column)
        assert cell.data(EXACT) == value
        assert cell.data() == fixed(float(value), window.context.settings.decimals)


def test_from_a_file_to_a_saved_experiment(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window()
    table = tmp_path / "iris.csv"
    table.write_bytes(resources.path("samples", "iris.csv").read_bytes())

    choose_file(qtbot, window, "open", "open_dialog", table)
    take_import(qtbot, window)
    assert window.context.document.data.classes == ("setosa", "versicolor", "virginica")
    set_number(window, "units_1", "6")
    set_number(window, "units_1", "8")
    assert window.debugger.machine.model.spec.network.widths == (4, 8, 3)
    assert window.panels["network_panel"].header.note.text() == "67 parameters"

    session = window.context.session
    QTest.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: session.paused or accuracy(session.run) >= 0.95, timeout=30_000)
    QTest.keyClick(window, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: session.paused, timeout=30_000)
    assert accuracy(session.run) >= 0.95

    machine = window.debugger.machine
    count = len(machine.program.ops)
    for index in range(count):
        assert machine.pc == index
        op = machine.program.ops[index]
        QTest.keyClick(window, Qt.Key.Key_F10)
        for slot in op.writes:
            assert_shown(window, slot)
    assert machine.at_boundary
    for slot in ("W1", "b1", "W2", "b2", "dW1", "db1", "dW2", "db2"):
        assert_shown(window, slot)

    panel = window.panels["inspector_panel"]
    assert isinstance(panel, InspectorPanel)
    panel.choose_slot("W2")
    before = machine.value("W2")[0, 1].item()
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.model.index(0, 1))
    QTest.keyClick(panel.table, Qt.Key.Key_F2)
    editor = panel.table.cells.editor
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, "0,25")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: machine.value("W2")[0, 1] == 0.25)
    assert_shown(window, "W2")
    undo = window.findChild(QAction, "undo")
    assert undo is not None
    assert "W²₁₂" in undo.text()
    undo.trigger()
    assert machine.value("W2")[0, 1] == before

    saved = tmp_path / "flowers.nns.json"
    choose_file(qtbot, window, "save_as", "save_dialog", saved)
    experiment = window.context.document.experiment
    assert saved.exists()
    choose_file(qtbot, window, "open", "open_dialog", saved)
    assert window.context.document.experiment == experiment
    assert window.debugger.machine.model.spec.network.widths == (4, 8, 3)
    assert window.context.document.path == saved


def test_the_averages_read_as_the_lecture_computes_them(open_window: OpenWindow) -> None:
    window = open_window("averages")
    machine = window.debugger.machine
    while machine.op.phase.value != "cost":
        QTest.keyClick(window, Qt.Key.Key_F10)
    assert np.isclose(machine.value("A2")[0, 0], -0.1, rtol=1e-12)
    assert np.isclose(machine.value("Y")[0, 0] - machine.value("A2")[0, 0], 0.3, rtol=1e-12)
    window.context.selection.choose("A2", (0, 0))
    shown = [label.text() for label in window.panels["data_panel"].findChildren(type(window.banner.label))]
    assert "−0.1000" in " ".join(shown)
    assert "0.3000" in " ".join(shown)
