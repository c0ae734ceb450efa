"""Training, pausing and stepping through the window."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from nnstudio.data.preparation import PartName
from nnstudio.engine.standing import MachineState
from nnstudio.experiment.edits import set_stopping
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.session import RunState
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.training.metrics import Metric

from .conftest import OpenWindow


def action(window: MainWindow, name: str) -> QAction:
    found = window.findChild(QAction, name)
    assert found is not None
    return found


def until_paused(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.context.session.state is RunState.PAUSED, timeout=20_000)


def test_the_first_window_is_in_the_middle_of_learning(window: MainWindow) -> None:
    assert window.debugger.machine.epochs == 40
    assert window.debugger.machine.pc == 0


def test_train_and_pause_move_the_run_on(window: MainWindow, qtbot: QtBot) -> None:
    before = window.debugger.machine.iterations
    window.debugger.trainer.limit = 1_000_000
    session = window.context.session
    with qtbot.waitSignals([session.refreshed] * 3, timeout=20_000):
        action(window, "train").trigger()
    assert not action(window, "train").isEnabled()
    assert "pause first" in action(window, "step_over").toolTip()
    action(window, "pause").trigger()
    until_paused(qtbot, window)
    assert window.debugger.machine.iterations > before
    assert window.debugger.machine.at_boundary


def test_the_machine_is_borrowed_between_two_frames_and_training_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    session, seen = window.context.session, []
    window.debugger.trainer.limit = 1_000_000

    def look() -> None:
        machine = window.debugger.machine
        seen.append((session.state, machine.at_boundary, machine.iterations))

    session.lent.connect(look)
    action(window, "train").trigger()
    session._frame_timer.start(1_000_000)  # no frame comes of itself

    def went_on() -> bool:
        session.borrow()
        return bool(seen) and seen[-1][2] > seen[0][2]

    qtbot.waitUntil(went_on)
    assert {(state, at_boundary) for state, at_boundary, _ in seen} == {(RunState.RUNNING, True)}
    action(window, "pause").trigger()
    until_paused(qtbot, window)


def test_f10_runs_one_operation(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F10)
    assert window.debugger.machine.pc == 1
    assert window.debugger.machine.is_fresh("X")


def test_finishing_the_phase_stops_before_the_next(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F10)
    action(window, "step_out").trigger()
    machine = window.debugger.machine
    assert machine.op.phase.value == "cost"
    assert action(window, "step_out").text() == "Finish cost"


def test_the_next_mini_batch_and_epoch_end_between_iterations(window: MainWindow, qtbot: QtBot) -> None:
    machine = window.debugger.machine
    QTest.keyClick(window, Qt.Key.Key_F8)
    assert (machine.pc, machine.batches.number) == (0, 1)
    QTest.keyClick(window, Qt.Key.Key_F7)
    until_paused(qtbot, window)
    assert machine.epochs == 41
    assert machine.at_epoch_end


def test_reset_brings_back_the_same_initial_weights(open_window, qtbot: QtBot) -> None:
    window = open_window("xor")
    initial = window.debugger.machine.model.store.family("parameters").tobytes()
    QTest.keyClick(window, Qt.Key.Key_F7)
    until_paused(qtbot, window)
    assert window.debugger.machine.model.store.family("parameters").tobytes() != initial
    action(window, "reset").trigger()
    assert window.debugger.machine.model.store.family("parameters").tobytes() == initial
    assert window.debugger.machine.iterations == 0


def test_training_in_the_window_equals_training_without(open_window, qtbot: QtBot) -> None:
    from nnstudio import resources
    from nnstudio.experiment.open import open_file
    from nnstudio.training.run import build
    from nnstudio.training.trainer import Goal, Trainer

    window = open_window("iris")
    action(window, "train").trigger()
    until_paused(qtbot, window)
    run = build(open_file(resources.path("experiments", "iris.nns.json")))
    trainer = Trainer(run)
    while not trainer.finished:
        trainer.train(Goal.LIMIT, lambda: False)
    expected = run.model.store.family("parameters").tobytes()
    assert window.debugger.machine.model.store.family("parameters").tobytes() == expected


def test_the_learning_rate_changes_while_it_runs(window: MainWindow, qtbot: QtBot) -> None:
    from nnstudio.experiment.edits import set_hyperparameter

    session = window.context.session
    window.debugger.trainer.limit = 1_000_000
    with qtbot.waitSignal(session.refreshed, timeout=20_000):
        session.train()
    run = session.run
    document = window.context.document
    document.apply(set_hyperparameter(document.experiment, "learning_rate", 0.01))
    assert session.run is run
    assert session.state is RunState.RUNNING
    session.pause()
    until_paused(qtbot, window)
    assert run.model.store["alpha"].item() == 0.01
    assert np.isfinite(window.debugger.machine.cost)


def test_a_schedule_goes_on_from_where_it_is_with_another_learning_rate(window: MainWindow, qtbot: QtBot) -> None:
    from nnstudio.engine.schedules import Step
    from nnstudio.experiment.edits import set_hyperparameter, set_schedule

    document, session = window.context.document, window.context.session
    document.apply(set_schedule(document.experiment, Step(1, 0.5)))
    for _ in range(2):
        with qtbot.waitSignal(session.refreshed, timeout=20_000):
            session.step_epoch()
        until_paused(qtbot, window)
    run = session.run
    assert run.machine.rate == document.experiment.optimizer.learning_rate / 2
    document.apply(set_hyperparameter(document.experiment, "learning_rate", 0.4))
    assert session.run is run
    session.step_batch()
    assert run.machine.rate == 0.4 / 4
    document.undo_stack.undo()
    session.step_batch()
    assert run.machine.rate == document.experiment.optimizer.learning_rate / 4


def test_another_schedule_is_a_new_run_with_the_weights_that_were_learned(window: MainWindow) -> None:
    from nnstudio.engine.schedules import Cosine
    from nnstudio.experiment.edits import set_schedule, set_schedule_setting

    document, session = window.context.document, window.context.session
    session.step_batch()
    weights = session.machine.value("W1").copy()
    document.apply(set_schedule(document.experiment, Cosine(5.0)))
    assert np.array_equal(session.machine.value("W1"), weights)
    session.step_batch()
    document.apply(set_schedule_setting(document.experiment, "period", 8.0))
    assert session.machine.model.spec.schedule == Cosine(8.0)
    assert session.machine.value("k") == 0


def test_a_cost_that_explodes_pauses_and_names_the_operation(open_window, qtbot: QtBot) -> None:
    from nnstudio.experiment.edits import set_hyperparameter

    window = open_window("diabetes")
    document = window.context.document
    document.apply(set_hyperparameter(document.experiment, "learning_rate", 1e6))
    session = window.context.session
    with qtbot.waitSignal(session.failed, timeout=20_000) as failure:
        session.train()
    assert session.paused
    assert "first written by" in failure.args[0]
    assert window.banner.isVisible()
    nonfinite = window.debugger.nonfinite
    assert nonfinite is not None
    assert not np.isfinite(window.debugger.machine.value(nonfinite.slot)).all()
    assert window.debugger.machine.last_op is not None
    assert nonfinite.op.label == window.debugger.machine.last_op.label


def dying(window: MainWindow) -> MachineState:
    """Let the iteration that comes next raise an error when all of its numbers are written, once; how the machine
    stands before."""

    def die() -> None:
        raise ValueError("at the end of the update")

    machine = window.debugger.machine
    machine._runs = (*machine._runs, die)
    return machine.state()


def stands_at(window: MainWindow, before: MachineState) -> bool:
    state = window.debugger.machine.state()
    same = state.store["parameters"].tobytes() == before.store["parameters"].tobytes()
    return same and (state.iterations, state.pc) == (before.iterations, before.pc)


def test_a_training_that_dies_within_an_iteration_goes_back_to_where_it_began(window: MainWindow, qtbot: QtBot) -> None:
    """And is shown as an error, never as finished; from there it goes on as if that iteration had not been begun."""
    session, messages, before = window.context.session, [], dying(window)
    session.message.connect(messages.append)
    with qtbot.captureExceptions() as raised:
        with qtbot.waitSignal(session.failed) as failure:
            session.train()
        qtbot.waitUntil(lambda: len(raised) == 1)
    assert raised[0][0] is ValueError
    assert session.paused
    assert failure.args[0].startswith("Training was stopped by an error in the program (ValueError: at the end")
    assert "finished" not in " ".join(messages).lower()
    assert stands_at(window, before)
    session.step_batch()
    assert session.machine.iterations == before.iterations + 1


def test_whoever_takes_the_machine_from_a_training_that_dies_has_a_whole_one(window: MainWindow, qtbot: QtBot) -> None:
    before = dying(window)
    with qtbot.captureExceptions() as raised:
        window.context.session.train()
        window.context.session.take()
        qtbot.waitUntil(lambda: len(raised) == 1)
    assert window.context.session.paused
    assert stands_at(window, before)


def test_a_step_that_dies_leaves_the_run_before_it(open_window, qtbot: QtBot) -> None:
    """With all that ran before it, and goes on from there to the byte as if nothing had happened."""
    window, other = open_window("xor"), open_window("xor")
    session, machine = window.context.session, window.debugger.machine
    session.step_over()
    session.step_over()
    broken, runs = machine._ops[4], machine._runs

    def die() -> None:
        for written in broken.writes:
            machine.program.arena[written].view()[...] = 7.0
        machine._runs = runs
        raise ValueError("in the middle of it")

    machine._runs = (*runs[:4], die, *runs[5:])
    with qtbot.waitSignal(session.failed) as failure, pytest.raises(ValueError, match="in the middle of it"):
        session.step_batch()
    assert failure.args[0].startswith("The step was stopped by an error in the program (ValueError: in the middle")
    for _ in range(4):
        other.context.session.step_over()
    assert stands_at(window, other.debugger.machine.state())
    for slot in machine.slots():
        assert machine.value(slot.name).tobytes() == other.debugger.machine.value(slot.name).tobytes()
    session.step_batch()
    other.context.session.step_batch()
    assert stands_at(window, other.debugger.machine.state())


@pytest.mark.parametrize("name", ["train", "pause", "reset", "step_over", "step_out", "step_batch", "step_epoch"])
def test_every_action_has_its_name_and_key(window: MainWindow, name: str) -> None:
    assert not action(window, name).shortcut().isEmpty()
    assert not action(window, name).icon().isNull()


def test_a_stop_that_was_taken_back_is_not_believed_later(window: MainWindow, qtbot: QtBot) -> None:
    """An edit while running stops and starts training at once; the old stop's signal is still under way then."""
    from nnstudio.experiment.edits import set_hyperparameter

    session, document = window.context.session, window.context.document
    window.debugger.trainer.limit = 1_000_000
    session.train()
    for number in range(1, 11):
        document.apply(set_hyperparameter(document.experiment, "learning_rate", 0.01 * number))
    with qtbot.waitSignals([session.refreshed] * 2, timeout=20_000):
        pass
    assert session.state is RunState.RUNNING
    session.pause()
    until_paused(qtbot, window)
    before = session.machine.iterations
    with qtbot.assertNotEmitted(session.refreshed, wait=60):
        pass
    assert session.machine.iterations == before


