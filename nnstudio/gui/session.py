"""The run of the open experiment, and who owns its machine: the window while paused, the training thread while running.

All that a user does to a run goes through here: train, pause, step, reset, edit a weight. Panels listen to three
signals: `rebuilt` (another run), `refreshed` (the numbers may have changed), `state_changed`.
"""

import gc
import time
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand

from nnstudio.engine.machine import Machine
from nnstudio.engine.spec import SpecError
from nnstudio.experiment.edits import Change, set_parameters
from nnstudio.explain.symbols import element_symbol
from nnstudio.training.debugger import Debugger, Goal, Outcome, Stop
from nnstudio.training.run import Run

from . import sharing
from .document import Document
from .training_thread import TrainingThread

_FRAME_SECONDS = 1 / 30
_FRAME_SHARE = 0.1
_COLLECT_MILLISECONDS = 2000
_CARRIED_OVER = ~(Change.SOURCE | Change.SEED | Change.PARAMETERS) & Change.COMPILED
_HAND_BACK = QEvent.Type(QEvent.registerEventType())


class RunState(StrEnum):
    PAUSED = "paused"
    RUNNING = "running"
    PAUSING = "pausing"


class Session(QObject):
    """The run at hand. While `state` is not paused, read its numbers only from within `refreshed`."""

    rebuilt = Signal()
    refreshed = Signal()
    state_changed = Signal(RunState)
    message = Signal(str)
    """Something worth a line in the status bar."""
    failed = Signal(str)
    """Something the user must see: what happened, where, what to do."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.state = RunState.PAUSED
        self.iterations_per_second: float | None = None
        self.debugger = Debugger(_run_of(document))
        self._thread = TrainingThread(self)
        self._thread.parked.connect(self._draw_frame)
        self._thread.stopped.connect(self._stopped)
        self._thread.failed.connect(self._failed)
        self._frame_timer = QTimer(self, singleShot=True)
        self._frame_timer.timeout.connect(self._thread.park)
        self._collect_timer = QTimer(self, interval=_COLLECT_MILLISECONDS)
        self._collect_timer.timeout.connect(gc.collect)
        self._parked_at = 0.0
        self._goal = Goal.LIMIT
        self._life = object()
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
        self._begin(Goal.LIMIT)

    def pause(self) -> None:
        """Stop at the end of the iteration at hand."""
        if self.state is RunState.RUNNING:
            self._set_state(RunState.PAUSING)
            self._thread.stop()

    def step_over(self) -> None:
        self._step(self.debugger.step_over)

    def step_out(self) -> None:
        self._step(self.debugger.step_out)

    def step_batch(self) -> None:
        self._step(self.debugger.step_batch)

    def step_epoch(self) -> None:
        """Run to the end of the epoch, in the background: it may take long."""
        self._begin(Goal.EPOCH)

    def reset(self) -> None:
        """Back to the initial weights; training stops."""
        self._take()
        self.debugger.reset()
        self._life = object()
        self.refreshed.emit()
        self.message.emit("Back at the initial weights")

    def edit_value(self, slot: str, index: tuple[int, ...], value: float) -> bool:
        """Set one weight or bias, as a step that can be undone. Before anything has run it is the experiment's own
        initial value; later it is an edit of this run."""
        if not self.paused:
            self.document.refused.emit("pause first; values can be edited only while paused")
            return False
        label = f"Set {element_symbol(slot, index)} to {value:.6g}"
        try:
            if self.debugger.at_start:
                return self._edit_initial(slot, index, value, label)
            before = float(self.machine.value(slot)[index])
            command = _SetValue(self, self._life, slot, index, before, value, label)
            self.debugger.write(slot, index, value)
        except SpecError as error:
            self.document.refused.emit(str(error))
            return False
        self.document.undo_stack.push(command)
        return True

    def write(self, life: object, slot: str, index: tuple[int, ...], value: float) -> None:
        """Set one value if the run is still the one it was edited in, neither built anew nor reset since: the initial
        weights belong to the experiment, and must not be reached by an undone edit of a run."""
        if life is not self._life:
            self.message.emit("The run that this weight was edited in is gone; nothing was changed")
            return
        self._take()
        self.debugger.write(slot, index, value)
        self.refreshed.emit()

    def close(self) -> None:
        """End the training thread."""
        self._frame_timer.stop()
        self._thread.close()
        self._leave_training()

    def event(self, event: QEvent) -> bool:
        if event.type() == _HAND_BACK:
            self._hand_back()
            return True
        return super().event(event)

    def _begin(self, goal: Goal) -> None:
        if not self.paused:
            return
        self._goal = goal
        self._set_state(RunState.RUNNING)
        sharing.begin(self)
        self._collect_timer.start()
        self._mark_speed()
        self._thread.train(self.debugger, goal)
        self._frame_timer.start(int(_FRAME_SECONDS * 1000))

    def _mark_speed(self) -> None:
        self._speed_from = (time.perf_counter(), self.machine.iterations)

    def _draw_frame(self) -> None:
        """The worker has parked: the machine is the window's until it is handed back, after the painting."""
        if self.state is not RunState.RUNNING:
            return
        self._parked_at = time.perf_counter()
        self._measure_speed()
        self.refreshed.emit()
        QCoreApplication.postEvent(self, QEvent(_HAND_BACK), -2)  # lower than the update requests of the painting

    def _measure_speed(self) -> None:
        now, iterations = time.perf_counter(), self.machine.iterations
        since, from_iterations = self._speed_from
        if now - since > 0.5:
            self.iterations_per_second = (iterations - from_iterations) / (now - since)
            self._speed_from = (now, iterations)

    def _hand_back(self) -> None:
        if self.state is not RunState.RUNNING:
            return
        cost = time.perf_counter() - self._parked_at
        self._thread.resume()
        pause = max(_FRAME_SECONDS - cost, cost * (1 / _FRAME_SHARE - 1))
        self._frame_timer.start(int(pause * 1000))

    def _stopped(self, outcome: Outcome) -> None:
        self._leave_training()
        self._set_state(RunState.PAUSED)
        self.refreshed.emit()
        if outcome.nonfinite is not None:
            self.failed.emit(f"{outcome.nonfinite}. Try a smaller learning rate, then Reset.")
        elif outcome.stopped is not None:
            self.message.emit(str(outcome.stopped))
        elif outcome.stop is Stop.REACHED and self.debugger.trainer.finished:
            done, more = self.machine.epochs, self.run.experiment.training.epochs
            self.message.emit(f"Finished {done} epoch{'s' * (done != 1)}; Train goes on for {more} more")

    def _failed(self, reason: str) -> None:
        self._leave_training()
        self._set_state(RunState.PAUSED)
        self.failed.emit(
            f"Training stopped by an error in the program ({reason}); Help › Open the log has the details."
        )

    def _take(self) -> None:
        """Make the machine the window's, stopping the training if it runs."""
        if self.paused:
            return
        if not self._thread.wait():
            raise RuntimeError("the training thread does not come to the end of its iteration")
        self._leave_training()
        self._set_state(RunState.PAUSED)

    def _leave_training(self) -> None:
        self._frame_timer.stop()
        self._collect_timer.stop()
        sharing.end(self)

    def _step(self, step: Callable[[], object]) -> None:
        if not self.paused:
            return
        step()
        self.refreshed.emit()
        if self.debugger.nonfinite is not None:
            self.failed.emit(f"{self.debugger.nonfinite}. Try a smaller learning rate, then Reset.")

    def _set_state(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _document_changed(self, change: Change) -> None:
        running = self.state is RunState.RUNNING
        if change & Change.COMPILED:
            self._take()
            self._rebuild(change)
        elif change & (Change.LEARNING_RATE | Change.EPOCHS | Change.STOPPING):
            self._take()
            experiment = self.document.experiment
            self.run.experiment = experiment
            if change & Change.LEARNING_RATE:
                self.debugger.set_learning_rate(experiment.optimizer.learning_rate)
            if change & Change.EPOCHS:
                self.debugger.trainer.limit = experiment.training.epochs
            self.refreshed.emit()
        if running and change != Change.ALL and not self._reached:
            self._begin(self._goal)

    @property
    def _reached(self) -> bool:
        """Whether what was running when it was stopped for an edit had come to its end just then."""
        if self.debugger.stopped is not None:
            return True
        if self._goal is Goal.EPOCH:
            return self.machine.at_epoch_end and self.machine.iterations > 0
        return self.debugger.trainer.finished

    def _rebuild(self, change: Change) -> None:
        old, self.debugger = self.debugger, Debugger(_run_of(self.document))
        self._life = object()
        trained = old.machine.iterations > 0 or old.run.took_over
        if trained and not change & ~_CARRIED_OVER & Change.COMPILED:
            self._carry_over(old)
        self.rebuilt.emit()
        self.refreshed.emit()

    def _carry_over(self, old: Debugger) -> None:
        """The weights that still fit go on from where they were; Reset goes back to the drawn ones."""
        kept = self.debugger.take_over(old)
        new = [name for name in self.run.model.parameters if name not in kept]
        if kept:
            says = f"Kept the trained {', '.join(kept)}"
            self.message.emit(says + (f"; {', '.join(new)} start anew" if new else ""))

    def _edit_initial(self, slot: str, index: tuple[int, ...], value: float, label: str) -> bool:
        parameters = {name: self.machine.value(name).copy() for name in self.run.model.parameters}
        if slot not in parameters:
            raise SpecError(f"{slot} is computed; only weights and biases can be edited")
        self.machine.check_value(slot, value)
        parameters[slot][index] = value
        written = {name: values.tolist() for name, values in parameters.items()}
        return self.document.apply(set_parameters(self.document.experiment, written, label))


class _SetValue(QUndoCommand):
    def __init__(
        self,
        session: Session,
        life: object,
        slot: str,
        index: tuple[int, ...],
        before: float,
        after: float,
        label: str,
    ) -> None:
        super().__init__(label)
        self._session, self._life, self._slot, self._index = session, life, slot, index
        self._before, self._after = before, after

    def undo(self) -> None:
        self._session.write(self._life, self._slot, self._index, self._before)

    def redo(self) -> None:
        self._session.write(self._life, self._slot, self._index, self._after)


def _run_of(document: Document) -> Run:
    content = document.content
    return Run(content.experiment, content.dataset, content.data)
