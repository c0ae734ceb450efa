"""Work that may take long, done off the window's thread; its result comes back as a signal."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QMetaMethod, QObject, QRunnable, QThreadPool, Signal

from . import sharing


class BackgroundTask(QObject):
    """One piece of work. `done` carries its result, `failed` the error it raised; where nobody listens to that, it is
    an error that nobody handled. Cancelled, it stays silent.

    It belongs to the application, until its work has ended: whoever started it may be gone by then.
    """

    done = Signal(object)
    failed = Signal(object)
    _ended = Signal(object, object)

    def __init__(self, work: Callable[[], object], pool: QThreadPool | None = None) -> None:
        """On one of the program's threads, or on one of a `pool`."""
        super().__init__(QCoreApplication.instance())
        self._work = work
        self._pool = pool
        self._cancelled = False
        self._ended.connect(self._deliver)

    def start(self) -> None:
        sharing.begin(self)
        (self._pool or QThreadPool.globalInstance()).start(_Runner(self))

    def cancel(self) -> None:
        self._cancelled = True

    def run(self) -> None:
        """Called on the pool's thread."""
        result: object = None
        raised: Exception | None = None
        try:
            result = self._work()
        except Exception as error:  # the border of the thread: the error goes to whoever asked
            raised = error
        except BaseException as error:  # it would end the thread alone, without a word
            raised = RuntimeError(f"background work ended with {type(error).__name__}")
            raised.__cause__ = error
        self._ended.emit(result, raised)

    def _deliver(self, result: object, error: Exception | None) -> None:
        """Back on the window's thread."""
        sharing.end(self)
        self.deleteLater()
        if self._cancelled:
            return
        if error is None:
            self.done.emit(result)
        elif self.isSignalConnected(QMetaMethod.fromSignal(self.failed)):
            self.failed.emit(error)
        else:
            sys.excepthook(type(error), error, error.__traceback__)


class _Runner(QRunnable):
    def __init__(self, task: BackgroundTask) -> None:
        super().__init__()
        self._task = task

    def run(self) -> None:
        self._task.run()
