"""The table of one slot: a cell is a number of the machine, read when it is asked for.

While paused it reads the machine's own array. While training that belongs to the training thread, so it holds a copy
of the last frame: the whole slot, or of a very large one the rows in sight.
"""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from nnstudio.engine.arena import Role, Slot
from nnstudio.explain.numbers import fixed

from .block import Block, Index, symbol
from .cell_text import UNKNOWN

_Index = QModelIndex | QPersistentModelIndex
_MOST_COPIED = 1_000_000
_NOTHING = Slot("—", Role.SETTING, (0, 0))
_READABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_EDITABLE = _READABLE | Qt.ItemFlag.ItemIsEditable
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


class ValueTable(QAbstractTableModel):
    """`UserRole` is the exact number (None where there is none to show), `DisplayRole` its text."""

    def __init__(self, edit: Callable[[str, Index, str], bool]) -> None:
        super().__init__()
        self._edit = edit
        self.block = Block(_NOTHING)
        self.decimals = 4
        self.known = False
        self.editable = False
        self.samples: list[str] = []
        """The row number in the data of each sample, where rows are samples."""
        self.column_names: tuple[str, ...] = ()
        self._values = np.empty((0, 0))
        self._beside: np.ndarray | None = None
        self._first = 0

    def show(self, block: Block) -> None:
        """The table of another slot; where only the number of samples differs rows come or go."""
        old = self.block
        if block == old:
            return
        if block.slot.name == old.slot.name and block.beside == old.beside and block.width == old.width:
            self._change_rows(block)
            return
        self.beginResetModel()
        self.block = block
        self._forget()
        self.endResetModel()

    def take(self, values: np.ndarray, beside: np.ndarray | None) -> None:
        """Read the machine's arrays directly, while it is ours."""
        self._values, self._beside, self._first = self._matrix(values), beside, 0

    def keep(self, rows: tuple[int, int]) -> None:
        """Hold a copy: the machine is about to be another's. `rows` are the first and last in sight."""
        first = 0
        if self._values.size <= _MOST_COPIED:
            self._values = self._values.copy()
        else:
            first = rows[0]
            self._values = self._values[first : rows[1] + 1].copy()
        self._first = first
        self._beside = None if self._beside is None else self._beside.copy()

    def at(self, row: int, column: int) -> float | None:
        """The number in a cell, None where it is unknown."""
        if not self.known:
            return None
        if column >= self.block.width:
            return None if self._beside is None else float(self._beside[row])
        row -= self._first
        return float(self._values[row, column]) if 0 <= row < len(self._values) else None

    def window(self, top: int, bottom: int, left: int, right: int) -> np.ndarray | None:
        """A copy of the numbers in these rows and columns, None where they are unknown."""
        if not self.known or self._first:
            return None
        part = self._values[top : bottom + 1, left : right + 1]
        if right < self.block.width or self._beside is None:
            return part.copy()
        return np.column_stack([part, self._beside[top : bottom + 1]])

    def row_label(self, row: int) -> str:
        if not self.block.numbered:
            return self.block.row_symbol(row)
        return self.samples[row] if row < len(self.samples) else UNKNOWN

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self.block.rows

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self.block.columns

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return _EDITABLE if self.editable else _READABLE

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in _ANSWERED:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT
        row, column = index.row(), index.column()
        value = self.at(row, column)
        if role == Qt.ItemDataRole.UserRole:
            return value
        if role == Qt.ItemDataRole.DisplayRole:
            return UNKNOWN if value is None else fixed(value, self.decimals)
        exact = UNKNOWN if value is None else repr(value)
        return exact if role == Qt.ItemDataRole.EditRole else f"{symbol(*self.block.element(row, column))} = {exact}"

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole:
            return False
        return self._edit(*self.block.element(index.row(), index.column()), str(value))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        horizontal = orientation is Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole:
            return self.block.column_symbol(section) if horizontal else self.row_label(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            if horizontal and section < len(self.column_names):
                return self.column_names[section]
            return f"row {self.row_label(section)} of the data" if not horizontal and self.block.numbered else None
        return _CENTRE if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _change_rows(self, block: Block) -> None:
        before, after = self.block.rows, block.rows
        if after > before:
            self.beginInsertRows(QModelIndex(), before, after - 1)
        else:
            self.beginRemoveRows(QModelIndex(), after, before - 1)
        self.block = block
        self._forget()
        if after > before:
            self.endInsertRows()
        else:
            self.endRemoveRows()

    def _forget(self) -> None:
        self.known = False
        self._values, self._beside, self._first = np.empty((0, 0)), None, 0

    def _matrix(self, values: np.ndarray) -> np.ndarray:
        return values if values.ndim == 2 else values.reshape(-1, 1)


_ANSWERED = {
    Qt.ItemDataRole.TextAlignmentRole,
    Qt.ItemDataRole.UserRole,
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
}
