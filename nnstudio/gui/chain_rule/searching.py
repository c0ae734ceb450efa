"""Looks for the largest of the paths: at once where they are quickly looked through, else in the background.

Through batch normalizations there are numbers for each sample with every other, of each unit. The search has its own
copy of what they are made of, so the run is free to go on, and what has been found is kept while the numbers stay.
"""

import logging
from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Signal

from nnstudio.explain.chain_rule import MOST_SHOWN
from nnstudio.explain.paths import Found, Paths
from nnstudio.gui.background import BackgroundTask

_log = logging.getLogger(__name__)
AT_ONCE = 400_000
"""So many numbers are looked at on the window's thread."""


class PathSearch(QObject):
    """`given_up` and `problem` say why there is nothing though nobody searches."""

    changed = Signal()
    """It has begun, ended or been given up."""
    ended = Signal()
    """There is something new to be shown: what was found, or why nothing was."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: BackgroundTask | None = None
        self._stop = Event()
        self._paths: Paths | None = None
        self._found: Found | None = None
        self.given_up = False
        self.problem = ""
        self.share = 0.0
        """How much has been looked through; written by the thread that does it."""

    @property
    def at_work(self) -> bool:
        return self._task is not None

    def ask(self, paths: Paths) -> Found | None:
        """The largest of these; None while they are looked for, or after that was given up."""
        if self._paths is not None and self._paths.same_as(paths):
            return self._found
        self.forget()
        if paths.effort <= AT_ONCE:
            return paths.found(MOST_SHOWN)
        self._begin(paths.apart())
        return None

    def cancel(self) -> None:
        """Give it up, until other paths are asked for."""
        if self.at_work:
            self._drop()
            self.given_up = True
            self.changed.emit()
            self.ended.emit()

    def forget(self) -> None:
        """There is nothing to be looked for."""
        self._paths, self._found, self.given_up, self.problem = None, None, False, ""
        if self.at_work:
            self._drop()
            self.changed.emit()

    def _begin(self, paths: Paths) -> None:
        self._paths, self.share, self._stop = paths, 0.0, Event()
        self._task = task = BackgroundTask(partial(self._work, paths, self._stop))
        task.done.connect(self._done)
        task.failed.connect(self._failed)
        task.start()
        self.changed.emit()

    def _work(self, paths: Paths, stop: Event) -> Found:
        """On the thread of the background."""

        def progress(done: int, of: int) -> None:
            if stop.is_set():
                raise _GivenUpError
            self.share = done / of

        return paths.found(MOST_SHOWN, progress)

    def _done(self, found: Found) -> None:
        self._task, self._found = None, found
        self.changed.emit()
        self.ended.emit()

    def _failed(self, error: Exception) -> None:
        self._task = None
        _log.error("the search for the largest paths failed", exc_info=error)
        self.problem = f"The paths could not be looked through ({type(error).__name__}); the log has the details."
        self.changed.emit()
        self.ended.emit()

    def _drop(self) -> None:
        self._stop.set()
        if self._task is not None:
            self._task.cancel()
            self._task = None


class _GivenUpError(Exception):
    """Nobody waits for it any more."""
