"""What a watched number was in the run so far: moments and values, in the order of time and bounded in number.

Once there are too many, the run is divided into stretches of equal length, and each keeps its least and its largest
value: the curve keeps its peaks. What is no number counts as the largest.
"""

from bisect import bisect_left, bisect_right

import numpy as np

from nnstudio.training.keyframes import Moment

MOST = 2048
_STRETCHES = MOST // 4


class Track:
    """Values at moments. One that was noted again is what it was noted as last."""

    def __init__(self) -> None:
        self.moments: list[Moment] = []
        self._values: list[float] = []

    def __len__(self) -> int:
        return len(self.moments)

    @property
    def values(self) -> np.ndarray:
        return np.array(self._values)

    def places(self, operations: int) -> np.ndarray:
        """Where the moments stand in the run, in iterations of so many operations."""
        return np.array([moment.iterations + moment.pc / operations for moment in self.moments])

    def note(self, moment: Moment, value: float) -> None:
        """Write down what it is, or was, at a moment."""
        at = bisect_left(self.moments, moment)
        if at < len(self.moments) and self.moments[at] == moment:
            self._values[at] = value
            return
        self.moments.insert(at, moment)
        self._values.insert(at, value)
        if len(self.moments) > MOST:
            self._thin()

    def forget_from(self, moment: Moment) -> None:
        """Another run branches off at this moment."""
        self._end_at(bisect_left(self.moments, moment))

    def forget_after(self, moment: Moment) -> None:
        """The run ends at this moment."""
        self._end_at(bisect_right(self.moments, moment))

    def _end_at(self, length: int) -> None:
        del self.moments[length:], self._values[length:]

    def _thin(self) -> None:
        begun, end = self.moments[0].iterations, self.moments[-1].iterations
        iterations = np.array([moment.iterations for moment in self.moments])
        stretches = (iterations - begun) * _STRETCHES // (end - begun + 1)
        order = np.lexsort((self.values, stretches))
        borders = np.flatnonzero(np.diff(stretches[order]))
        ends = np.concatenate(([0, len(order) - 1], borders, borders + 1))
        kept = sorted({0, len(order) - 1, *order[ends].tolist()})
        self.moments = [self.moments[at] for at in kept]
        self._values = [self._values[at] for at in kept]
