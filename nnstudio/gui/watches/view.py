"""All ready-made watches in a list, each with its switch, what it measures and its threshold; beside it the chosen one
explained."""

from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout

from nnstudio.gui.panels.panel import Panel
from nnstudio.gui.tools.view import ToolView
from nnstudio.gui.widgets.panel_scroll import PanelScroll
from nnstudio.gui.wording import plain
from nnstudio.training.watches import WATCHES, When

from .details import Details, link
from .row import WatchRow
from .watching import Standing, State, Watching

_WIDE = 640
"""From this width on there is room for the explanation at the side."""


class WatchesView(ToolView):
    """Choosing a watch chooses the slot that it is about in the whole window."""

    interval = Panel.READABLE

    def compose(self) -> None:
        context = self.context
        self.watching = Watching(context.session, context.breakpoints, context.settings)
        self.rows = [WatchRow(watch, context.appearance) for watch in WATCHES]
        self.details = Details()
        self._standings: tuple[Standing, ...] = ()
        self._chosen = 0
        self._list = PanelScroll(margin=0)
        self._list.column.setSpacing(0)
        for row in self.rows:
            self._list.column.addWidget(row)
        self._list.column.addStretch(1)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(8)
        self._parts.setSizeConstraint(QBoxLayout.SizeConstraint.SetNoConstraint)
        self._parts.addWidget(self._list, 5)
        self._parts.addWidget(self.details, 2)
        self.began = link("watch_began", "Go to where it began")
        self.header.add(self.began)
        self.setFocusProxy(self.rows[0].switch)
        self._listen()

    def rebuild(self) -> None:
        self.watching.begin()

    def refresh(self) -> None:
        self._standings = self.watching.look()
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(720, 240)

    def minimumSizeHint(self) -> QSize:
        """That of the list: in a narrow dock the explanation goes beneath it."""
        return QSize(self._list.minimumSizeHint().width(), 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE
        self._parts.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def choose(self, number: int) -> None:
        """Explain this watch, and choose the slot that it is about."""
        if number != self._chosen:
            self.details.show_problem("")
        self._chosen = number
        self._show()
        self._list.ensureWidgetVisible(self.rows[number], 0, 4)
        if not self._standings or (worst := self._standings[number].worst) is None:
            return
        slot = worst.measured.slot
        if slot is not None and slot in self.context.session.machine.program.arena:
            self.context.selection.choose(slot)

    def _listen(self) -> None:
        for number, row in enumerate(self.rows):
            row.chosen.connect(partial(self.choose, number))
            row.switched.connect(partial(self.watching.switch, row.watch.name))
            row.entered.connect(partial(self._set_level, row.watch.name))
            row.rejected.connect(self.details.show_problem)
            row.left.connect(partial(self._go_by, number))
        self.began.clicked.connect(self._go_to_origin)
        self.details.restore_wanted.connect(self._restore)
        self.context.breakpoints.changed.connect(self._refresh_if_possible)
        self.context.session.state_changed.connect(self._show)

    def _show(self) -> None:
        """What was measured last."""
        if not self._standings:
            return
        for number, (row, standing) in enumerate(zip(self.rows, self._standings, strict=True)):
            row.show_standing(standing, number == self._chosen)
        self._show_chosen(self._standings[self._chosen])
        true = sum(standing.state is State.TRUE for standing in self._standings)
        on = sum(standing.on for standing in self._standings)
        self.header.note.setText(f"{true} true · {on} on")

    def _show_chosen(self, standing: Standing) -> None:
        self.details.show_standing(standing)
        obstacle = self._obstacle(standing)
        self.began.setEnabled(not obstacle)
        self.began.setToolTip(obstacle or f"{standing.watch.title}: to the first moment of the present trouble")

    def _obstacle(self, standing: Standing) -> str:
        """Why one cannot go to where the trouble of a watch began."""
        session = self.context.session
        if standing.state is not State.TRUE:
            return f"{standing.watch.title}: there is no trouble at this moment"
        if not session.paused:
            return "Pause first"
        if standing.watch.when is When.ONCE or session.debugger.at_start:
            return f"{standing.watch.title}: it has been so from the start"
        return ""

    def _refresh_if_possible(self) -> None:
        """While training, the next frame shows it."""
        if self.context.session.paused and self.isVisible():
            self.refresh()

    def _set_level(self, name: str, number: int, level: float) -> None:
        self.details.show_problem(plain(self.watching.set_level(name, number, level) or ""))
        self._refresh_if_possible()

    def _restore(self) -> None:
        self.details.show_problem("")
        self.watching.restore(WATCHES[self._chosen].name)
        self._refresh_if_possible()

    def _go_by(self, number: int, step: int) -> None:
        self.rows[min(max(number + step, 0), len(self.rows) - 1)].switch.setFocus()

    def _go_to_origin(self) -> None:
        session = self.context.session
        if session.paused:
            self.rows[self._chosen].switch.setFocus()  # the link is disabled on the way, and the focus would go astray
            session.travel.set_out(self.watching.origin(WATCHES[self._chosen].name))
