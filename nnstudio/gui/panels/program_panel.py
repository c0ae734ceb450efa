"""The program: the operations of this iteration, and which one runs next."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QListView

from nnstudio.explain.numbers import count
from nnstudio.gui.context import Context
from nnstudio.gui.program_delegate import HEIGHT, WIDTH, ProgramDelegate
from nnstudio.gui.program_model import ProgramModel
from nnstudio.gui.widgets.steady_list import SteadyListView

from .panel import Panel


class ProgramPanel(Panel):
    """Choosing an operation chooses the slot it writes, and the explanation explains it."""

    interval = Panel.READABLE

    def __init__(self, context: Context) -> None:
        super().__init__(context, "program_panel", "Program")
        self.model = ProgramModel()
        self._delegate = ProgramDelegate(context.appearance)
        self.view = SteadyListView()
        self.view.setObjectName("program")
        self.view.setAccessibleName("Operations of this iteration")
        self.view.setModel(self.model)
        self.view.setItemDelegate(self._delegate)
        self.view.setFlow(QListView.Flow.TopToBottom)
        self.view.setWrapping(True)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        self.view.viewport().installEventFilter(self)
        self.body.setContentsMargins(8, 0, 8, 8)
        self.body.addWidget(self.view)
        self.setMinimumHeight(40 + 4 * HEIGHT)

    def refresh(self) -> None:
        machine = self.context.session.machine
        self.model.show(machine, self.context.selection.chosen.op)
        self.header.note.setText(self._note())
        self._fit_columns()
        self._show_current()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit_columns()
            self._show_current()
        return super().eventFilter(watched, event)

    def _note(self) -> str:
        machine = self.context.session.machine
        iteration = machine.iterations + 1
        return f"iteration {count(iteration)} · operation {machine.pc + 1} of {len(machine.program.ops)}"

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
