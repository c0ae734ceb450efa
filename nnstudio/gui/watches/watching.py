"""What is switched on, where the thresholds stand, and what the watches measure of the run at hand.

A watch that is on is a breakpoint, so it sees every mini-batch. One that is off is measured at a glance, while the list
can be seen and the machine is the window's: training knows nothing of it. What takes several mini-batches in a row to
know is then not known, unless a person steps from one to the next.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from nnstudio.gui.breakpoints.breakpoint_set import BreakpointSet
from nnstudio.gui.session import Session
from nnstudio.gui.settings import Settings
from nnstudio.training.watches import BY_NAME, WATCHES, Observer, Origin, Reading, Watch, When, breakpoint_of

_MOST_RUNNING, _MOST_PAUSED = 4_000_000, 200_000_000
"""Multiplications at a glance: a few milliseconds of a frame while training, a tenth of a second when paused."""


class State(StrEnum):
    """How a watch stands, in a word."""

    FINE = "fine"
    TRUE = "true"
    UNKNOWN = "not known yet"
    ABSENT = "not in this network"


@dataclass(frozen=True, slots=True)
class Standing:
    """A watch as it stands: `readings` are the worst of what is held against each of its thresholds, at `levels`;
    `why_not` says why there is none."""

    watch: Watch
    state: State
    levels: tuple[float, ...]
    readings: tuple[Reading | None, ...]
    worst: Reading | None
    on: bool
    why_not: str = ""

    @property
    def changed(self) -> bool:
        """Whether a person has changed a threshold."""
        return self.levels != self.watch.levels


class Watching:
    """The watches of the window. Thresholds last from one start to the next."""

    def __init__(self, session: Session, breakpoints: BreakpointSet, settings: Settings) -> None:
        self._session, self._breakpoints, self._settings = session, breakpoints, settings
        self._glances: dict[str, tuple[Observer, tuple[object, ...]]] = {}
        """Who looks at those that are off, and when they last did."""

    def levels(self, name: str) -> tuple[float, ...]:
        """Where the thresholds of a watch stand."""
        watch, kept = BY_NAME[name], self._settings.value(_key(name), "").split()
        with suppress(ValueError):
            levels = tuple(map(float, kept))
            if not any(one.problem(level) for one, level in zip(watch.thresholds, levels, strict=True)):
                return levels
        return watch.levels

    def set_level(self, name: str, number: int, level: float) -> str | None:
        """Set one threshold of a watch; why it cannot be set, if so."""
        if problem := BY_NAME[name].thresholds[number].problem(level):
            return problem
        levels = self.levels(name)
        self._set_levels(name, (*levels[:number], level, *levels[number + 1 :]))
        return None

    def restore(self, name: str) -> None:
        """Back to the first thresholds."""
        self._set_levels(name, BY_NAME[name].levels)

    def is_on(self, name: str) -> bool:
        found = self._breakpoints.find(breakpoint_of(name, ()).key)
        return found is not None and found.enabled

    def switch(self, name: str, on: bool) -> None:
        """Stop the training when this watch comes true, or do not."""
        one = breakpoint_of(name, self.levels(name))
        if on:
            self._breakpoints.put(one)
        else:
            self._breakpoints.remove(one.key)

    def begin(self) -> None:
        """There is another run."""
        self._glances.clear()

    def look(self) -> tuple[Standing, ...]:
        """Measure all watches; the machine has to be the window's."""
        return tuple(map(self._standing, WATCHES))

    def origin(self, name: str) -> Origin:
        """The way to where the trouble of a watch began."""
        debugger = self._session.debugger
        return Origin(debugger.timeline, debugger.run.history, BY_NAME[name], self.levels(name))

    def _standing(self, watch: Watch) -> Standing:
        run, levels, on = self._session.run, self.levels(watch.name), self.is_on(watch.name)
        nothing = (None,) * len(levels)
        if problem := watch.problem(run.machine, run.history):
            return Standing(watch, State.ABSENT, levels, nothing, None, on, problem)
        observer = self._observer(watch, levels)
        if observer is None or observer.worst is None:
            return Standing(watch, State.UNKNOWN, levels, nothing, None, on, _unknown(watch, on))
        readings = tuple(observer.worst_by(number) for number in range(len(levels)))
        if observer.trouble:
            return Standing(watch, State.TRUE, levels, readings, observer.worst, on)
        if (doubtful := observer.doubtful) is not None:
            return Standing(watch, State.UNKNOWN, levels, readings, doubtful, on, _doubt(watch, doubtful, on))
        return Standing(watch, State.FINE, levels, readings, observer.worst, on)

    def _observer(self, watch: Watch, levels: tuple[float, ...]) -> Observer | None:
        """The one that has seen most: that of the breakpoint, if it has seen what the machine did last."""
        machine = self._session.machine
        seen = self._breakpoints.watcher.memory(breakpoint_of(watch.name, levels))
        if isinstance(seen, Observer) and seen.levels == levels and seen.seen == machine.iterations:
            return seen
        if watch.multiplications(machine) > (_MOST_PAUSED if self._session.paused else _MOST_RUNNING):
            return seen if isinstance(seen, Observer) else None
        moment = self._moment
        glance, glanced_at = self._glances.get(watch.name, (None, None))
        if glance is None or glance.levels != levels:
            run = self._session.run
            glance, glanced_at = Observer(watch, levels, run.machine, run.history), None
        if moment != glanced_at:
            glance.observe()
            self._glances[watch.name] = glance, moment
        return glance

    @property
    def _moment(self) -> tuple[object, ...]:
        """It is another one whenever numbers of the run may have changed."""
        debugger = self._session.debugger
        edits = debugger.timeline.edits
        return debugger.timeline.here, len(debugger.run.history), len(edits), edits[-1] if edits else None

    def _set_levels(self, name: str, levels: tuple[float, ...]) -> None:
        self._settings.set_value(_key(name), " ".join(map(repr, levels)))
        one = breakpoint_of(name, levels)
        if (there := self._breakpoints.find(one.key)) is not None:
            self._breakpoints.put(replace(one, enabled=there.enabled, ignore=there.ignore, every=there.every))


def _key(name: str) -> str:
    return f"watches/{name}"


def _doubt(watch: Watch, reading: Reading, on: bool) -> str:
    running = watch.thresholds[reading.measured.threshold].running
    way = "train on" if on else "switch it on, and train"
    return f"Beyond its threshold, but it has to be so {running} times running; {way}."


def _unknown(watch: Watch, on: bool) -> str:
    if watch.when is When.EPOCH:
        return f"Many rows to predict; {'train' if on else 'switch it on, and train'} to the end of an epoch."
    if on:
        return "It is measured from the next mini-batch on."
    if watch.remembers > 1 or watch.notes:
        return "It takes mini-batches in a row to know; switch it on, and train."
    return "Nothing has been computed yet; train a mini-batch."
