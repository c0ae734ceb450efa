"""The rows of a table: a cell is edited in place, and what is wrong with it is said beside it."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHeaderView, QLabel, QTableView, QWidget

from nnstudio.data.readers.pasted import text_of

from .table_editing import Place, TableEditing

Index = QModelIndex | QPersistentModelIndex
_ROW_HEIGHT = 24
_NOTE_WIDTH = 320
_Keys = QKeySequence.StandardKey


class TableView(QTableView):
    """Copies and pastes blocks of cells; `pasted` and `cleared` say what a user wants, `note` what is wrong here."""

    pasted = Signal(int, int, str)
    """From which row and column of the table on, and the text of the clipboard."""
    cleared = Signal(list)
    given_up = Signal(object)
    """A cell whose draft is to be forgotten."""

    def __init__(self, editing: TableEditing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self.setObjectName("table")
        self.setAccessibleName("Rows of the data")
        self.setShowGrid(False)
        self.setAlternatingRowColors(False)
        self.setWordWrap(False)
        triggers = QTableView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # else each row is measured, however many there are
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        rows.setHighlightSections(False)
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setFixedHeight(40)
        self.note = QLabel(self.viewport())
        self.note.setObjectName("cell_note")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.note.hide()

    @property
    def place(self) -> Place | None:
        """The current cell as row and column of the table, from 0."""
        index = self.currentIndex()
        return (index.row(), max(index.column() - 1, 0)) if index.isValid() else None

    @property
    def chosen_rows(self) -> list[int]:
        """The rows that have a chosen cell, ascending."""
        return sorted({index.row() for index in self.selectedIndexes()})

    def go_to(self, place: Place) -> None:
        """Make a cell the current one, as far as the table reaches."""
        model = self.model()
        row, column = min(place[0], model.rowCount() - 1), min(place[1] + 1, model.columnCount() - 1)
        index = model.index(row, column)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def show_note(self) -> None:
        """What is wrong with the current cell, below it, or above where there is no room."""
        place = self.place
        draft = self._editing.drafts.get(place) if place is not None else None
        self.note.setVisible(draft is not None)
        self.setAccessibleDescription(draft.reason if draft is not None else "")
        if draft is None:
            return
        self.note.setText(f"{draft.reason}. Esc brings back what stood there")
        width = min(_NOTE_WIDTH, self.viewport().width() - 16)
        self.note.setFixedWidth(width)
        height = self.note.heightForWidth(width)
        cell: QRect = self.visualRect(self.currentIndex())
        below = cell.bottom() + 4
        top = below if below + height <= self.viewport().height() else cell.top() - height - 4
        left = min(max(cell.left(), 8), self.viewport().width() - width - 8)
        self.note.setGeometry(left, top, width, height)
        self.note.raise_()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.show_note()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.show_note()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(_Keys.Copy):
            QApplication.clipboard().setText(self.copied())
        elif event.matches(_Keys.Paste) and self.place is not None:
            self.pasted.emit(*self.place, QApplication.clipboard().text())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._editing.possible:
            cells = [(i.row(), i.column() - 1) for i in self.selectedIndexes() if i.column() > 0]
            self.cleared.emit(cells)
        elif event.key() == Qt.Key.Key_Escape and self.place in self._editing.drafts:
            self.given_up.emit(self.place)
        else:
            super().keyPressEvent(event)

    def copied(self) -> str:
        """The chosen cells as a spreadsheet takes them: the smallest block that holds them all."""
        chosen = self.selectedIndexes()
        if not chosen:
            return ""
        rows, columns = [i.row() for i in chosen], [i.column() for i in chosen]
        model = self.model()
        role = Qt.ItemDataRole.EditRole if self._editing.possible else Qt.ItemDataRole.DisplayRole
        across = range(max(min(columns), 1), max(columns) + 1)
        lines = (
            [str(model.index(row, column).data(role)) for column in across] for row in range(min(rows), max(rows) + 1)
        )
        return text_of(lines)
