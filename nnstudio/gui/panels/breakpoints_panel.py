"""All breakpoints in a list, and what log points have printed."""

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from nnstudio.gui.breakpoints.list_model import BreakpointList
from nnstudio.gui.breakpoints.list_view import BreakpointListView
from nnstudio.gui.breakpoints.log_view import LogView
from nnstudio.gui.breakpoints.menus import breakpoint_menu
from nnstudio.gui.context import Context
from nnstudio.gui.widgets.icon_button import IconButton
from nnstudio.training.breakpoints import Breakpoint, ConditionBreakpoint

from .panel import Panel

_EMPTY = (
    "No breakpoint is set. Click in the gutter of the program to stop before an operation, or break when a value "
    "changes from the menu of a value in the inspector or the drawing."
)


class BreakpointsPanel(Panel):
    """It works while training, too; hits are counted up as they come."""

    interval = Panel.READABLE

    def __init__(self, context: Context) -> None:
        super().__init__(context, "breakpoints_panel", "Breakpoints")
        self.model = BreakpointList()
        self.view = BreakpointListView(self.model, context.appearance)
        self.log = LogView()
        self.setMinimumWidth(240)
        self._compose()
        self.view.activated.connect(self._edit)
        self.view.doubleClicked.connect(self._edit)
        self.view.switched.connect(self._switch)
        self.view.removed.connect(self._remove)
        self.view.menu_wanted.connect(self._open_menu)
        self.log.cleared.connect(self._clear_log)
        context.breakpoints.changed.connect(self._show_list)

    def refresh(self) -> None:
        self._show_list()
        self.log.show_entries(self.context.breakpoints.watcher.log)

    def _compose(self) -> None:
        add = IconButton("add_condition", "mdi6.plus", "Stop when a condition becomes true", self.context.appearance)
        add.clicked.connect(self._stop_when)
        self.header.add(add)
        self._empty = self._invitation()
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.setChildrenCollapsible(False)
        self.parts.setHandleWidth(8)
        self.parts.addWidget(self.view)
        self.parts.addWidget(self.log)
        self.body.setContentsMargins(8, 0, 8, 8)
        self.body.addWidget(self._empty)
        self.body.addWidget(self.parts, 1)

    def _invitation(self) -> QWidget:
        words = QLabel(_EMPTY)
        words.setProperty("muted", True)
        words.setWordWrap(True)
        link = QPushButton("Stop when…")
        link.setObjectName("stop_when_link")
        link.setProperty("link", True)
        link.clicked.connect(self._stop_when)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(8, 0, 8, 0)
        column.setSpacing(4)
        column.addWidget(words)
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def _show_list(self) -> None:
        breakpoints = self.context.breakpoints
        self.model.show(breakpoints.all, breakpoints.watcher)
        self._empty.setVisible(not breakpoints.all)
        self.view.setVisible(bool(breakpoints.all))

    def _at(self, row: int) -> Breakpoint | None:
        return self.context.breakpoints.find(self.model.rows[row].key)

    def _stop_when(self) -> None:
        self.context.breakpoints.edit(ConditionBreakpoint())

    def _edit(self, index: QModelIndex) -> None:
        if one := self._at(index.row()):
            self.context.breakpoints.edit(one)

    def _switch(self, row: int) -> None:
        if one := self._at(row):
            self.context.breakpoints.enable(one.key, not one.enabled)

    def _remove(self, row: int) -> None:
        if one := self._at(row):
            self.context.breakpoints.remove(one.key)
            self.view.setCurrentIndex(self.model.index(min(row, self.model.rowCount() - 1)))

    def _open_menu(self, row: int, place: QPoint) -> None:
        if one := self._at(row):
            menu: QMenu = breakpoint_menu(one, self.context.breakpoints, self)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(place)

    def _clear_log(self) -> None:
        self.context.breakpoints.watcher.clear_log()
        self.log.show_entries(())
