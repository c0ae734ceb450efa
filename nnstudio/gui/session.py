"""The run of the open experiment, and who owns its machine: the window while paused, the training thread while running.

All that a user does to a run goes through here: train, pause, step, reset, edit a number; `travel` goes back in time.
Panels listen to three signals: `rebuilt` (another run), `refreshed` (the numbers may have changed), `state_changed`.
"""

import gc
import time
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from nnstudio.engine.machine import Machine
from nnstudio.experiment.edits import Change
from nnstudio.explain.numbers import count
from nnstudio.training.debugger import Debugger, Goal, Outcome, Stop
from nnstudio.training.keyframes import BUDGET, MEGABYTE
from nnstudio.training.run import Run
from nnstudio.training.ways import Way

from . import sharing
from .document import REFUSALS, Content, Document
from .left_runs import LeftRuns
from .moment_words import moment_words
from .ongoing import Ongoing
from .run_edits import RunEdits
from .training_thread import Task, TrainingThread
from .travel import Travel

_FRAME_SECONDS = 1 / 30
_FRAME_SHARE = 0.08
_COLLECT_MILLISECONDS = 2000
_ASIDE_BUDGET = 16 * MEGABYTE
_YOUNG = 1
"""The generation of garbage that is collected while training. All of them, the whole program's objects, would take many
times as long as a frame; they wait until Python collects by itself again."""
_CARRIED_OVER = ~(Change.SOURCE | Change.SEED | Change.PARAMETERS) & Change.COMPILED
_HAND_BACK = QEvent.Type(QEvent.registerEventType())


class RunState(StrEnum):
    PAUSED = "paused"
    RUNNING = "running"
    PAUSING = "pausing"
    TRAVELLING = "on the way to another moment"


