"""The histories of some of the list, large: a line each over the iterations, and what they were under the pointer.

A click goes to that moment of the run, and so does Enter after the arrow keys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from nnstudio.explain.numbers import count, short
from nnstudio.gui.inspector.cell_text import UNKNOWN
from nnstudio.gui.plots.crosshair import Crosshair, Reading
from nnstudio.gui.plots.crosshair import Entry as Said
from nnstudio.gui.plots.legend import Key
from nnstudio.gui.plots.line_chart import LineChart, Trace
from nnstudio.gui.plots.markers import line_pen
from nnstudio.gui.plots.picture import Table
from nnstudio.gui.plots.ranges import epoch_range, linear_range, log_range
from nnstudio.gui.plots.series import Limits, decimate, nearest
from nnstudio.gui.plots.ticks import Tick, linear_ticks, log_ticks
from nnstudio.gui.theme import Theme
from nnstudio.training.keyframes import Moment

_TICK_ROOM = 64.0
"""For the number of an iteration, which may be a million."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A history: `values` by their moments, in the order of time, which stand at `x` iterations."""

    key: Key
    values: Mapping[Moment, float]
    x: np.ndarray

    @property
    def y(self) -> np.ndarray:
        return np.fromiter(self.values.values(), np.float64, len(self.values))


class WatchChart(LineChart):
    """`asked` carries the moment to go to. Its axis is logarithmic where `log` and there is anything above 0."""

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("watch_chart", "What is watched, over the iterations", parent)
        self.log = False
        self.lines: tuple[Line, ...] = ()
        self.x_name = "iteration"
        self._here = 0.0
        self._log_drawn = False
        self._moments: tuple[Moment, ...] = ()
        self._places = np.empty(0)
        self._at: int | None = None
        self.crosshair = Crosshair(self)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def keys(self) -> tuple[Key, ...]:
        return tuple(line.key for line in self.lines)

    def show_lines(self, lines: Sequence[Line], here: float, theme: Theme) -> None:
        """Draw these histories; the run stands at `here`."""
        if theme is not self.theme:
            self.set_theme(theme)
        self.lines, self._here = tuple(lines), here
        places = {moment: float(x) for line in lines for moment, x in zip(line.values, line.x, strict=True)}
        self._moments = tuple(sorted(places))
        self._places = np.array([places[moment] for moment in self._moments])
        limits = _limits(lines)
        self._log_drawn = self.log and limits.positive == limits.positive
        ends = self._places[[0, -1]].tolist() if len(self._places) else [0.0, 0.0]
        ranges = epoch_range(*ends), log_range(limits) if self._log_drawn else linear_range(limits)
        if ranges != (self.x_range, self.y_range):
            self.x_range, self.y_range = ranges
            self.touch()
        self.set_traces([self._trace(line) for line in lines])
        self._read(None if self._at is None else min(self._at, len(self._moments) - 1))
        self.setAccessibleDescription(
            "; ".join(f"{line.key.label} {short(float(line.y[-1]))}" for line in lines if line.values)
        )

    @property
    def table(self) -> Table:
        """All moments, and what is known of each line there."""
        header = ["iterations", "operations", *(line.key.label for line in self.lines)]
        rows: list[list[object]] = [
            [*moment, *(line.values.get(moment, "") for line in self.lines)] for moment in self._moments
        ]
        return header, rows

    def x_ticks(self) -> list[Tick]:
        return linear_ticks(*self.x_range, max(int(self.frame.width() // _TICK_ROOM), 2))

    def y_ticks(self) -> list[Tick]:
        most = max(int(self.height() // 36), 4)
        return log_ticks(*self.y_range, most) if self._log_drawn else linear_ticks(*self.y_range, most)

    def under(self, painter: QPainter) -> None:
        super().under(painter)
        if self.lines:
            x, frame = self.to_pixel(self._here, 0).x(), self.frame
            painter.setPen(line_pen(self.theme.stale, (2, 3), 1.0))
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))

    def tip(self, at: QPointF) -> str:
        return ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.crosshair.setGeometry(self.rect())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._read(self._nearest(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._read(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._nearest(event.position())
        if at is not None and event.button() is Qt.MouseButton.LeftButton:
            self.asked.emit(self._moments[at])
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        last = len(self._moments) - 1
        if event.key() in steps and last >= 0:
            here = nearest(self._places, self._here) if self._at is None else self._at
            self._read(min(max(here + steps[Qt.Key(event.key())], 0), last))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at is not None:
            self.asked.emit(self._moments[self._at])
        else:
            event.ignore()

    def _nearest(self, at: QPointF) -> int | None:
        inside = self.frame.adjusted(-4, -4, 4, 4).contains(at)
        return nearest(self._places, self.from_pixel(at)[0]) if inside and len(self._places) else None

    def _read(self, at: int | None) -> None:
        """Say what all lines were at a moment."""
        self._at = at if at is None or at >= 0 else None
        if self._at is None:
            self.crosshair.show_reading(None, self.theme)
            return
        moment, frame = self._moments[self._at], self.frame
        said = [self._said(line, moment) for line in self.lines]
        title = f"after iteration {count(moment.iterations)}"
        title += f" and {moment.pc} operation{'s' * (moment.pc != 1)}" if moment.pc else ""
        x = self.to_pixel(float(self._places[self._at]), 0).x()
        reading = Reading(title, x, frame.top(), frame.bottom(), tuple(said))
        self.crosshair.show_reading(reading, self.theme)

    def _said(self, line: Line, moment: Moment) -> Said:
        value = line.values.get(moment)
        place = self._drawn(np.array([np.nan if value is None else value]))[0]
        low, high = self.y_range
        y = self.to_pixel(0, float(place)).y() if low <= place <= high else None
        return Said(line.key.label, UNKNOWN if value is None else short(value), line.key.colour, line.key.dash, y)

    def _trace(self, line: Line) -> Trace:
        x, y = decimate(line.x, line.y, max(int(self.frame.width()), 1))
        return Trace(x, self._drawn(y), line.key.colour, line.key.dash)

    def _drawn(self, y: np.ndarray) -> np.ndarray:
        """Where values stand on the vertical axis."""
        return np.log10(np.where((y > 0) & np.isfinite(y), y, np.nan)) if self._log_drawn else y


def _limits(lines: Sequence[Line]) -> Limits:
    values = np.concatenate([line.y for line in lines]) if lines else np.empty(0)
    finite = values[np.isfinite(values)]
    if not len(finite):
        return Limits(np.nan, np.nan, np.nan)
    positive = finite[finite > 0]
    return Limits(float(finite.min()), float(finite.max()), float(positive.min()) if len(positive) else np.nan)
