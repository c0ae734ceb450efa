"""The run so far, and any moment of it again: keyframes, and what a person did to the run, in the order of time.

A run is determined by its beginning and by the edits made to it (early stopping, which puts earlier weights back, makes
one too), so any moment can be computed again byte for byte: restore the last keyframe before it, run on, and make each
edit again where it was made. Going back forgets nothing: what is ahead stays, to go forward to again, until something
is edited in the past. Then another run branches off from there, and what was ahead is no more.

A moment is always shown after the edits that were made at it.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import Op

from .keyframes import BUDGET, Keyframe, Keyframes, Moment

_SECONDS_APART = 0.025
"""Between two keyframes, at least: a step back then repeats no more than this takes."""
_COSTS_APART = 100
"""They are as far apart as this many times what taking one costs, so all of them together cost a percent."""


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """A value that a person set at a moment of the run."""

    moment: Moment
    slot: str
    index: tuple[int, ...]
    value: float

    def make(self, machine: Machine) -> None:
        machine.write(self.slot, self.index, self.value)


@dataclass(frozen=True, slots=True, eq=False)
class PutBack:
    """What the network knew at an earlier moment, put back at a later one."""

    moment: Moment
    knowledge: Mapping[str, np.ndarray]

    def make(self, machine: Machine) -> None:
        machine.put_back(self.knowledge)


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """The update that came next was scaled by a factor, or skipped, which is 0."""

    moment: Moment
    factor: float

    def make(self, machine: Machine) -> None:
        machine.scale_update(self.factor)


AnyEdit = Edit | PutBack | Scaling


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a moment and is worth going back to, in words."""

    moment: Moment
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class TimelineStanding:
    """Everything needed to go on from a moment of the run, and to any other one; `here` is where it stands."""

    here: Keyframe
    furthest: Moment
    keyframes: tuple[Keyframe, ...]
    edits: tuple[AnyEdit, ...]
    marks: tuple[Mark, ...]


