"""Runs a machine past breakpoints.

For each program it keeps a plan: the places where something has to be looked at, in order. Between them the operations
run as they always do, so a breakpoint costs what its looking costs, and the run is the same to the last bit.

What reads a breakpoint (`binding`, `lines` and the language of conditions) is loaded when the first is set.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import Op
from nnstudio.engine.program import Program
from nnstudio.training.history import History
from nnstudio.training.timeline import Timeline

from .checks import Check, Tally
from .kinds import Breakpoint

if TYPE_CHECKING:
    from .binding import Setting
    from .lines import Line

_LOG_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class Hit:
    """Where and why a breakpoint stopped the training; `count` is how often it has been hit."""

    breakpoint: Breakpoint
    why: str
    count: int
    epoch: int
    batch: int

    def __str__(self) -> str:
        often = f", hit {self.count}" if self.count > 1 else ""
        return f"{self.why} (epoch {self.epoch}, mini-batch {self.batch}{often})"


@dataclass(frozen=True, slots=True)
class HitCount:
    """A breakpoint, how often it was hit, and whether its condition held when last looked at."""

    breakpoint: Breakpoint
    hits: int = 0
    held: bool = False


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A line that a log point printed."""

    number: int
    epoch: int
    batch: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class _Watched:
    """A breakpoint at work in one program."""

    breakpoint: Breakpoint
    check: Check
    line: "Line | None"


_Look: TypeAlias = tuple[Callable[[], bool], _Watched]


@dataclass(frozen=True, slots=True, eq=False)
class _Stop:
    """A place, what is looked at on arrival, and what takes note before leaving."""

    place: int
    watched: tuple[_Look, ...]
    """Whether it has happened, and the breakpoint that it would be a hit of."""
    noting: tuple[Callable[[], None], ...]


