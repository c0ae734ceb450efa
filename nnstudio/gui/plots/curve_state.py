"""What the learning curve shows, without a widget: which series, on which scale, over which epochs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from nnstudio.data.preparation import PartName
from nnstudio.training.metrics import Metric

from .overlays import Overlay
from .ranges import Range, around_first, epoch_range, linear_range, log_range, share_range
from .series import GradientNorm, HistoryBuffer, Limits, Measured, SeriesName, Single, decimate, visible
from .ticks import TickMaker, linear_ticks, log_ticks, percent_ticks

_LEAST_EPOCHS = 2.0
_EPOCHS_SINCE_BEST = 5


class Quantity(StrEnum):
    """What the learning curve shows; a metric is called by its own name on screen."""

    COST = "Cost"
    METRIC = "Metric"
    GRADIENTS = "Gradients"
    RATE = "Learning rate"


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One series as it is drawn: y is the logarithm on a logarithmic scale. `of` is the run that it is of where that is
    laid over the run at hand."""

    name: SeriesName
    x: np.ndarray
    y: np.ndarray
    of: Overlay | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One picture of the curve: the lines of the run at hand, and those laid over it."""

    lines: tuple[Line, ...]
    x: Range
    y: Range
    overlaid: tuple[Line, ...] = ()


@dataclass(slots=True)
class CurveState:
    """`metric` is the one that is shown when a metric is; `window` is the stretch of epochs a user has zoomed to, None
    for all of them. The learning rate has a scale of its own: its usual shapes are straight on a linear one."""

    quantity: Quantity = Quantity.COST
    metric: Metric = Metric.ACCURACY
    log: bool = True
    log_rate: bool = False
    window: Range | None = None

    @property
    def can_be_logarithmic(self) -> bool:
        """Errors, as costs, shrink by factors; the other metrics are at most 1 and can be 0 or less."""
        return self.quantity is not Quantity.METRIC or self.metric.is_error

    @property
    def logarithmic(self) -> bool:
        wanted = self.log_rate if self.quantity is Quantity.RATE else self.log
        return wanted and self.can_be_logarithmic

    def set_scale(self, *, log: bool) -> None:
        """The scale of what is shown."""
        if self.quantity is Quantity.RATE:
            self.log_rate = log
        else:
            self.log = log

    @property
    def ticks(self) -> TickMaker:
        if self.quantity is Quantity.METRIC and self.metric.is_percentage:
            return percent_ticks
        return log_ticks if self.logarithmic else linear_ticks

    def names(self, buffer: HistoryBuffer) -> tuple[SeriesName, ...]:
        """The series that are drawn: those of the quantity that have any number at all."""
        if not len(buffer):
            return ()
        match self.quantity:
            case Quantity.GRADIENTS:
                return tuple(name for name in buffer.names if isinstance(name, GradientNorm))
            case Quantity.RATE:
                return (Single.RATE,)
            case Quantity.METRIC:
                return _of_parts(buffer, self.metric)
            case Quantity.COST:
                penalty = buffer.limits((Single.PENALTY,)).high > 0
                return (*_of_parts(buffer, Metric.COST), *((Single.PENALTY,) if penalty else ()))

    def best(self, buffer: HistoryBuffer) -> int | None:
        """The place of the epoch with the lowest validation cost, where a curve of these rows is drawn and the cost has
        been higher for some epochs since."""
        if self.quantity not in (Quantity.COST, Quantity.METRIC):
            return None
        lowest = buffer.lowest(Measured(PartName.VALIDATION, Metric.COST))
        return lowest if lowest is not None and lowest + _EPOCHS_SINCE_BEST < len(buffer) else None

    def plan(self, buffer: HistoryBuffer, columns: int, overlays: Sequence[Overlay] = ()) -> Plan:
        """The lines with at most about two points a pixel column, and the stretches the axes show."""
        names = self.names(buffer)
        if not len(buffer):
            return Plan((), (0.0, 10.0), self._y_range(buffer.limits(())))
        last = max(one[-1] for one in (buffer.epochs, *(overlay.epochs for overlay in overlays)) if len(one))
        x_range = self.window or epoch_range(buffer.epochs[0], last)
        shown = visible(buffer.epochs, *x_range) if self.window else slice(None)
        lines = tuple(self._line(name, buffer.epochs[shown], buffer.values(name)[shown], columns) for name in names)
        limits = Limits.of([buffer.values(name)[shown] for name in names]) if self.window else buffer.limits(names)
        if len(buffer) == 1 and last == buffer.epochs[0]:
            x_range, limits = around_first(x_range, limits)
        found = [(*one, columns, of) for of in overlays for one in _in_view(of, names, x_range)]
        limits = limits.and_those(Limits.of([values for _, _, values, *_ in found]))
        return Plan(lines, x_range, self._y_range(limits), tuple(self._line(*one) for one in found))

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

    def _line(
        self, name: SeriesName, epochs: np.ndarray, values: np.ndarray, columns: int, of: Overlay | None = None
    ) -> Line:
        x, y = decimate(epochs, values, columns)
        if self.logarithmic:
            y = np.log10(np.where((y > 0) & np.isfinite(y), y, np.nan))
        else:
            y = np.where(np.isfinite(y), y, np.nan)
        return Line(name, x, y, of)

    def _y_range(self, limits: Limits) -> Range:
        if self.logarithmic:
            return log_range(limits)
        to_one = self.quantity is Quantity.METRIC and self.metric.ends_at_one
        return share_range(limits) if to_one else linear_range(limits)


def _of_parts(buffer: HistoryBuffer, metric: Metric) -> tuple[SeriesName, ...]:
    """The series of each part, those of the training rows also where nothing is known of them."""
    names = [Measured(part, metric) for part in PartName]
    known = [name for name in names if name in buffer.names and not np.isnan(buffer.limits((name,)).low)]
    return tuple(known) or tuple(name for name in names[:1] if name in buffer.names)


def _in_view(
    overlay: Overlay, names: tuple[SeriesName, ...], epochs: Range
) -> Iterator[tuple[SeriesName, np.ndarray, np.ndarray]]:
    """Those of these series that are known of an overlay, within a stretch of epochs."""
    shown = visible(overlay.epochs, *epochs)
    for name in names:
        if name in overlay.series:
            yield name, overlay.epochs[shown], overlay.series[name][shown]
