"""Runs that another one took the place of: by an edit of the document, by Reset, or by going on as a branch. Undo
brings such a run back as it stood, and Redo the one that took its place.

A run is kept by the content that it is one of, for as long as any command can show that content again. Those that were
left last are kept whole; of older ones only how they stood, from which they are made again to the bit.
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from nnstudio.training.debugger import Debugger, Standing
from nnstudio.training.keyframes import MEGABYTE
from nnstudio.training.run import Run

from .document import Content
from .ongoing import Ongoing

_KEPT_WHOLE = 4
_BUDGET, _LEAN_BUDGET = 16 * MEGABYTE, 2 * MEGABYTE


@dataclass(slots=True, eq=False)
class _Left:
    """`life` is what the edits of this run are known by. One that has neither debugger nor standing is as it began."""

    life: object
    debugger: Debugger | None = None
    standing: Standing | None = None

    def lean(self) -> None:
        """Keep no more than it takes to make the run again."""
        if self.debugger is not None:
            self.debugger.set_budget(_LEAN_BUDGET)
            self.standing, self.debugger = self.debugger.standing(), None

    def brought_back(self, content: Content) -> Ongoing:
        debugger = self.debugger or Debugger(Run(content.experiment, content.dataset, content.data))
        if self.standing is not None:
            debugger.resume(self.standing)
        return Ongoing(debugger, content, self.life)


class LeftRuns:
    """Of one session."""

    def __init__(self) -> None:
        self._left: WeakKeyDictionary[Content, _Left] = WeakKeyDictionary()

    def leave(self, run: Ongoing) -> None:
        """Keep a run that another one takes the place of."""
        debugger = run.debugger
        if debugger.untouched:
            self._put(run.content, _Left(run.life))
        else:
            debugger.set_budget(min(debugger.timeline.keyframes.budget, _BUDGET))
            self._put(run.content, _Left(run.life, debugger))

    def leave_as_it_stands(self, run: Ongoing) -> None:
        """Keep how a run stands, whose debugger is needed further on."""
        self._put(run.content, _Left(run.life, standing=run.debugger.standing()))

    def take(self, content: Content) -> Ongoing | None:
        """The run that was left of this content, to go on with; None if there was none."""
        left = self._left.pop(content, None)
        return None if left is None else left.brought_back(content)

    def _put(self, content: Content, left: _Left) -> None:
        self._left[content] = left
        for older in list(self._left.values())[:-_KEPT_WHOLE]:
            older.lean()
