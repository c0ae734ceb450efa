"""On the way to another moment of the run: from the last keyframe before it, by running on.

It may take long, so it goes in stretches, and says how far it has come; and it can be given up. On the last part of
the way it leaves keyframes, each nearer to the goal than the last: whoever went back a little will soon go back a
little more.
"""

from collections.abc import Callable, Iterator

import numpy as np

from .keyframes import Moment
from .timeline import Timeline

_CLOSER = 4


class Journey:
    """To `target`, a moment that the run has come to before."""

    def __init__(self, timeline: Timeline, target: Moment) -> None:
        operations = len(timeline.machine.program.ops)
        if not (timeline.start <= target <= timeline.furthest and 0 <= target.pc < operations):
            raise ValueError(f"{target} is not among the moments from {timeline.start} to {timeline.furthest}")
        self.timeline = timeline
        self.target = target
        self._origin = timeline.depart()
        nearest = timeline.keyframes.before(target)
        if not nearest.moment <= timeline.here <= target:
            timeline.restore(nearest)
        self._begun = timeline.here.iterations
        self._kept = set(_landings(self._begun, target.iterations))

    @property
    def total(self) -> int:
        """How many iterations are to be run again."""
        return self.target.iterations - self._begun

    @property
    def done(self) -> int:
        """How many of them have been."""
        return self.timeline.machine.iterations - self._begun

    def advance(self, interrupted: Callable[[], bool]) -> bool:
        """Go on until it is there, which is true, or until `interrupted` says so at the end of an iteration."""
        timeline, machine = self.timeline, self.timeline.machine
        with np.errstate(all="ignore"):
            while machine.iterations < self.target.iterations:
                timeline.run_iteration()
                if machine.iterations in self._kept:
                    timeline.keep()
                if interrupted():
                    return False
            while machine.pc < self.target.pc:
                timeline.step()
        return True

    def give_up(self) -> None:
        """Back to where it began."""
        self.timeline.restore(self._origin)


def _landings(begun: int, end: int) -> Iterator[int]:
    """1024, 256, 64, 16, 4, 1 and 0 iterations before the end, as far as the way is that long."""
    before = 1
    yield end
    while end - before > begun:
        yield end - before
        before *= _CLOSER
