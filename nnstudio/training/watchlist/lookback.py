"""What a number was before anybody watched it, found on a machine of its own: the run itself is free to go on.

First it looks at the moments that are kept of the run. Where they are few, it then runs again what lies between them,
to look at moments that are evenly spaced.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence

import numpy as np

from nnstudio.training.history import History
from nnstudio.training.keyframes import Keyframe, Moment
from nnstudio.training.timeline import Timeline
from nnstudio.training.trainer import never

from .watched import Watched

_MOST = 600
"""Kept moments that are looked at, at most."""
_ENOUGH = 300
"""With fewer, so many between them are looked at too."""


class Lookback:
    """`found` has the moments and values of each text, as far as it has come. It is to be made by whoever owns the
    run's machine; `advance` may then run on any thread."""

    def __init__(self, timeline: Timeline, history: History, texts: Sequence[str]) -> None:
        machine = timeline.machine
        self.timeline, self.edits = timeline, tuple(timeline.edits)
        self.found: dict[str, list[tuple[Moment, float]]] = {text: [] for text in texts}
        self._kept = list(timeline.keyframes)
        self._keyframes = _some(self._kept)
        self._looked_at = 0
        self._between = _spread(timeline.start, timeline.furthest) if len(self._kept) < _ENOUGH else []
        self._begun = timeline.start.iterations
        self._again = timeline.furthest.iterations - self._begun if self._between else 0
        twin = machine.twin(machine.model.spec.precision)
        self._way = Timeline(twin)
        self._way.edits = list(timeline.edits)
        known = History(epochs=history.epochs.copy(), lowest=history.lowest.copy())
        self._watched = [Watched(text, twin, known) for text in texts]

    @property
    def total(self) -> int:
        """How many moments there are to look at, and iterations to run again."""
        return len(self._keyframes) + self._again

    @property
    def done(self) -> int:
        """How many of them have been."""
        if self._looked_at < len(self._keyframes):
            return self._looked_at
        return self._looked_at + (min(self._way.here.iterations - self._begun, self._again) if self._between else 0)

    def advance(self, interrupted: Callable[[], bool] = never) -> bool:
        """Go on until all are looked at, which is true, or until `interrupted` says so."""
        with np.errstate(all="ignore"):
            while self._looked_at < len(self._keyframes):
                self._way.restore(self._keyframes[self._looked_at])
                self._look()
                self._looked_at += 1
                if interrupted():
                    return False
            while self._between:
                self._go_on_to(self._between[0])
                if interrupted():
                    return False
        return True

    def _go_on_to(self, target: Moment) -> None:
        """An iteration further on the way to a moment; arrived, look at it."""
        before = self._kept[bisect_right(self._kept, target, key=_moment) - 1]
        if not before.moment <= self._way.here <= target:
            self._way.restore(before)
        if self._way.here < target:
            self._way.run_iteration()
        if self._way.here == target:
            self._look()
            del self._between[0]

    def _look(self) -> None:
        for watched in self._watched:
            if (reading := watched.read()) is not None:
                self.found[watched.text].append((self._way.here, reading.number))


def _some(keyframes: list[Keyframe]) -> list[Keyframe]:
    """Not too many of them, the first and the last among them."""
    if len(keyframes) <= _MOST:
        return keyframes
    return [keyframes[at] for at in np.linspace(0, len(keyframes) - 1, _MOST).astype(int)]


def _spread(start: Moment, furthest: Moment) -> list[Moment]:
    """Ends of iterations, evenly spaced."""
    first, last = start.iterations + 1, furthest.iterations
    count = min(_ENOUGH, last - first + 1)
    return [Moment(int(at)) for at in np.linspace(first, last, max(count, 0))]


def _moment(keyframe: Keyframe) -> Moment:
    return keyframe.moment
