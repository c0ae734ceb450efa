"""Work that may take long, done off the window's thread; its result comes back as a signal."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, QThreadPool, Signal

from . import sharing


class BackgroundTask(QObject):
    """One piece of work. `done` carries its result, `failed` the error it raised. Cancelled, it stays silent.

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
        self._ended.emit(result, raised)

    def _deliver(self, result: object, error: Exception | None) -> None:
        """Back on the window's thread."""
        sharing.end(self)
        self.deleteLater()
        if self._cancelled:
            return
        if error is not None:
            self.failed.emit(error)
        else:
            self.done.emit(result)


class _Runner(QRunnable):
    def __init__(self, task: BackgroundTask) -> None:
        super().__init__()
        self._task = task

    def run(self) -> None:
        self._task.run()
