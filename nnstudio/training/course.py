"""The course of a parameter through time: w = initial + Σ of all that moved it, and which moved it most.

A run remembers some of its moments only, so what lies between is found by running it again, from its start, on a
machine of its own; the run itself stands still meanwhile. All that a person did to it is done again where it was done.
A change is the difference of two values of the parameter, so their sum is the parameter up to rounding, in float64.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Protocol

import numpy as np

from nnstudio.engine.arena import PARAMETERS
from nnstudio.engine.machine import Machine

from .keyframes import MEGABYTE, Moment
from .timeline import PutBack, Timeline
from .trainer import never

Index = tuple[int, ...]
_MOST_BYTES = 100 * MEGABYTE
"""Within this all parameters are written down at once, so that asking for another one costs nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """What moved a parameter; `moment` is right after it, and `by` says what it was where it was no update."""

    moment: Moment
    before: float
    after: float
    amount: float
    by: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One parameter from the `start` of the run to `here`, where it stands. `values` has it at the start and after each
    iteration; `moves` is what the update of each iteration added, the one at hand too; `set` what else changed it."""

    start: Moment
    here: Moment
    initial: float
    now: float
    values: np.ndarray
    moves: np.ndarray
    set: tuple[Change, ...]

    @property
    def updates(self) -> float:
        """Σ of what the updates added."""
        return float(self._updates)

    @property
    def set_amount(self) -> float:
        """Σ of what was set in between."""
        return float(np.sum([change.amount for change in self.set]))

    @property
    def residue(self) -> float:
        """What the sum of all that is missing to the parameter as it stands: rounding."""
        return float(self.now - (np.longdouble(self.initial) + self._updates + np.longdouble(self.set_amount)))

    def largest(self, count: int) -> tuple[Change, ...]:
        """The changes that moved it most, those that are no number first."""
        sizes = np.nan_to_num(np.abs(self.moves), nan=np.inf)
        most = np.argpartition(-sizes, min(count, len(sizes)) - 1)[:count] if len(sizes) else ()
        found = [self._update(int(n)) for n in most if self.moves[n]] + list(self.set)
        return tuple(sorted(found, key=lambda change: (-_size(change), change.moment))[:count])

    @property
    def _updates(self) -> np.longdouble:
        """In more digits than the terms have: there may be millions of them."""
        with np.errstate(all="ignore"):
            total: np.longdouble = np.sum(self.moves, dtype=np.longdouble)
        return total

    def _update(self, n: int) -> Change:
        """What iteration n did, counted from the start."""
        moment = min(Moment(self.start.iterations + n + 1), self.here)
        after = float(self.values[n + 1]) if n + 1 < len(self.values) else self.now
        own = [change for change in self.set if change.moment == moment]
        after = own[0].before if own else after
        amount = float(self.moves[n])
        return Change(moment, after - amount, after, amount)


class Retracing:
    """A run, run again up to where its timeline stands. It goes on in stretches, and says how far it has come.

    It is to be made, and told to `follow`, by whoever owns the run's machine; `advance` may then run on any thread.
    """

    def __init__(self, timeline: Timeline, slot: str, index: Index) -> None:
        machine, first = timeline.machine, next(iter(timeline.keyframes))
        self._timeline = timeline
        self._twin = machine.twin(machine.model.spec.precision)
        self._twin.restore(first.state)
        self._start = first.moment
        self._edits: tuple[_Deed, ...] = ()
        self._made = 0
        self._set: list[_Set] = []
        parameters = self._twin.model.store.family("parameters")
        self._columns = slice(0, parameters.size)
        self._now = parameters
        self._initial = parameters.astype(np.float64)
        self._values = np.empty((0, parameters.size))
        self.follow(timeline, slot, index)
        self._arrive()

    @property
    def total(self) -> int:
        """How many iterations are to be run."""
        return self._target.iterations - self._start.iterations

    @property
    def done(self) -> int:
        """How many of them have been."""
        return min(self._twin.iterations - self._start.iterations, self.total)

    @property
    def arrived(self) -> bool:
        """Whether it is where the timeline stood when it was told to follow, and did all that was done up to there."""
        behind = self._edits[self._made : self._made + 1]
        return self._here >= self._target and all(edit.moment > self._target for edit in behind)

    def leads_to(self, timeline: Timeline, slot: str, index: Index) -> bool:
        """Whether it can follow to where the timeline stands now: not where another run has branched off before, and
        not for a parameter that is not written down."""
        made, edits = self._edits[: self._made], timeline.edits
        same = timeline is self._timeline and len(edits) >= len(made)
        same = same and all(one is other for one, other in zip(made, edits, strict=False))
        later = all(edit.moment >= self._here for edit in edits[len(made) :])
        return same and later and self.records(slot, index)

    def records(self, slot: str, index: Index) -> bool:
        """Whether this parameter is written down."""
        return self._column(slot, index) is not None

    def follow(self, timeline: Timeline, slot: str, index: Index) -> None:
        """Go to where the timeline stands now, whatever else for this parameter."""
        self._target = timeline.here
        self._edits = tuple(timeline.edits)
        self._make_room(self.total + 1, slot, index)

    def advance(self, interrupted: Callable[[], bool] = never) -> bool:
        """Go on until it is there, which is true, or until `interrupted` says so at the end of an iteration."""
        with np.errstate(all="ignore"):
            self._arrive()
            while self._twin.iterations < self._target.iterations:
                self._run_iteration()
                if interrupted():
                    return False
            if self._twin.iterations == self._target.iterations:
                self._run_within(self._target.pc)
        return True

    def course(self, slot: str, index: Index) -> Course:
        """Of a parameter, up to where the timeline stood when this was told to follow; it has to have arrived."""
        column, here = self._column(slot, index), self._target
        if column is None or not self.arrived:
            raise ValueError(f"the course of {slot}{list(index)} is not known")
        now = float(self._timeline.machine.value(slot)[index])
        values = self._values[: self.total + 1, column].copy()
        changes = tuple(one.of(column) for one in self._set if one.moment <= here and one.concerns(column))
        moves = np.diff(values, append=now if here.pc else [])
        for change in changes:
            if change.moment > self._start:
                moves[change.moment.iterations - (change.moment.pc == 0) - self._start.iterations] -= change.amount
        if here.pc and not moves[-1]:
            moves = moves[:-1]  # its update has not run
        return Course(self._start, here, float(self._initial[column]), now, values, moves, changes)

    @property
    def _here(self) -> Moment:
        return Moment(self._twin.iterations, self._twin.pc)

    def _run_iteration(self) -> None:
        if self._made < len(self._edits):
            self._run_within(len(self._twin.next_program.ops))
        self._twin.run_iteration()
        self._arrive()

    def _run_within(self, pc: int) -> None:
        """Run on to an operation of this iteration, and make the edits before it where they were made."""
        iterations = self._twin.iterations
        while self._made < len(self._edits):
            moment = self._edits[self._made].moment
            if moment.iterations != iterations or moment.pc > min(pc, len(self._twin.next_program.ops) - 1):
                break
            self._run_to(moment.pc)
            self._arrive()
        if pc < len(self._twin.next_program.ops):
            self._run_to(pc)

    def _run_to(self, pc: int) -> None:
        if pc > self._twin.pc:
            self._twin.run_until(pc)

    def _arrive(self) -> None:
        """Make the edits that were made here, and write the parameters down at the start and between two iterations."""
        while self._made < len(self._edits) and self._edits[self._made].moment == self._here:
            edit = self._edits[self._made]
            before = self._now.astype(np.float64)
            edit.make(self._twin)
            self._made += 1
            self._set.append(_Set(edit.moment, before, self._now.astype(np.float64), _words(edit)))
        if self._twin.pc == 0 or self._here == self._start:
            self._values[self._twin.iterations - self._start.iterations] = self._now

    def _make_room(self, rows: int, slot: str, index: Index) -> None:
        """For so many iterations; where all parameters would take too much, for one of them alone."""
        old = self._values
        if rows <= len(old):
            return
        if rows * old.shape[1] * old.itemsize > _MOST_BYTES and old.shape[1] > 1:
            self._narrow(self._column(slot, index) or 0)
        kept = self._values
        self._values = np.empty((max(rows, 2 * len(old)), kept.shape[1]))
        self._values[: len(kept)] = kept

    def _narrow(self, column: int) -> None:
        only = slice(column, column + 1)
        self._columns, self._now, self._initial = only, self._now[only], self._initial[only]
        self._values = self._values[:, only]
        self._set = [_Set(one.moment, one.before[only], one.after[only], one.by) for one in self._set]

    def _column(self, slot: str, index: Index) -> int | None:
        at = place_of(self._twin, slot, index)
        return at - self._columns.start if self._columns.start <= at < self._columns.stop else None


def place_of(machine: Machine, slot: str, index: Index) -> int:
    """Where a parameter stands among all of them."""
    start = 0
    for one in machine.model.store.parameter_slots:
        if one.name == slot:
            return start + (int(np.ravel_multi_index(index, one.shape)) if one.shape else 0)
        start += prod(one.shape)
    raise KeyError(slot)


def is_parameter(machine: Machine, slot: str) -> bool:
    """Whether a slot has a course: what is learned has."""
    return machine.slot(slot).role in PARAMETERS


def sketch(timeline: Timeline, slot: str, index: Index) -> tuple[np.ndarray, np.ndarray]:
    """A parameter at the moments that are kept, and where the run stands: iterations and values."""
    machine = timeline.machine
    at = place_of(machine, slot, index)
    kept = [keyframe.state for keyframe in timeline.keyframes if keyframe.moment < timeline.here]
    points = [(state.iterations, float(state.store["parameters"][at])) for state in kept if state.pc == 0]
    points.append((timeline.here.iterations, float(machine.value(slot)[index])))
    x, y = zip(*points, strict=True)
    return np.array(x, dtype=np.float64), np.array(y)


class _Deed(Protocol):
    """Anything that was done to the run at a moment of it."""

    @property
    def moment(self) -> Moment: ...

    def make(self, machine: Machine) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Set:
    """All parameters that are written down, before and after something set some of them."""

    moment: Moment
    before: np.ndarray
    after: np.ndarray
    by: str

    def concerns(self, column: int) -> bool:
        return bool(self.before[column] != self.after[column])

    def of(self, column: int) -> Change:
        before, after = float(self.before[column]), float(self.after[column])
        return Change(self.moment, before, after, after - before, self.by)


def _words(edit: _Deed) -> str:
    return "weights put back" if isinstance(edit, PutBack) else "set by hand"


def _size(change: Change) -> float:
    return abs(change.amount) if change.amount == change.amount else float("inf")
