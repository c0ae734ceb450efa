"""A cell of a table in which one chooses: a click, F2 or Space opens what it may be."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from .choice import Option

_Index = QModelIndex | QPersistentModelIndex
OPTIONS = Qt.ItemDataRole.UserRole + 1
"""Asked of a model: what may be chosen in a cell, as a tuple of `Option`."""


class ChoiceDelegate(QStyledItemDelegate):
    """A cell shows the text of an option, and is edited by choosing another; the model is given its key."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: _Index) -> QWidget:
        box = QComboBox(parent)
        for place, option in enumerate(_options(index)):
            box.addItem(option.text, option.key)
            box.setItemData(place, option.tip, Qt.ItemDataRole.ToolTipRole)
        title = index.model().headerData(index.column(), Qt.Orientation.Horizontal)
        box.setAccessibleName(f"{index.model().index(index.row(), 0).data()}: {title}")
        box.activated.connect(self._activated)
        return box

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        assert isinstance(editor, QComboBox)
        editor.setCurrentText(str(index.data()))
        editor.showPopup()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentData())

    def _activated(self) -> None:
        editor = self.sender()
        assert isinstance(editor, QComboBox)
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)


def choose_by_click(view: QTableView) -> None:
    """Let one choose in the cells of a table by a click, or by the key that edits; Shift and Ctrl select several."""
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setItemDelegate(ChoiceDelegate(view))
    view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
    view.clicked.connect(view.edit)


def chosen_rows(view: QTableView) -> list[int]:
    """The rows that have a selected cell, ascending."""
    return sorted({index.row() for index in view.selectedIndexes()})


def _options(index: _Index) -> tuple[Option, ...]:
    options: tuple[Option, ...] = index.data(OPTIONS) or ()
    return options
