"""A window with the whole data set: what it is, where it comes from, and every row."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QInputDialog, QLabel, QVBoxLayout, QWidget

from nnstudio.data.dataset import Dataset
from nnstudio.experiment.roles import target_columns
from nnstudio.gui.context import Context

from .summary import size_note, split_note
from .table_bar import TableBar
from .table_editing import Place, TableEditing
from .table_model import TableModel
from .table_view import TableView

_NARROWEST, _WIDEST = 72, 240


class TableWindow(QDialog):
    """It stays open beside the main window and follows the document."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("table_window")
        self.setModal(False)
        self._context = context
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._origin = QLabel()
        self._origin.setProperty("muted", True)
        self._origin.setProperty("small", True)
        self._origin.setWordWrap(True)
        self._size = QLabel()
        self._size.setProperty("muted", True)
        document = context.document
        self._editing = TableEditing(document)
        theme = context.appearance.theme
        self.model = TableModel(document.dataset, document.data, self._targets(), theme, self, self._editing)
        self.view = TableView(self._editing)
        self.view.setModel(self.model)
        self.bar = TableBar()
        self.problem = QLabel()
        self.problem.setObjectName("table_problem")
        self.problem.setAccessibleName("Problem")
        self.problem.setProperty("error", True)
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for part in (self._about, self._origin, self._size):
            part.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(part)
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)
        column.addWidget(self.problem)
        self.resize(760, 560)
        self._dataset: Dataset | None = None
        self._add_undo()
        self._connect()
        self.follow()
        self.view.setFocus()

    def follow(self) -> None:
        """Show the document's data."""
        document = self._context.document
        dataset, data = document.dataset, document.data
        place = self.view.place
        self.model.show_data(dataset, data, self._targets())
        self._say("")
        self.bar.show_possible(editable=self._editing.possible, obstacle=self._editing.obstacle)
        if place is not None and self.view.place is None:
            self.view.go_to(place)
        self.setWindowTitle(f"Table: {dataset.name}")
        self._about.setText(dataset.description)
        self._about.setVisible(bool(dataset.description))
        origin = [f"Source: {dataset.source}"] if dataset.source else []
        origin += [f"Licence: {dataset.licence}"] if dataset.licence else []
        self._origin.setText(". ".join(origin))
        self._origin.setVisible(bool(origin))
        self._size.setText(f"{size_note(dataset, data)} · {split_note(data)}")
        if self._dataset is not None and _shape(dataset) != _shape(self._dataset):
            self._editing.drafts.clear()  # undone, or another table: there are no such cells any more
        if self._dataset is None or dataset.names != self._dataset.names:
            self._fit_columns()
        self._dataset = dataset

    def _targets(self) -> tuple[str, ...]:
        document = self._context.document
        return target_columns(document.experiment.data, document.dataset)

    def _add_undo(self) -> None:
        """The keys work here, too: the actions of the main window hear them in that window alone."""
        stacks, keys = self._context.document.undo_group, QKeySequence.StandardKey
        for action, key in ((stacks.createUndoAction(self), keys.Undo), (stacks.createRedoAction(self), keys.Redo)):
            action.setShortcuts(key)
            self.addAction(action)

    def _connect(self) -> None:
        self._context.appearance.changed.connect(self._theme_changed)
        self.bar.wanted.connect(self._do)
        self.view.pasted.connect(self._paste)
        self.view.cleared.connect(self._clear)
        self.view.given_up.connect(self.model.give_up)
        self.model.dataChanged.connect(self.view.show_note)
        self.view.horizontalHeader().sectionDoubleClicked.connect(self._ask_name)
        self.view.verticalHeader().sectionClicked.connect(self._context.shown.look_at_table_row)
        self.view.verticalHeader().setToolTip("A click on the number of a row shows the row in the network")

    def _do(self, name: str) -> None:
        """What was chosen in the bar, at the current cell."""
        if name == "copy_into_experiment":
            self._say(self._editing.copy_in())
            return
        place = self.view.place
        if place is None:
            self._say("Choose a cell first")
            return
        unfinished = self._editing.unfinished
        if unfinished is not None:  # else it would be another cell's afterwards
            self.view.go_to(unfinished)
            self._say("Put this cell right first, or press Esc in it")
            return
        row, column = place
        names = self._context.document.dataset.names
        if name == "add_row":
            self._say(self._editing.add_row(row), then=(row + 1, column))
        elif name == "delete_rows":
            self._say(self._editing.remove_rows(self.view.chosen_rows))
        elif name == "add_column":
            self._say(self._editing.add_column(column + 1), then=(row, column + 1))
        elif name == "delete_column":
            self._say(self._editing.remove_column(names[column]))
        else:
            self._ask_name(column + 1)

    def _ask_name(self, section: int) -> None:
        """Ask for another name of a column, by its place in the view."""
        if section < 1 or not self._editing.possible:
            return
        self._named = self._context.document.dataset.names[section - 1]
        dialog = QInputDialog(self)
        dialog.setObjectName("column_name_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Rename the column")
        dialog.setLabelText("Name")
        dialog.setTextValue(self._named)
        dialog.textValueSelected.connect(self._rename)
        dialog.open()

    def _rename(self, name: str) -> None:
        self._say(self._editing.rename_column(self._named, name))

    def _paste(self, row: int, column: int, text: str) -> None:
        if self._editing.possible:
            self._say(self._editing.paste(row, column, text))
        else:
            self._say("Copy the data into the experiment first; then they can be edited")

    def _clear(self, cells: list[Place]) -> None:
        if cells:
            self._say(self._editing.clear(cells))

    def _say(self, reason: str, then: Place | None = None) -> None:
        """Why something could not be done; where it could, go to a cell."""
        self.problem.setText(reason)
        self.problem.setVisible(bool(reason))
        if not reason and then is not None:
            self.view.go_to(then)

    def _fit_columns(self) -> None:
        """As wide as the names and the first rows need."""
        metrics = self.fontMetrics()
        header = self.view.horizontalHeader()
        for section in range(self.model.columnCount()):
            texts = str(self.model.headerData(section, Qt.Orientation.Horizontal)).split("\n")
            texts += [
                str(self.model.data(self.model.index(row, section))) for row in range(min(20, self.model.rowCount()))
            ]
            width = max(metrics.horizontalAdvance(text) for text in texts) + 24
            header.resizeSection(section, min(max(width, _NARROWEST), _WIDEST))

    def _theme_changed(self) -> None:
        self.model.set_theme(self._context.appearance.theme)


def _shape(dataset: Dataset) -> tuple[int, tuple[str, ...]]:
    return dataset.rows, dataset.names
