"""Rows without a target in the window: left out, or lent the network's own labels, which can be seen everywhere."""

import json
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from nnstudio.data.spec import MissingTargets, MissingUse
from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind
from nnstudio.engine.pseudo_labels import Unlabelled
from nnstudio.engine.spec import LayerSpec, NetworkSpec
from nnstudio.experiment.open import open_sample
from nnstudio.explain.element import Element
from nnstudio.explain.formulas import explain
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.plots.plane_picture import PlanePicture
from nnstudio.gui.program_model import ROW
from nnstudio.gui.theme import LIGHT
from nnstudio.gui.typesetter import Typesetter
from nnstudio.training.debugger import Goal
from nnstudio.training.run import build

from .conftest import OpenWindow

T = TypeVar("T", bound=QWidget)


def find(window: MainWindow, kind: type[T], name: str) -> T:
    found = window.findChild(kind, name)
    assert found is not None, name
    return found


def text(window: MainWindow, name: str) -> str:
    return find(window, QLabel, name).text()


def choose(window: MainWindow, name: str, key: str) -> None:
    box = find(window, QComboBox, name)
    box.setCurrentIndex(box.findData(key))


def undo_text(window: MainWindow) -> str:
    return window.context.document.undo_stack.undoText()


def missing(window: MainWindow) -> MissingTargets:
    return window.context.document.experiment.data.missing_targets


def train_to(window: MainWindow, epoch: int) -> None:
    """Up to the end of this epoch, and show it."""
    session = window.context.session
    while session.machine.epochs < epoch:
        session.debugger.train(Goal.EPOCH)
    session.refreshed.emit()


@pytest.fixture
def bands(open_window: OpenWindow) -> MainWindow:
    """300 points without a class, from epoch 20 on learned from."""
    return open_window("bands")


def test_where_no_target_is_missing_there_is_nothing_to_choose(window: MainWindow) -> None:
    assert not find(window, QComboBox, "missing_targets").isVisible()
    assert not find(window, QLabel, "labelled_rows").isVisible()


def test_rows_without_a_target_are_left_out_and_that_is_said(open_window: OpenWindow, tmp_path: Path) -> None:
    table = tmp_path / "plants.csv"
    rows = ["height,width,kind", "1,2,moss", "2,3,fern", "3,1,", "4,2,moss", "5,3,fern", "6,1,?"]
    table.write_text("\n".join(rows) + "\n")
    window = open_window(table)
    assert text(window, "data_notes") == "Note: 2 of 6 rows have no target and are left out"
    assert find(window, QComboBox, "missing_targets").currentText() == "leave out"
    assert not find(window, QSpinBox, "pseudo_from_epoch").isVisible()
    assert window.panels["data_panel"].header.note.toolTip() == "4 training, 2 without a target"


