"""Where an axis has its ticks and what stands beside them.

On a linear axis ticks are 1, 2 or 5 times a power of ten apart. On a logarithmic axis they stand at 1, 2 and 5 times
the powers of ten where that suits the room, else closer together or at the powers alone. Numbers are written plainly:
0.05, 20 000, 10⁻⁷.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from nnstudio.explain.numbers import count
from nnstudio.explain.symbols import superscript

_NICE = (1.0, 2.0, 5.0, 10.0)
_PLAIN = (1e-5, 1e7)
_MULTIPLES: tuple[tuple[float, ...], ...] = ((1, 2, 5), (1, 2, 3, 5), (1, 1.5, 2, 3, 4, 5, 7), (1, 3), (1,))


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the axis (on a logarithmic one the logarithm to base 10) and its label."""

    place: float
    label: str


def linear_ticks(low: float, high: float, most: int) -> list[Tick]:
    """At most about `most` ticks from `low` to `high`."""
    step = nice_step(high - low, most)
    if not step:
        return []
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [Tick(n * step, number(n * step, step)) for n in range(first, last + 1)]


def percent_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Shares as percentages: 0.9 → 90 %."""
    return [Tick(tick.place / 100, f"{tick.label} %") for tick in linear_ticks(low * 100, high * 100, most)]


def log_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Ticks between the logarithms `low` and `high`."""
    if not (isfinite(low) and isfinite(high) and low < high):
        return []
    for least in (max(most // 2, 3), 3):
        for multiples in _MULTIPLES:
            values = _multiples(low, high, multiples)
            if least <= len(values) <= most:
                return [Tick(log10(value), _log_number(value)) for value in values]
    if high - low < 1.5:
        return _between_decades(low, high, most)
    step = max(1, ceil((high - low) / most))
    exponents = range(ceil(low / step) * step, floor(high) + 1, step)
    return [Tick(float(exponent), _log_number(10.0**exponent)) for exponent in exponents]


def nice_step(span: float, most: int) -> float:
    """The least of 1, 2, 5 times a power of ten that divides `span` into at most `most` parts; 0 for no span."""
    if not (isfinite(span) and span > 0):
        return 0.0
    rough = span / max(most, 1)
    power = 10.0 ** floor(log10(rough))
    return next(power * nice for nice in _NICE if power * nice >= rough * (1 - 1e-9))


def number(value: float, step: float) -> str:
    """A multiple of `step` with as many decimals as tell it from its neighbours."""
    largest = max(abs(value), step)
    if value and not (_PLAIN[0] <= step and largest < _PLAIN[1]):
        return _scientific(value, step)
    decimals = max(0, -floor(log10(step) + 1e-9)) if step < 1 else 0
    if decimals == 0:
        return count(value)
    return f"{value:.{decimals}f}".replace("-", "−") if abs(value) > step / 2 else "0"


def _multiples(low: float, high: float, multiples: tuple[float, ...]) -> list[float]:
    if high - low > 60:
        return []
    decades = range(floor(low), floor(high) + 1)
    values = [multiple * 10.0**exponent for exponent in decades for multiple in multiples]
    return [value for value in values if low - 1e-9 <= log10(value) <= high + 1e-9]


def _between_decades(low: float, high: float, most: int) -> list[Tick]:
    """A short stretch of a logarithmic axis has the ticks of a linear one."""
    fewest = (linear_ticks(10.0**low, 10.0**high, most * closer) for closer in (1, 2, 4))
    ticks = next((ticks for ticks in fewest if len(ticks) > 1), [])
    return [Tick(log10(tick.place), tick.label) for tick in ticks if tick.place > 0]


def _log_number(value: float) -> str:
    exponent = floor(log10(value) + 1e-9)
    if -4 <= exponent < 5:
        decimals = max(1, -exponent) + (round(value / 10.0**exponent, 6) % 1 > 0)
        return count(value) if exponent > 0 else f"{value:.{decimals}f}"
    power = f"10{superscript(exponent)}"
    factor = round(value / 10.0**exponent, 1)
    return power if factor == 1 else f"{factor:g}·{power}"


def _scientific(value: float, step: float) -> str:
    exponent = floor(log10(abs(value)) + 1e-9)
    decimals = max(0, exponent - floor(log10(step) + 1e-9))
    return f"{value / 10.0**exponent:.{decimals}f}·10{superscript(exponent)}".replace("-", "−")


TickMaker = Callable[[float, float, int], list[Tick]]
