"""Predictions for pictures: no more at a time than a frame can spare, the rest while the window is idle.

How long a row takes is estimated from the size of the network, so that a picture of a small network is complete at
once, and that of a large one is coarse while it trains and fills in when it pauses.
"""

import numpy as np

from nnstudio.engine.model import Model

_SECONDS_A_ROW = 5e-8
_SECONDS_A_WEIGHT = 1e-10
_SECONDS_A_UNIT = 1.2e-8


def rows_within(model: Model, seconds: float, least: int, most: int) -> int:
    """About how many rows can be predicted in that time, kept between `least` and `most`."""
    network = model.spec.network
    row = _SECONDS_A_ROW + _SECONDS_A_WEIGHT * network.parameters + _SECONDS_A_UNIT * sum(network.widths[1:])
    return int(min(max(seconds / row, least), most))


def predict(model: Model, X: np.ndarray) -> np.ndarray:
    """Outputs for inputs as the network sees them; they may be infinite."""
    with np.errstate(all="ignore"):
        return model.predict(X)


class Sweep:
    """Predictions for many rows, made slice by slice. Slices are of few sizes: each keeps a program of its own."""

    def __init__(self, model: Model, X: np.ndarray) -> None:
        self.outputs = np.full((len(X), model.spec.network.outputs), np.nan)
        self.done = 0
        self._model, self._X = model, X

    @property
    def finished(self) -> bool:
        return self.done == len(self._X)

    def advance(self, seconds: float) -> None:
        """Go on for about this long."""
        size = _power_of_two(rows_within(self._model, seconds, 16, 1 << 14))
        stop = min(self.done + size, len(self._X))
        self.outputs[self.done : stop] = predict(self._model, self._X[self.done : stop])
        self.done = stop


class ParameterWatch:
    """Knows whether the parameters changed since it last looked: most steps change none."""

    def __init__(self, model: Model) -> None:
        self._now = model.store.family("parameters")
        self._seen = np.full_like(self._now, np.nan)

    def look(self) -> bool:
        """Whether they differ from the last look (a NaN differs from itself)."""
        if np.array_equal(self._now, self._seen):
            return False
        np.copyto(self._seen, self._now)
        return True

    def forget(self) -> None:
        self._seen.fill(np.nan)


def _power_of_two(rows: int) -> int:
    return 1 << (rows.bit_length() - 1)
