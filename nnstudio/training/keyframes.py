"""Keyframes: moments of a run that are kept whole, to go back to. Within a budget of memory, denser near the present.

Going back is restoring the last keyframe before the moment and running on from there, so the distance between two
keyframes is what a step back costs. Those from long ago are asked for rarely and may lie further apart. So when the
budget is spent, the ones go that lie closest together for their age: each gap then is about the same share of the
way to the present, and the number that are needed grows with the logarithm of the run.
"""

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from nnstudio.engine.arena import all_finite
from nnstudio.engine.machine import Machine, MachineState

MEGABYTE = 1_000_000
BUDGET = 256 * MEGABYTE
_ROOM_AFTER_THINNING = 0.75
_LEAST_GAP = 2.0**-10
_BESIDES = 4_000
"""Bytes that Python takes for a keyframe besides its numbers: a dozen arrays, their dictionaries, the generator."""


class Moment(NamedTuple):
    """After so many whole iterations, and then so many operations of the next one."""

    iterations: int
    pc: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Keyframe:
    """The state at a moment; it holds the first `edits` of the run's edits."""

    state: MachineState
    edits: int

    @classmethod
    def of(cls, machine: Machine, edits: int) -> "Keyframe":
        return cls(machine.state(), edits)

    @property
    def moment(self) -> Moment:
        return Moment(self.state.iterations, self.state.pc)

    @property
    def nbytes(self) -> int:
        return self.state.nbytes + _BESIDES

    def is_finite(self, but_for: Container[str]) -> bool:
        """Whether it holds no NaN and no infinity in any family but those."""
        families = [self.state.store, *self.state.workspaces.values()]
        return all_finite(flat for family in families for name, flat in family.items() if name not in but_for)


class Keyframes:
    """The keyframes of a run in the order of time. The first is the run's beginning, and is never dropped."""

    def __init__(self, first: Keyframe, budget: int = BUDGET) -> None:
        self._kept = [first]
        self._budget = budget
        self.nbytes = first.nbytes

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Keyframe]:
        return iter(self._kept)

    @property
    def budget(self) -> int:
        """How many bytes they may take. The first and the last one are kept in any case."""
        return self._budget

    def set_budget(self, budget: int, here: Moment) -> None:
        """Keep to another budget from now on, as `add` does."""
        self._budget = budget
        self._thin(here)

    def add(self, keyframe: Keyframe, here: Moment) -> None:
        """Keep this one too, unless there is one of its moment; if that is too much, drop others, those around `here`
        and near the present last."""
        at = self._after(keyframe.moment)
        if at and self._kept[at - 1].moment == keyframe.moment:
            return
        self._kept.insert(at, keyframe)
        self.nbytes += keyframe.nbytes
        if self.nbytes > self._budget:
            self._thin(here)

    def extend(self, later: Iterable[Keyframe], here: Moment) -> None:
        """Keep these too, which lie behind all others, as `add` does."""
        self._keep([*self._kept, *later])
        if self.nbytes > self._budget:
            self._thin(here)

    def before(self, moment: Moment) -> Keyframe:
        """The last one at or before a moment."""
        return self._kept[max(self._after(moment), 1) - 1]

    def before_trouble(self, but_for: Container[str] = ()) -> Keyframe:
        """The last one before the first that holds a NaN or an infinity in any family but those."""
        for number, keyframe in enumerate(self._kept):
            if not keyframe.is_finite(but_for):
                return self._kept[max(number, 1) - 1]
        return self._kept[-1]

    def forget_after(self, moment: Moment) -> None:
        """Drop all that lie behind a moment."""
        self._keep(self._kept[: max(self._after(moment), 1)])

    def forget_edits(self, number: int) -> None:
        """Drop all that hold more than so many edits."""
        self._keep([self._kept[0], *(keyframe for keyframe in self._kept[1:] if keyframe.edits <= number)])

    def _after(self, moment: Moment) -> int:
        return bisect_right(self._kept, moment, key=lambda keyframe: keyframe.moment)

    def _thin(self, here: Moment) -> None:
        """Drop more and more of them, until there is some room again."""
        gap, room = _LEAST_GAP, _ROOM_AFTER_THINNING * self._budget
        while self.nbytes > room and len(self._kept) > 2:
            self._spread(gap, here.iterations)
            gap *= 2

    def _spread(self, gap: float, here: int) -> None:
        """Leave gaps of at least this share of the distance to the present, or to `here` where that is nearer."""
        first, last = self._kept[0], self._kept[-1]
        present = later = last.moment.iterations
        kept = [last]
        for keyframe in reversed(self._kept[1:-1]):
            iterations = keyframe.moment.iterations
            if later - iterations >= gap * min(present - iterations, abs(here - iterations)):
                kept.append(keyframe)
                later = iterations
        self._keep([first, *reversed(kept)])

    def _keep(self, keyframes: list[Keyframe]) -> None:
        self._kept = keyframes
        self.nbytes = sum(keyframe.nbytes for keyframe in keyframes)
