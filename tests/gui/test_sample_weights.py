"""Samples with weights in the window: w is a slot like any other, and is said in words."""

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QAction

from nnstudio.gui.canvas.facts import facts_of
from nnstudio.gui.canvas.target import neuron
from nnstudio.gui.inspector.words import Names, element_words

EXPERIMENT = {
    "format": "nnstudio-experiment/1",
    "data": {
        "source": {
            "kind": "inline",
            "columns": ["x", "kind"],
            "rows": [[0.1, "rare"], [0.2, "usual"], [0.3, "usual"], [0.4, "usual"]],
        },
        "class_weights": "balanced",
    },
    "network": {"layers": [{"units": 2, "activation": "softmax"}]},
    "cost": "cross_entropy",
    "training": {"batch_size": 4, "epochs": 5, "shuffle": False},
}


@pytest.fixture
def window(tmp_path: Path, open_window):
    path = tmp_path / "rare.nns.json"
    path.write_text(json.dumps(EXPERIMENT))
    return open_window(path)


def test_a_weight_is_shown_wherever_a_number_is(window) -> None:
    session, panels = window.context.session, window.panels
    window.findChild(QAction, "step_over").trigger()
    window.context.selection.choose("w", (0, 0))
    inspector = panels["inspector_panel"]
    assert [row.slot.name for row in inspector.slots.rows][:3] == ["X", "Y", "w"]
    assert inspector.model.data(inspector.model.index(0, 0)) == "2.0000"
    assert inspector.model.data(inspector.model.index(1, 0)) == "0.6667"
    program = panels["program_panel"].model
    assert program.data(program.index(0, 0)).startswith("X, Y, w ← mini-batch 1")
    card = facts_of(neuron(1, 0), session.run, 0, None)
    assert ("w", "2") in [(fact.name, fact.value) for fact in card.rows]


def test_a_weight_is_said_in_words(window) -> None:
    slot = window.context.session.machine.slot("w")
    said = element_words(slot, (0, 0), Names(1, ("x",), ("rare", "usual"), {}))
    assert said == "weight of the sample: its loss counts so many times in J"