class Timeline:
    """The moments of a machine's run, from where it stands when this is made."""

    def __init__(self, machine: Machine, budget: int = BUDGET) -> None:
        self.machine = machine
        self.edits: list[AnyEdit] = []
        self.marks: list[Mark] = []
        self._held = 0
        self._cost = 0.0
        self._furthest = self.here
        self.keyframes = Keyframes(Keyframe.of(machine, 0), budget)
        self.edits_ahead = False
        """Whether there are edits that are to be made again further on."""
        self._wait()

    @property
    def here(self) -> Moment:
        return Moment(self.machine.iterations, self.machine.pc)

    @property
    def start(self) -> Moment:
        return next(iter(self.keyframes)).moment

    @property
    def furthest(self) -> Moment:
        """How far the run has come."""
        return max(self._furthest, self.here)

    @property
    def held(self) -> int:
        """How many of the edits have been made on the way to here."""
        return self._held

    @property
    def at_start(self) -> bool:
        return self.here == self.start

    @property
    def in_past(self) -> bool:
        """Whether the run has been further than here already."""
        return self.here < self._furthest

    def standing(self) -> TimelineStanding:
        """How it stands. Keyframes and edits are shared: nothing is ever written into them."""
        here = Keyframe.of(self.machine, self._held)
        return TimelineStanding(here, self.furthest, tuple(self.keyframes), tuple(self.edits), tuple(self.marks))

    def resume(self, standing: TimelineStanding) -> None:
        """Go on from there, in place of all that has been so far."""
        first, *others = standing.keyframes
        self.keyframes = Keyframes(first, self.keyframes.budget)
        self.edits, self.marks = list(standing.edits), list(standing.marks)
        self.machine.restore(standing.here.state)
        self._held, self._furthest = standing.here.edits, standing.furthest
        self.edits_ahead = self._held < len(self.edits)
        for keyframe in others:
            self.keyframes.add(keyframe, self.here)

    def step(self) -> Op:
        """Run the next operation; whoever goes where edits were made goes by this and by `run_iteration`."""
        op = self.machine.step()
        self._arrive()
        return op

    def run_iteration(self) -> None:
        """Run the rest of the iteration."""
        self.run_until(len(self.machine.next_program.ops))

    def run_until(self, pc: int) -> None:
        """Run the operations before the one at `pc`, to the end of the iteration if `pc` is their number."""
        machine = self.machine
        while self.edits_ahead and self.edits[self._held].moment.iterations == machine.iterations and machine.pc < pc:
            machine.step()
            self._arrive()
            if machine.at_boundary:
                return
        machine.run_until(pc)
        self._arrive()

    def make(self, edit: Edit | Scaling) -> None:
        """Make an edit, whose moment is here; what was ahead is no more. SpecError if that is not possible, and then
        nothing happens."""
        self._make(edit)

    def put_back(self, knowledge: Mapping[str, np.ndarray]) -> None:
        """Let the network predict as when `Model.knowledge` gave this; what was ahead is no more."""
        self._make(PutBack(self.here, knowledge))

    def take_back(self, edit: AnyEdit, end: Moment) -> None:
        """As if an edit had not been made, nor what was done after it. The run has then come to `end`, and stands where
        nothing of the edit is to be seen: here, if here is before it, else at the last keyframe before it."""
        number = self.edits.index(edit)
        made = self._held > number
        del self.edits[number:]
        self.keyframes.forget_edits(number)
        self.keyframes.forget_after(end)
        self.marks = [mark for mark in self.marks if mark.moment <= edit.moment]
        if made:
            self.restore(self.keyframes.before(edit.moment))
        self.edits_ahead = self._held < len(self.edits)
        self._furthest = end

    def rejoin(
        self, edits: Iterable[AnyEdit], keyframes: Iterable[Keyframe], marks: Iterable[Mark], furthest: Moment
    ) -> None:
        """Let a run that lay ahead of where this one ends lie ahead of it again."""
        self.edits += edits
        self.keyframes.extend(keyframes, self.here)
        self.marks += marks
        self._furthest = furthest
        self._arrive()

    def mark(self, text: str) -> None:
        """Remember what happened here, once; whoever shows the run shows it."""
        mark = Mark(self.here, text)
        if mark not in self.marks:
            self.marks.append(mark)

    def keep(self) -> None:
        """Take a keyframe of here. The next one is due after a while; see `due`."""
        begun = time.perf_counter()
        self.keyframes.add(Keyframe.of(self.machine, self._held), self.here)
        cost = time.perf_counter() - begun
        self._wait(min(cost, self._cost) if self._cost else cost)  # of two, for the computer may have been busy
        self._cost = cost

    def restore(self, keyframe: Keyframe) -> None:
        """Go to the moment of a keyframe."""
        self._furthest = self.furthest
        self.machine.restore(keyframe.state)
        self._held = keyframe.edits
        self._arrive()

    def depart(self) -> Keyframe:
        """Here, to come back to. Where the run ends it is kept, for forward to lead here again at once."""
        origin = Keyframe.of(self.machine, self._held)
        if not self.in_past:
            self.keyframes.add(origin, self.here)
        return origin

    def forget_ahead(self) -> None:
        """The run ends here."""
        self.keyframes.forget_after(self.here)
        del self.edits[self._held :]
        self.marks = [mark for mark in self.marks if mark.moment <= self.here]
        self.edits_ahead = False
        self._furthest = self.here

    def _make(self, edit: AnyEdit) -> None:
        edit.make(self.machine)
        self.forget_ahead()
        self.edits.append(edit)
        self._held = len(self.edits)

    def _arrive(self) -> None:
        """Make the edits that were made here."""
        self.edits_ahead = self._held < len(self.edits)
        while self.edits_ahead and self.edits[self._held].moment == self.here:
            self.edits[self._held].make(self.machine)
            self._held += 1
            self.edits_ahead = self._held < len(self.edits)

    def _wait(self, cost: float = 0.0) -> None:
        now, apart = time.perf_counter(), max(_SECONDS_APART, _COSTS_APART * cost)
        self.due = now + apart
        """When the next keyframe is due, by `time.perf_counter`."""
        self.due_at_epoch_end = now + apart / 2
        """Likewise at the end of an epoch, which is a moment that people ask for."""
