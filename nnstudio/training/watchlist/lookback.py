"""What a number was before anybody watched it: the moments that are kept of a run, one after the other, and what the
expression says at each.

A machine of its own is put back to them, so the run itself is free to go on meanwhile.
"""

from array import array
from collections.abc import Callable, Sequence

import numpy as np

from nnstudio.training.history import History
from nnstudio.training.keyframes import Keyframe, Moment
from nnstudio.training.timeline import Timeline
from nnstudio.training.trainer import never

from .watched import Watched

_MOST = 600
"""Moments that are looked at, at most."""


class Lookback:
    """`found` has the moments and values of each text, as far as it has come. It is to be made by whoever owns the
    run's machine; `advance` may then run on any thread."""

    def __init__(self, timeline: Timeline, history: History, texts: Sequence[str]) -> None:
        machine = timeline.machine
        self.timeline, self.edits = timeline, tuple(timeline.edits)
        self.found: dict[str, list[tuple[Moment, float]]] = {text: [] for text in texts}
        self.done = 0
        self._keyframes = _some(list(timeline.keyframes))
        self._twin = machine.twin(machine.model.spec.precision)
        known = History(epochs=list(history.epochs), lowest=array("d", history.lowest))
        self._watched = [Watched(text, self._twin, known) for text in texts]

    @property
    def total(self) -> int:
        """How many moments there are to look at."""
        return len(self._keyframes)

    def advance(self, interrupted: Callable[[], bool] = never) -> bool:
        """Go on until all are looked at, which is true, or until `interrupted` says so."""
        with np.errstate(all="ignore"):
            while self.done < self.total:
                self._look_at(self._keyframes[self.done])
                self.done += 1
                if interrupted():
                    return False
        return True

    def _look_at(self, keyframe: Keyframe) -> None:
        """A moment is looked at as it is shown: after the edits that were made at it."""
        self._twin.restore(keyframe.state)
        for edit in self.edits[keyframe.edits :]:
            if edit.moment == keyframe.moment:
                edit.make(self._twin)
        for watched in self._watched:
            if (reading := watched.read()) is not None:
                self.found[watched.text].append((keyframe.moment, reading.number))


def _some(keyframes: list[Keyframe]) -> list[Keyframe]:
    """So many of them, the first and the last among them."""
    if len(keyframes) <= _MOST:
        return keyframes
    return [keyframes[at] for at in np.linspace(0, len(keyframes) - 1, _MOST).astype(int)]
