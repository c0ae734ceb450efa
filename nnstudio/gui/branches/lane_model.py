"""The branches as a list: what each changes, how far it is and how well it does."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from nnstudio.explain.numbers import short
from nnstudio.gui.plots.legend import Key
from nnstudio.gui.theme import Theme
from nnstudio.training.branches import Branch

from . import words
from .lanes import Lane, Lanes
from .looks import look

Index = QModelIndex | QPersistentModelIndex
ROW = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class LaneRow:
    """`key` is the line of its curve."""

    branch: Branch
    key: Key
    cost: str
    details: str
    diverged: bool

    @property
    def text(self) -> str:
        return self.key.label


class LaneList(QAbstractListModel):
    """One row a branch, the original first."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[LaneRow] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.text}: cost {row.cost}, {row.details}"
        return None

    def show(self, lanes: Lanes | None, theme: Theme) -> None:
        """Show these; rows that stay keep their place, and only those that differ are drawn again."""
        rows = [_row(lane, theme) for lane in lanes.lanes] if lanes is not None else []
        if [row.branch for row in rows] != [row.branch for row in self.rows]:
            self._show_others(rows)
            return
        for place, (old, new) in enumerate(zip(self.rows, rows, strict=True)):
            if old != new:
                self.rows[place] = new
                self.dataChanged.emit(self.index(place), self.index(place))

    def _show_others(self, rows: list[LaneRow]) -> None:
        added = len(rows) == len(self.rows) + 1
        if added and [row.branch for row in rows[:-1]] == [row.branch for row in self.rows]:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows))
            self.rows = rows
            self.endInsertRows()
        else:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()


def _row(lane: Lane, theme: Theme) -> LaneRow:
    return LaneRow(
        lane.branch, look(lane.number, lane.label, theme), short(lane.cost), words.standing(lane), lane.diverged
    )