class TestStoppingEarly:
    def test_it_says_why_and_goes_back_to_the_best_weights(self, window: MainWindow, qtbot: QtBot) -> None:
        document, session = window.context.document, window.context.session
        before = session.run
        assert document.apply(set_stopping(document.experiment, patience=5))
        assert session.run is before
        assert session.machine.epochs == 40
        session.debugger.trainer.limit = 5_000
        action(window, "train").trigger()
        until_paused(qtbot, window)
        stopped, history = session.debugger.stopped, session.run.history
        assert stopped is not None
        assert stopped.restored == stopped.epoch - 5
        assert history.validation_cost[stopped.restored] == min(history.validation_cost[41:])
        what = window.findChild(QLabel, "status_what")
        assert isinstance(what, ElidedLabel)
        assert what.whole.startswith(f"Stopped after epoch {stopped.epoch}: validation cost has not fallen below")
        metric = window.findChild(QLabel, "standing_metric")
        assert metric is not None
        accuracy = history.of(PartName.TRAINING, Metric.ACCURACY)[stopped.restored]
        assert metric.text() == f"{100 * accuracy:.1f} %"
        assert action(window, "train").text() == "Continue"

    def test_continuing_trains_on_and_a_step_takes_the_word_away(self, window: MainWindow, qtbot: QtBot) -> None:
        document, session = window.context.document, window.context.session
        document.apply(set_stopping(document.experiment, target_cost=1.0))
        action(window, "train").trigger()
        until_paused(qtbot, window)
        assert session.machine.epochs == 41
        assert session.debugger.stopped is not None
        action(window, "train").trigger()
        until_paused(qtbot, window)
        assert session.machine.epochs == 200
        assert session.debugger.stopped is None

    def test_the_next_epoch_by_f7_does_not_stop_anything(self, window: MainWindow, qtbot: QtBot) -> None:
        document, session = window.context.document, window.context.session
        document.apply(set_stopping(document.experiment, target_cost=1.0))
        QTest.keyClick(window, Qt.Key.Key_F7)
        until_paused(qtbot, window)
        assert session.machine.epochs == 41
        assert session.debugger.stopped is None

    def test_the_setting_is_undone_without_a_new_run(self, window: MainWindow) -> None:
        document, session = window.context.document, window.context.session
        run = session.run
        document.apply(set_stopping(document.experiment, patience=5))
        assert document.undo_stack.undoText() == "Patience: 5"
        document.undo_stack.undo()
        assert session.run is run
        assert run.experiment.stopping.patience is None


def test_undo_and_redo_say_why_they_do_not_work(window):
    undo, redo = action(window, "undo"), action(window, "redo")
    assert (undo.toolTip(), redo.toolTip()) == ("Undo — nothing to undo", "Redo — nothing to redo")
    assert window.context.session.edit_value("W1", (0, 0), 0.5)
    assert undo.toolTip() == "Undo Set W¹₁₁ to 0.5"
    undo.trigger()
    assert (undo.toolTip(), redo.toolTip()) == ("Undo — nothing to undo", "Redo Set W¹₁₁ to 0.5")


def test_closing_the_window_ends_every_thread(open_window: OpenWindow, qtbot: QtBot) -> None:
    before = set(threading.enumerate())
    window = open_window()
    action(window, "step_over").trigger()
    action(window, "train").trigger()
    window.close_for_good()
    left = [one.name for one in set(threading.enumerate()) - before]
    assert [name for name in left if not name.startswith("Dummy")] == []  # which stands for a thread of Qt's
