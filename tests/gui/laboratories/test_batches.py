"""The laboratory of mini-batches: three ways through the same data, side by side."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import set_training
from nnstudio.gui.laboratories.batches.state import Element, elements
from nnstudio.gui.laboratories.batches.view import BatchesView
from nnstudio.gui.laboratories.batches.words import duration
from nnstudio.gui.main_window import MainWindow
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal, Trainer

OpenWindow = Callable[..., MainWindow]
EPOCHS = 4


def opened(window: MainWindow) -> BatchesView:
    view = window.context.tools.open("batches")
    assert isinstance(view, BatchesView)
    return view


@pytest.fixture
def view(qtbot: QtBot, open_window: OpenWindow) -> BatchesView:
    """After a run of few epochs."""
    made = opened(open_window("circles"))
    made.epochs.setValue(EPOCHS)
    qtbot.mouseClick(made.bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not made.comparing.at_work, timeout=60_000)
    return made


def trained(view: BatchesView, size: int) -> Trainer:
    trainer = Trainer(build(set_training(view.context.document.experiment, batch_size=size).experiment))
    trainer.train(Goal.at(EPOCHS))
    return trainer


def text(view: BatchesView, name: str) -> str:
    label = view.findChild(QLabel, name)
    assert label is not None
    return label.text()


def test_it_invites(open_window: OpenWindow) -> None:
    view = opened(open_window("circles"))
    assert view.cost.hint == "Run trains the network in three ways"
    assert view.bar.button.property("primary")


def test_each_comes_to_what_a_plain_run_with_such_batches_comes_to(view: BatchesView) -> None:
    for size, curve in zip((120, 10, 1), view.cost.curves, strict=True):
        run = trained(view, size).run
        assert curve.y.tolist() == list(run.history.train_cost)
        assert view.state.courses[[120, 10, 1].index(size)].updates == run.machine.iterations


def test_the_numbers_are_told(view: BatchesView) -> None:
    lines = [text(view, f"batches_facts_{number}").splitlines() for number in range(3)]
    assert [line[0] for line in lines] == [
        "120 rows an update, 1 an epoch",
        "10 rows an update, 12 an epoch",
        "1 row an update, 120 an epoch",
    ]
    for course, line in zip(view.state.courses, lines, strict=True):
        assert line[1].endswith(f"updates · {duration(course.seconds / EPOCHS)} an epoch")


def test_costs_of_the_mini_batches_add_up(view: BatchesView) -> None:
    view.pages.choose("Costs of an epoch")
    J = build(view.context.document.experiment).history.train_cost[0]
    said = f"{J:.8f}"
    assert said in view.found.whole
    for number in range(3):
        assert text(view, f"batches_sums_{number}").endswith(f"Σ (m_B / m) J_B = {said}")
    single, mini, full = view.cut.curves
    assert [len(curve.x) for curve in (single, mini, full)] == [240, 24, 2]
    for curve in (single, mini, full):
        widths = np.diff(curve.x)[::2]
        assert (widths * curve.y[::2]).sum() / 120 == pytest.approx(J)


def test_the_way_of_the_weights_is_drawn_along_what_is_chosen(view: BatchesView) -> None:
    assert all(curve.x[0] == 0 and curve.y[0] == 0 for curve in view.path.curves)
    run = trained(view, 1).run
    view.across.setCurrentIndex(view.across.findText("W¹₂₁"))
    view.up.setCurrentIndex(view.up.findText("b³₁"))
    assert view.path.x_name == "W¹₂₁"
    last = view.path.curves[-1]
    assert last.x[-1] == run.machine.value("W1")[1, 0]
    assert last.y[-1] == run.machine.value("b3")[0]


def test_the_cost_is_drawn_against_epochs_or_updates(view: BatchesView) -> None:
    assert [curve.x[-1] for curve in view.cost.curves] == [EPOCHS] * 3
    view.counted.choose("Updates")
    assert [curve.x[-1] for curve in view.cost.curves] == [EPOCHS, 12 * EPOCHS, 120 * EPOCHS]


def test_parameters_are_named_in_the_order_in_which_they_are_laid_out(view: BatchesView) -> None:
    model = view.context.session.run.model
    found = elements(model.parameter_slots)
    flat = model.store.family("parameters")
    assert len(found) == len(flat)
    assert found[1] == Element("W1", (0, 1), 1)
    for one in found:
        assert model.store[one.slot][one.index] == flat[one.place]


def test_what_is_under_way_can_be_given_up(qtbot: QtBot, view: BatchesView) -> None:
    view.epochs.setValue(100_000)
    qtbot.mouseClick(view.bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(view.path.curves) == 3, timeout=60_000)
    qtbot.mouseClick(view.bar.button, Qt.MouseButton.LeftButton)
    assert not view.comparing.at_work
    assert len(view.cost.curves) == 3


def test_both_pictures_are_saved_with_their_numbers(view: BatchesView, tmp_path: Path) -> None:
    assert view.save_button.save(tmp_path / "descent.csv")
    assert (tmp_path / "descent.csv").read_text().splitlines()[0] == "epoch,full batch,mini-batch,single sample"
    view.pages.choose("Costs of an epoch")
    for suffix in ("png", "svg", "csv"):
        assert view.save_button.save(tmp_path / f"cut.{suffix}")
    assert len((tmp_path / "cut.csv").read_text().splitlines()) == 1 + 1 + 12 + 120


def test_every_control_has_a_name(view: BatchesView) -> None:
    for control in (view.epochs, view.across, view.up, view.cost, view.path, view.cut, view.bar.progress):
        assert control.accessibleName()
