"""What the learning curve shows, without a widget: which series, on which scale, over which epochs."""

from dataclasses import dataclass

import numpy as np

from .ranges import Range, around_first, epoch_range, linear_range, log_range, share_range
from .series import HistoryBuffer, Limits, Quantity, decimate, visible
from .ticks import TickMaker, linear_ticks, log_ticks, percent_ticks

_LEAST_EPOCHS = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One series as it is drawn: y is the logarithm on a logarithmic scale."""

    row: int
    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One picture of the curve."""

    lines: tuple[Line, ...]
    x: Range
    y: Range


@dataclass(slots=True)
class CurveState:
    """`window` is the stretch of epochs a user has zoomed to, None for all of them."""

    quantity: Quantity = Quantity.COST
    log: bool = True
    shares: bool = False
    """Whether the metric is a share of 1 and is shown as a percentage."""
    window: Range | None = None

    @property
    def logarithmic(self) -> bool:
        """The metric is never drawn on a logarithmic scale: it can be 0 or less."""
        return self.log and self.quantity is not Quantity.METRIC

    @property
    def ticks(self) -> TickMaker:
        if self.quantity is Quantity.METRIC and self.shares:
            return percent_ticks
        return log_ticks if self.logarithmic else linear_ticks

    def plan(self, buffer: HistoryBuffer, columns: int) -> Plan:
        """The lines with at most about two points a pixel column, and the stretches the axes show."""
        rows = buffer.rows(self.quantity)
        if not len(buffer):
            return Plan((), (0.0, 10.0), self._y_range(buffer.limits(())))
        x_range = self.window or epoch_range(buffer.epochs[0], buffer.epochs[-1])
        shown = visible(buffer.epochs, *x_range) if self.window else slice(None)
        lines = tuple(self._line(buffer, row, shown, columns) for row in rows)
        limits = _limits_of(buffer, rows, shown) if self.window else buffer.limits(rows)
        if len(buffer) == 1:
            x_range, limits = around_first(x_range, limits)
        return Plan(lines, x_range, self._y_range(limits))

    def zoom(self, buffer: HistoryBuffer, factor: float) -> None:
        """Show `factor` times as many epochs around the middle of those shown."""
        low, high = self.window or (float(buffer.epochs[0]), float(buffer.epochs[-1]))
        half = max((high - low) * factor, _LEAST_EPOCHS) / 2
        middle = (low + high) / 2
        self.window = max(middle - half, float(buffer.epochs[0])), middle + half

    def y_of(self, value: float) -> float:
        """Where a value stands on the axis; NaN where it can't."""
        if not self.logarithmic:
            return value if np.isfinite(value) else np.nan
        return float(np.log10(value)) if 0 < value < np.inf else np.nan

    def _line(self, buffer: HistoryBuffer, row: int, shown: slice, columns: int) -> Line:
        x, y = decimate(buffer.epochs[shown], buffer.row(row)[shown], columns)
        if self.logarithmic:
            y = np.log10(np.where((y > 0) & np.isfinite(y), y, np.nan))
        else:
            y = np.where(np.isfinite(y), y, np.nan)
        return Line(row, x, y)

    def _y_range(self, limits: Limits) -> Range:
        if self.logarithmic:
            return log_range(limits)
        shares = self.quantity is Quantity.METRIC and self.shares
        return share_range(limits) if shares else linear_range(limits)


def _limits_of(buffer: HistoryBuffer, rows: tuple[int, ...], shown: slice) -> Limits:
    values = np.concatenate([buffer.row(row)[shown] for row in rows] or [np.empty(0)])
    finite = values[np.isfinite(values)]
    if not len(finite):
        return Limits(np.nan, np.nan, np.nan)
    positive = finite[finite > 0]
    return Limits(float(finite.min()), float(finite.max()), float(positive.min()) if len(positive) else np.nan)
