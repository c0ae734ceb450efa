"""Saving what is open to a file: an experiment at once, a project in the background where it is large.

Nobody is told that it is saved before it is. What is edited while it is being written is not saved, and stays marked.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from nnstudio.data.spec import InlineSource
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.open import is_project
from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.document import REFUSALS, Document

from .projects import Projects

if TYPE_CHECKING:
    from nnstudio.project import Project

_AT_ONCE_BYTES = 8_000_000
_BYTES_AN_EPOCH = 400
"""An epoch is written in rows of tables, which takes as long as so many bytes of an array."""
_BYTES_A_STEP, _BYTES_A_CELL = 2_000, 200
"""Likewise a step to undo, and each cell of a table in the experiment, which all of its documents have."""


class Saving(QObject):
    """Of one window, one file after the other. `saved` says that a file is on the disk."""

    saved = Signal(Path)
    told = Signal(str)
    """What is worth knowing of what has been saved."""
    busy = Signal(str)
    failed = Signal(str)

    def __init__(self, document: Document, projects: Projects, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._projects = document, projects
        self._task: BackgroundTask | None = None
        self._waiting = False
        """For the machine: a training goes on until its next frame."""
        self._then: list[Callable[[], object]] = []

    @property
    def at_work(self) -> bool:
        """Whether a file is being written, or about to be."""
        return self._task is not None or self._waiting

    def when_taken(self, action: Callable[[], object]) -> None:
        """Do something that puts other work in place of what is being saved: now, or once that has been taken."""
        if self._waiting:
            self._then.append(action)
        else:
            action()

    def save(self, path: Path) -> bool:
        """Save to a file; false, with the reason told, if it is known already that it cannot be. A running training
        goes on: the project is as it stands with its next frame."""
        if self.at_work:
            self.failed.emit("Not saved: the file before is still being written; save again when that is done")
            return False
        if is_project(path):
            self._known = self._waiting = True
            self._projects.when_owned(partial(self._save_project, path, self._document.work))
            return self._known
        try:
            self._document.save(path)
        except REFUSALS as error:
            self.failed.emit(str(error))
            return False
        self.saved.emit(path)
        if left := self._projects.homeless:
            self.told.emit(f"{path.name} has the experiment alone. File › Save as… makes a project, which keeps {left}")
        return True

    def _save_project(self, path: Path, work: object) -> None:
        self._waiting = False
        then, self._then = self._then, []
        if self._document.work is work:
            projects = self._projects
            project = projects.take()
            done = partial(self._done, path, work, projects.mark, project.experiment, projects.left_out)
            self._write(project, path, done)
        else:
            self._failed(RuntimeError("other work was put in its place; save it when it is back"))
        for action in then:
            action()

    def _write(self, project: "Project", path: Path, done: Callable[[str], object]) -> None:
        from nnstudio.project import save  # not needed to start

        if _bytes_of(project) > _AT_ONCE_BYTES:
            self._task = task = BackgroundTask(partial(save, project, path))
            task.done.connect(done)
            task.failed.connect(self._failed)
            self.busy.emit(f"Saving {path.name} …")
            task.start()
            return
        try:
            said = save(project, path)
        except REFUSALS as error:
            self._failed(error)
            return
        done(said)

    def _done(
        self, path: Path, work: object, mark: tuple[object, ...], saved: Experiment, left_out: str, said: str
    ) -> None:
        self._end()
        if self._document.work is not work:  # what is open by now is not in this file
            self.told.emit(f"{path.name} is saved as it stood before")
            return
        self._document.note_saved(path, saved)
        self._projects.note_saved(mark)
        if left_out:
            said = " ".join(filter(None, (said and f"{said}.", f"{path.name} is saved, but {left_out}")))
        if said:
            self.told.emit(said)
        self.saved.emit(path)

    def _failed(self, error: Exception) -> None:
        self._end()
        self._known = False
        self.failed.emit(f"Not saved: {error}")

    def _end(self) -> None:
        if self._task is not None:
            self._task = None
            self.busy.emit("")


def _bytes_of(project: "Project") -> int:
    """About how many bytes there are to write, or to look through."""
    keyframes = sum(keyframe.nbytes for keyframe in project.standing.timeline.keyframes)
    table = sum(column.values.nbytes for column in project.dataset.columns)  # its file is read again otherwise
    left = sum(run.nbytes for _, run in project.undo.runs)
    history = _BYTES_AN_EPOCH * len(project.standing.run.history)
    source = project.experiment.data.source
    cells = len(source.columns) * len(source.rows) if isinstance(source, InlineSource) else 0
    undo = len(project.undo.steps) * (_BYTES_A_STEP + _BYTES_A_CELL * cells)
    return keyframes + table + left + history + undo + project.standing.timeline.here.nbytes
