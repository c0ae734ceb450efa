"""A data set as a table model. It copies nothing and reads a cell when it is drawn, so a large table opens at once."""

import math

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.preparation import PreparedData
from nnstudio.explain.numbers import count, fixed, short
from nnstudio.gui.theme import Theme

from .table_editing import Place, TableEditing

Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_ROOT = QModelIndex()
_PARTS = ("training", "validation", "test", "no target", "left out")
_DIGITS = 12
_MOST_PLACES = 6
_ROWS_TO_MEASURE = 500


class TableModel(QAbstractTableModel):
    """The first column says to which part of the split a row belongs; the others are those of the table, which may be
    edited where it stands in the experiment itself."""

    def __init__(
        self,
        dataset: Dataset,
        data: PreparedData,
        targets: tuple[str, ...],
        theme: Theme,
        parent: QObject | None = None,
        editing: TableEditing | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._editing = editing
        self._take(dataset, data, targets)

    def show_data(self, dataset: Dataset, data: PreparedData, targets: tuple[str, ...]) -> None:
        """Another table, or the same one with other roles and another split."""
        if dataset.rows != self._dataset.rows or dataset.names != self._dataset.names:
            self.beginResetModel()
            self._take(dataset, data, targets)
            self.endResetModel()
            return
        last = 0 if dataset is self._dataset else self.columnCount() - 1
        self._take(dataset, data, targets)
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, last))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._dataset.rows

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._dataset.columns) + 1

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        row, number = index.row(), index.column()
        draft = self._editing.drafts.get((row, number - 1)) if self._editing is not None else None
        if draft is not None and role in (_Role.DisplayRole, _Role.EditRole, _Role.ToolTipRole):
            return draft.reason if role == _Role.ToolTipRole else draft.text
        if draft is not None and role == _Role.ForegroundRole:
            return QColor(self._theme.error)
        if role == _Role.EditRole and self._editing is not None and number > 0:
            return self._editing.text(row, number - 1)
        if role == _Role.DisplayRole:
            return self._text(row, number)
        if role == _Role.TextAlignmentRole:
            return self._alignment(number)
        if role == _Role.ForegroundRole:
            return self._colour(row, number)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        editable = self._editing is not None and self._editing.possible and index.column() > 0
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def setData(self, index: Index, value: object, role: int = _Role.EditRole) -> bool:
        """What cannot be entered stays in the cell as a draft."""
        if role != _Role.EditRole or self._editing is None or not self.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return False
        reason = self._editing.enter(index.row(), index.column() - 1, str(value))
        self.dataChanged.emit(index, index)
        return not reason

    def give_up(self, place: Place) -> None:
        """Forget what was typed into a cell and cannot stand there."""
        if self._editing is not None and self._editing.drafts.pop(place, None) is not None:
            index = self.index(place[0], place[1] + 1)
            self.dataChanged.emit(index, index)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation is Qt.Orientation.Vertical:
            return str(section + 1) if role == _Role.DisplayRole else None
        if role == _Role.DisplayRole:
            return self._head(section)
        if role == _Role.ToolTipRole:
            return self._head_tip(section)
        return self._alignment(section) if role == _Role.TextAlignmentRole else None

    def _take(self, dataset: Dataset, data: PreparedData, targets: tuple[str, ...]) -> None:
        self._dataset = dataset
        self._places: dict[int, int] = {}
        inputs = "input and target" if data.autoencoder else "input"
        self._roles = dict.fromkeys(data.features, inputs) | dict.fromkeys(targets, "target")
        self._part = np.full(dataset.rows, len(_PARTS) - 1, np.uint8)  # a step may drop rows, or draw some of them
        parts = (data.train.rows, data.validation.rows, data.test.rows, data.unlabelled.rows)
        for number, rows in enumerate(parts):
            self._part[rows] = number

    def _alignment(self, number: int) -> Qt.AlignmentFlag:
        numbers = number > 0 and self._column(number).kind is ColumnKind.NUMBER
        return (Qt.AlignmentFlag.AlignRight if numbers else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter

    def _column(self, number: int) -> Column:
        return self._dataset.columns[number - 1]

    def _text(self, row: int, number: int) -> str:
        if number == 0:
            return _PARTS[self._part[row]]
        column = self._column(number)
        value = column.values[row]
        if column.kind is ColumnKind.TEXT:
            return str(value) or "missing"
        if not math.isnan(value):
            return self._number(float(value), number)
        return "missing" if column.missing is not None and column.missing[row] else "no number"

    def _number(self, value: float, number: int) -> str:
        """With as many decimal places as the column has, so that decimal signs stand under each other."""
        places = self._places.get(number)
        if places is None:
            places = self._places[number] = _decimal_places(self._column(number).values[:_ROWS_TO_MEASURE])
        if places < _MOST_PLACES and round(value, places) != value:
            return short(value, _DIGITS)
        return fixed(value, places) if value else f"{0:.{places}f}"

    def _colour(self, row: int, number: int) -> QColor | None:
        if number == 0:
            theme = self._theme
            return QColor((theme.train, theme.validation, theme.muted, theme.muted, theme.stale)[self._part[row]])
        column = self._column(number)
        value = column.values[row]
        missing = not str(value) if column.kind is ColumnKind.TEXT else math.isnan(value)
        if missing:
            return QColor(self._theme.warning)
        return None if column.name in self._roles else QColor(self._theme.muted)

    def _head(self, section: int) -> str:
        if section == 0:
            return "Part\n "
        column = self._column(section)
        marks = [mark for mark in (self._roles.get(column.name), self._mark(column)) if mark]
        return f"{column.name}\n{', '.join(marks) or 'left out'}"

    def _head_tip(self, section: int) -> str:
        if section == 0:
            return "What the row is for: training, or validation (to judge the network)"
        column = self._column(section)
        role = self._roles.get(column.name, "left out")
        return (column.target_problem if role == "target" else column.problem) or f"{column.name}: {role}"

    def _mark(self, column: Column) -> str | None:
        """That something is wrong with the column; a target may have missing cells."""
        if self._roles.get(column.name) != "target":
            return "⚠ problem" if column.problem else None
        if column.target_problem:
            return "⚠ problem"
        return None if column.missing is None else f"{count(int(column.missing.sum()))} missing"


def _decimal_places(values: np.ndarray) -> int:
    """How many decimal places these numbers were written with, at most six."""
    known = values[np.isfinite(values)]
    return next((places for places in range(_MOST_PLACES) if np.array_equal(known.round(places), known)), _MOST_PLACES)
