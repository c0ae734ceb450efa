"""What stretch of the numbers an axis shows when nobody has zoomed.

Ends are rounded outwards, so that an axis moves in calm steps while a curve grows instead of crawling with every epoch.
"""

from math import ceil, floor, isnan, log10

from .series import Limits
from .ticks import nice_step

Range = tuple[float, float]

_LOG_STEP = 0.05
_MOST_DECADES = 14


def epoch_range(first: float, last: float) -> Range:
    """From the first epoch to a little beyond the last."""
    span = max(last - first, 10.0)
    step = max(nice_step(span, 50), 1.0)
    return first, first + ceil(span / step) * step


def around_first(epochs: Range, limits: Limits) -> tuple[Range, Limits]:
    """A single epoch stands a little inside, and its small differences are not blown up to fill the axis."""
    left = epochs[0] - 0.02 * (epochs[1] - epochs[0])
    low = min(limits.low, 0.0)
    return (left, epochs[1]), Limits(low, limits.high * 1.2 if limits.high > 0 else limits.high, limits.positive / 4)


def linear_range(limits: Limits) -> Range:
    """All values with some air; from 0 where that costs little."""
    low, high = limits.low, limits.high
    if isnan(low):
        return 0.0, 1.0
    if 0 <= low <= 0.4 * high:
        low = 0.0
    span = high - low or abs(high) or 1.0
    step = nice_step(span, 20)
    bottom = 0.0 if low == 0 else floor((low - 0.04 * span) / step) * step
    return bottom, ceil((high + 0.04 * span) / step) * step


def share_range(limits: Limits) -> Range:
    """Shares up to 100 %, with air above so that a line at the top is seen."""
    if isnan(limits.low):
        return 0.0, 1.02
    low = max(0.0, floor((limits.low - 0.02) * 20) / 20)
    return low, 1.0 + 0.03 * (1.0 - low)


def log_range(limits: Limits) -> Range:
    """Logarithms of all values above 0, of the largest decades only where there are too many."""
    if isnan(limits.positive) or limits.high <= 0:
        return -1.0, 0.0
    low, high = log10(limits.positive), log10(limits.high)
    low = max(low, high - _MOST_DECADES)
    air = max(0.04 * (high - low), 0.02)
    return floor((low - air) / _LOG_STEP) * _LOG_STEP, ceil((high + air) / _LOG_STEP) * _LOG_STEP


def padded(low: float, high: float, share: float = 0.08) -> Range:
    """With some air on both sides; a stretch of no length gets one."""
    air = (high - low) * share or abs(high) * share or 1.0
    return low - air, high + air


def square(x: Range, y: Range) -> tuple[Range, Range]:
    """Two stretches of like length are made equally long, so that a circle in the data is one on screen."""
    widths = x[1] - x[0], y[1] - y[0]
    if max(widths) > 1.6 * min(widths):
        return x, y
    half = max(widths) / 2
    middles = (x[0] + x[1]) / 2, (y[0] + y[1]) / 2
    return (middles[0] - half, middles[0] + half), (middles[1] - half, middles[1] + half)
