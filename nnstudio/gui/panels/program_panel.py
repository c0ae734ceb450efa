"""The program: the operations of this iteration, which one runs next, and the breakpoints at them."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint

from nnstudio.explain.numbers import count
from nnstudio.gui.breakpoints.at_operations import markers
from nnstudio.gui.breakpoints.menus import operation_menu
from nnstudio.gui.breakpoints.words import stopped
from nnstudio.gui.context import Context
from nnstudio.gui.ladder import Ladder
from nnstudio.gui.program_delegate import HEIGHT, WIDTH, ProgramDelegate
from nnstudio.gui.program_model import ProgramModel
from nnstudio.gui.program_view import ProgramView
from nnstudio.gui.widgets.elided_label import ElidedLabel

from .panel import Panel


class ProgramPanel(Panel):
    """Choosing an operation chooses the slot it writes, and the explanation explains it. A click in the gutter sets a
    breakpoint."""

    interval = Panel.READABLE

    def __init__(self, context: Context) -> None:
        super().__init__(context, "program_panel", "Program")
        self.model = ProgramModel()
        self._delegate = ProgramDelegate(context.appearance)
        self.view = ProgramView(self._delegate)
        self.view.setModel(self.model)
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        self.view.gutter_clicked.connect(context.breakpoints.toggle)
        self.view.menu_wanted.connect(self._open_menu)
        self.view.viewport().installEventFilter(self)
        self.ladder = Ladder(context.stepping)
        self.header.add(self.ladder)
        self.header.spare_note()
        self.header.note.setToolTip("The iteration, and which of its operations runs next")
        self.why = ElidedLabel("")
        self.why.setObjectName("stopped_at")
        self.why.setAccessibleName("Why it stopped")
        self.why.setContentsMargins(8, 0, 8, 0)
        self.why.hide()
        self.body.setContentsMargins(8, 0, 8, 8)
        self.body.setSpacing(4)
        self.body.addWidget(self.why)
        self.body.addWidget(self.view)
        self.setMinimumHeight(40 + 4 * HEIGHT)
        context.breakpoints.changed.connect(self._request_when_paused)

    def refresh(self) -> None:
        machine, breakpoints = self.context.session.machine, self.context.breakpoints
        signs = markers(breakpoints.all, breakpoints.watcher, machine.program)
        self.model.show(machine, self.context.selection.chosen.op, signs, self.context.stepping.standing())
        self.header.note.setText(self._note())
        self._show_why()
        self._fit_columns()
        self._show_current()

    def _show_why(self) -> None:
        """Which breakpoints have stopped it here."""
        hits = self.context.session.debugger.hits if self.context.session.paused else ()
        if hits:
            self.why.show_text(stopped(hits))
        self.why.setVisible(bool(hits))

    def _open_menu(self, row: int, place: QPoint) -> None:
        menu = operation_menu(row, self.context, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit_columns()
            self._show_current()
        return super().eventFilter(watched, event)

    def _note(self) -> str:
        machine = self.context.session.machine
        iteration = machine.iterations + 1
        return f"iteration {count(iteration)} · {machine.pc + 1}/{len(machine.program.ops)}"

    def _fit_columns(self) -> None:
        """As many columns as are needed for all operations, as wide as there is room for."""
        area = self.view.viewport()
        rows = max(area.height() // HEIGHT, 1)
        needed = -(-max(self.model.rowCount(), 1) // rows)
        columns = max(min(needed, area.width() // WIDTH), 1)
        width = min(area.width() // columns, 2 * WIDTH)
        if width != self._delegate.width:
            self._delegate.width = width
            self.view.doItemsLayout()

    def _show_current(self) -> None:
        """Keep the operation that runs next in view, but let a user scroll while training runs."""
        if self.context.session.paused:
            self.view.scrollTo(self.model.index(self.context.session.machine.pc))

    def _choose(self, index: QModelIndex) -> None:
        op = self.model.op(index.row())
        self.context.selection.choose_op(index.row(), op.writes[0] if len(op.writes) <= 2 else None)
