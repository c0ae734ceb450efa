"""The rows as a table model: it reads a cell when it is drawn."""

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from nnstudio.explain.numbers import count, fixed
from nnstudio.gui.theme import LIGHT, Theme

from .state import Field, Listing, Sorting

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_ROOT = QModelIndex()
_HEADINGS = {
    Field.ROW: "row",
    Field.PART: "part",
    Field.TARGET: "target",
    Field.PREDICTION: "prediction",
    Field.CONFIDENCE: "confidence",
    Field.ERROR: "error",
}
_MOST_VALUES = 4
_TIPS = {
    Field.CONFIDENCE: "The output of the predicted class",
    Field.ERROR: "For classes 1 − the output of the true class; for values the distance in the units of the table",
}


class RowModel(QAbstractTableModel):
    """`listing` is what is shown; `classes` are their names, none for values."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.listing: Listing | None = None
        self.classes: tuple[str, ...] = ()
        self.decimals = 4
        self.theme: Theme = LIGHT

    def show_listing(self, listing: Listing, classes: tuple[str, ...], decimals: int, theme: Theme) -> None:
        """Show other rows, or the same in another order."""
        self.beginResetModel()
        self.listing, self.classes, self.decimals, self.theme = listing, classes, decimals, theme
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() or self.listing is None else len(self.listing.order)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Field)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        if self.listing is None:
            return None
        field, number = Field(index.column()), int(self.listing.order[index.row()])
        if role == _Role.DisplayRole:
            return self._text(field, number)
        if role == _Role.TextAlignmentRole:
            return _side(field)
        if role == _Role.ForegroundRole:
            if field is Field.PREDICTION and self.listing.found.wrong[number]:
                return QColor(self.theme.error)
            return QColor(self.theme.muted if field in (Field.ROW, Field.PART) else self.theme.text)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == _Role.DisplayRole:
            return _HEADINGS[Field(section)]
        if role == _Role.TextAlignmentRole:
            return _side(Field.PART if section == Field.ROW else Field(section))  # the arrow of the order stands there
        return _TIPS.get(Field(section)) if role == _Role.ToolTipRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a click on a heading."""
        sorting = Sorting(Field(column), order is Qt.SortOrder.DescendingOrder)
        if self.listing is not None and sorting != self.listing.sorting:
            self.show_listing(self.listing.with_sorting(sorting), self.classes, self.decimals, self.theme)

    def _text(self, field: Field, number: int) -> str:
        assert self.listing is not None
        found = self.listing.found
        if field is Field.ROW:
            return count(int(found.table_rows[number]) + 1)
        if field is Field.PART:
            return found.places[number].part.value
        if field is Field.ERROR:
            return fixed(float(found.error[number]), self.decimals)
        if field is Field.CONFIDENCE:
            return f"{100 * float(found.confidence[number]):.1f} %" if found.by_class else "—"
        if found.by_class:
            mark = "✗ " if field is Field.PREDICTION and found.wrong[number] else ""
            return mark + self.classes[int((found.true if field is Field.TARGET else found.predicted)[number])]
        return self._values((found.targets if field is Field.TARGET else found.outputs)[number])

    def _values(self, values: np.ndarray) -> str:
        texts = [fixed(float(value), self.decimals) for value in values[:_MOST_VALUES]]
        return texts[0] if len(values) == 1 else f"({', '.join(texts)}{', …' if len(values) > _MOST_VALUES else ''})"


def _side(field: Field) -> Qt.AlignmentFlag:
    """Numbers stand at the right, words at the left."""
    number = field in (Field.ROW, Field.CONFIDENCE, Field.ERROR)
    return (Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
