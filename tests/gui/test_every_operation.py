"""With every kind of operation switched on: each is listed, explained and drawn, and each slot shown in every view."""

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from nnstudio import resources
from nnstudio.engine.ops import OpKind
from nnstudio.explain.element import element_at
from nnstudio.explain.formulas import explain
from nnstudio.gui.explanation.depths import SETTING, Depth
from nnstudio.gui.inspector.words import Names, describe, element_words
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.inspector_panel import InspectorPanel

from .conftest import OpenWindow

KINDS = ("batch", "layer", "none")


@pytest.fixture
def experiment_file(tmp_path: Path) -> Path:
    made = json.loads(resources.path("experiments", "circles.nns.json").read_text())
    for layer, kind in zip(made["network"]["layers"][:-1], KINDS, strict=False):
        layer |= {"dropout": 0.3, "normalization": kind}
    made["network"]["layers"][-1]["normalization"] = "batch"
    made["regularization"] = {"l1": 0.001, "l2": 0.001, "max_norm": 1.0, "clip_value": 0.01, "clip_norm": 0.02}
    path = tmp_path / "everything.nns.json"
    path.write_text(json.dumps(made))
    return path


@pytest.fixture
def window(open_window: OpenWindow, experiment_file: Path) -> MainWindow:
    return open_window(experiment_file)


def inspector(window: MainWindow) -> InspectorPanel:
    panel = window.panels["inspector_panel"]
    assert isinstance(panel, InspectorPanel)
    return panel


@pytest.mark.parametrize("depth", Depth)
def test_every_operation_is_stepped_explained_and_drawn(window: MainWindow, depth: Depth) -> None:
    window.context.settings.set_value(SETTING, depth)
    session, machine = window.context.session, window.context.session.machine
    seen = set()
    for _ in range(2 * len(machine.program.ops)):
        index, op = machine.pc, machine.op
        session.step_over()
        seen.add(op.kind)
        for slot in op.writes[:2]:
            window.context.selection.choose(slot)
        told = explain(machine, index, element_at(machine, op, op.writes[0], None, 1))
        assert told.headline
        assert told.formulas
        assert not window.grab().isNull()
    elsewhere = {OpKind.FUSED, OpKind.COST_GRADIENT, OpKind.SCHEDULE, OpKind.PSEUDO_LABELS}
    assert seen == set(OpKind) - elsewhere


@pytest.mark.parametrize("view", ["Number", "Table", "Heat map"])
def test_every_slot_is_shown_in_every_view(window: MainWindow, qtbot: QtBot, view: str) -> None:
    panel, session = inspector(window), window.context.session
    session.step_batch()
    panel.views.choose(view)
    for slot in session.machine.slots():
        window.context.selection.choose(slot.name)
        panel.grab()
        if view == "Table":
            whole = np.atleast_1d(session.machine.value(slot.name))
            assert panel.model.index(0, 0).data(Qt.ItemDataRole.UserRole) == whole.reshape(-1)[0]


def test_every_slot_has_words(window: MainWindow) -> None:
    machine = window.context.session.machine
    names = Names(machine.model.depth, ("x1", "x2"), ("class",), {})
    told = {slot.name: describe(slot, machine.model.depth, {}) for slot in machine.slots()}
    assert all(words != name for name, words in told.items())
    assert told["gamma1"] == "scales of hidden layer 1"
    assert told["ndW1"] == "gradient, scaled down: weights into hidden layer 1"
    for slot in machine.slots():
        assert element_words(slot, (0,) * len(slot.shape), names) not in ("", slot.name)
    assert element_words(machine.slot("mu1"), (1,), names) == "mean of neuron 2 of hidden layer 1"
    assert element_words(machine.slot("mu2"), (1, 0), names) == "mean of hidden layer 2"


def test_a_scale_is_edited_like_a_weight_and_a_mask_where_it_was_drawn(window: MainWindow) -> None:
    session = window.context.session
    before = session.machine.value("gamma1")[0]
    assert session.edit_value("gamma1", (0,), 1.5)
    assert session.machine.value("gamma1")[0] == 1.5
    window.context.document.undo_stack.undo()
    assert session.machine.value("gamma1")[0] == before
    session.step_batch()
    assert session.edit_value("M1", (0, 0), 0.0)
    assert session.machine.last_op.kind is OpKind.MASK
    session.step_over()
    assert session.machine.value("D1")[0, 0] == 0


def test_a_neuron_that_is_dropped_is_crossed_out(window: MainWindow) -> None:
    session, canvas = window.context.session, window.panels["canvas_panel"]
    machine = session.machine
    while machine.op.kind is not OpKind.MASK:
        session.step_over()
    before = canvas.grab().toImage()
    session.step_over()
    dropped = (machine.value("M1") == 0).sum(axis=1)
    window.context.selection.choose_sample(int(dropped.argmax()))
    crossed = canvas.grab().toImage()
    window.context.selection.choose_sample(int(dropped.argmin()))
    assert crossed != before
    assert crossed != canvas.grab().toImage()
