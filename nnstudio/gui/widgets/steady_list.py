"""A list whose rows change what they show with every step, and never their size.

An ordinary list lays all rows out again, and so draws them all, when one says that it changed.
"""

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QAbstractItemView, QListView

_Index = QModelIndex | QPersistentModelIndex


class SteadyListView(QListView):
    """Draws the rows that changed, and those alone."""

    def dataChanged(self, top_left: _Index, bottom_right: _Index, roles: Iterable[int] = ()) -> None:
        for row in range(top_left.row(), bottom_right.row() + 1):
            index = self.model().index(row, 0)
            QAbstractItemView.dataChanged(self, index, index, list(roles))
