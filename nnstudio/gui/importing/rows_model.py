"""The first rows of a file as they are written there, with what is wrong with a cell beside it."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from nnstudio.data.profile import Flaw, Preview
from nnstudio.explain.numbers import count
from nnstudio.gui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_ROOT = QModelIndex()
_LONGEST = 200
_TINT = 48


class RowsModel(QAbstractTableModel):
    """A cell that is flawed is tinted, and its row has a sign."""

    def __init__(self, preview: Preview, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._take(preview)

    def show_preview(self, preview: Preview) -> None:
        """The file as it is read otherwise."""
        self.beginResetModel()
        self._take(preview)
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._preview.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._preview.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        across = orientation is Qt.Orientation.Horizontal
        if role == _Role.DisplayRole:
            if across:
                return self._preview.columns[section].name
            return f"⚠ {count(section + 1)}" if section in self._rows else count(section + 1)
        if role == _Role.ToolTipRole:
            return self._preview.columns[section].name if across else self._rows.get(section)
        if role == _Role.ForegroundRole and not across and section in self._rows:
            return QColor(self.theme.error)
        return None

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        row, column = index.row(), index.column()
        cell = self._preview.rows[row][column]
        if role == _Role.DisplayRole:
            return cell[:_LONGEST]
        flaw = self._cells.get((row, column))
        if role == _Role.ToolTipRole:
            return flaw or self._rows.get(row) or cell[:_LONGEST]
        if role == _Role.BackgroundRole and (flaw or (row, None) in self._places):
            tint = QColor(self.theme.error)
            tint.setAlpha(_TINT)
            return tint
        return None

    def _take(self, preview: Preview) -> None:
        self._preview = preview
        placed = [flaw for flaw in preview.all_flaws if flaw.row is not None]
        self._places = {(flaw.row, flaw.column) for flaw in placed}
        self._cells = {(flaw.row, flaw.column): _told(flaw) for flaw in placed}
        self._rows = {flaw.row: _told(flaw) for flaw in placed}


def _told(flaw: Flaw) -> str:
    return f"{flaw.what}; {flaw.mend}"