def test_the_table_shows_which_rows_have_no_target(bands: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(find(bands, QPushButton, "table_button"), Qt.MouseButton.LeftButton)
    model = find(bands, QDialog, "table_window").findChild(QTableView, "table").model()
    parts = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert (parts.count("training"), parts.count("no target")) == (6, 300)
    assert model.headerData(3, Qt.Orientation.Horizontal) == "class\ntarget, 300 missing"
    view = find(bands, QDialog, "table_window").findChild(QTableView, "table")
    assert view.columnWidth(3) > view.fontMetrics().horizontalAdvance("target, 300 missing")
    assert model.index(parts.index("no target"), 3).data() == "missing"


def test_pseudo_labels_are_chosen_and_adjusted_as_edits(bands: MainWindow, qtbot: QtBot) -> None:
    choose(bands, "missing_targets", MissingUse.LEAVE_OUT)
    assert undo_text(bands) == "Missing targets: leave out"
    assert bands.context.session.machine.op.kind is OpKind.LOAD
    assert "300 of 400 rows have no target" in text(bands, "data_notes")
    bands.context.document.undo_stack.undo()
    assert find(bands, QComboBox, "missing_targets").currentText() == "pseudo-labels"
    epoch = find(bands, QSpinBox, "pseudo_from_epoch")
    epoch.lineEdit().setText("7")
    qtbot.keyClick(epoch, Qt.Key.Key_Return)
    assert undo_text(bands) == "Pseudo-labels from epoch 7"
    confidence = find(bands, QLineEdit, "pseudo_confidence")
    confidence.setText("0,9")
    qtbot.keyClick(confidence, Qt.Key.Key_Return)
    assert undo_text(bands) == "Confidence: 0.9"
    assert missing(bands) == MissingTargets(MissingUse.PSEUDO_LABELS, 7, 0.9)


def test_a_confidence_that_cannot_be_is_refused_with_the_reason(bands: MainWindow, qtbot: QtBot) -> None:
    confidence = find(bands, QLineEdit, "pseudo_confidence")
    confidence.setText("95")
    qtbot.keyClick(confidence, Qt.Key.Key_Return)
    assert "it must be at least 0.5 and at most 1" in text(bands, "data_problem")
    assert confidence.text() == "0.99"
    assert missing(bands).confidence == 0.99


def test_pseudo_labels_of_values_are_refused_with_the_reason(open_window: OpenWindow, tmp_path: Path) -> None:
    table = tmp_path / "plants.csv"
    table.write_text("height,width\n1,2.5\n2,\n3,1.5\n4,2\n")
    window = open_window(table)
    choose(window, "missing_targets", MissingUse.PSEUDO_LABELS)
    assert text(window, "data_problem").startswith("Pseudo-labels are for classes: these targets are values; ")
    assert find(window, QComboBox, "missing_targets").currentText() == "leave out"


def test_the_panel_counts_the_rows_that_an_epoch_learns_from(bands: MainWindow) -> None:
    assert text(bands, "labelled_rows") == "6 of 306 rows labelled, 0 pseudo-labelled"
    train_to(bands, 20)
    lent = bands.context.session.machine.pseudo_labelled
    assert lent > 0
    assert text(bands, "labelled_rows") == f"6 of 306 rows labelled, {lent} pseudo-labelled"


def test_a_sample_with_a_pseudo_label_says_so(bands: MainWindow) -> None:
    train_to(bands, 20)
    session = bands.context.session
    lent = session.machine.batches.rows >= session.machine.labelled
    assert lent.any()
    bands.context.selection.choose_sample(int(np.argmax(lent)))
    assert text(bands, "sample_target").endswith(" (pseudo-label)")


def test_before_the_first_mini_batch_of_an_epoch_is_loaded_no_sample_is_shown(bands: MainWindow) -> None:
    train_to(bands, 2)
    bands.context.session.step_over()
    assert "F10" in text(bands, "sample_inputs")
    assert text(bands, "sample_prediction") == "—"
    assert text(bands, "standing_mini-batch") == "0/51"
    bands.context.session.step_over()
    assert text(bands, "standing_mini-batch") == "1/51"
    assert text(bands, "sample_position").endswith("of 400")


def test_the_program_lists_the_operation_and_how_many_rows_it_lends_a_target(bands: MainWindow) -> None:
    rows = bands.panels["program_panel"].model
    assert rows.index(0).data() == "Q, T, s ← pseudo-labels (≥ 0.99)"
    assert rows.index(0).data(ROW).detail == ""
    train_to(bands, 19)
    bands.context.session.step_over()
    lent = bands.context.session.machine.pseudo_labelled
    assert lent > 0
    assert rows.index(0).data(ROW).detail == f"{lent} rows"


@pytest.mark.parametrize("classes", [1, 2])
def test_its_formulas_can_be_typeset(qapp: QApplication, classes: int, caplog: pytest.LogCaptureFixture) -> None:
    run = build(open_sample("bands"))
    last, cost = (
        (LayerSpec(1, "sigmoid"), "binary_cross_entropy")
        if classes == 1
        else (LayerSpec(2, "softmax"), "cross_entropy")
    )
    model = Model(ModelSpec(NetworkSpec(2, (last,)), cost))
    data = run.data
    lent = Unlabelled(data.unlabelled.X, 2, 0.5)
    machine = Machine(
        model, data.train.X, data.train.Y[:, :classes], batch_size=6, shuffle=False, seed=0, unlabelled=lent
    )
    for _ in range(3):
        before = explain(machine, 0, Element(), upcoming=True)
        machine.step()
        shown = (*before.formulas, *explain(machine, 0, Element()).formulas)
        assert len(shown) == 3
        assert all(Typesetter().pictures([formula.typst for formula in shown], 260, LIGHT, 1.0)), caplog.text
        while not machine.at_epoch_end:
            machine.run_iteration()


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        ("Q", "predicted probabilities of the rows without a target"),
        ("T", "pseudo-labels: targets lent to rows without one"),
        ("s", "1 where the network is sure of a row without a target"),
    ],
)
def test_the_inspector_shows_what_is_lent_by_the_rows_of_the_table(bands: MainWindow, slot: str, words: str) -> None:
    train_to(bands, 20)
    bands.context.selection.choose(slot)
    panel = bands.panels["inspector_panel"]
    machine = bands.context.session.machine
    assert panel._words.accessibleName() == words
    model = panel.model
    assert model.rowCount() == 300
    first = model.headerData(0, Qt.Orientation.Vertical)
    assert first == str(machine.unlabelled_rows[0] + 1)
    assert model.at(3, 0) == machine.value(slot).reshape(300, -1)[3, 0]


