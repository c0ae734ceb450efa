"""Keeps what is open in its working copy: an edit, a step or a breakpoint soon after it was made, and a training that
goes on whenever the copy is due, which costs it a fiftieth of its time at most.

A snapshot is taken while the machine is the window's; it is written on a thread of its own, in the order in which it
was taken. While an interlude is on, the user's own work is put aside as it was kept last.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from nnstudio.experiment.open import is_project
from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.context import Context
from nnstudio.gui.files import Files
from nnstudio.gui.project.projects import Projects
from nnstudio.gui.settings import WATCH_LIST
from nnstudio.project import Holder, ProjectError

from .kept_copy import KeptCopy
from .left_over import when
from .picture import Pictures

_log = logging.getLogger(__name__)
_SOON_MILLISECONDS = 100
_RETRY_MILLISECONDS = 5000
_COSTS_APART = 100
"""A training waits while a snapshot of it is taken, which takes long once it has had millions of epochs."""


class Keeper(QObject):
    """Of one window. `kept` says that all of the work is in the copy, `not_kept` that some of it could not be written,
    and `failed` why, once for each reason."""

    kept = Signal()
    not_kept = Signal()
    failed = Signal(str)
    held = Signal(Path, str)
    """Another window has the file, and which one that is."""

    def __init__(self, context: Context, projects: Projects, files: Files, pictures: Pictures, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._document, self._interlude = context.session, context.document, context.interlude
        self._breakpoints, self._settings = context.breakpoints, context.settings
        self._projects, self._pictures = projects, pictures
        self._pool = QThreadPool(self, maxThreadCount=1)
        self._timer = QTimer(self, singleShot=True, interval=_SOON_MILLISECONDS)
        self._timer.timeout.connect(self._keep_soon)
        self._tasks: list[BackgroundTask] = []
        self._kept: tuple[object, ...] = ()
        """What has been taken last, by `_now`."""
        self._due = 0.0
        """When the next snapshot may be taken while only the training goes on, by `time.monotonic`."""
        self._told = ""
        """Why nothing can be kept, as it was told: it is not told again and again."""
        context.keepsakes.changed.connect(self._notice)
        self._listen(files)
        self._begin()

    @property
    def at_rest(self) -> bool:
        """Whether there is nothing to keep, nor anything being written."""
        return not self._tasks and not self._timer.isActive()

    def keep(self) -> None:
        """Take a snapshot of what has changed and have it written. The machine must be the window's."""
        now = self._now()
        if self._interlude.on or now == self._kept:
            return
        self._timer.stop()
        self._kept = now
        begun = time.thread_time()
        project = self._projects.take()
        self._due = time.monotonic() + _COSTS_APART * (time.thread_time() - begun)
        project = replace(project, picture=self._pictures.latest())
        self._write(partial(self._copy.put, project, self._document.path, self._unsaved))

    def keep_anew(self) -> None:
        """Have all of it written, though nothing has changed: what is open has no file, and no other copy."""
        self._kept = ()
        self.keep()

    def keep_until_written(self) -> bool:
        """Stop what runs, keep it, and wait until it is on the disk: the program is about to end. Whether all of it is
        there, or in its own file."""
        self._session.take()
        self.keep()
        self._pool.waitForDone()
        return self._copy.is_whole or not self._is_in_no_file

    def close(self, keep: bool = False) -> None:
        """End the writing; the copy goes, or is kept for the next start if it has what no file has."""
        self._timer.stop()
        self._write(partial(self._copy.close, keep=keep and self._is_in_no_file))
        for task in self._tasks:
            task.cancel()
        self._pool.waitForDone()

    def _listen(self, files: Files) -> None:
        session, document = self._session, self._document
        session.refreshed.connect(self._refreshed)
        document.changed.connect(self._notice)
        document.title_changed.connect(self._notice)  # its file may be gone
        document.undo_group.indexChanged.connect(self._notice)
        self._breakpoints.changed.connect(self._notice)
        self._settings.changed.connect(self._setting_changed)
        self._interlude.beginning.connect(self.keep)
        files.opened.connect(self._opened)
        files.saved.connect(self._saved)

    def _begin(self) -> None:
        """Another document: nothing of it is to be kept yet."""
        path = self._document.path
        self._copy = KeptCopy(path)
        self._base = self._kept = self._now()
        if path is not None:
            self._write(self._copy.claim, partial(self._claimed, path))

    def _now(self) -> tuple[object, ...]:
        """What there is to keep: something else whenever it has changed."""
        stack = self._document.undo_stack
        return self._projects.mark, self._document.content, stack.index(), stack.count(), self._unsaved

    @property
    def _unsaved(self) -> bool:
        """Whether the document's file does not have all that is kept; a run is in a project alone."""
        return not is_project(self._document.path) or self._document.modified

    @property
    def _is_in_no_file(self) -> bool:
        """Whether something was done that would be gone without the copy."""
        return self._unsaved and self._kept is not self._base

    def _notice(self, *_what: object) -> None:
        if not self._timer.isActive():
            self._timer.start(_SOON_MILLISECONDS)

    def _setting_changed(self, name: str) -> None:
        if name == WATCH_LIST:
            self._notice()

    def _refreshed(self) -> None:
        """Within a frame the machine is the window's also while it trains."""
        if self._interlude.on:
            return
        if not self._session.paused:
            if not self._tasks and time.monotonic() >= max(self._copy.due, self._due):
                self.keep()
        elif self._now() != self._kept:
            self._notice()

    def _keep_soon(self) -> None:
        if self._tasks:
            self._notice()  # one after the other: what has been taken and not been written takes memory
        else:
            self._projects.when_owned(self.keep)

    def _opened(self) -> None:
        self._timer.stop()
        self._write(self._copy.close)
        self._begin()

    def _saved(self, path: Path) -> None:
        if not self._interlude.on:
            self._projects.when_owned(partial(self._note_saved, path))

    def _note_saved(self, path: Path) -> None:
        self._kept = self._now()
        project = replace(self._projects.take(), picture=self._pictures.latest())
        self._write(partial(self._copy.saved, project, path, self._unsaved))

    def _claimed(self, path: Path, holder: Holder | None) -> None:
        if holder is not None:
            who = f"process {holder.owner.pid} on {holder.owner.host}, since {when(holder.since)}"
            self.held.emit(path, f"{path.name} is open in another window ({who})")

    def _write(self, work: Callable[[], object], then: Callable[[Any], object] | None = None) -> None:
        task = BackgroundTask(work, self._pool)
        if then is not None:
            task.done.connect(then)
        task.done.connect(partial(self._written, task))
        task.failed.connect(partial(self._not_written, task))
        self._tasks.append(task)
        task.start()

    def _written(self, task: BackgroundTask, _result: object) -> None:
        self._tasks.remove(task)
        self._told = ""
        if not self._tasks:
            self.kept.emit()

    def _not_written(self, task: BackgroundTask, error: Exception) -> None:
        self._tasks.remove(task)
        self._kept = ()  # none of it is certain to be there
        self._timer.start(_RETRY_MILLISECONDS)
        if not isinstance(error, ProjectError):
            _log.error("keeping unsaved work failed", exc_info=error)
        text = str(error) if isinstance(error, ProjectError) else "unsaved work cannot be kept; save the project"
        if text != self._told:
            self._told = text
            self.failed.emit(text[:1].upper() + text[1:])
        self.not_kept.emit()
