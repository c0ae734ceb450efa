"""Runs that another one took the place of: by an edit of the document, by Reset, or by going on as a branch. Undo
brings such a run back as it stood, and Redo the one that took its place.

A run is kept by the content that it is one of, for as long as any command can show that content again. Those that were
left last are kept whole; of older ones only how they stood, from which they are made again to the bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from nnstudio.training.debugger import Debugger, Standing
from nnstudio.training.keyframes import MEGABYTE
from nnstudio.training.run import Run
from nnstudio.training.timeline import AnyEdit

from .document import Content
from .ongoing import Life, Ongoing

if TYPE_CHECKING:
    from nnstudio.project import LeftRun

_KEPT_WHOLE = 4
_BUDGET, _LEAN_BUDGET = 16 * MEGABYTE, 2 * MEGABYTE


@dataclass(slots=True, eq=False)
class _Left:
    """One that has nothing is as it began; `kept` is how a project has it."""

    life: Life
    debugger: Debugger | None = None
    standing: Standing | None = None
    kept: "LeftRun | None" = None

    @property
    def edits(self) -> Sequence[AnyEdit]:
        if self.debugger is not None:
            return self.debugger.timeline.edits
        return () if self.standing is None else self.standing.timeline.edits

    def lean(self) -> None:
        """Keep no more than it takes to make the run again."""
        if self.debugger is not None:
            self.debugger.set_budget(_LEAN_BUDGET)
            self.standing, self.debugger = self.debugger.standing(), None
            if self.kept is not None:
                self.kept.standing = self.standing

    def brought_back(self, content: Content) -> Ongoing:
        debugger = self.debugger or Debugger(Run(content.experiment, content.dataset, content.data))
        if self.standing is not None:
            debugger.resume(self.standing)
        elif self.kept is not None and self.kept.dataset is None:  # it is out of a project
            from nnstudio.project import unpack  # not needed to start

            if (standing := unpack(self.kept, debugger)) is not None:
                debugger.resume(standing)
        return Ongoing(debugger, content, self.life)

    def to_keep(self, content: Content) -> "LeftRun":
        """As a project has it; the same one as long as the run is left."""
        from nnstudio.project import LeftRun

        if self.kept is None:
            standing = self.standing if self.debugger is None else self.debugger.standing()
            self.kept = LeftRun(self.life.number, content.dataset, standing)
        return self.kept


class LeftRuns:
    """Of one session."""

    def __init__(self) -> None:
        self._left: WeakKeyDictionary[Content, _Left] = WeakKeyDictionary()

    def leave(self, run: Ongoing) -> None:
        """Keep a run that another one takes the place of."""
        debugger = run.debugger
        if debugger.untouched:
            self._put(run.content, _Left(run.life or Life()))
        else:
            debugger.set_budget(min(debugger.timeline.keyframes.budget, _BUDGET))
            self._put(run.content, _Left(run.life or Life(), debugger))

    def leave_as_it_stands(self, run: Ongoing) -> None:
        """Keep how a run stands, whose debugger is needed further on."""
        self._put(run.content, _Left(run.life or Life(), standing=run.debugger.standing()))

    def take(self, content: Content) -> Ongoing | None:
        """The run that was left of this content, to go on with; None if there was none. ProjectError if a project has
        it, and it is damaged."""
        left = self._left.pop(content, None)
        return None if left is None else left.brought_back(content)

    def put_back(self, life: Life, kept: "LeftRun", content: Content) -> None:
        """A run out of a project was left of this content."""
        self._left[content] = _Left(life, kept=kept)

    def to_keep(self, content: Content) -> "LeftRun | None":
        """The run that was left of this content, as a project has it."""
        left = self._left.get(content)
        return None if left is None else left.to_keep(content)

    def edits_of(self, life: Life) -> Sequence[AnyEdit]:
        """The edits of a run that was left; none for one that was not."""
        return next((left.edits for left in self._left.values() if left.life is life), ())

    def _put(self, content: Content, left: _Left) -> None:
        self._left[content] = left
        for older in list(self._left.values())[:-_KEPT_WHOLE]:
            older.lean()
