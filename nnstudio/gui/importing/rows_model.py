"""Rows of a file as they are written there, the first or those around a place, with what is wrong with a cell beside
it."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from nnstudio.data.excerpt import Excerpt
from nnstudio.data.profile import Flaw
from nnstudio.experiment.importing.draft import ImportDraft
from nnstudio.explain.numbers import count
from nnstudio.gui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_Place = tuple[int | None, int | None]
_ROOT = QModelIndex()
_LONGEST = 200
_TINT = 48


class RowsModel(QAbstractTableModel):
    """A cell that is flawed is tinted, and its row has a sign."""

    def __init__(self, draft: ImportDraft, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._preview = draft.preview
        self._excerpt: Excerpt | None = None
        self._places: set[_Place] = set()
        self._cells: dict[_Place, str] = {}
        self._rows: dict[int | None, str] = {}
        self._take(draft.flaws)

    def show_draft(self, draft: ImportDraft) -> None:
        """The file as it is read otherwise."""
        self.beginResetModel()
        self._preview, self._excerpt = draft.preview, None
        self._take(draft.flaws)
        self.endResetModel()

    def mark(self, draft: ImportDraft) -> None:
        """A column may be taken for something else now, and other cells be wrong."""
        if self._excerpt is None and draft.flaws != self._flaws:
            self._take(draft.flaws)
            last = self.rowCount() - 1
            self.dataChanged.emit(self.index(0, 0), self.index(last, self.columnCount() - 1))
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, last)

    def show_excerpt(self, excerpt: Excerpt, column: int | None, told: str) -> None:
        """Other rows of it, for what is told of one of them, or of its cell in a column."""
        self.beginResetModel()
        self._excerpt = excerpt
        self._places = {(excerpt.row, column)}
        self._cells, self._rows = {(excerpt.row, column): told}, {excerpt.row: told}
        self.endResetModel()

    @property
    def excerpt(self) -> Excerpt | None:
        """The rows that are shown in place of the first ones."""
        return self._excerpt

    @property
    def first(self) -> int:
        """The row of the table, from 0, that is shown first."""
        return 0 if self._excerpt is None else self._excerpt.first

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._written)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._preview.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        across, row = orientation is Qt.Orientation.Horizontal, self.first + section
        if role == _Role.DisplayRole:
            if across:
                return self._preview.columns[section].name
            return f"⚠ {count(row + 1)}" if row in self._rows else count(row + 1)
        if role == _Role.ToolTipRole:
            return self._preview.columns[section].name if across else self._rows.get(row)
        if role == _Role.ForegroundRole and not across and row in self._rows:
            return QColor(self.theme.error)
        return None

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        row, column = self.first + index.row(), index.column()
        cell = self._written[index.row()][column]
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

    @property
    def _written(self) -> tuple[tuple[str, ...], ...]:
        return self._preview.rows if self._excerpt is None else self._excerpt.rows

    def _take(self, flaws: tuple[Flaw, ...]) -> None:
        self._flaws = flaws
        placed = [flaw for flaw in flaws if flaw.row is not None]
        self._places = {(flaw.row, flaw.column) for flaw in placed}
        self._cells = {(flaw.row, flaw.column): _told(flaw) for flaw in placed}
        self._rows = {flaw.row: _told(flaw) for flaw in placed}


def _told(flaw: Flaw) -> str:
    return f"{flaw.what}; {flaw.mend}"
