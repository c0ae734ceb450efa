"""The page of the columns: a click on what a column is used as, or taken for, opens the choices."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from nnstudio.data.column_types import categories_in_order
from nnstudio.data.dataset import ColumnKind
from nnstudio.data.dates import DateOrder, date_order
from nnstudio.data.errors import DataError
from nnstudio.data.spec import ColumnSpec, ColumnType
from nnstudio.experiment.data_edits import set_column_specs, set_columns
from nnstudio.experiment.roles import Role, set_role
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.document import Document
from nnstudio.gui.theme import Theme
from nnstudio.gui.widgets.choice_delegate import choose_by_click
from nnstudio.gui.widgets.problem_line import ProblemLine

from .column_form import ColumnForm
from .column_model import RECOGNIZED, ColumnModel, Field

_ROW_HEIGHT = 26
_MOST_ORDERED = 100
"""So many different numbers are categories whose order may be changed."""
_WIDTHS = {Field.HOLDS: 152, Field.ROLE: 104, Field.TYPE: 120}


class ColumnsPage(QWidget):
    """Every choice is an edit of the document; `chosen` says which column is the current one."""

    chosen = Signal(str)

    def __init__(self, document: Document, appearance: Appearance) -> None:
        super().__init__()
        self._document = document
        self.form = ColumnForm(appearance)
        self.model = ColumnModel(document, self)
        self.table = self._table()
        self.alike = QPushButton("All like this")
        self.alike.setObjectName("all_like_this")
        self.alike.setProperty("link", True)
        self.alike.setToolTip(
            "Use all columns that hold the same as the current one is used, and take them for the same"
        )
        self.problem = ProblemLine("columns_problem", document)
        hint = QLabel("Click what a column is used as, or taken for, to change it")
        hint.setProperty("muted", True)
        below = QHBoxLayout()
        below.addWidget(hint, 1)
        below.addWidget(self.alike)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.table, 1)
        column.addWidget(self.form)
        column.addWidget(self.problem)
        column.addLayout(below)
        self.table.selectionModel().currentRowChanged.connect(self._show_form)
        self.form.changed.connect(self._say)
        self.model.chosen.connect(self._choose)
        self.alike.clicked.connect(self._all_alike)

    def follow(self, theme: Theme) -> None:
        """Show the document's columns."""
        self.model.follow(theme)
        if not self.table.currentIndex().isValid() and self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(0, Field.ROLE))
        self._show_form()

    def set_role(self, names: tuple[str, ...], role: Role) -> None:
        """Use these columns as something else, or say why they can't be."""
        document = self._document
        try:
            edit = set_role(document.experiment, document.dataset, document.data, names, role)
        except DataError as error:
            self.problem.show_problem(str(error))
        else:
            self.problem.attempt(edit)

    def set_type(self, names: tuple[str, ...], text: str) -> None:
        """Take these columns for something else."""
        kind = None if text == RECOGNIZED else ColumnType(text)
        said = {name: self._of_kind(name, kind) for name in names}
        if not self.problem.attempt(set_columns(self._document.experiment, said)):
            return
        unsure = [name for name in names if kind is ColumnType.DATE and said[name].dates is not None]
        if unsure:
            self.problem.show_problem(
                f"Whether the day or the month comes first cannot be told from the dates in '{unsure[0]}': they are "
                "read with the day first; choose otherwise above"
            )

    def _table(self) -> QTableView:
        view = QTableView()
        view.setObjectName("prepared_columns")
        view.setAccessibleName("Columns, what they are used as and taken for")
        view.setModel(self.model)
        choose_by_click(view)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Field.NAME, QHeaderView.ResizeMode.Stretch)
        for field, width in _WIDTHS.items():
            header.resizeSection(field, width)
        return view

    def _choose(self, row: int, field: int, text: str) -> None:
        names = (self.model.column(row).name,)
        if Field(field) is Field.ROLE:
            self.set_role(names, Role(text))
        else:
            self.set_type(names, text)

    def _all_alike(self) -> None:
        """The current column's role and type for all that hold the same; a role that one column has is not shared."""
        row = self.table.currentIndex().row()
        if row < 0:
            return
        kind, role = self.model.column(row).kind, self.model.role(row)
        others = range(self.model.rowCount())
        names = tuple(self.model.column(n).name for n in others if self.model.column(n).kind is kind)
        self.set_type(names, str(self.model.index(row, Field.TYPE).data()))
        if role in (Role.INPUT, Role.IGNORED):
            kept = (Role.TARGET, Role.WEIGHT, Role.GROUP)
            free = [
                name for n, name in ((n, self.model.column(n).name) for n in others) if self.model.role(n) not in kept
            ]
            self.set_role(tuple(name for name in free if name in names), role)

    def _of_kind(self, name: str, kind: ColumnType | None) -> ColumnSpec:
        """What is said of a column that is of this kind: what was said of it, or what can be begun with."""
        said = self._document.experiment.data.columns.get(name)
        if said is not None and said.type is kind:
            return said
        column = self._document.dataset.column(name)
        if kind is ColumnType.ORDINAL:
            order = categories_in_order(column)
            suits = column.kind is ColumnKind.TEXT or len(order) <= _MOST_ORDERED
            return ColumnSpec(type=kind, order=order if suits else ())  # many numbers are their own order
        if kind is ColumnType.DATE and column.kind is ColumnKind.TEXT:
            known = date_order(column.values[column.filled].tolist())
            return ColumnSpec(type=kind, dates=DateOrder.DAY_FIRST if known is None else None)
        return ColumnSpec(type=kind)

    def _show_form(self) -> None:
        """What more can be said of the current column."""
        row = self.table.currentIndex().row()
        name = self.model.column(row).name if row >= 0 else ""
        self.form.show_column(name, self._document.experiment.data.columns.get(name, ColumnSpec()))

    def _say(self, name: str, said: ColumnSpec) -> None:
        self.problem.attempt(set_column_specs(self._document.experiment, (name,), said))
        self._show_form()  # a control goes back to what holds
