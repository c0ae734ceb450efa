"""The breakpoints as a list: what each waits for, what else is to be so, and how often it was hit."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from nnstudio.explain.numbers import count
from nnstudio.gui.wording import plain
from nnstudio.training.breakpoints import Breakpoint, Watcher

from .breakpoint_set import Key
from .marker import Marker, marker_of
from .words import details, name

Index = QModelIndex | QPersistentModelIndex
ROW = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class BreakpointRow:
    """`problem` is why it cannot work in the network at hand."""

    key: Key
    marker: Marker
    text: str
    details: str
    problem: str
    hits: str


class BreakpointList(QAbstractListModel):
    """One row a breakpoint, in the order they were set."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[BreakpointRow] = []

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
        whole = ", ".join(filter(None, (row.text, row.details, row.problem, row.hits)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return whole
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.marker.words}: {whole}"
        return None

    def show(self, breakpoints: tuple[Breakpoint, ...], watcher: Watcher) -> None:
        """Show these; rows that stay keep their place, and only those that differ are drawn again."""
        rows = [_row(one, watcher) for one in breakpoints]
        if [row.key for row in rows] != [row.key for row in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        for place, (old, new) in enumerate(zip(self.rows, rows, strict=True)):
            if old != new:
                self.rows[place] = new
                self.dataChanged.emit(self.index(place), self.index(place))


def _row(one: Breakpoint, watcher: Watcher) -> BreakpointRow:
    problem, hits = watcher.problems.get(one.key), watcher.hits(one)
    said = f"{count(hits)} hit{'s' * (hits != 1)}" if hits else ""
    return BreakpointRow(
        one.key, marker_of(one, problem), name(one), details(one), plain(problem) if problem else "", said
    )
