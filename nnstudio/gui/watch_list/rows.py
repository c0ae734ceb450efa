"""How an entry of the watch list reads: its symbol, its value and change, and its history as a small curve."""

from dataclasses import dataclass

import numpy as np

from nnstudio.engine.arena import Role
from nnstudio.explain.numbers import count, fixed, short
from nnstudio.explain.symbols import of_sample, slot_symbol
from nnstudio.gui.inspector.block import symbol
from nnstudio.gui.inspector.cell_text import UNKNOWN
from nnstudio.gui.plots.series import decimate
from nnstudio.gui.wording import plain
from nnstudio.training.watchlist import Entry, Reading, Watched

_COLUMNS = 160
_DECADES = 1000.0
"""From this ratio of its largest to its least value on, a small curve is drawn by their logarithms."""


@dataclass(frozen=True, slots=True, eq=False)
class Spark:
    """The history in few points; `y` are logarithms to base 10 where `log`. `here` is where the run stands."""

    x: np.ndarray
    y: np.ndarray
    log: bool
    here: float


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """`number` is NaN where the value is unknown; `details` say what it spans, or why there is none."""

    text: str
    title: str
    details: str
    problem: bool
    value: str
    exact: str
    change: str
    number: float
    role: Role | None
    spark: Spark

    @property
    def spoken(self) -> str:
        """The whole row in words."""
        said = f"{self.title}: {self.exact}"
        return ", ".join(filter(None, (said, self.change and f"{self.change} since the last step", self.details)))


def row_of(entry: Entry, operations: int, here: float, decimals: int) -> Row:
    watched, reading = entry.watched, entry.reading
    problem = bool(watched.problem)
    return Row(
        watched.text,
        title(watched),
        plain(watched.problem) if problem else _details(reading),
        problem,
        _value(reading, decimals, counted=_counted(entry)),
        _exact(reading),
        _change(entry),
        float("nan") if reading is None else reading.number,
        watched.role,
        _spark(entry, operations, here),
    )


def title(watched: Watched) -> str:
    """W¹₁₃ for an element, ‖W¹‖ for a whole slot, and an expression as it was written."""
    place = watched.place
    if place is None:
        written = watched.text
    else:
        slot, index = place
        written = slot_symbol(slot) if index is None else _element(slot, index)
    return f"‖{written}‖" if watched.shape and not watched.truth else written


def _element(slot: str, index: tuple[int, ...]) -> str:
    """With the sample, where it is of one: a¹₂ of sample 5."""
    return symbol(slot, index) + (f" of sample {index[0] + 1}" if of_sample(slot, index) else "")


def _details(reading: Reading | None) -> str:
    if reading is None or not reading.shape:
        return ""
    shape = " × ".join(map(count, reading.shape))
    if reading.truth:
        return f"true of this share of {shape}"
    return f"{short(reading.least, 3)} to {short(reading.largest, 3)}, norm of {shape}"


def _counted(entry: Entry) -> bool:
    """Whether it is made of counters alone, and whole."""
    return entry.watched.role is None and entry.reading is not None and entry.reading.number.is_integer()


def _value(reading: Reading | None, decimals: int, *, counted: bool = False) -> str:
    if reading is None:
        return UNKNOWN
    if reading.truth:
        return f"{100 * reading.number:.0f} %" if reading.shape else str(bool(reading.number)).lower()
    return count(reading.number) if counted else fixed(reading.number, decimals)


def _exact(reading: Reading | None) -> str:
    if reading is None:
        return "not known now"
    if reading.truth:
        return _value(reading, 0)
    return repr(reading.number).replace("-", "−")


def _change(entry: Entry) -> str:
    reading, change = entry.reading, entry.change
    if reading is None or reading.truth or change is None or not np.isfinite(change):
        return ""
    written = count(change) if _counted(entry) and change.is_integer() else short(change, 3)
    return f"{'+' if change > 0 else '±' if change == 0 else ''}{written}"


def _spark(entry: Entry, operations: int, here: float) -> Spark:
    x, y = entry.track.places(operations), entry.track.values
    known = np.isfinite(y)
    x, y = x[known], y[known]
    log = bool(len(y)) and y.min() > 0 and y.max() / y.min() >= _DECADES
    x, y = decimate(x, np.log10(y) if log else y, _COLUMNS)
    return Spark(x, y, log, here)