class Watcher:
    """The breakpoints of a run and what came of them. `watch` may be called at any time, from any thread: another set
    of breakpoints is put in place whole, and holds from the next iteration on."""

    def __init__(self, machine: Machine, history: History) -> None:
        self._machine, self._history = machine, history
        self._tallies: dict[tuple[object, ...], Tally] = {}
        self._plans: dict[Program, tuple[_Stop, ...]] = {}
        self._at_epoch_end: tuple[_Look, ...] = ()
        self.breakpoints: tuple[Breakpoint, ...] = ()
        self.problems: dict[tuple[object, ...], str] = {}
        """Why a breakpoint cannot work in this network, by its key."""
        self.log: deque[LogEntry] = deque(maxlen=_LOG_ENTRIES)
        self._printed = 0

    @property
    def idle(self) -> bool:
        """Whether there is nothing to look at."""
        return not (self._at_epoch_end or any(self._plans.values()))

    def hits(self, breakpoint_: Breakpoint) -> int:
        """How often it has been hit since the run began, or since the hits were last forgotten."""
        tally = self._tallies.get(breakpoint_.key)
        return tally.hits if tally else 0

    def memory(self, breakpoint_: Breakpoint) -> object:
        """What is remembered for its check of the iterations so far, None where nothing is."""
        tally = self._tallies.get(breakpoint_.key)
        return tally.memory if tally else None

    def tallies(self) -> tuple[HitCount, ...]:
        """How often each of them has been hit, in their order."""
        found = [(one, self._tallies.get(one.key) or Tally()) for one in self.breakpoints]
        return tuple(HitCount(one, tally.hits, tally.held) for one, tally in found)

    def resume(self, counts: Sequence[HitCount]) -> None:
        """Look out for these from now on, and go on counting. What a check needs of the iterations before begins anew,
        as after a journey through time."""
        self._tallies = {one.breakpoint.key: Tally(one.hits, one.held) for one in counts}
        self.watch([one.breakpoint for one in counts])

    def watch(self, breakpoints: Sequence[Breakpoint]) -> None:
        """From now on look out for these. One that cannot work here is kept, with its problem."""
        self.breakpoints = tuple(breakpoints)
        self._tallies = {one.key: self._tallies.get(one.key) or Tally() for one in breakpoints}
        problems: dict[tuple[object, ...], str] = {}
        plans: dict[Program, tuple[_Stop, ...]] = {}
        for program in reversed(self._machine.programs):  # the full mini-batch last: its problems are those to tell
            problems = {}
            watched = self._all_watched(program, problems)
            plans[program] = _plan(watched)
        self._at_epoch_end = tuple((one.check.happened, one) for one in watched if one.check.at_epoch_end)
        self._plans, self.problems = plans, problems

    def problem(self, breakpoint_: Breakpoint) -> str | None:
        """Why this breakpoint, set or only thought of, cannot work in this network."""
        from .binding import Setting

        problems: dict[tuple[object, ...], str] = {}
        setting = Setting(self._machine, self._history, self._machine.programs[0])
        self._watched(breakpoint_, setting, problems)
        return problems.get(breakpoint_.key)

    def forget_hits(self) -> None:
        """Count from 0 again, as for a new run."""
        self._tallies = {}
        self.watch(self.breakpoints)

    def clear_log(self) -> None:
        """Forget what log points have printed."""
        self.log.clear()

    def moved(self) -> None:
        """The machine was put somewhere else: what held when last looked at says nothing any more."""
        for tally in self._tallies.values():
            tally.held, tally.memory = False, None

    def rehearsal(self) -> "Watcher":
        """A watcher of the same breakpoints for whoever looks for the last moment they stopped at. It counts and prints
        nothing: it stops wherever one of them would but for its count, and wherever a condition holds."""
        quiet = Watcher(self._machine, self._history)
        stopping = [replace(one, ignore=0, every=1) for one in self.breakpoints if one.log is None]
        quiet._tallies = {one.key: Tally(level=True) for one in stopping}
        quiet.watch(stopping)
        return quiet

    def run_iteration(self, timeline: Timeline) -> tuple[Hit, ...]:
        """Run the rest of the iteration, or up to where breakpoints stop it; say which. Those where it stands already
        do not stop it again."""
        machine = self._machine
        run_until = timeline.run_until if timeline.edits_ahead else machine.run_until
        reached, program = machine.pc, machine.next_program
        for stop in self._plans.get(program, ()):
            if stop.place < reached:
                continue
            if stop.place > reached:
                reached = stop.place
                run_until(reached)
                if stop.watched and (hits := self._look(stop.watched)):
                    return hits
            for note in stop.noting:
                note()
        if reached < len(program.ops):
            run_until(len(program.ops))
        return ()

    def step(self, timeline: Timeline) -> tuple[Op, tuple[Hit, ...]]:
        """Run the next operation, and look at what there is to look at behind it."""
        before = self._machine.pc
        stops = {stop.place: stop for stop in self._plans.get(self._machine.next_program, ())}
        if before in stops:
            for note in stops[before].noting:
                note()
        op = timeline.step()
        behind = stops.get(before + 1)
        return op, self._look(behind.watched) if behind else ()

    def end_epoch(self) -> tuple[Hit, ...]:
        """An epoch has ended and been measured: look at what is to be looked at then."""
        return self._look(self._at_epoch_end) if self._at_epoch_end else ()

    def _look(self, watched: tuple[_Look, ...]) -> tuple[Hit, ...]:
        hits = [hit for happened, one in watched if happened() and (hit := self._hit(one))]
        return tuple(hits) if hits else ()

    def _hit(self, one: _Watched) -> Hit | None:
        """Count it; print its line, or say why to stop."""
        tally, batches = one.check.tally, self._machine.batches
        tally.hits += 1
        if one.breakpoint.lets_pass(tally.hits):
            return None
        if one.line is None:
            return Hit(one.breakpoint, one.check.why(), tally.hits, batches.epoch, batches.number)
        self._printed += 1
        self.log.append(LogEntry(self._printed, batches.epoch, batches.number, one.line.filled(self._machine)))
        return None

    def _all_watched(self, program: Program, problems: dict[tuple[object, ...], str]) -> list[_Watched]:
        """The breakpoints at work in a program; `problems` are added to."""
        if not self.breakpoints:
            return []
        from .binding import Setting

        setting = Setting(self._machine, self._history, program)
        found = [self._watched(one, setting, problems) for one in self.breakpoints]
        return [one for one in found if one is not None and one.breakpoint.enabled]

    def _watched(self, one: Breakpoint, setting: "Setting", problems: dict[tuple[object, ...], str]) -> _Watched | None:
        from nnstudio.training.conditions import ExpressionError

        from .binding import BindingError, bind
        from .lines import read_line

        try:
            line = read_line(one.log, setting.scope) if one.log is not None else None
            return _Watched(one, bind(one, setting, self._tallies.get(one.key) or Tally()), line)
        except BindingError as error:
            problems[one.key] = str(error)
        except ExpressionError as error:
            problems[one.key] = f"in the line to print, {error}"
        return None


def _plan(watched: Sequence[_Watched]) -> tuple[_Stop, ...]:
    """Where to look at what, in the order of the program."""
    places = sorted({place for one in watched for place in (*one.check.places, *one.check.noted_at)})
    return tuple(
        _Stop(
            place,
            tuple((one.check.looks, one) for one in watched if place in one.check.places),
            tuple(one.check.notes for one in watched if place in one.check.noted_at),
        )
        for place in places
    )
