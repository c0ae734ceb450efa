"""The timeline with a word about its memory beside it, which is also where that is set."""

import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from nnstudio.explain.numbers import count
from nnstudio.gui.context import Context
from nnstudio.gui.plots.series import HistoryBuffer
from nnstudio.training.keyframes import MEGABYTE, Keyframes, Moment

from .state import RunSoFar
from .strip import TimelineStrip

_READABLE = 0.2
_BUDGETS = (64, 128, 256, 512, 1024, 2048)


class TimelineBar(QWidget):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shown_at = 0.0
        self.strip = TimelineStrip()
        self.strip.asked.connect(self._go_to)
        self.memory = QPushButton()
        self.memory.setObjectName("timeline_memory")
        self.memory.setProperty("quiet", True)
        self.memory.setToolTip(
            "Moments kept to go back to quickly; all others are found by running on from the one before"
        )
        self.memory.setMenu(self._menu())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.strip, 1)
        layout.addWidget(self.memory, 0, Qt.AlignmentFlag.AlignBottom)

    def refresh(self, buffer: HistoryBuffer) -> None:
        """Show the run as it stands, with its history; while training no more often than it can be read."""
        session, now = self._context.session, time.monotonic()
        if not session.paused and now - self._shown_at < _READABLE:
            return
        self._shown_at = now
        debugger = session.debugger
        self.strip.show_run(RunSoFar.of(debugger, buffer, self.strip.width()), self._context.appearance.theme)
        self._show_memory(memory_words(debugger.timeline.keyframes))

    def _show_memory(self, words: str) -> None:
        """Of a fixed size, with room for more digits, it need not be laid out again with each new number, and the whole
        window with it."""
        if words == self.memory.text():
            return
        self.memory.setText(words)
        needed = self.memory.sizeHint()
        if self.memory.minimumWidth() < needed.width():
            room = self.memory.fontMetrics().horizontalAdvance("00")
            self.memory.setFixedSize(needed.width() + room, needed.height())

    def _go_to(self, moment: Moment) -> None:
        timeline = self._context.session.debugger.timeline
        self._context.session.travel.go_to(min(moment, timeline.furthest))

    def _menu(self) -> QMenu:
        menu, group = QMenu(self), QActionGroup(self)
        menu.addAction("Memory for moments of the run").setEnabled(False)
        for megabytes in _BUDGETS:
            action = menu.addAction(f"{count(megabytes)} MB")
            action.setData(megabytes)
            action.setCheckable(True)
            action.setChecked(megabytes == self._context.settings.time_travel_megabytes)
            group.addAction(action)
        group.triggered.connect(self._choose)
        return menu

    def _choose(self, action: QAction) -> None:
        self._context.settings.time_travel_megabytes = action.data()
        self._context.session.set_budget(action.data() * MEGABYTE)


def memory_words(keyframes: Keyframes) -> str:
    """kept: 212 moments, 38 of 256 MB."""
    moments, budget = len(keyframes), keyframes.budget / MEGABYTE
    used = keyframes.nbytes / MEGABYTE
    size = count(used) if used >= 10 else f"{used:.1f}"
    return f"kept: {count(moments)} moment{'s' * (moments != 1)}\n{size} of {count(budget)} MB"
