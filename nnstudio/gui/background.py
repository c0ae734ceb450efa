"""Work that may take long, done off the window's thread; its result comes back as a signal."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal


class BackgroundTask(QObject):
    """One piece of work. `done` carries its result, `failed` the error it raised. Cancelled, it stays silent."""

    done = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._cancelled = False

    def start(self) -> None:
        QThreadPool.globalInstance().start(_Runner(self))

    def cancel(self) -> None:
        self._cancelled = True

    def run(self) -> None:
        """Called on the pool's thread."""
        try:
            result = self._work()
        except Exception as error:  # the border of the thread: the error goes to whoever asked
            if not self._cancelled:
                self.failed.emit(error)
            return
        if not self._cancelled:
            self.done.emit(result)


class _Runner(QRunnable):
    def __init__(self, task: BackgroundTask) -> None:
        super().__init__()
        self._task = task

    def run(self) -> None:
        self._task.run()
