"""The rows to predict as a table model: their columns, which can be typed into, and behind them the predictions."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from nnstudio.data.dataset import ColumnKind
from nnstudio.explain.numbers import fixed, short
from nnstudio.gui.theme import LIGHT, Theme
from nnstudio.training.predicting import Predictions

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_ROOT = QModelIndex()
UNKNOWN = "—"


class PredictionModel(QAbstractTableModel):
    """`features` are the columns that inputs are made of; `typed` are the texts of typed rows, None where the rows come
    from a file. `edited` says that a row was typed into."""

    edited = Signal(int, int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.features: tuple[str, ...] = ()
        self.typed: list[list[str]] | None = []
        self.predictions: Predictions | None = None
        self.decimals = 4
        self.theme: Theme = LIGHT
        self._shape: tuple[tuple[str, ...], tuple[str, ...], bool, int] = ((), (), True, 0)

    def show_rows(
        self,
        features: tuple[str, ...],
        typed: list[list[str]] | None,
        predictions: Predictions | None,
        decimals: int,
        theme: Theme,
    ) -> None:
        """Show these rows; the same ones keep their place in the view."""
        shape = (features, _results(predictions), typed is None, _count(typed, predictions))
        same, self._shape = shape == self._shape, shape
        if not same:
            self.beginResetModel()
        self.features, self.typed, self.predictions = features, typed, predictions
        self.decimals, self.theme = decimals, theme
        if not same:
            self.endResetModel()
        elif self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    @property
    def results(self) -> tuple[str, ...]:
        """The columns of the predictions."""
        return self._shape[1]

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._shape[3]

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.features) + len(self.results)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if role == _Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != _Role.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return section + 1
        count = len(self.features)
        return self.features[section] if section < count else self.results[section - count]

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        own = self.typed is not None and index.column() < len(self.features)
        return flags | Qt.ItemFlag.ItemIsEditable if own else flags

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        row, column = index.row(), index.column()
        if role in (_Role.DisplayRole, _Role.EditRole):
            return self._cell(row, column) if column < len(self.features) else self._result(row, column)
        if role == _Role.ForegroundRole:
            unknown = column >= len(self.features) and not self._known(row)
            return QColor(self.theme.muted if unknown else self.theme.text)
        return None

    def setData(self, index: _Index, value: object, role: int = _Role.EditRole) -> bool:
        if role != _Role.EditRole or self.typed is None:
            return False
        if str(value) != self.typed[index.row()][index.column()]:
            self.edited.emit(index.row(), index.column(), str(value))
        return True

    def _known(self, row: int) -> bool:
        return self.predictions is not None and row < len(self.predictions) and self.predictions.known(row)

    def _cell(self, row: int, column: int) -> str:
        if self.typed is not None:
            return self.typed[row][column]
        assert self.predictions is not None
        found = self.predictions.dataset.column(self.features[column])
        if not found.filled[row]:
            return ""
        value = found.values[row]
        return str(value) if found.kind is ColumnKind.TEXT else short(float(value), 6)

    def _result(self, row: int, column: int) -> str:
        found = self.predictions
        if found is None or not self._known(row):
            return UNKNOWN
        number = column - len(self.features)
        if not found.by_class:
            return fixed(float(found.outputs[row, number]), self.decimals)
        name, share = found.class_of(row)
        return name if number == 0 else f"{100 * share:.1f} %"


def _results(found: Predictions | None) -> tuple[str, ...]:
    if found is None:
        return ("prediction",)
    return ("prediction", "confidence") if found.by_class else tuple(f"predicted {name}" for name in found.names)


def _count(typed: list[list[str]] | None, predictions: Predictions | None) -> int:
    if typed is not None:
        return len(typed)
    return 0 if predictions is None else len(predictions)
