"""The training thread: one plain thread, one worker that lives in it.

The machine has one owner at a time. While it trains, this thread owns it; when it has parked at the end of an
iteration, or stopped, the window does. Frames are drawn by handshake: the window asks (`park`), the worker parks and
says so, the window draws and hands the machine back (`resume`).
"""

import sys
import threading
import weakref
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QThread, Signal, Slot
from shiboken6 import isValid

from nnstudio.training.debugger import Outcome, Stop

Task = Callable[[Callable[[], bool]], Outcome]
"""Works on the machine until it is done, or until what it is given says that it is interrupted; then it is called
again to go on."""
_STOP_SECONDS = 30.0


class _Worker(QObject):
    """Its signals carry the number of the stretch they belong to."""

    parked = Signal(int)
    stopped = Signal(int, Outcome)
    failed = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.interrupt = threading.Event()
        self.resume = threading.Event()
        self.idle = threading.Event()
        self.idle.set()
        self.stopping = False

    @Slot(object, int)
    def work(self, task: Task, stretch: int) -> None:
        try:
            outcome = self._work(task, stretch)
        except BaseException as error:  # the border of the thread: whatever happens is reported, never lost
            self.idle.set()
            self.failed.emit(stretch, f"{type(error).__name__}: {error}")
            sys.excepthook(type(error), error, error.__traceback__)
            return
        self.idle.set()
        self.stopped.emit(stretch, outcome)

    def _work(self, task: Task, stretch: int) -> Outcome:
        while True:
            outcome = task(self.interrupt.is_set)
            if outcome.stop is not Stop.INTERRUPTED or self.stopping:
                return outcome
            self.resume.clear()
            self.interrupt.clear()
            if self.stopping:  # a stop in between has just been cleared away; its `resume` would never come again
                return outcome
            self.parked.emit(stretch)
            self.resume.wait()
            if self.stopping:
                return outcome


class TrainingThread(QObject):
    """The window's side of it. `parked` and `stopped` arrive in the window's thread."""

    parked = Signal()
    stopped = Signal(Outcome)
    failed = Signal(str)
    _start = Signal(object, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread()
        self._thread.setObjectName("training")
        self._worker = _Worker()
        # A thread that still ran when its last reference goes would end the process: stop it with the window, or at
        # the latest when Python ends.
        self.destroyed.connect(partial(_end, self._thread, self._worker))
        weakref.finalize(self, _end, self._thread, self._worker)
        self._worker.moveToThread(self._thread)
        self._start.connect(self._worker.work)
        self._worker.parked.connect(self._worker_parked)
        self._worker.stopped.connect(self._worker_stopped)
        self._worker.failed.connect(self._worker_failed)
        self._stretch = 0

    def work(self, task: Task) -> None:
        """Hand the machine to the thread; it comes back with `parked`, `stopped` or `failed`."""
        worker = self._worker
        if not self._thread.isRunning():
            self._thread.start()
        worker.stopping = False
        worker.interrupt.clear()
        worker.idle.clear()
        self._stretch += 1
        self._start.emit(task, self._stretch)

    def park(self) -> None:
        """Ask for the machine at the end of the iteration."""
        self._worker.interrupt.set()

    def resume(self) -> None:
        """Hand the machine back after a frame."""
        self._worker.resume.set()

    def stop(self) -> None:
        """Ask it to stop at the end of the iteration."""
        _stop(self._worker)

    def wait(self) -> bool:
        """Stop and wait until the machine is free; false if that takes too long. Its signals come no more."""
        self.stop()
        self._stretch += 1
        return self._worker.idle.wait(_STOP_SECONDS)

    def close(self) -> None:
        """End the thread."""
        _end(self._thread, self._worker)

    # A signal may still be under way when its stretch has been stopped, or another begun: those are not believed.
    def _worker_parked(self, stretch: int) -> None:
        if stretch == self._stretch:
            self.parked.emit()

    def _worker_stopped(self, stretch: int, outcome: Outcome) -> None:
        if stretch == self._stretch:
            self.stopped.emit(outcome)

    def _worker_failed(self, stretch: int, reason: str) -> None:
        if stretch == self._stretch:
            self.failed.emit(reason)


def _stop(worker: _Worker) -> None:
    worker.stopping = True
    worker.interrupt.set()
    worker.resume.set()


def _end(thread: QThread, worker: _Worker, _object: QObject | None = None) -> None:
    _stop(worker)
    if isValid(thread):
        thread.quit()
        thread.wait(int(_STOP_SECONDS * 1000))
