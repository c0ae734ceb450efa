"""The watch list as a model: a row an entry. What is typed over a row, and where it is dragged, is told by signals."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from .rows import Row

Index = QModelIndex | QPersistentModelIndex
ROW = int(Qt.ItemDataRole.UserRole)


class RowList(QAbstractListModel):
    """`rewritten` carries a row and its new text, `moved` a row and the place it is to have."""

    rewritten = Signal(int, str)
    moved = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.EditRole:
            return row.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(dict.fromkeys((row.text, row.spoken)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        return None

    def setData(self, index: Index, value: object, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        self.rewritten.emit(index.row(), str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.ItemIsDropEnabled  # between the rows, not upon them
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable | flag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def moveRows(self, parent: Index, row: int, rows: int, to_parent: Index, before: int) -> bool:
        """As the view asks when a row is dropped before another."""
        to = before - 1 if before > row else before
        if rows != 1 or not 0 <= to < len(self.rows) or to == row:
            return False
        self.moved.emit(row, to)
        return True

    def follow_move(self, row: int, to: int) -> None:
        """An entry has another place; what is chosen stays chosen."""
        before = to + 1 if to > row else to
        if self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), before):
            self.rows.insert(to, self.rows.pop(row))
            self.endMoveRows()

    def show(self, rows: list[Row]) -> None:
        """Show these; rows that stay keep their place."""
        if len(rows) == len(self.rows):
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        elif len(rows) == len(self.rows) + 1 and _texts(rows[:-1]) == _texts(self.rows):
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows))
            self.rows = rows
            self.endInsertRows()
        else:
            self._show_fewer(rows)

    def _show_fewer(self, rows: list[Row]) -> None:
        kept = set(_texts(rows))
        for place in reversed(range(len(self.rows))):
            if self.rows[place].text not in kept:
                self.beginRemoveRows(QModelIndex(), place, place)
                del self.rows[place]
                self.endRemoveRows()
        if _texts(rows) != _texts(self.rows):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        else:
            self.show(rows)


def _texts(rows: list[Row]) -> list[str]:
    return [row.text for row in rows]
