"""The table of a check: a row for each slot of parameters, and one for the directions that move all of them."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from nnstudio.engine.arena import Role
from nnstudio.explain.gradcheck import Entry, GradientCheck, SlotCheck
from nnstudio.explain.numbers import count
from nnstudio.explain.symbols import slot_symbol
from nnstudio.gui.theme import LIGHT, Theme

from . import words

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_ROOT = QModelIndex()
_ROW_HEIGHT = 28


class Field(IntEnum):
    SLOT = 0
    CHECKED = 1
    ERROR = 2
    WHERE = 3
    KINKS = 4


_HEADS = ("Slot", "Checked", "Largest error", "Where", "At kinks")
_TIPS = (
    "The parameters, and all of them at once along random directions",
    "How many of them were moved and J's slope measured",
    "The largest relative error, |a − n| / max(|a|, |n|), of what backpropagation says and what was measured",
    "The element with the largest error",
    "How many lie so near a kink, such as the corner of a ReLU, that J has no slope there to be measured",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `slot` is None for the directions."""

    slot: SlotCheck | None
    title: str
    checked: str
    worst: Entry | None
    kinks: int


def rows_of(check: GradientCheck) -> tuple[Row, ...]:
    """A row for each slot, layer by layer, then the directions."""
    slots = [
        Row(slot, slot_symbol(slot.slot), _checked(slot), slot.worst, int(np.count_nonzero(slot.kinks)))
        for slot in check.slots
    ]
    tried = check.directions_tried
    worst = max(check.directions, key=lambda entry: entry.relative, default=None)
    return (*slots, Row(None, "all", f"{tried} directions", worst, tried - len(check.directions)))


class SlotTable(QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()
        self._tolerance = 1.0
        self._theme = LIGHT

    def show_check(self, check: GradientCheck | None, theme: Theme) -> None:
        """Another check; the rows stay where they are the same slots."""
        rows = rows_of(check) if check is not None else ()
        same = [row.title for row in rows] == [row.title for row in self.rows]
        if not same:
            self.beginResetModel()
        self.rows, self._theme = rows, theme
        self._tolerance = check.tolerance if check is not None else 1.0
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(Field) - 1))

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Field)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        row, field = self.rows[index.row()], Field(index.column())
        if role == _Role.DisplayRole:
            return self._text(row, field)
        if role == _Role.TextAlignmentRole:
            return _alignment(field)
        if role == _Role.ForegroundRole:
            return self._colour(row, field)
        if role == _Role.FontRole and field is Field.ERROR and self._wrong(row):
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        if role in (_Role.ToolTipRole, _Role.AccessibleTextRole):
            return self._tip(row)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == _Role.DisplayRole:
            return _HEADS[section]
        if role == _Role.ToolTipRole:
            return _TIPS[section]
        return _alignment(Field(section)) if role == _Role.TextAlignmentRole else None

    def place(self, slot: str) -> int | None:
        """The row of a slot."""
        return next((n for n, row in enumerate(self.rows) if row.slot is not None and row.slot.slot == slot), None)

    def _text(self, row: Row, field: Field) -> str:
        match field:
            case Field.SLOT:
                return row.title
            case Field.CHECKED:
                return row.checked
            case Field.ERROR:
                error = words.error(row.worst.relative) if row.worst is not None else "—"
                return f"✗ {error}" if self._wrong(row) else error
            case Field.WHERE:
                return words.place(row.worst) if row.worst is not None else ""
            case Field.KINKS:
                return count(row.kinks) if row.kinks else "–"

    def _colour(self, row: Row, field: Field) -> QColor | None:
        if field is Field.SLOT and row.slot is not None:
            return self._theme.role(Role.WEIGHT)
        if field is Field.ERROR:
            return QColor(self._theme.error) if self._wrong(row) else None
        return QColor(self._theme.muted)

    def _wrong(self, row: Row) -> bool:
        return row.worst is not None and not row.worst.relative <= self._tolerance

    def _tip(self, row: Row) -> str:
        if row.slot is None:
            return (
                "All parameters moved at once, along random directions: J must change by the gradient's share in them"
            )
        shape = " × ".join(count(size) for size in row.slot.analytic.shape)
        return f"{row.title}, {shape}: {row.checked} checked"


class SlotTableView(QTableView):
    """One row is chosen."""

    row_chosen = Signal(int)

    def __init__(self, model: SlotTable, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("gradient_slots")
        self.setAccessibleName("Slots of the gradient check")
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        columns.setHighlightSections(False)
        columns.setSectionsClickable(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        columns.setSectionResizeMode(Field.WHERE, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(self._moved)

    def _moved(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.row_chosen.emit(current.row())


def _checked(slot: SlotCheck) -> str:
    number, size = int(np.count_nonzero(slot.checked)), slot.checked.size
    return f"all {count(size)}" if number == size else f"{count(number)} of {count(size)}"


def _alignment(field: Field) -> Qt.AlignmentFlag:
    numbers = field in (Field.ERROR, Field.KINKS)
    return (Qt.AlignmentFlag.AlignRight if numbers else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
