"""Something else in the window for a while, such as a lesson. What was open is put aside, and comes back as it was:
content and file, all that can be undone, the run where it stood, what was chosen, and the breakpoints.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from nnstudio.training.breakpoints import Breakpoint
from nnstudio.training.debugger import Debugger
from nnstudio.training.run import Run

from .breakpoints.breakpoint_set import BreakpointSet
from .document import Content, Papers
from .ongoing import Ongoing
from .run_edits import Left
from .selection import Chosen, Selection
from .session import Session


@dataclass(frozen=True, slots=True, eq=False)
class _Aside:
    papers: Papers
    run: Ongoing
    left: Left | None
    chosen: Chosen
    breakpoints: tuple[Breakpoint, ...]


class Interlude(QObject):
    """`changed` says that one has begun or ended. While one is on, the document and the run are its own, and everything
    can be done to them; whatever would replace or close the document ends it first."""

    beginning = Signal()
    """What is open is about to be put aside; nothing runs."""
    changed = Signal()

    def __init__(
        self, session: Session, selection: Selection, breakpoints: BreakpointSet, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._selection, self._breakpoints = session, selection, breakpoints
        self._aside: _Aside | None = None

    @property
    def on(self) -> bool:
        return self._aside is not None

    def begin(self, content: Content) -> None:
        """Open another content with a run of its own. The interlude before is over."""
        debugger = Debugger(Run(content.experiment, content.dataset, content.data))
        self.end()
        session = self._session
        session.take()
        self.beginning.emit()
        left, chosen, breakpoints = session.edits.left, self._selection.chosen, self._breakpoints.all
        self._breakpoints.clear()
        papers = session.document.put_aside()
        run = session.exchange(Ongoing(debugger, content))
        self._aside = _Aside(papers, run, left, chosen, breakpoints)
        self.changed.emit()

    def end(self) -> None:
        """Put back what was open; nothing happens where no interlude is on."""
        if self._aside is None:
            return
        aside, self._aside = self._aside, None
        self._breakpoints.clear()
        self._session.exchange(aside.run)
        self._session.document.take_back(aside.papers)
        self._session.edits.left = aside.left
        self._breakpoints.put_back(aside.breakpoints)
        self._selection.put_back(aside.chosen)
        self.changed.emit()
