"""The series of a run's history as growing arrays, ready to be drawn.

A history is arrays that grow by an epoch, which nobody may hold on to while they do. Copying 100,000 epochs for every
frame would cost more than drawing; so what is new is appended to arrays with room to spare, and the largest and least
values are kept along.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from nnstudio.data.preparation import PartName
from nnstudio.training.history import History
from nnstudio.training.metrics import Metric
from nnstudio.training.series import Series

_ROOM = 256


@dataclass(frozen=True, slots=True)
class Measured:
    """The cost or a metric of the rows of a part."""

    part: PartName
    metric: Metric


@dataclass(frozen=True, slots=True)
class GradientNorm:
    """‖∂J/∂W‖ of a layer, from 1."""

    layer: int


class Single(StrEnum):
    """What there is one of for the whole run."""

    PENALTY = "penalty"
    RATE = "learning rate"


SeriesName = Measured | GradientNorm | Single


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and largest finite values of some series, and the least above 0; NaN where there are none."""

    low: float
    high: float
    positive: float

    @classmethod
    def of(cls, parts: Sequence[np.ndarray]) -> "Limits":
        """Those of several arrays."""
        values = np.concatenate(parts or [np.empty(0)])
        finite = values[np.isfinite(values)]
        positive = finite[finite > 0]
        if not len(finite):
            return cls(np.nan, np.nan, np.nan)
        return cls(float(finite.min()), float(finite.max()), float(positive.min()) if len(positive) else np.nan)

    def and_those(self, others: "Limits") -> "Limits":
        """The limits of all that both are the limits of."""
        return Limits(
            float(np.fmin(self.low, others.low)),
            float(np.fmax(self.high, others.high)),
            float(np.fmin(self.positive, others.positive)),
        )


class HistoryBuffer:
    """A copy of a history. `names` are its series; `version` counts up whenever it changed other than by growing."""

    def __init__(self) -> None:
        self.version = 0
        self.names: tuple[SeriesName, ...] = ()
        self._length = 0
        self._values = np.empty((0, _ROOM))
        self._lows = self._highs = self._positives = np.empty(0)

    def __len__(self) -> int:
        return self._length

    @property
    def epochs(self) -> np.ndarray:
        return self._row(0)

    def values(self, name: SeriesName) -> np.ndarray:
        """One series, a view that is valid until the next update."""
        return self._row(1 + self.names.index(name))

    def limits(self, names: tuple[SeriesName, ...]) -> Limits:
        if not names or not self._length:
            return Limits(np.nan, np.nan, np.nan)
        chosen = [1 + self.names.index(name) for name in names]
        low, high = np.fmin.reduce(self._lows[chosen]), np.fmax.reduce(self._highs[chosen])
        return Limits(float(low), float(high), float(np.fmin.reduce(self._positives[chosen])))

    def lowest(self, name: SeriesName) -> int | None:
        """The first place of a series' least finite value; None where there is no such series, or no such value."""
        if name not in self.names:
            return None
        places = np.flatnonzero(self.values(name) == self.limits((name,)).low)
        return int(places[0]) if len(places) else None

    def update(self, history: History) -> bool:
        """Take over what is new; whether anything was."""
        names, series = zip(*_series(history), strict=True)
        if not self._continues(history, names, series):
            self.version += 1
            self._clear(names)
        start, stop = self._length, len(history)
        if stop == start:
            return False
        self._reserve(stop)
        for row, numbers in enumerate((history.epochs, *series)):
            self._values[row, start:stop] = numbers[start:stop]
        self._length = stop
        self._extend_limits(self._values[:, start:stop])
        return True

    def _row(self, number: int) -> np.ndarray:
        series: np.ndarray = self._values[number, : self._length]
        return series

    def _continues(self, history: History, names: tuple[SeriesName, ...], series: tuple[Series[float], ...]) -> bool:
        """Whether the history is still the one copied: not cleared, and not begun anew and grown longer since."""
        n = self._length
        if n == 0 or len(history) < n or self.names != names:
            return n == 0 and self.names == names
        for place in {0, n // 2, n - 1}:
            now = [history.epochs[place], *(numbers[place] for numbers in series)]
            if not np.array_equal(self._values[:, place], now, equal_nan=True):
                return False
        return True

    def _clear(self, names: tuple[SeriesName, ...]) -> None:
        self.names = names
        self._length = 0
        self._values = np.empty((1 + len(names), _ROOM))
        self._lows, self._highs, self._positives = (np.full(1 + len(names), np.nan) for _ in range(3))

    def _reserve(self, length: int) -> None:
        room = self._values.shape[1]
        if length > room:
            grown = np.empty((len(self._values), max(length, room + room // 4)))
            grown[:, : self._length] = self._values[:, : self._length]
            self._values = grown

    def _extend_limits(self, new: np.ndarray) -> None:
        finite = np.where(np.isfinite(new), new, np.nan)
        self._lows = np.fmin(self._lows, np.fmin.reduce(finite, axis=1))
        self._highs = np.fmax(self._highs, np.fmax.reduce(finite, axis=1))
        positive = np.where(finite > 0, finite, np.nan)
        self._positives = np.fmin(self._positives, np.fmin.reduce(positive, axis=1))


def decimate(x: np.ndarray, y: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Fewer points that look the same at `columns` pixels: the least and the largest of each stretch."""
    stretch = len(x) // max(columns, 1)
    if stretch < 3:
        return x, y
    whole = len(x) // stretch * stretch
    blocks = y[:whole].reshape(-1, stretch)
    low, high = blocks.min(axis=1), blocks.max(axis=1)
    if np.isnan(low).any():  # ignoring NaN takes several times as long
        low, high = np.fmin.reduce(blocks, axis=1), np.fmax.reduce(blocks, axis=1)
    falling = blocks[:, 0] > blocks[:, -1]
    ends = np.empty(2 * len(blocks))
    ends[0::2], ends[1::2] = np.where(falling, high, low), np.where(falling, low, high)
    places = np.repeat(x[:whole:stretch], 2)
    places[1::2] = x[stretch - 1 : whole : stretch]
    return np.concatenate((places, x[whole:])), np.concatenate((ends, y[whole:]))


def visible(x: np.ndarray, low: float, high: float) -> slice:
    """The part of ascending x that lies between low and high, and one point more on each side."""
    start, stop = np.searchsorted(x, (low, high), side="left")
    return slice(max(int(start) - 1, 0), min(int(stop) + 2, len(x)))


def nearest(x: np.ndarray, place: float) -> int:
    """The index of the value of ascending x (not empty) that is nearest to `place`."""
    right = min(int(np.searchsorted(x, place)), len(x) - 1)
    left = max(right - 1, 0)
    return left if abs(x[left] - place) <= abs(x[right] - place) else right


def _series(history: History) -> Iterator[tuple[SeriesName, Series[float]]]:
    for (part, metric), numbers in history.measured.items():
        yield Measured(part, metric), numbers
    yield Single.PENALTY, history.penalty
    yield Single.RATE, history.learning_rate
    for layer, numbers in enumerate(history.gradient_norms, start=1):
        yield GradientNorm(layer), numbers
