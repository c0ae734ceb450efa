"""The page of the columns: a click on what a column is used as, or taken for, opens the choices."""

from msgspec import structs
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from nnstudio.data.column_types import categories_in_order
from nnstudio.data.dataset import ColumnKind
from nnstudio.data.dates import DateOrder, date_order
from nnstudio.data.errors import DataError
from nnstudio.data.spec import ColumnSpec, ColumnType, TargetKind
from nnstudio.experiment.data_edits import set_column_specs, set_columns
from nnstudio.experiment.roles import Role, set_role, set_target_kind
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.document import Document
from nnstudio.gui.theme import Theme
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.choice_delegate import choose_by_click, chosen_rows
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.problem_line import ProblemLine

from .column_form import ColumnForm
from .column_model import RECOGNIZED, ColumnModel, Field

_ROW_HEIGHT = 26
_COLUMNS_TO_FIND = 12
_MOST_ORDERED = 100
"""So many different numbers are categories whose order may be changed."""
_KINDS = (
    Option(TargetKind.AUTO, "Automatic", "Text as classes, numbers as values"),
    Option(TargetKind.CLASSES, "Classes", "Each different value is a class"),
    Option(TargetKind.VALUES, "Values", "Numbers, to be predicted as they are"),
    Option(
        TargetKind.INPUTS,
        "The inputs themselves (autoencoder)",
        "No target column: the network learns to put out what it is given",
    ),
)
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
        self.sought = QLineEdit()
        self.sought.setObjectName("find_column")
        self.sought.setAccessibleName("Find a column")
        self.sought.setPlaceholderText("Find a column")
        self.sought.setClearButtonEnabled(True)
        self.kind = Choice("target_kind", "What is learned of the targets")
        self.kind.set_options(_KINDS)
        self._lay_out()
        self.table.selectionModel().currentRowChanged.connect(self._show_form)
        self.form.changed.connect(self._say)
        self.model.chosen.connect(self._choose)
        self.alike.clicked.connect(self._all_alike)
        self.kind.chosen.connect(self._set_kind)
        self.sought.textChanged.connect(self._show_found)

    def follow(self, theme: Theme) -> None:
        """Show the document's columns."""
        self.model.follow(theme)
        self.kind.choose(self._document.experiment.data.target_kind)
        self.sought.setVisible(self.model.rowCount() > _COLUMNS_TO_FIND)
        self._show_found(self.sought.text())
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

    def _lay_out(self) -> None:
        hint = ElidedLabel("Click a choice to change it; Shift and Ctrl select several columns")
        hint.setProperty("muted", True)
        targets = QLabel("Targets")
        targets.setProperty("muted", True)
        targets.setBuddy(self.kind)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(hint, 1)
        below.addWidget(self.alike)
        below.addSpacing(8)
        below.addWidget(targets)
        below.addWidget(self.kind)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.sought, self.table, self.form, self.problem):
            column.addWidget(part, 1 if part is self.table else 0)
        column.addLayout(below)

    def _table(self) -> QTableView:
        view = QTableView()
        view.setObjectName("prepared_columns")
        view.setAccessibleName("Columns, what they are used as and taken for")
        view.setModel(self.model)
        choose_by_click(view)
        view.setShowGrid(False)
        view.setWordWrap(False)
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
        """For the column in a row, or for all that are selected with it."""
        rows = chosen_rows(self.table)
        names = tuple(self.model.column(n).name for n in (rows if row in rows else [row]))
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

    def _set_kind(self, key: str) -> None:
        document = self._document
        edit = set_target_kind(document.experiment, document.dataset, document.data, TargetKind(key))
        if not self.problem.attempt(edit):
            self.kind.choose(document.experiment.data.target_kind)

    def _show_found(self, text: str) -> None:
        """Show the columns whose name has this in it."""
        part = text.casefold()
        for row in range(self.model.rowCount()):
            hidden = part not in self.model.column(row).name.casefold()
            if hidden is not self.table.isRowHidden(row):
                self.table.setRowHidden(row, hidden)

    def _of_kind(self, name: str, kind: ColumnType | None) -> ColumnSpec:
        """What is said of a column that is of this kind: what was said of it, or what can be begun with."""
        said = self._document.experiment.data.columns.get(name)
        if said is not None and said.type is kind:
            return said
        column = self._document.dataset.column(name)
        begun = ColumnSpec(type=kind) if said is None else ColumnSpec(type=kind, unreadable=said.unreadable)
        if kind is ColumnType.ORDINAL:
            order = categories_in_order(column)
            suits = column.kind is ColumnKind.TEXT or len(order) <= _MOST_ORDERED
            return structs.replace(begun, order=order if suits else ())  # many numbers are their own order
        if kind is ColumnType.DATE and column.kind is ColumnKind.TEXT:
            known = date_order(column.values[column.filled].tolist())
            return structs.replace(begun, dates=DateOrder.DAY_FIRST if known is None else None)
        return begun

    def _show_form(self) -> None:
        """What more can be said of the current column."""
        row = self.table.currentIndex().row()
        name = self.model.column(row).name if row >= 0 else ""
        said = self._document.experiment.data.columns.get(name, ColumnSpec())
        self.form.show_column(name, said, bool(name) and self._document.dataset.column(name).has_mistakes)

    def _say(self, name: str, said: ColumnSpec) -> None:
        self.problem.attempt(set_column_specs(self._document.experiment, (name,), said))
        self._show_form()  # a control goes back to what holds