def test_in_the_plane_they_are_grey_until_they_are_lent_a_class(bands: MainWindow) -> None:
    learned = bands.panels["plots_panel"].learned
    picture = learned.picture
    assert isinstance(picture, PlanePicture)
    before = sum(len(points.x) for points in picture.plane_chart.points)
    assert before == 400
    assert [key.label for key in picture.legend_keys()][-2:] == ["no target", "pseudo-label"]
    assert len(picture._unlabelled.points()) == 1
    train_to(bands, 20)
    bands.context.session.step_over()
    counts = sorted(len(points.x) for points in picture._unlabelled.points())
    assert len(counts) == 3
    assert sum(counts) == 300
    assert sum(len(points.x) for points in picture.plane_chart.points) == 400


def test_a_point_without_a_target_can_be_clicked_and_ringed(bands: MainWindow) -> None:
    train_to(bands, 20)
    panel, machine = bands.panels["plots_panel"], bands.context.session.machine
    rows = machine.batches.rows
    place = int(np.argmax(rows >= machine.labelled))
    panel._row_clicked(int(rows[place]))
    assert bands.context.selection.chosen.sample == place
    chart = panel.learned.picture.plane_chart
    expected = bands.context.document.data.original_inputs(machine.value("X")[place])
    assert chart.ring == pytest.approx(tuple(expected))
    other = next(row for row in range(machine.labelled, 306) if row not in rows)
    messages: list[str] = []
    bands.context.session.message.connect(messages.append)
    panel._row_clicked(other)
    assert messages == [
        f"Row {machine.unlabelled_rows[other - machine.labelled] + 1} is not in the mini-batch at hand; "
        "F8 goes on to the next one"
    ]


def test_it_is_saved_and_opened_again(bands: MainWindow, open_window: OpenWindow, tmp_path: Path) -> None:
    path = tmp_path / "mine.nns.json"
    assert bands.files.save_path(path)
    written = json.loads(path.read_text())["data"]["missing_targets"]
    assert written == {"use": "pseudo_labels", "from_epoch": 20, "confidence": 0.99}
    assert open_window(path).context.document.experiment == bands.context.document.experiment