class Session(QObject):
    """The run at hand. While `state` is not paused, read its numbers only from within `refreshed`, or `lent`."""

    rebuilt = Signal()
    refreshed = Signal()
    lent = Signal()
    """The machine is the window's for a moment, as was asked for by `borrow`; nothing is drawn."""
    state_changed = Signal(RunState)
    message = Signal(str)
    """Something worth a line in the status bar."""
    failed = Signal(str)
    """Something the user must see: what happened, where, what to do."""

    def __init__(self, document: Document, parent: QObject | None = None, debugger: Debugger | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.state = RunState.PAUSED
        self.iterations_per_second: float | None = None
        self.debugger = debugger or Debugger(_run_of(document))
        self._content = document.content
        """What the run at hand is one of."""
        self.left = LeftRuns()
        """Those that Undo and Redo bring back."""
        self._thread = TrainingThread(self)
        self._thread.parked.connect(self._parked)
        self._thread.stopped.connect(self._stopped)
        self._thread.failed.connect(self._failed)
        self._frame_timer = QTimer(self, singleShot=True)
        self._frame_timer.timeout.connect(self._thread.park)
        self._collect_timer = QTimer(self, interval=_COLLECT_MILLISECONDS)
        self._collect_timer.timeout.connect(partial(gc.collect, _YOUNG))
        self._parked_at = 0.0
        self._goal = Goal.LIMIT
        self._budget = BUDGET
        self.edits = RunEdits(self)
        self.travel = Travel(self)
        document.changed.connect(self._document_changed)

    @property
    def run(self) -> Run:
        return self.debugger.run

    @property
    def machine(self) -> Machine:
        return self.debugger.machine

    @property
    def paused(self) -> bool:
        return self.state is RunState.PAUSED

    def train(self) -> None:
        """Train in the background until paused or the last epoch."""
        self._train(Goal.LIMIT)

    def pause(self) -> None:
        """Stop at the end of the iteration at hand; on the way to another moment, stay where the run stood."""
        if self.state in (RunState.RUNNING, RunState.TRAVELLING):
            self._set_state(RunState.PAUSING)
            self._thread.stop()

    def step_over(self) -> None:
        self._step(self.debugger.step_over)

    def play(self, operations: int) -> None:
        """Run so many operations, or up to where something stops them, and show where that is."""
        self._step(partial(self.debugger.play, operations))

    def step_out(self) -> None:
        self._step(self.debugger.step_out)

    def step_batch(self) -> None:
        self._step(self.debugger.step_batch)

    def run_to_operation(self, index: int) -> None:
        self._step(partial(self.debugger.run_to_operation, index))

    def run_to_layer(self, layer: int) -> None:
        self._step(partial(self.debugger.run_to_layer, layer))

    def run_to(self, goal: Goal) -> None:
        """Train to a goal, in the background."""
        self._train(goal)

    def step_epoch(self) -> None:
        """Run to the end of the epoch, in the background: it may take long."""
        self._train(Goal.EPOCH)

    def reset(self) -> None:
        """Back to the initial weights, as a step that can be undone; training stops."""
        self.take()
        if not self.debugger.untouched:
            self.left.leave_as_it_stands(self._ongoing)
            self.debugger.reset()
            self.edits.begin()
            self._content = replace(self._content)
            self.document.take_up(self._content, "Reset to the initial weights")
        self.refreshed.emit()
        self.message.emit("Back at the initial weights")

    def edit_value(self, slot: str, index: tuple[int, ...], value: float) -> bool:
        """Set one number, as a step that can be undone. Before anything has run a weight or a bias is the experiment's
        own initial value; later it is an edit of this run."""
        return self.edits.set_value(slot, index, value)

    def scale_update(self, factor: float) -> bool:
        """Let the update that comes next move the parameters so many times as far, as a step that can be undone."""
        return self.edits.scale_update(factor)

    def set_budget(self, budget: int) -> None:
        """Keep no more bytes of moments to go back to. While training runs it holds from the next frame on."""
        self._budget = budget
        if self.paused:
            self.debugger.set_budget(budget)
            self.refreshed.emit()

    def go_on_with(self, way: Way) -> None:
        """Let a way through time come to its end in the background."""
        self._begin(partial(_travel, self.debugger, way), RunState.TRAVELLING)

    def exchange(self, other: Ongoing) -> Ongoing:
        """Let another run go on in place of the one at hand, which is returned as it stands, to be put back."""
        self.take()
        before = self._ongoing
        before.debugger.set_budget(min(self._budget, _ASIDE_BUDGET))
        self._go_on(other)
        self.document.show(other.content)
        self._show_another()
        return before

    def go_on_as(self, other: Ongoing, label: str) -> None:
        """Let another run go on in place of the one at hand, as a step that can be undone."""
        self.take()
        self.left.leave(self._ongoing)
        self._go_on(other)
        self.document.take_up(other.content, label)
        self._show_another()

    def open(self, debugger: Debugger, content: Content, path: Path | None, folder: Path | None) -> None:
        """Open another document whose run has begun already, and stands somewhere."""
        self.take()
        self._go_on(Ongoing(debugger, content))
        self.document.replace(content, path, folder)
        self._show_another()

    def take(self) -> None:
        """Make the machine the window's, stopping what runs."""
        if self.paused:
            return
        if not self._thread.wait():
            raise RuntimeError("the training thread does not come to the end of its iteration")
        self._leave_thread()
        self.travel.give_up()
        self._set_state(RunState.PAUSED)

    def borrow(self) -> None:
        """Ask a running training for the machine at the end of its iteration, sooner than the next frame."""
        if self.state is RunState.RUNNING:
            self._thread.park()

    def close(self) -> None:
        """End the training thread."""
        self._frame_timer.stop()
        self._thread.close()
        self._leave_thread()

    def event(self, event: QEvent) -> bool:
        if event.type() == _HAND_BACK:
            self._hand_back()
            return True
        return super().event(event)

    def _train(self, goal: Goal) -> None:
        if self.paused:
            self._goal = goal
            self._mark_speed()
            self._begin(partial(self.debugger.train, goal), RunState.RUNNING)

    def _begin(self, task: Task, state: RunState) -> None:
        """Hand the machine to the thread."""
        self._set_state(state)
        sharing.begin(self)
        self._collect_timer.start()
        self._thread.work(task)
        self._frame_timer.start(int(_FRAME_SECONDS * 1000))

    def _mark_speed(self) -> None:
        self._speed_from = (time.perf_counter(), self.machine.iterations)

    def _parked(self) -> None:
        if self.state is RunState.RUNNING and self._frame_timer.isActive():  # no frame is due: it was asked for
            self.lent.emit()
            self._thread.resume()
        else:
            self._draw_frame()

    def _draw_frame(self) -> None:
        """The worker has parked: the machine is the window's until it is handed back, after the painting."""
        self._parked_at = time.perf_counter()
        if self.state is RunState.RUNNING:
            self.debugger.set_budget(self._budget)
            self._measure_speed()
            self.refreshed.emit()
        elif self.state is RunState.TRAVELLING:
            self.travel.show_progress()
        else:
            return
        QCoreApplication.postEvent(self, QEvent(_HAND_BACK), -2)  # lower than the update requests of the painting

    def _measure_speed(self) -> None:
        now, iterations = time.perf_counter(), self.machine.iterations
        since, from_iterations = self._speed_from
        if now - since > 0.5:
            self.iterations_per_second = (iterations - from_iterations) / (now - since)
            self._speed_from = (now, iterations)

    def _hand_back(self) -> None:
        if self.state not in (RunState.RUNNING, RunState.TRAVELLING):
            return
        cost = time.perf_counter() - self._parked_at
        self._thread.resume()
        pause = max(_FRAME_SECONDS - cost, cost * (1 / _FRAME_SHARE - 1))
        self._frame_timer.start(int(pause * 1000))

    def _stopped(self, outcome: Outcome) -> None:
        self._leave_thread()
        travelled = self.travel.under_way
        self.travel.ended(outcome)
        self._set_state(RunState.PAUSED)
        self.refreshed.emit()
        if travelled:
            self.travel.go_on()
        else:
            self._say_why(outcome)

    def _say_why(self, outcome: Outcome) -> None:
        """Why training has stopped."""
        if outcome.nonfinite is not None:
            self.failed.emit(f"{outcome.nonfinite}. Try a smaller learning rate, then Reset.")
        elif outcome.stopped is not None:
            self.message.emit(str(outcome.stopped))
        elif outcome.stop is Stop.REACHED and self._goal is Goal.RISE and self._goal.reached(self.run):
            self.message.emit(f"The training cost rose in epoch {count(self.machine.epochs)}")
        elif outcome.stop is Stop.REACHED and self.debugger.trainer.finished:
            done, more = self.machine.epochs, self.run.experiment.training.epochs
            finished = f"Finished {done} epoch{'s' * (done != 1)}"
            without = " without a rise of the training cost" if self._goal is Goal.RISE else ""
            self.message.emit(f"{finished}{without}; Train goes on for {more} more")

    def _failed(self, reason: str) -> None:
        self._leave_thread()
        self.travel.give_up()
        self._set_state(RunState.PAUSED)
        self._say_broken("Training", reason)

    def _say_broken(self, what: str, reason: str) -> None:
        """That something was stopped by an error; the error itself is told to whoever keeps the log."""
        self.refreshed.emit()
        stands = moment_words(self.debugger.timeline.here, self.machine.batches.per_epoch)
        self.failed.emit(
            f"{what} was stopped by an error in the program ({reason}); Help › Open the log has the details. The run "
            f"stands at {stands}, before what failed."
        )

    def _leave_thread(self) -> None:
        self._frame_timer.stop()
        self._collect_timer.stop()
        sharing.end(self)

    def _step(self, step: Callable[[], object]) -> None:
        if not self.paused:
            return
        try:
            step()
        except Exception as error:
            self._say_broken("The step", f"{type(error).__name__}: {error}")
            raise
        self.refreshed.emit()
        if self.debugger.nonfinite is not None:
            self.failed.emit(f"{self.debugger.nonfinite}. Try a smaller learning rate, then Reset.")

    def _set_state(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _document_changed(self, change: Change) -> None:
        content = self.document.content
        if content is self._content:  # its run goes on already
            return
        running = self.state is RunState.RUNNING
        if (left := self._left_of(content)) is not None:
            self.take()
            self.left.leave(self._ongoing)
            self._bring_back(left)
        elif change & Change.COMPILED:
            self.take()
            self.left.leave(self._ongoing)
            self._rebuild(change)
        elif change & (Change.LEARNING_RATE | Change.EPOCHS | Change.STOPPING):
            self.take()
            experiment = self.document.experiment
            self.run.experiment = experiment
            if change & Change.LEARNING_RATE:
                self.edits.set_learning_rate(experiment.optimizer.learning_rate)
            if change & Change.EPOCHS:
                self.debugger.trainer.limit = experiment.training.epochs
            self.refreshed.emit()
        self._content = content
        if running and change != Change.ALL and not self._reached:
            self._train(self._goal)

    @property
    def _reached(self) -> bool:
        """Whether what was running when it was stopped for an edit had come to its end just then."""
        if self.debugger.stopped is not None or self.debugger.hits:
            return True
        if self.machine.at_epoch_end and self.machine.iterations and self._goal.reached(self.run):
            return True
        return self.debugger.trainer.finished

    @property
    def _ongoing(self) -> Ongoing:
        """The run at hand, with all that belongs to it."""
        return Ongoing(self.debugger, self._content, self.edits.life)

    def _go_on(self, other: Ongoing) -> None:
        """Have another run at hand; it is shown when its content is the document's."""
        self.debugger, self._content = other.debugger, other.content
        self.debugger.set_budget(self._budget)
        self.run.experiment = other.content.experiment
        self.edits.begin(other.life)

    def _show_another(self) -> None:
        self.rebuilt.emit()
        self.refreshed.emit()

    def _left_of(self, content: Content) -> Ongoing | None:
        try:
            return self.left.take(content)
        except REFUSALS as error:
            says = f"The run that was left here does not come back: {error}"
            QTimer.singleShot(0, self, partial(self.failed.emit, says))  # when the change has been shown
            return None

    def _bring_back(self, left: Ongoing) -> None:
        self._go_on(left)
        self._show_another()
        stands = moment_words(self.debugger.timeline.here, self.machine.batches.per_epoch)
        self.message.emit(f"Back in the run that was left here, at {stands}")

    def _rebuild(self, change: Change) -> None:
        old, self.debugger = self.debugger, Debugger(_run_of(self.document))
        self.debugger.set_budget(self._budget)
        self.edits.begin()
        trained = old.machine.iterations > 0 or old.run.took_over
        if trained and not change & ~_CARRIED_OVER & Change.COMPILED:
            self._carry_over(old)
        self._show_another()

    def _carry_over(self, old: Debugger) -> None:
        """The weights that still fit go on from where they were; Reset goes back to the drawn ones."""
        kept = self.debugger.take_over(old)
        new = [name for name in self.run.model.parameters if name not in kept]
        if kept:
            says = f"Kept the trained {', '.join(kept)}"
            self.message.emit(says + (f"; {', '.join(new)} start anew" if new else ""))


def _run_of(document: Document) -> Run:
    content = document.content
    return Run(content.experiment, content.dataset, content.data)


def _travel(debugger: Debugger, way: Way, interrupted: Callable[[], bool]) -> Outcome:
    arrived = debugger.travel(way, interrupted)
    return Outcome(Stop.REACHED if arrived else Stop.INTERRUPTED)
