"""The two tables of the import dialog: the first rows of the file, and its columns."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableView

from nnstudio.gui.widgets.choice_delegate import choose_by_click

from .column_model import ColumnModel, Field
from .rows_model import RowsModel

_ROW_HEIGHT = 24
_CELL_WIDTH = 112
_WIDTHS = {
    Field.NAME: 136,
    Field.HOLDS: 168,
    Field.DIFFERENT: 72,
    Field.GAPS: 56,
    Field.ROLE: 88,
    Field.TYPE: 96,
    Field.FILLING: 168,
    Field.NUMBERS: 112,
}


def rows_view(model: RowsModel) -> QTableView:
    """The rows as they are written: one cell is chosen at a time."""
    view = _quiet("import_rows", "The first rows of the file", model)
    view.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.horizontalHeader().setDefaultSectionSize(_CELL_WIDTH)
    view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    view.setMinimumHeight(5 * _ROW_HEIGHT)
    return view


def columns_view(model: ColumnModel) -> QTableView:
    """The columns with what is made of them, chosen by a click."""
    view = _quiet("import_columns", "The columns of the file, and what becomes of them", model)
    view.verticalHeader().hide()
    choose_by_click(view)
    header = view.horizontalHeader()
    for field, width in _WIDTHS.items():
        header.resizeSection(field, width)
    header.setSectionResizeMode(Field.BECOMES, QHeaderView.ResizeMode.Stretch)
    view.setMinimumHeight(4 * _ROW_HEIGHT)
    return view


def _quiet(name: str, accessible: str, model: RowsModel | ColumnModel) -> QTableView:
    view = QTableView()
    view.setObjectName(name)
    view.setAccessibleName(accessible)
    view.setModel(model)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    rows, columns = view.verticalHeader(), view.horizontalHeader()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(_ROW_HEIGHT)
    columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for header in (rows, columns):
        header.setHighlightSections(False)
    return view
