"""The columns of a table as a list to tick: what each holds, whether it is an input, whether it is a target."""

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from nnstudio.data.dataset import Column, ColumnKind

from .roles import Roles

Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_ROOT = QModelIndex()


class Field(IntEnum):
    """The columns of the list."""

    NAME = 0
    HOLDS = 1
    INPUT = 2
    TARGET = 3


_TITLES = {Field.NAME: "Column", Field.HOLDS: "Holds", Field.INPUT: "Input", Field.TARGET: "Target"}


class ColumnModel(QAbstractTableModel):
    """A view of `roles`; ticking changes them."""

    def __init__(self, roles: Roles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.roles = roles

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.roles.dataset.columns)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Field)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return _TITLES[Field(section)]
        if orientation is Qt.Orientation.Horizontal and role == _Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        column, field = self.roles.dataset.columns[index.row()], Field(index.column())
        if role == _Role.DisplayRole:
            return _text(column, field)
        if role == _Role.CheckStateRole and field in (Field.INPUT, Field.TARGET):
            chosen = self.roles.inputs if field is Field.INPUT else self.roles.targets
            return Qt.CheckState.Checked if column.name in chosen else Qt.CheckState.Unchecked
        if role == _Role.ToolTipRole:
            return self._problem(column, field) or column.name
        if role == _Role.AccessibleTextRole and field in (Field.INPUT, Field.TARGET):
            return f"{column.name} as {_TITLES[field].lower()}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        column, field = self.roles.dataset.columns[index.row()], Field(index.column())
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if not self._problem(column, field):
            flags |= Qt.ItemFlag.ItemIsEnabled
        if field in (Field.INPUT, Field.TARGET):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(self, index: Index, value: object, role: int = _Role.EditRole) -> bool:
        if role != _Role.CheckStateRole or not self.flags(index) & Qt.ItemFlag.ItemIsEnabled:
            return False
        name, on = self.roles.dataset.columns[index.row()].name, Qt.CheckState(value) is Qt.CheckState.Checked
        if Field(index.column()) is Field.INPUT:
            self.roles.set_input(name, on)
        else:
            self.roles.set_target(name, on)
        self.roles_changed()
        return True

    def roles_changed(self) -> None:
        """A choice may have taken away another."""
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(Field) - 1))

    def _problem(self, column: Column, field: Field) -> str:
        if field is Field.INPUT:
            return self.roles.input_problem(column)
        if field is Field.TARGET:
            return self.roles.target_problem(column)
        return column.problem or ""


def _text(column: Column, field: Field) -> str | None:
    if field is Field.NAME:
        return column.name
    if field is Field.HOLDS:
        holds = "numbers" if column.kind is ColumnKind.NUMBER else "text"
        return f"{holds}, with gaps" if column.problem else holds
    return None
