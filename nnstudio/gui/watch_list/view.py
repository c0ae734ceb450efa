"""The watch list: rows with a small curve each, a field for one more, and a plot of those that are chosen."""

from functools import partial

import numpy as np
from PySide6.QtCore import QItemSelection, QPoint, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from nnstudio.gui.explanation.section import quiet_words, show_if
from nnstudio.gui.inspector.flash import Flash
from nnstudio.gui.panels.panel import Panel
from nnstudio.gui.tools.view import ToolView
from nnstudio.gui.widgets.progress_line import ProgressLine
from nnstudio.gui.wording import plain
from nnstudio.training.conditions.limits import LENGTH

from .plot_page import PlotPage
from .row_list import RowList
from .row_view import RowView
from .rows import row_of
from .watching import Watching

_PLOT = "watch_list/plot"
_TEXTS = ("Plot", "Hide plot")
_NARROWEST, _ROOM_BESIDE = 272, 560
_INVITATION = (
    "Keep an eye on any slot, element or expression, with all it was since the run began. Type one below, "
    "or right-click a number and choose “Watch this”."
)


class WatchListView(ToolView):
    interval = Panel.READABLE

    def compose(self) -> None:
        appearance = self.context.appearance
        self.watching = Watching(self.context.session, self.context.settings, self)
        self.model = RowList()
        self.flash = Flash(self)
        self.rows = RowView(self.model, appearance, self.flash, self.watching.problem)
        self.field = QLineEdit()
        self.problem = QLabel()
        self.plot = PlotPage(self.context)
        self._invitation = quiet_words()
        self._operations, self._here = 1, 0.0  # how many an iteration has, and how many iterations the run has
        self._lay_out()
        self._connect()

    def watch(self, text: str) -> bool:
        """Watch this, and choose its row; false if it cannot be watched, and the field says why."""
        text = text.strip()
        if self.watching.place(text) is None:
            if problem := self.watching.problem(text):
                self.field.setText(text)
                self._show_problem(problem)
                return False
            self.watching.add(text)
        self.rows.setCurrentIndex(self.model.index(self.watching.place(text) or 0))
        return True

    def rebuild(self) -> None:
        self.flash.forget()

    def refresh(self) -> None:
        machine = self.context.session.machine
        self._operations = len(machine.program.ops)
        self._here = machine.iterations + machine.pc / self._operations
        self.watching.look()
        self._show()

    def close_tool(self) -> None:
        self.watching.close()

    def sizeHint(self) -> QSize:
        return QSize(420, 220)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = event.size().width() >= _ROOM_BESIDE or event.size().width() > event.size().height()
        self._split.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)

    def _show(self) -> None:
        """What has been seen of the run."""
        entries = self.watching.entries
        show_if(self._invitation, not entries)
        show_if(self.rows, bool(entries))
        if self.rows.editing:
            return
        decimals = self.context.settings.decimals
        self.model.show([row_of(entry, self._operations, self._here, decimals) for entry in entries])
        numbers = np.array([[row.number] for row in self.model.rows]).reshape(-1, 1)
        self.flash.look((0, 0), numbers, self.context.settings.motion and self.context.session.paused)
        self._show_plot()

    def _show_plot(self) -> None:
        """The chosen rows, or all where none is."""
        wanted = self._plot.isChecked() and bool(self.watching.entries)
        for widget in (self.plot, self.plot.scales, self.plot.save):
            show_if(widget, wanted)
        if wanted:
            places = self.rows.chosen or range(len(self.watching.entries))
            chosen = [self.watching.entries[place] for place in places if place < len(self.watching.entries)]
            self.plot.show_entries(chosen, self._operations, self._here)

    def _listed(self) -> None:
        self.flash.forget()
        self._show()

    def _add(self) -> None:
        if self.field.text().strip() and self.watch(self.field.text()):
            self.field.clear()

    def _typed(self, text: str) -> None:
        self._show_problem(self.watching.problem(text) if text.strip() else "")

    def _rewrite(self, row: int, text: str) -> None:
        """A row has been typed anew; what cannot be watched stays as it was."""
        if not self.watching.problem(text, row):
            self.watching.replace(row, text)

    def _edited(self) -> None:
        self._show_problem("")
        if self.context.session.paused:
            self.refresh()

    def _remove(self, row: int) -> None:
        """A row, and with it all that are chosen if it is one of them."""
        chosen = self.rows.chosen
        for place in reversed(chosen if row in chosen else [row]):
            self.watching.remove(place)
        self.rows.setCurrentIndex(self.model.index(min(row, len(self.model.rows) - 1)))

    def _move(self, row: int, to: int) -> None:
        if 0 <= to < len(self.model.rows):
            self.model.follow_move(row, to)
            self.watching.move(row, to)

    def _show_problem(self, problem: str) -> None:
        self.problem.setText(plain(problem))
        show_if(self.problem, bool(problem))

    def _rows_chosen(self, _now: QItemSelection, _before: QItemSelection) -> None:
        self._show_plot()

    def _plot_toggled(self, on: bool) -> None:
        self.context.settings.set_value(_PLOT, "on" if on else "off")
        self._plot.setText(_TEXTS[on])
        self._show_plot()

    def _open_menu(self, row: int, place: QPoint) -> None:
        """What can be done with a row."""
        menu = QMenu(self)
        menu.setObjectName("watch_menu")
        last = len(self.model.rows) - 1
        for text, name, run, possible in (
            ("Edit\tF2", "edit_watch", partial(self.rows.edit, self.model.index(row)), True),
            ("Plot", "plot_watch", partial(self._plot.setChecked, True), not self._plot.isChecked()),
            ("Move up\tAlt+Up", "raise_watch", partial(self._move, row, row - 1), row > 0),
            ("Move down\tAlt+Down", "lower_watch", partial(self._move, row, row + 1), row < last),
            ("Remove\tDel", "remove_watch", partial(self._remove, row), True),
        ):
            action = menu.addAction(text)
            action.setObjectName(name)
            action.setEnabled(possible)
            action.triggered.connect(run)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _connect(self) -> None:
        self.watching.changed.connect(self._listed)
        self.field.returnPressed.connect(self._add)
        self.field.textEdited.connect(self._typed)
        self.rows.delegate.typed.connect(self._show_problem)
        self.rows.delegate.closeEditor.connect(self._edited)
        self.rows.removed.connect(self._remove)
        self.rows.moved.connect(self._move)
        self.rows.menu_wanted.connect(self._open_menu)
        self.rows.selectionModel().selectionChanged.connect(self._rows_chosen)
        self.model.rewritten.connect(self._rewrite)
        self.model.moved.connect(self._move)
        self.flash.faded.connect(self.rows.viewport().update)
        self._plot.toggled.connect(self._plot_toggled)

    def _lay_out(self) -> None:
        plotted = self.context.settings.value(_PLOT, "off") == "on"
        self._plot = QPushButton(_TEXTS[plotted])
        self._plot.setObjectName("watch_plot")
        self._plot.setCheckable(True)
        self._plot.setChecked(plotted)
        self._plot.setToolTip("The histories of the chosen rows, large")
        for control in (self.plot.scales, self.plot.save, self._plot):
            self.header.add(control)
            control.setVisible(control is self._plot)
        self._invitation.setText(_INVITATION)
        self.plot.hide()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(16)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._side())
        self._split.addWidget(self.plot)
        self._split.setSizes([400, 400])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._split)
        self.setFocusProxy(self.field)

    def _side(self) -> QWidget:
        self.field.setObjectName("watch_field")
        self.field.setAccessibleName("Watch one more")
        self.field.setPlaceholderText("Watch J, W1[0, 2], abs(dW2).max() …")
        self.field.setMaxLength(LENGTH + 1)
        self.problem.setObjectName("watch_problem")
        self.problem.setAccessibleName("Problem")
        self.problem.setProperty("error", True)
        self.problem.setProperty("small", True)
        self.problem.setWordWrap(True)
        self.problem.hide()
        side = QWidget()
        side.setMinimumWidth(_NARROWEST)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._invitation)
        column.addWidget(self.rows, 1)
        column.addWidget(ProgressLine(self.watching, "Looking back", "watch", self))
        column.addWidget(self.problem)
        column.addWidget(self.field)
        column.addStretch(0)
        return side
