"""The working copy of one document, made when there is something to keep: it belongs to the thread that writes."""

import os
from datetime import UTC, datetime
from pathlib import Path

from nnstudio.project import FilePrint, Holder, Origin, Project, WorkingCopy, holder_of


class KeptCopy:
    """Its methods are called one after the other. A ProjectError says why nothing can be kept."""

    def __init__(self, path: Path | None) -> None:
        """Of a document that was opened from this file."""
        self._origin = origin_of(path)
        self._copy: WorkingCopy | None = None
        self.is_whole = True
        """Whether all that was to be written is there."""

    @property
    def due(self) -> float:
        """When it may be put next while only the training goes on, by `time.monotonic`."""
        return 0.0 if self._copy is None else self._copy.due

    def begin(self) -> WorkingCopy:
        """Have one, by which others see that the file is open; another one if somebody has removed it."""
        if self._copy is not None and not self._copy.is_there:
            self.close()
        if self._copy is None:
            self._copy = WorkingCopy(self._origin)
        return self._copy

    def claim(self) -> Holder | None:
        """Have one of the file that it is opened from, unless another has that file already."""
        path = self._origin.path
        if path is None:
            return None
        holder = holder_of(path, self.begin().path)
        if holder is not None:
            self.close()
            self._origin = Origin()  # what is done here belongs to no file
        return holder

    def put(self, project: Project, path: Path | None, unsaved: bool) -> None:
        """Write down a project that belongs to this file, or to none."""
        self.is_whole = False
        copy = self.begin()
        if path != self._origin.path:
            self._origin = origin_of(path)
            copy.belong_to(self._origin)
        copy.put(project, unsaved=unsaved)
        self.is_whole = True

    def saved(self, project: Project, path: Path, unsaved: bool) -> None:
        """It is the copy of this file from now on; `unsaved` if the file does not have all of the project."""
        self.is_whole = False
        copy = self.begin()
        copy.put(project)
        copy.saved(path)
        self._origin = origin_of(path)
        if unsaved:
            copy.put(project)
        self.is_whole = True

    def close(self, keep: bool = False) -> None:
        """There is nothing to recover, or else it is kept for the next start."""
        if self._copy is not None:
            copy, self._copy = self._copy, None
            copy.close(keep=keep)


def origin_of(path: Path | None) -> Origin:
    """The file and when it was written last."""
    if path is None:
        return Origin()
    try:
        return Origin(path, datetime.fromtimestamp(os.stat(path).st_mtime, UTC), FilePrint.of(path))
    except OSError:
        return Origin(path)
