"""The rates as a table: each with the colour of its curve, the cost it has come to, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

Index = QModelIndex | QPersistentModelIndex
_COLUMNS = 3
_SWATCH, _ROW = 10, 22


@dataclass(frozen=True, slots=True)
class RateRow:
    """`strong` is the best one."""

    rate: float
    name: str
    cost: str
    words: str
    why: str
    colour: str
    strong: bool = False
    wrong: bool = False


class RatesTable(QAbstractTableModel):
    """One row a rate."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[RateRow, ...] = ()
        self.error = "#000000"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else _COLUMNS

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.name, row.cost, row.words)[column]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return row.why or None
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            return _swatch(row.colour)
        if role == Qt.ItemDataRole.FontRole and row.strong:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and column == 2 and row.wrong:
            return QColor(self.error)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == 1:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def show(self, rows: Sequence[RateRow], error: str) -> None:
        """Show these; only rows that differ are drawn again."""
        rows, old = tuple(rows), self.rows
        self.error = error
        if [row.rate for row in rows] != [row.rate for row in old]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        self.rows = rows
        for place, (before, after) in enumerate(zip(old, rows, strict=True)):
            if before != after:
                self.dataChanged.emit(self.index(place, 0), self.index(place, _COLUMNS - 1))


class RatesTableView(QTableView):
    """`chosen` carries the rate of the row at hand; Enter or a double click asks to use it."""

    chosen = Signal(float)
    used = Signal(float)

    def __init__(self, model: RatesTable, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = model
        self.setModel(model)
        self.setObjectName("rates_table")
        self.setAccessibleName("Learning rates and what becomes of them")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        across = self.horizontalHeader()
        across.hide()
        across.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        across.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        across.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.activated.connect(self._activated)
        self.selectionModel().currentRowChanged.connect(self._row_changed)

    @property
    def rate(self) -> float | None:
        """The rate of the row at hand."""
        row = self.currentIndex().row()
        return self._table.rows[row].rate if 0 <= row < len(self._table.rows) else None

    def choose(self, rate: float) -> None:
        for place, row in enumerate(self._table.rows):
            if row.rate == rate:
                self.selectRow(place)

    def _row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self._table.rows[current.row()].rate)

    def _activated(self, index: QModelIndex) -> None:
        self.used.emit(self._table.rows[index.row()].rate)


def _swatch(colour: str) -> QPixmap:
    pixmap = QPixmap(_SWATCH, _SWATCH)
    pixmap.fill(QColor(colour))
    return pixmap
