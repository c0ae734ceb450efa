"""A gradient check in the background, on a copy of the machine: the run is free to go on meanwhile."""

import logging
from dataclasses import dataclass
from functools import partial
from threading import Event
from weakref import ref

import numpy as np
from PySide6.QtCore import QObject, Signal

from nnstudio.engine.machine import Machine
from nnstudio.explain.cost_function import CostFunction
from nnstudio.explain.gradcheck import GradientCheck, NotMeasurableError, check_gradients
from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.session import Session

_log = logging.getLogger(__name__)


class GradientChecking(QObject):
    """Checks the run of a session when asked to; one check at a time. `check` is what the last one found, None before
    the first; `problem` why there is none."""

    changed = Signal()
    """Another check has begun, ended or been given up, or the run has moved on."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._task: BackgroundTask | None = None
        self._stop = Event()
        self._begun_at: _Moment | None = None
        self._checked_at: _Moment | None = None
        self._outdated = False
        self.check: GradientCheck | None = None
        self.problem = ""
        self.share = 0.0
        """How much of the check at work is done; written by the thread it runs on."""
        session.refreshed.connect(self._follow)

    @property
    def at_work(self) -> bool:
        return self._task is not None

    @property
    def outdated(self) -> bool:
        """Whether the run no longer stands where it was checked."""
        return self._outdated

    @property
    def of_this_network(self) -> bool:
        """Whether it was the network at hand that was checked."""
        return self._checked_at is not None and self._checked_at.machine() is self._session.machine

    def start(self) -> None:
        """Check the run where it stands; it must be paused."""
        if not self._session.paused:
            return
        self._drop()
        machine = self._session.machine
        self.share = 0.0
        self._begun_at = _Moment.of(machine)
        self._stop = Event()
        self._task = task = BackgroundTask(partial(self._work, CostFunction(machine), self._stop))
        task.done.connect(self._found)
        task.failed.connect(self._failed)
        task.start()
        self.changed.emit()

    def cancel(self) -> None:
        """Give up the check at work; what an earlier one found stays."""
        if self.at_work:
            self._drop()
            self.changed.emit()

    def _work(self, J: CostFunction, stop: Event) -> GradientCheck:
        """On the thread of the background."""

        def progress(done: int, total: int) -> None:
            if stop.is_set():
                raise _GivenUpError
            self.share = done / total

        return check_gradients(J, progress=progress)

    def _found(self, check: GradientCheck) -> None:
        self._task, self._checked_at = None, self._begun_at
        self.check, self.problem = check, ""
        self._outdated = self._has_moved_on()
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self._task, self.check, self._checked_at = None, None, None
        if isinstance(error, NotMeasurableError):
            self.problem = f"Nothing to check: {error}. Try a smaller learning rate, then Reset."
        else:
            _log.error("the gradient check failed", exc_info=error)
            self.problem = (
                f"The check was stopped by an error in the program ({type(error).__name__}); "
                "Help › Open the log has the details."
            )
        self.changed.emit()

    def _drop(self) -> None:
        if self._task is not None:
            self._stop.set()
            self._task.cancel()
            self._task = None

    def _follow(self) -> None:
        outdated = self._has_moved_on()
        if outdated != self._outdated:
            self._outdated = outdated
            self.changed.emit()

    def _has_moved_on(self) -> bool:
        return self._checked_at is not None and not self._checked_at.is_now(self._session.machine)


class _GivenUpError(Exception):
    """The check was cancelled."""


@dataclass(frozen=True, slots=True, eq=False)
class _Moment:
    """Where a run stands: an edited weight makes another moment."""

    machine: ref[Machine]
    place: tuple[int, int]
    parameters: np.ndarray

    @classmethod
    def of(cls, machine: Machine) -> "_Moment":
        parameters = machine.model.store.family("parameters").copy()
        return cls(ref(machine), (machine.iterations, machine.pc), parameters)

    def is_now(self, machine: Machine) -> bool:
        return (
            self.machine() is machine
            and (machine.iterations, machine.pc) == self.place
            and np.array_equal(machine.model.store.family("parameters"), self.parameters)
        )
