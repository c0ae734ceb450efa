"""Branches through the real window: fork, change one thing, run both, see the curves part, find where, and go there."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.engine.optimizers import optimizer
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment import file
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.edits import set_hyperparameter, set_training
from nnstudio.gui.branches.lanes import ORIGINAL, Quantity
from nnstudio.gui.branches.view import BranchesView
from nnstudio.gui.branches.words import told_apart
from nnstudio.gui.breakpoints.editor import BreakpointEditor
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.plots_panel import PlotsPanel
from nnstudio.gui.plots.curve_state import Quantity as Quantities
from nnstudio.training.branches import MOST_BRANCHES, Value, of_value
from nnstudio.training.metrics import Metric

OpenWindow = Callable[..., MainWindow]
VANISHED = 1e-6


@pytest.fixture
def deep_sigmoid(tmp_path: Path) -> Path:
    """A network too deep for sigmoids: gradients shrink from layer to layer on the way back."""
    inputs = np.random.default_rng(1).uniform(-1, 1, (24, 2)).round(3)
    rows = tuple((a, b, float(a + b > 0)) for a, b in inputs.tolist())
    experiment = Experiment(
        DataSpec(InlineSource(("x1", "x2", "y"), rows), ("x1", "x2"), ("y",)),
        Network((*[LayerSpec(6, "sigmoid")] * 8, LayerSpec(1, "sigmoid"))),
        cost="binary_cross_entropy",
        optimizer=optimizer("sgd", learning_rate=0.2),
        training=TrainingSpec(8, 40),
        seed=3,
    )
    path = tmp_path / "deep.nns.json"
    file.save(experiment, path)
    return path


def settled(qtbot: QtBot, view: BranchesView) -> None:
    qtbot.waitUntil(lambda: not view.branching.at_work and not view.branching.running, timeout=20_000)


def forked(qtbot: QtBot, window: MainWindow) -> BranchesView:
    window.action("fork_here").trigger()
    view = window.context.tools.open("branches")
    assert isinstance(view, BranchesView)
    settled(qtbot, view)
    return view


def add(qtbot: QtBot, view: BranchesView, what: str) -> None:
    view.change.what.setCurrentIndex(view.change.what.findData(what))
    view.change.button.click()
    settled(qtbot, view)


def run(qtbot: QtBot, view: BranchesView) -> None:
    press(view, "run_branches")
    settled(qtbot, view)


def press(view: BranchesView, name: str) -> None:
    button = view.window().findChild(QPushButton, name)
    assert button is not None
    assert button.isEnabled()
    button.click()


def labels(view: BranchesView) -> list[str]:
    return [row.text for row in view.model.rows]


def ask(qtbot: QtBot, view: BranchesView) -> str:
    press(view, "ask_parting")
    settled(qtbot, view)
    return view.parting.text.text()


def train(qtbot: QtBot, window: MainWindow) -> None:
    window.action("train").trigger()
    qtbot.waitUntil(lambda: window.context.session.paused, timeout=20_000)


def gradients(window: MainWindow) -> list[float]:
    """The largest |∂J/∂W| of each layer."""
    machine = window.debugger.machine
    return [float(abs(machine.value(f"dW{layer}")).max()) for layer in range(1, machine.model.depth + 1)]


def stop_when(qtbot: QtBot, window: MainWindow, condition: str) -> None:
    """Set a breakpoint of this condition by the keys."""
    qtbot.keyClick(window, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    (dialog,) = window.findChildren(BreakpointEditor)
    qtbot.keyClicks(dialog.condition, condition)
    qtbot.keyClick(dialog.condition, Qt.Key.Key_Return)


def assert_curves_tell_the_first_layers_apart(window: MainWindow) -> None:
    """The gradients by layer as they are drawn: the nearer to the input, the smaller."""
    learning(window)._quantities.quantity_chosen.emit(Quantities.GRADIENTS, Metric.COST)
    assert learning(window)._legend.labels[:3] == ("W¹", "W²", "W³")
    ends = [y[-1] for _, y in drawn(window)]
    assert ends == sorted(ends)


def learning(window: MainWindow) -> PlotsPanel:
    panel = window.panels["plots_panel"]
    assert isinstance(panel, PlotsPanel)
    return panel


def drawn(window: MainWindow) -> list[tuple[np.ndarray, np.ndarray]]:
    """The curves of the learning plot."""
    return [curve.getData() for curve in learning(window).curve._curves if curve.isVisible()]


def test_a_vanished_gradient_is_traced_and_a_branch_with_relu_learns(
    open_window: OpenWindow, deep_sigmoid: Path, qtbot: QtBot
) -> None:
    window = open_window(deep_sigmoid)
    stop_when(qtbot, window, f"abs(dW1).max() < {VANISHED}")
    train(qtbot, window)
    first = window.debugger.timeline.here
    train(qtbot, window)
    window.action("reverse_continue").trigger()
    qtbot.waitUntil(lambda: window.context.session.paused)
    assert first < window.debugger.timeline.here < window.debugger.timeline.furthest

    steepest = gradients(window)
    assert steepest == sorted(steepest)
    vanished = [layer for layer, slope in enumerate(steepest, 1) if slope < VANISHED]
    assert vanished == [1, 2, 3], "on the way back it is the third layer's gradient that vanishes first"
    assert_curves_tell_the_first_layers_apart(window)

    stood = window.debugger.timeline.here
    view = forked(qtbot, window)
    view.change.what.setCurrentIndex(view.change.what.findData("hidden"))
    view.change.activation.setCurrentIndex(view.change.activation.findData("relu"))
    view.change.button.click()
    settled(qtbot, view)
    assert labels(view) == [ORIGINAL, "Hidden layers: ReLU"]
    run(qtbot, view)

    lanes = view.branching.lanes
    assert lanes is not None
    original, relu = lanes.lanes
    assert original.moment == relu.moment
    curves = [lane.lines[Quantity.TRAINING] for lane in lanes.lanes]
    assert curves[0].x.tolist() == curves[1].x.tolist()
    assert relu.cost < original.cost / 4
    assert len(view.chart.traces) == 3  # the trunk, and one each
    learning(window)._quantities.quantity_chosen.emit(Quantities.COST, Metric.COST)
    assert learning(window)._legend.labels[-2:] == (ORIGINAL, "Hidden layers: ReLU")
    (_, as_it_was), (_, with_relu) = drawn(window)[-2:]
    assert as_it_was[0] == with_relu[0], "the curves begin where the run was forked"
    assert with_relu[-1] < as_it_was[-1]
    assert window.debugger.timeline.here == stood, "the run of the window was moved"

    assert ask(qtbot, view).endswith(", by A¹ = relu(Z¹).")
    comparison = view.branching.comparisons[relu.branch]
    parting = comparison.parting
    assert parting is not None
    assert (parting.op.label, parting.other_op.label) == ("A1 = sigmoid(Z1)", "A1 = relu(Z1)")
    press(view, "show_parting")
    qtbot.waitUntil(lambda: window.context.session.paused and window.debugger.timeline.here == parting.moment)
    assert window.debugger.machine.value("A1")[parting.index] == parting.value
    chosen = window.context.selection.chosen
    assert (chosen.slot, chosen.index) == ("A1", parting.index)


def test_it_invites_to_fork_before_the_first_fork(window: MainWindow, qtbot: QtBot) -> None:
    window.action("show_branches").trigger()
    view = window.context.tools.made["branches"].view
    assert isinstance(view, BranchesView)
    assert not view.list.isVisible()
    assert not view._fork.isVisible(), "it would stand there twice"
    press(view, "fork_link")
    settled(qtbot, view)
    assert view.list.isVisible()
    assert view._fork.isVisible()
    assert labels(view) == [ORIGINAL]


def test_branches_of_several_kinds_run_beside_the_run_and_go_when_they_are_removed(
    window: MainWindow, qtbot: QtBot
) -> None:
    view = forked(qtbot, window)
    window.context.selection.choose("W2", (1, 2))
    view.change.optimizer.choose("adam")
    view.change.value.show_value(-0.5)
    for what in ("rate", "optimizer", "value", "seed"):
        add(qtbot, view, what)
    assert labels(view) == [
        ORIGINAL,
        "Learning rate: 0.012",
        "Optimizer: Adam, learning rate 0.001",
        "W²₂₃: −0.5",
        "Seed: 5",
    ]
    before = window.debugger.machine.state().store["parameters"].tobytes()
    run(qtbot, view)
    assert window.debugger.machine.state().store["parameters"].tobytes() == before
    assert len({row.cost for row in view.model.rows}) == 5
    looks = {(row.key.colour, row.key.dash) for row in view.model.rows}
    assert len(looks) == 5
    view.list.setCurrentIndex(view.model.index(1))
    kept = view.model.rows[2].key
    view.list.setFocus()
    qtbot.keyClick(view.list, Qt.Key.Key_Delete)
    settled(qtbot, view)
    assert len(view.model.rows) == 4
    assert view.model.rows[1].key == kept, "another branch changed its colour"
    qtbot.keyClick(view.list, Qt.Key.Key_Home)
    qtbot.keyClick(view.list, Qt.Key.Key_Delete)
    settled(qtbot, view)
    assert labels(view)[0] == ORIGINAL


def test_the_curves_of_branches_lie_over_the_learning_curve_until_they_are_removed(
    window: MainWindow, qtbot: QtBot
) -> None:
    own, legend = learning(window).curve.legend_keys(), learning(window)._legend
    assert len(drawn(window)) == len(own) == 2
    view = forked(qtbot, window)
    run(qtbot, view)
    assert len(drawn(window)) == 2, "the run as it was alone is nothing to compare with"
    add(qtbot, view, "hidden")
    run(qtbot, view)

    assert legend.labels == ("training", "validation", ORIGINAL, "Hidden layers: ReLU")
    assert view.branching.lanes is not None
    for (x, y), lane in zip(drawn(window)[2:], view.branching.lanes.lanes, strict=True):
        costs = lane.branch.run.history.train_cost
        assert (x[0], x[-1]) == (window.debugger.machine.epochs, lane.epoch)
        assert 10 ** y[-1] == pytest.approx(costs[-1])
    assert learning(window).curve.viewRect().right() >= x[-1]

    learning(window)._quantities.quantity_chosen.emit(Quantities.GRADIENTS, Metric.COST)
    assert ORIGINAL not in legend.labels, "gradients are those of the run at hand"
    learning(window)._quantities.quantity_chosen.emit(Quantities.COST, Metric.COST)
    view.branching.remove(view.branching.lanes.lanes[1].branch)
    settled(qtbot, view)
    assert legend.labels == ("training", "validation")
    assert len(drawn(window)) == 2


def test_the_curves_of_branches_go_with_the_run_they_were_forked_from(window: MainWindow, qtbot: QtBot) -> None:
    view = forked(qtbot, window)
    add(qtbot, view, "hidden")
    run(qtbot, view)
    assert len(drawn(window)) == 4
    view.list.setCurrentIndex(view.model.index(1))
    press(view, "adopt_branch")
    settled(qtbot, view)
    assert len(drawn(window)) == 4, "the window has gone on as one of them"
    window.action("undo").trigger()
    assert len(drawn(window)) == 4
    document = window.context.document
    assert document.apply(set_training(document.experiment, batch_size=20))
    assert len(drawn(window)) == 2, "another run has other epochs"


def test_a_seed_that_nothing_is_drawn_with_parts_nowhere(open_window: OpenWindow, tmp_path: Path, qtbot: QtBot) -> None:
    rows = tuple((a, b, a - b) for a, b in np.random.default_rng(2).normal(size=(9, 2)).round(2).tolist())
    data = DataSpec(InlineSource(("x1", "x2", "y"), rows), ("x1", "x2"), ("y",))
    layers = Network((LayerSpec(2, "tanh"), LayerSpec(1)))
    path = tmp_path / "calm.nns.json"
    file.save(Experiment(data, layers, training=TrainingSpec(3, 20, shuffle=False)), path)
    window = open_window(path)
    window.context.session.play(5)
    view = forked(qtbot, window)
    add(qtbot, view, "seed")
    assert ask(qtbot, view) == (
        "They do not part: all values that 85 operations wrote are the same byte for byte, from epoch 1, mini-batch 1, "
        "before operation 6 to the end of epoch 2."
    )
    assert not view.parting.show_there.isVisible()


def test_what_cannot_be_is_refused_where_it_was_tried(window: MainWindow, qtbot: QtBot) -> None:
    view = forked(qtbot, window)
    view.change.rate.show_value(0.12)
    add(qtbot, view, "rate")
    assert view.problem.text().startswith("A branch needs something to differ by, and the run has this already")
    window.context.selection.choose("W1", None)
    add(qtbot, view, "value")
    assert view.problem.text().startswith("Choose a weight or a bias first")
    view.change.activation.choose("softmax")
    view.change.what.setCurrentIndex(view.change.what.findData("layer:2"))
    view.change.activation.setCurrentIndex(view.change.activation.findData("softmax"))
    view.change.button.click()
    settled(qtbot, view)
    assert view.problem.isVisible()
    assert labels(view) == [ORIGINAL]
    view.change.rate.show_value(0.5)
    add(qtbot, view, "rate")
    assert not view.problem.isVisible()


def test_there_is_room_for_so_many_branches(window: MainWindow, qtbot: QtBot) -> None:
    view = forked(qtbot, window)
    for number in range(MOST_BRANCHES):
        view.change.rate.show_value(0.5 + number)
        add(qtbot, view, "rate")
    assert not view.change.button.isEnabled()
    press(view, "remove_branch")
    settled(qtbot, view)
    assert view.change.button.isEnabled()


def test_it_runs_while_the_window_trains_and_can_be_paused(window: MainWindow, qtbot: QtBot) -> None:
    view = forked(qtbot, window)
    view.branching.start(1_000_000)
    window.action("train").trigger()
    lanes = view.branching.lanes
    assert lanes is not None
    begun = lanes.original.epoch
    qtbot.waitUntil(lambda: view.branching.lanes is not None and view.branching.lanes.original.epoch > begun)
    assert not window.context.session.paused
    window.action("pause").trigger()
    press(view, "run_branches")
    settled(qtbot, view)
    assert view._run.text() == "Run"
    qtbot.waitUntil(lambda: window.context.session.paused)


def test_a_search_can_be_given_up(window: MainWindow, qtbot: QtBot) -> None:
    view = forked(qtbot, window)
    add(qtbot, view, "rate")
    view.branching.seek_parting(view.model.rows[1].branch)
    assert view.parting.cancel.isVisible()
    view.parting.cancel.click()
    settled(qtbot, view)
    assert view.parting.ask.isVisible()
    assert not view.branching.comparisons


def test_the_window_goes_on_as_a_branch_and_back(window: MainWindow, qtbot: QtBot) -> None:
    session, stack = window.context.session, window.context.document.undo_stack
    session.play(30)
    session.edit_value("b1", (0,), 0.25)
    old, here = window.debugger, window.debugger.timeline.here
    view = forked(qtbot, window)
    add(qtbot, view, "rate")
    run(qtbot, view)
    branch = view.model.rows[1].branch
    press(view, "adopt_branch")
    settled(qtbot, view)
    assert window.context.document.experiment.optimizer.learning_rate == 0.012
    assert window.debugger.timeline.here == branch.moment
    weights = branch.run.machine.value("W1")
    assert window.debugger.machine.value("W1").tobytes() == weights.tobytes()
    assert window.debugger.machine is not branch.run.machine
    assert window.panels["plots_panel"].curve.buffer.epochs[-1] == branch.run.history.epochs[-1]
    assert stack.undoText() == "Go on as branch “Learning rate: 0.012”"
    window.action("step_batch").trigger()
    assert branch.moment.iterations == window.debugger.machine.iterations - 1
    stack.undo()
    assert (window.debugger, window.debugger.timeline.here) == (old, here)
    assert window.context.document.experiment.optimizer.learning_rate == 0.12
    stack.undo()
    assert window.debugger.machine.value("b1")[0] != 0.25, "an edit from before can still be undone"
    stack.redo()
    stack.redo()
    assert window.debugger.timeline.here.iterations == branch.moment.iterations + 1


def test_a_branch_of_another_seed_is_no_run_of_its_own_where_the_seed_splits_the_rows(
    window: MainWindow, qtbot: QtBot
) -> None:
    view = forked(qtbot, window)
    add(qtbot, view, "seed")
    assert not view._adopt.isEnabled()
    assert "would also split the rows anew" in view._adopt.toolTip()


def test_another_run_in_the_window_leaves_the_branches_to_be_compared(window: MainWindow, qtbot: QtBot) -> None:
    view = forked(qtbot, window)
    add(qtbot, view, "rate")
    assert ask(qtbot, view).startswith("They part in epoch 41, mini-batch 1, at θ ← θ − α ∂J/∂θ: W¹₁₁ is ")
    parting = view.branching.comparisons[view.model.rows[1].branch].parting
    assert parting is not None
    for _ in range(2):  # ahead of the run, and then behind it
        press(view, "show_parting")
        assert window.debugger.timeline.here == parting.moment
        assert window.debugger.machine.value("W1")[0, 0] == parting.value
        window.action("step_batch").trigger()
    window.files.open_sample("and")
    window.findChild(QMessageBox, "unsaved_changes").button(QMessageBox.StandardButton.Discard).click()
    assert not view.parting.show_there.isEnabled()
    assert len(view.model.rows) == 2


def test_forking_anew_says_what_is_gone(window: MainWindow, qtbot: QtBot) -> None:
    said: list[str] = []
    window.context.session.message.connect(said.append)
    view = forked(qtbot, window)
    add(qtbot, view, "rate")
    window.action("step_batch").trigger()
    forked(qtbot, window)
    assert said == ["Forked anew; 1 branch of the end of epoch 40 dropped"]
    assert labels(view) == [ORIGINAL]
    edit = set_hyperparameter(window.context.document.experiment, "learning_rate", 0.3)
    view.branching.add(edit)
    settled(qtbot, view)
    assert labels(view)[1] == "Learning rate: 0.3"


def test_what_lay_ahead_of_an_edit_in_the_past_can_be_compared(window: MainWindow, qtbot: QtBot) -> None:
    said: list[str] = []
    session = window.context.session
    session.message.connect(said.append)
    session.step_batch()
    session.step_batch()
    future = window.debugger.machine.state()
    window.action("back_batch").trigger()
    window.action("back_batch").trigger()
    session.edit_value("W1", (1, 0), 0.5)
    assert said[-1].endswith("; Tools › Branches compares the two")
    window.action("show_branches").trigger()
    view = window.context.tools.made["branches"].view
    assert isinstance(view, BranchesView)
    press(view, "compare_left_first")
    settled(qtbot, view)
    assert labels(view) == [ORIGINAL, "W¹₂₁: 0.5"]
    assert not view.findChild(QPushButton, "compare_left").isVisible()
    view.branching.start(1)
    settled(qtbot, view)
    original, branch = (row.branch for row in view.model.rows)
    while window.debugger.timeline.here < branch.moment:
        session.step_batch()
    assert window.debugger.machine.value("W1").tobytes() == branch.run.machine.value("W1").tobytes()
    assert original.start.iterations == future.iterations - 2
    assert ask(qtbot, view).startswith("They part in epoch 41, mini-batch 1, at Z¹ = X W¹ᵀ + b¹: z¹₂ of sample 1 is ")


def test_numbers_have_as_many_digits_as_tell_them_apart() -> None:
    assert told_apart(0.5, 0.7) == ("0.5", "0.7")
    assert told_apart(1.0000001, 1.0000002) == ("1.0000001", "1.0000002")
    assert told_apart(0.0, -0.0) == ("0", "−0")


def test_branches_come_with_the_project_and_run_to_where_they_were(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path, view = tmp_path / "mine.nnstudio", forked(qtbot, window)
    add(qtbot, view, "rate")
    view.branching.add_difference(of_value(experiment_of(view), Value("b1", (0,), 0.5), "b¹₁: 0.5"))
    settled(qtbot, view)
    assert window.files.save_path(path)
    assert not window.isWindowModified()
    run(qtbot, view)
    before, texts = ends(view), labels(view)
    assert window.files.save_path(path)
    window.files.new()
    view.branching.remove(view.model.rows[1].branch)
    settled(qtbot, view)
    window.files.open_path(path)
    settled(qtbot, view)
    assert (ends(view), labels(view)) == (before, texts)
    assert not window.isWindowModified()
    run(qtbot, view)
    assert ends(view) != before


def experiment_of(view: BranchesView) -> Experiment:
    return view.branching.lanes.original.branch.fork.experiment


def ends(view: BranchesView) -> list[tuple[int, bytes, float]]:
    """Where each branch stands, all its parameters, and the last cost of its curve."""
    found = []
    for lane in view.branching.lanes.lanes:
        store = lane.branch.run.machine.state().store
        numbers = b"".join(flat.tobytes() for flat in store.values())
        found.append((lane.moment.iterations, numbers, lane.cost))
    return found
