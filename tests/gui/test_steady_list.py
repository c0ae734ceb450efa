"""A list that draws the rows that changed, and those alone."""

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QStyledItemDelegate

from nnstudio.gui.widgets.steady_list import SteadyListView


class _Watching(QStyledItemDelegate):
    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[int] = []

    def paint(self, painter, option, index) -> None:
        self.drawn.append(index.row())
        super().paint(painter, option, index)


def test_a_row_that_changes_is_the_only_one_drawn_again(qtbot):
    model, watching, view = QStringListModel(["Z1", "A1", "Z2", "A2"]), _Watching(), SteadyListView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.setItemDelegate(watching)
    view.setUniformItemSizes(True)
    view.resize(200, 200)
    view.show()
    qtbot.waitUntil(lambda: set(watching.drawn) == {0, 1, 2, 3})
    watching.drawn.clear()
    model.setData(model.index(2), "Z2 = A1 W2ᵀ + b2")
    qtbot.waitUntil(lambda: bool(watching.drawn))
    assert set(watching.drawn) == {2}
