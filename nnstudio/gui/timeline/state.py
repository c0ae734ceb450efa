"""What the timeline shows, without a widget: the cost along the run, where the run stands, and its marks."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from nnstudio.data.preparation import PartName
from nnstudio.explain.numbers import short
from nnstudio.explain.symbols import element_symbol
from nnstudio.gui.moment_words import moment_words
from nnstudio.gui.plots.series import HistoryBuffer, Measured
from nnstudio.training.debugger import Debugger
from nnstudio.training.keyframes import Moment
from nnstudio.training.metrics import Metric
from nnstudio.training.timeline import AnyEdit, PutBack, Scaling

_COST, _VALIDATION = (Measured(part, Metric.COST) for part in (PartName.TRAINING, PartName.VALIDATION))


class MarkKind(StrEnum):
    """What happened; the value is its word."""

    EDIT = "edit"
    STOP = "stop"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark on the strip."""

    moment: Moment
    kind: MarkKind
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The cost along the run: places from 0 to 1, and heights from 0 to 1, the largest cost at 1."""

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class RunSoFar:
    """A run up to `end`, which stands at `here`."""

    here: Moment
    end: Moment
    per_epoch: int
    line: Line
    flags: tuple[Flag, ...]
    epochs: np.ndarray
    costs: np.ndarray

    @classmethod
    def of(cls, debugger: Debugger, buffer: HistoryBuffer, columns: int) -> "RunSoFar":
        """As it is drawn in so many pixel columns; `buffer` is a copy of its history."""
        timeline, per_epoch = debugger.timeline, debugger.machine.batches.per_epoch
        epochs, costs = buffer.epochs, buffer.values(_COST)
        end = timeline.furthest
        line = _line(epochs * per_epoch / max(end.iterations, 1), costs, columns)
        return cls(timeline.here, end, per_epoch, line, tuple(_flags(debugger, buffer)), epochs, costs)

    @property
    def in_past(self) -> bool:
        return self.here < self.end

    @property
    def empty(self) -> bool:
        """Whether nothing has run yet."""
        return self.end == Moment(0)

    def place(self, moment: Moment) -> float:
        """Where a moment stands, from 0 to 1."""
        whole = self.end.iterations + (self.end.pc > 0)
        part = 0.5 if moment.pc else 0.0
        return min((moment.iterations + part) / max(whole, 1), 1.0)

    def moment(self, place: float, reach: float) -> Moment:
        """The moment at a place: that of a flag, or the end of an epoch, where one lies within `reach`, else the one
        between two iterations."""
        near = [flag.moment for flag in self.flags if abs(self.place(flag.moment) - place) <= reach]
        if near:
            return min(near, key=lambda moment: abs(self.place(moment) - place))
        whole = self.end.iterations + (self.end.pc > 0)
        iterations = place * whole
        epoch = round(iterations / self.per_epoch) * self.per_epoch
        nearest = epoch if abs(epoch - iterations) <= reach * whole else round(iterations)
        return min(Moment(max(nearest, 0)), self.end)

    def words(self, moment: Moment) -> str:
        """What there is to say of a moment: when it is, the cost by then, and what happened there."""
        lines = [moment_words(moment, self.per_epoch)]
        entry = int(np.searchsorted(self.epochs, moment.iterations // self.per_epoch, side="right")) - 1
        if entry >= 0:
            lines[0] += f" · training cost {short(float(self.costs[entry]))}"
        happened = [flag.text for flag in self.flags if flag.moment == moment]
        return "\n".join([line[:1].upper() + line[1:] for line in (*lines, *happened)])


def _line(places: np.ndarray, costs: np.ndarray, columns: int) -> Line:
    known = np.isfinite(costs)
    x, y = places[known], costs[known]
    if len(y) and y.min() > 0:
        y = np.log(y)
    stride = max(len(x) // max(columns, 1), 1)
    if stride > 1:  # the last of each column stands for it; a curve so small needs no more
        x, y = x[::-1][::stride][::-1], y[::-1][::stride][::-1]
    low, high = (y.min(), y.max()) if len(y) else (0.0, 0.0)
    return Line(x, (y - low) / (high - low) if high > low else np.full(len(y), 0.5))


def _flags(debugger: Debugger, buffer: HistoryBuffer) -> Iterator[Flag]:
    timeline = debugger.timeline
    best = buffer.lowest(_VALIDATION) if len(buffer) > 2 else None
    if best is not None:
        moment = Moment(int(buffer.epochs[best]) * debugger.machine.batches.per_epoch)
        yield Flag(moment, MarkKind.BEST, "lowest validation cost")
    for edit in timeline.edits:
        yield Flag(edit.moment, MarkKind.EDIT, _edit_words(edit))
    for mark in timeline.marks:
        yield Flag(mark.moment, MarkKind.STOP, mark.text)


def _edit_words(edit: AnyEdit) -> str:
    if isinstance(edit, PutBack):
        return "earlier weights put back"
    if isinstance(edit, Scaling):
        return f"update scaled by {short(edit.factor)}" if edit.factor else "update skipped"
    return f"{element_symbol(edit.slot, edit.index)} set to {short(edit.value)}"
