"""The columns of the table as rows to choose from: what each holds, is used as and is taken for."""

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from nnstudio.data.dataset import Column, ColumnKind
from nnstudio.data.spec import ColumnType
from nnstudio.experiment.roles import Role, role_of
from nnstudio.explain.numbers import count
from nnstudio.gui.document import Document
from nnstudio.gui.theme import LIGHT, Theme
from nnstudio.gui.widgets.choice import Option
from nnstudio.gui.widgets.choice_delegate import OPTIONS

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_ROOT = QModelIndex()
RECOGNIZED = "as recognized"


class Field(IntEnum):
    """The columns of the list."""

    NAME = 0
    HOLDS = 1
    ROLE = 2
    TYPE = 3


_TITLES = {Field.NAME: "column", Field.HOLDS: "holds", Field.ROLE: "used as", Field.TYPE: "taken for"}
CHOICES: dict[Field, tuple[Option, ...]] = {
    Field.ROLE: tuple(Option(role.value, role.value, role.meaning) for role in Role),
    Field.TYPE: tuple(Option(text, text) for text in (RECOGNIZED, *(kind.value for kind in ColumnType))),
}
"""What can be chosen in a cell."""


class ColumnModel(QAbstractTableModel):
    """`chosen` carries a row, a field and the text that was chosen there; whoever hears it makes the edit."""

    chosen = Signal(int, int, str)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.theme: Theme = LIGHT
        self._names: tuple[str, ...] = ()
        self._roles: dict[str, Role] = {}

    def follow(self, theme: Theme) -> None:
        """Show the document's columns."""
        document, self.theme = self._document, theme
        dataset, spec = document.dataset, document.experiment.data
        same = dataset.names == self._names
        if not same:
            self.beginResetModel()
        self._names = dataset.names
        self._roles = {name: role_of(name, spec, dataset, document.data) for name in self._names}
        if not same:
            self.endResetModel()
        elif self._names:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._names) - 1, len(Field) - 1))

    def column(self, row: int) -> Column:
        return self._document.dataset.columns[row]

    def role(self, row: int) -> Role:
        return self._roles[self._names[row]]

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Field)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return _TITLES[Field(section)]
        if role == _Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if Field(index.column()) in CHOICES else flags

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        row, field = index.row(), Field(index.column())
        if role in (_Role.DisplayRole, _Role.EditRole):
            return self._text(row, field)
        if role == OPTIONS:
            return CHOICES.get(field)
        if role == _Role.ToolTipRole:
            return self._tip(row, field)
        if role == _Role.ForegroundRole:
            quiet = field is Field.HOLDS or self.role(row) is Role.IGNORED or self._is_recognized(row, field)
            return QColor(self.theme.muted if quiet else self.theme.text)
        return None

    def setData(self, index: _Index, value: object, role: int = _Role.EditRole) -> bool:
        if role != _Role.EditRole or value == self._text(index.row(), Field(index.column())):
            return False
        self.chosen.emit(index.row(), index.column(), str(value))
        return True

    def _text(self, row: int, field: Field) -> str:
        column = self.column(row)
        if field is Field.NAME:
            return column.name
        if field is Field.ROLE:
            return self.role(row).value
        if field is Field.TYPE:
            said = self._document.experiment.data.columns.get(column.name)
            return said.type.value if said is not None and said.type is not None else RECOGNIZED
        gaps = int((~column.filled).sum())
        holds = "numbers" if column.kind is ColumnKind.NUMBER else "text"
        return f"{holds}, {count(gaps)} missing" if gaps else holds

    def _is_recognized(self, row: int, field: Field) -> bool:
        return field is Field.TYPE and self._text(row, field) == RECOGNIZED

    def _tip(self, row: int, field: Field) -> str:
        if field is Field.ROLE:
            return self.role(row).meaning
        return self.column(row).problem or self.column(row).name if field is Field.HOLDS else self._text(row, field)
