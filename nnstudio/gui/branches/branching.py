"""The branches of one fork, at work in the background.

They run on machines of their own, never on the run of the window, which is free to go on meanwhile. And they have one
owner at a time, as every machine has: a thread of the pool for a stretch of a few hundredths of a second, then the
window, which takes what can be seen of them (`lanes`), makes the changes that wait, and lends them out again.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import count as count_from
from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from nnstudio.experiment.edits import Edit
from nnstudio.explain.numbers import short
from nnstudio.explain.symbols import element_symbol
from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.document import REFUSALS
from nnstudio.gui.keepsakes import Keepsakes
from nnstudio.gui.moment_words import moment_words
from nnstudio.gui.run_edits import Left
from nnstudio.gui.session import Session
from nnstudio.training.branches import (
    Branch,
    BranchSet,
    Comparison,
    Difference,
    Fork,
    Lockstep,
    PartingSearch,
    Value,
    of_edit,
    of_value,
)
from nnstudio.training.run import Run

from .lanes import Lanes, lanes_of

_log = logging.getLogger(__name__)
_STRETCH_SECONDS = 0.04
_LEAST_EPOCHS_TO_COMPARE = 2


class Branching(QObject):
    """Forks the run of a session when asked to. `lanes` is None before the first fork; `comparisons` are by branch what
    was found of where it parts from the original; `sought` is the branch that is being compared, and `share` how much
    of that is done."""

    changed = Signal()
    refused = Signal(str)
    """Why a branch cannot be; an empty text where all is well again."""

    def __init__(self, session: Session, keepsakes: Keepsakes, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._keepsakes = session, keepsakes
        keepsakes.opened.connect(self._put_back)
        self.run: Run | None = None
        """The run that was forked."""
        self.adopted: list[Run] = []
        """The runs of the window that have gone on as one of the branches."""
        self.lanes: Lanes | None = None
        self.comparisons: dict[Branch, Comparison] = {}
        self.sought: Branch | None = None
        self.share = 0.0
        self.running = False
        self._lockstep: Lockstep | None = None
        self._search: PartingSearch | None = None
        self._numbers: dict[Branch, int] = {}
        self._waiting: deque[Callable[[], None]] = deque()
        self._task: BackgroundTask | None = None
        self._stop = Event()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._go_on)

    @property
    def at_work(self) -> bool:
        """Whether anything is to be waited for."""
        return self._task is not None or self._soon.isActive()

    def fork(self) -> None:
        """Fork the run where it stands; it must be paused. The branches of an earlier fork are gone with it."""
        if not self._session.paused:
            return
        self.running, self.run = False, self._session.run
        fork = Fork.of(self._session.run)
        self._do(partial(self._lend, partial(Lockstep, fork), self._forked))

    def compare(self, left: Left) -> None:
        """Fork where the run was left by an edit in its past: what lay ahead then, and beside it the run at hand."""
        self.running, self.run = False, self._session.run
        value, label = Value(left.slot, left.index, left.value), f"{element_symbol(left.slot, left.index)}: "
        difference = of_value(left.fork.experiment, value, label + short(left.value, 6))
        self._do(partial(self._lend, partial(Lockstep, left.fork), self._forked))
        self._do(partial(self._lend, partial(Branch, left.fork, difference), self._added))

    def _put_back(self) -> None:
        """Another file was opened: its branches, if it has any, are made again, and run to where they were."""
        kept = self._keepsakes.branches
        if kept is None:
            return
        self._do(self._drop)
        self._do(partial(self._lend, partial(Lockstep, kept.fork), self._forked))
        for difference in kept.differences:
            self._do(partial(self._lend, partial(Branch, kept.fork, difference), self._added))
        self._do(partial(self._run_to, kept.epochs))

    def add(self, edit: Edit) -> None:
        """A branch that differs by this edit of the forked experiment."""
        if self.lanes is None:
            return
        try:
            difference = of_edit(self.lanes.original.branch.fork.experiment, edit)
        except REFUSALS as error:
            self.refused.emit(str(error))
            return
        self.add_difference(difference)

    def add_difference(self, difference: Difference) -> None:
        """A branch that differs by this."""
        if self.lanes is not None and not self.lanes.full:
            fork = self.lanes.original.branch.fork
            self._do(partial(self._lend, partial(Branch, fork, difference), self._added))

    def remove(self, branch: Branch) -> None:
        self.comparisons.pop(branch, None)
        if branch is self.sought:
            self._forget_search()
        self._do(partial(self._remove, branch))

    def start(self, epochs: int) -> None:
        """Let all run so many epochs on, those that are behind a little more."""
        self.running = True
        self._do(partial(self._aim, epochs))

    def pause(self) -> None:
        """They come to rest at the end of the iteration."""
        if self.running:
            self.running = False
            self._stop.set()
            self.changed.emit()

    def seek_parting(self, branch: Branch) -> None:
        """Find where a branch parts from the original; what runs waits meanwhile."""
        self._forget_search()
        self.sought, self.share = branch, 0.0
        self.changed.emit()
        self._do(partial(self._begin_search, branch))

    def give_up_search(self) -> None:
        if self.sought is not None:
            self._forget_search()
            self._stop.set()
            self.changed.emit()

    def when_at_rest(self, action: Callable[[], None]) -> None:
        """Do something as soon as the branches are the window's."""
        self._do(action)

    def close(self) -> None:
        """The window closes."""
        self._waiting.clear()
        self._forget_search()
        self.running = False
        self._soon.stop()
        self._stop.set()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _do(self, action: Callable[[], None]) -> None:
        """Once the branches are the window's, in the order it was asked for."""
        self._waiting.append(action)
        self._stop.set()
        if self._task is None:
            self._go_on()

    def _go_on(self) -> None:
        """The branches are the window's: do what waits, or lend them out for another stretch."""
        if self._task is not None:
            return
        while self._waiting:
            self._waiting.popleft()()
            if self._task is not None:
                return
        lockstep, search = self._lockstep, self._search
        if search is not None:
            self._lend(partial(self._stretch, search), self._searched)
        elif self.running and lockstep is not None:
            self._lend(partial(self._stretch, lockstep), self._ran)

    def _lend(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        """Let the thread of the background have them until the work is done."""
        self._stop = Event()
        self._task = task = BackgroundTask(work)
        task.done.connect(partial(self._back, then))
        task.failed.connect(self._failed)
        task.start()
        self.changed.emit()

    def _stretch(self, way: Lockstep | PartingSearch) -> bool:
        """On the thread of the background."""
        stop, end = self._stop, time.perf_counter() + _STRETCH_SECONDS
        return way.advance(lambda: stop.is_set() or time.perf_counter() > end)

    def _back(self, then: Callable[[object], None], result: object) -> None:
        self._task = None
        then(result)
        self._rest()

    def _rest(self) -> None:
        """Show where all stands, and go on when that has been painted."""
        self.lanes = None if self._lockstep is None else lanes_of(self._lockstep, self._numbers)
        if self._lockstep is not None and not self._waiting:
            self._keepsakes.set_branches(_kept(self._lockstep, self.running))
        if self._waiting or self._search is not None or self.running:
            self._soon.start()
        self.changed.emit()

    def _forked(self, made: object) -> None:
        assert isinstance(made, Lockstep)
        before = self.lanes
        self._lockstep = made
        self._forget_search()
        self.comparisons.clear()
        self._numbers.clear()
        self.adopted.clear()
        if before is not None and len(before.lanes) > 1:
            gone = len(before.lanes) - 1
            where = moment_words(before.moment, before.per_epoch)
            self._session.message.emit(f"Forked anew; {gone} branch{'es' * (gone > 1)} of {where} dropped")

    def _added(self, made: object) -> None:
        assert isinstance(made, Branch)
        if self._lockstep is not None and made.fork is self._lockstep.fork and not self._lockstep.full:
            taken = set(self._numbers.values())
            self._numbers[made] = next(number for number in count_from(1) if number not in taken)
            self._lockstep.add(made)
            self.refused.emit("")

    def _remove(self, branch: Branch) -> None:
        if self._lockstep is not None and branch in self._lockstep.branches:
            self._lockstep.remove(branch)
            del self._numbers[branch]
            self._rest()

    def _aim(self, epochs: int) -> None:
        if self._lockstep is not None and self._lockstep.arrived:
            self._lockstep.aim_for(epochs)

    def _drop(self) -> None:
        self.running, self.run, self._lockstep = False, self._session.run, None
        self._forget_search()
        for kept in (self.comparisons, self._numbers, self.adopted):
            kept.clear()
        self._rest()

    def _run_to(self, epochs: int) -> None:
        if self._lockstep is not None:
            self._lockstep.goal = epochs * self._lockstep.fork.per_epoch
            self.running = not self._lockstep.arrived

    def _ran(self, arrived: object) -> None:
        self.running = self.running and not arrived

    def _begin_search(self, branch: Branch) -> None:
        lockstep = self._lockstep
        if lockstep is None or branch is not self.sought or branch not in lockstep.branches:
            return
        farthest = max(one.moment.iterations for one in lockstep)
        least = branch.begins.iterations + _LEAST_EPOCHS_TO_COMPARE * lockstep.fork.per_epoch
        make = partial(PartingSearch, lockstep.original, branch, max(farthest, least))
        self._lend(make, partial(self._search_made, branch))

    def _search_made(self, branch: Branch, made: object) -> None:
        assert isinstance(made, PartingSearch)
        if branch is self.sought:
            self._search = made

    def _searched(self, arrived: object) -> None:
        search, branch = self._search, self.sought
        if search is None or branch is None:
            return
        self.share = search.done / max(search.total, 1)
        if arrived and search.comparison is not None:
            self.comparisons[branch] = search.comparison
            self._forget_search()

    def _forget_search(self) -> None:
        self._search = self.sought = None

    def _failed(self, error: Exception) -> None:
        self._task = None
        self._forget_search()
        self.running = False
        if isinstance(error, REFUSALS):
            self.refused.emit(str(error))
        else:
            _log.error("a branch failed", exc_info=error)
            self.refused.emit(
                f"the branches were stopped by an error in the program ({type(error).__name__}); "
                "Help › Open the log has the details"
            )
        self._rest()


def _kept(lockstep: Lockstep, running: bool) -> BranchSet:
    """As they stand, or will when they have arrived; an epoch that not all have finished is none of theirs."""
    differences = tuple(branch.difference for branch in lockstep.branches if branch.difference is not None)
    return BranchSet(
        lockstep.fork, differences, lockstep.goal // lockstep.fork.per_epoch if running else lockstep.epochs
    )
