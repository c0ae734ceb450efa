"""The project of a window: a snapshot of what is open, and one that was opened put in its place.

What a person trains is work like what they edit: where the run of a project stands elsewhere than it was saved, there
is something to save. Without a project that is so for what took a while.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from nnstudio.experiment.open import is_project
from nnstudio.gui.breakpoints.breakpoint_set import BreakpointSet
from nnstudio.gui.document import Content
from nnstudio.gui.keepsakes import Keepsakes
from nnstudio.gui.session import Session
from nnstudio.gui.settings import WATCH_LIST, Settings

from .homeless import needs_project

if TYPE_CHECKING:
    from nnstudio.gui.main_window import MainWindow
    from nnstudio.project import Opened, Project
    from nnstudio.training.branches import BranchSet


class Projects(QObject):
    """Of one window. Snapshots are taken while the machine is the window's: while paused, or within `refreshed` or
    `lent` of the session."""

    def __init__(self, session: Session, breakpoints: BreakpointSet, settings: Settings, keepsakes: Keepsakes) -> None:
        super().__init__()
        self._session, self._document = session, session.document
        self._breakpoints, self._settings, self._keepsakes = breakpoints, settings, keepsakes
        self.window: MainWindow | None = None
        """Whose layout comes with the project."""
        self._saved: tuple[object, ...] = ()
        self._waiting: list[Callable[[], object]] = []
        session.refreshed.connect(self._refreshed)
        session.lent.connect(self._act)
        keepsakes.changed.connect(self._look)
        breakpoints.changed.connect(self._look)
        settings.changed.connect(self._look)
        self._document.title_changed.connect(self._look)

    def take(self) -> "Project":
        """A snapshot of what is open, which any thread may write down."""
        from nnstudio.project import Project  # as what follows: not needed to start

        from .history import kept
        from .layout import written

        document, debugger = self._document, self._session.debugger
        return Project(
            experiment=document.experiment,
            dataset=document.dataset,
            standing=debugger.standing(),
            embed=self._keepsakes.embed,
            watch_list=self._watched,
            notes=self._keepsakes.notes,
            settings="{}" if self.window is None else written(self.window),
            undo=kept(document.undo_stack, self._session.left),
            branches=self._branches(),
        )

    def _branches(self) -> "BranchSet | None":
        """Those of these data: a fork of others may still be at work."""
        branches = self._keepsakes.branches
        return branches if branches is not None and branches.fork.dataset is self._document.dataset else None

    @property
    def left_out(self) -> str:
        """What is open and no project keeps, in words."""
        branches = self._keepsakes.branches
        if branches is None or not branches.differences or self._branches() is not None:
            return ""
        return "the branches are not in it: they fork from a run on other data than what is open now"

    def show(self, opened: "Opened", path: Path | None) -> None:
        """Put it in place of what is open, at the operation where it stood. A damaged one has no file to be saved to
        without asking."""
        from .history import put_back
        from .layout import put_back as arrange

        project = opened.project
        content = Content(project.experiment, project.dataset, opened.data)
        self._breakpoints.put_back(one.breakpoint for one in project.standing.breakpoints)
        self._session.open(opened.debugger, content, None if opened.read_only else path, path and path.parent)
        put_back(project.undo, self._session)
        self._settings.set_value(WATCH_LIST, "\n".join(project.watch_list))
        if self.window is not None:
            arrange(self.window, project.settings)
            if project.branches is not None:
                self.window.context.tools.dock("branches")
        self._keepsakes.put(project.notes, project.embed, project.branches)
        self.note_saved()

    def forget(self) -> None:
        """What is open is no project any more."""
        self._keepsakes.put()

    def when_owned(self, action: Callable[[], object]) -> None:
        """Do something while the machine is the window's: now, or after the iteration that runs."""
        if self._session.paused:
            action()
            return
        self._waiting.append(action)
        self._session.borrow()

    @property
    def mark(self) -> tuple[object, ...]:
        """Where the run stands, and what is kept beside it: another one whenever there is something else to save."""
        debugger = self._session.debugger
        kept, branches = self._keepsakes, self._branches()
        forked = None if branches is None else (branches.fork, branches.differences)
        beside = kept.notes, kept.embed, forked, self._breakpoints.all, self._watched
        return debugger, debugger.timeline.here, tuple(debugger.timeline.edits), *beside

    @property
    def _watched(self) -> tuple[str, ...]:
        """The expressions of the watch list."""
        return tuple(text for text in self._settings.value(WATCH_LIST, "").split("\n") if text)

    def note_saved(self, mark: tuple[object, ...] | None = None) -> None:
        """All that there was to save at that mark, or is here, has been saved."""
        self._saved = self.mark if mark is None else mark
        self._look()

    def _refreshed(self) -> None:
        self._act()
        self._look()

    def _act(self) -> None:
        waiting, self._waiting = self._waiting, []
        for action in waiting:
            action()

    @property
    def homeless(self) -> str:
        """What there is to save that the document's file cannot hold, in words: only a project can."""
        if is_project(self._document.path):
            return ""
        debugger = self._session.debugger
        edits = len(debugger.timeline.edits)
        return needs_project(self._keepsakes.notes, self._branches(), edits, debugger.trainer.seconds)

    def _look(self, _setting: str = "") -> None:
        has_project = is_project(self._document.path)
        self._document.note_moved(self._saved != self.mark if has_project else bool(self.homeless))
