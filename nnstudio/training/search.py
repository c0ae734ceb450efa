"""Looking back for the last moment at which a breakpoint would have stopped the run: reverse continue.

A run cannot be run backwards. So it is run again from the last keyframe before here, past the breakpoints, noting where
one would stop; the last such moment before here is the one. Where there is none, from the keyframe before that up to
this one; and so on to the start. Breakpoints with a condition count wherever it holds, not only where it has become
true: what is asked for is the last moment at which it held.
"""

from collections.abc import Callable

import numpy as np

from .breakpoints import Hit, Watcher
from .journey import Journey
from .keyframes import Moment
from .timeline import Timeline


class Search:
    """Goes on in stretches, as a journey does, and can be given up. In the end the run stands at the moment that was
    found, with the `hits` there, or where it stood if there is none."""

    def __init__(self, timeline: Timeline, watcher: Watcher) -> None:
        self.timeline = timeline
        self.hits: tuple[Hit, ...] = ()
        self._watcher = watcher.rehearsal()
        self._origin = timeline.depart()
        self._here = self._begin = self._end = timeline.here
        self._stretches = [keyframe for keyframe in timeline.keyframes if keyframe.moment < self._here]
        self._found: Moment | None = None
        self._journey: Journey | None = None
        self._looked_at = 0
        self._begin_stretch()

    @property
    def total(self) -> int:
        """How many iterations there are to look at, if nothing is found before."""
        return self._here.iterations - self.timeline.start.iterations

    @property
    def done(self) -> int:
        """How many of them have been looked at."""
        return self._looked_at

    @property
    def aim(self) -> str:
        """What it looks for."""
        return "Looking back for where a breakpoint held"

    @property
    def said(self) -> str:
        """What came of it."""
        return "; ".join(map(str, self.hits)) or "No breakpoint held at any moment of the run before this one"

    def advance(self, interrupted: Callable[[], bool]) -> bool:
        """Go on until it is there, which is true, or until `interrupted` says so at the end of an iteration."""
        with np.errstate(all="ignore"):
            while self._journey is None:
                if self.timeline.here >= self._end:
                    if not self._end_stretch():
                        return True
                elif self._look() and interrupted():
                    return False
        return self._journey.advance(interrupted)

    def give_up(self) -> None:
        """Back to where it began."""
        self.timeline.restore(self._origin)

    def _begin_stretch(self) -> None:
        """From the last keyframe that has not been begun from."""
        if self._stretches:
            self.timeline.restore(self._stretches.pop())
            self._begin = self.timeline.here
            self._watcher.moved()

    def _look(self) -> bool:
        """Run on to where a breakpoint would stop, or to the end of the iteration, which is true."""
        timeline = self.timeline
        if timeline.here.iterations < self._end.iterations:
            hits = self._watcher.run_iteration(timeline)
        else:
            _, hits = self._watcher.step(timeline)
        if timeline.machine.at_epoch_end:
            hits += self._watcher.end_epoch()
        if hits and timeline.here < self._here:
            self._found, self.hits = timeline.here, hits
        return timeline.machine.at_boundary

    def _end_stretch(self) -> bool:
        """The next stretch back, or the way to what was found in this one; false if all is done, and nothing found."""
        self._looked_at += self._end.iterations - self._begin.iterations
        if self._found is not None:
            self._journey = Journey(self.timeline, self._found)
            return True
        if not self._stretches:
            self.give_up()
            return False
        self._end = self._begin
        self._begin_stretch()
        return True
