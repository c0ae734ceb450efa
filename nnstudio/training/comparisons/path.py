"""The way of the parameters through their space: few enough points to draw, evenly spaced in updates.

Every update is noted until there are too many; then every other point is dropped, and from there on every other update
is passed over. So there are always between half as many as may be and as many as may be.
"""

import numpy as np

_MOST_POINTS = 240
_MOST_NUMBERS = 250_000
_FEW_NUMBERS = 50_000


def is_kept(parameters: int) -> bool:
    """Whether a network with so many parameters is small enough for its path to be kept."""
    return _most_points(parameters) >= 2


def _most_points(parameters: int) -> int:
    return min(_MOST_POINTS, _MOST_NUMBERS // max(parameters, 1)) // 2 * 2


class Path:
    """Follows `parameters`, a flat array that changes in place."""

    def __init__(self, parameters: np.ndarray) -> None:
        self._now = parameters
        self._kept = is_kept(len(parameters))
        self._points = np.empty((_most_points(len(parameters)) + 1, len(parameters)))
        self._count = 0
        self._stride, self._updates = 1, 0
        self._ended = False
        self._add()

    @property
    def is_small(self) -> bool:
        """Whether it can be sent again and again on the way."""
        return self._points.size <= _FEW_NUMBERS

    def note(self) -> None:
        """An update has been made."""
        self._updates += 1
        if self._updates % self._stride == 0:
            self._add()

    def end(self) -> None:
        """No more updates come: where it stands is the last point."""
        if not self._ended:
            self._ended = True
            if np.isfinite(self._now).all():
                self._add()

    def points(self) -> np.ndarray | None:
        """A copy of what there is (points × parameters), from the initial weights on; None where none is kept."""
        return self._points[: self._count].copy() if self._kept else None

    def _add(self) -> None:
        if not self._kept:
            return
        if self._count == len(self._points):
            kept = self._points[::2]
            self._count = len(kept)
            self._points[: self._count] = kept.copy()
            self._stride *= 2
            if self._updates % self._stride and not self._ended:
                return
        self._points[self._count] = self._now
        self._count += 1
