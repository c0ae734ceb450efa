"""A watch among the breakpoints: observed at the end of each iteration or epoch, it stops the run when it comes
true."""

from dataclasses import dataclass

from nnstudio.engine.ops import Phase
from nnstudio.training.breakpoints.binding import BindingError, Setting
from nnstudio.training.breakpoints.checks import Check, Tally
from nnstudio.training.breakpoints.kinds import WatchBreakpoint

from .catalogue import BY_NAME
from .observer import Observer
from .watch import When
from .words import said


@dataclass(frozen=True, slots=True, eq=False)
class WatchCheck(Check):
    """The watch has come true: it is so, and was not when last looked at."""

    breakpoint_: WatchBreakpoint
    setting: Setting
    before_update: int

    @property
    def noted_at(self) -> tuple[int, ...]:
        return (self.before_update,) if BY_NAME[self.breakpoint_.watch].notes else ()

    def note(self) -> None:
        self._observer.note()

    def happened(self) -> bool:
        observer, known = self._observer, BY_NAME[self.breakpoint_.watch].when is When.ONCE
        known = known and observer.seen >= 0
        before, self.tally.held = self.tally.held, observer.trouble if known else observer.observe()
        return self.tally.held and (self.tally.level or not before)

    def why(self) -> str:
        return said(self._observer)

    @property
    def _observer(self) -> Observer:
        """The programs of both sizes of mini-batch share it, so it stays with what is remembered of the breakpoint."""
        found, levels = self.tally.memory, self.breakpoint_.levels
        if not isinstance(found, Observer) or found.levels != levels:
            watch = BY_NAME[self.breakpoint_.watch]
            found = self.tally.memory = Observer(watch, levels, self.setting.machine, self.setting.history)
        return found


def check_of(breakpoint_: WatchBreakpoint, setting: Setting, tally: Tally) -> WatchCheck:
    """What to look at for a watch; a BindingError says why it says nothing about this network."""
    watch = BY_NAME[breakpoint_.watch]
    if problem := watch.problem(setting.machine, setting.history):
        raise BindingError(problem)
    ops = setting.program.ops
    before_update = next(index for index, op in enumerate(ops) if op.phase is Phase.UPDATE)
    places = (len(ops),) if watch.when is When.ITERATION else ()
    return WatchCheck(places, None, tally, breakpoint_, setting, before_update)


def breakpoint_of(name: str, levels: tuple[float, ...]) -> WatchBreakpoint:
    """The breakpoint that stops when this watch comes true with its thresholds at `levels`."""
    return WatchBreakpoint(watch=name, title=BY_NAME[name].title, levels=levels)
