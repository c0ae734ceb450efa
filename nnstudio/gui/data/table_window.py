"""A window with the whole data set: what it is, where it comes from, and every row."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from nnstudio.data.dataset import Dataset
from nnstudio.gui.context import Context

from .summary import size_note, split_note, target_columns
from .table_model import TableModel

_ROW_HEIGHT = 24
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
        self.model = TableModel(document.dataset, document.data, self._targets(), context.appearance.theme, self)
        self.view = self._view()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for part in (self._about, self._origin, self._size):
            part.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(part)
        column.addWidget(self.view, 1)
        self.resize(760, 560)
        self._dataset: Dataset | None = None
        self.follow()
        context.appearance.changed.connect(self._theme_changed)

    def follow(self) -> None:
        """Show the document's data."""
        document = self._context.document
        dataset, data = document.dataset, document.data
        self.model.show_data(dataset, data, self._targets())
        self.setWindowTitle(f"Table: {dataset.name}")
        self._about.setText(dataset.description)
        self._about.setVisible(bool(dataset.description))
        origin = [f"Source: {dataset.source}"] if dataset.source else []
        origin += [f"Licence: {dataset.licence}"] if dataset.licence else []
        self._origin.setText(". ".join(origin))
        self._origin.setVisible(bool(origin))
        self._size.setText(f"{size_note(dataset, data)} · {split_note(data)}")
        if dataset is not self._dataset:
            self._dataset = dataset
            self._fit_columns()

    def _targets(self) -> tuple[str, ...]:
        document = self._context.document
        return target_columns(document.experiment.data, document.dataset)

    def _view(self) -> QTableView:
        view = QTableView()
        view.setObjectName("table")
        view.setAccessibleName("Rows of the data")
        view.setModel(self.model)
        view.setShowGrid(False)
        view.setAlternatingRowColors(False)
        view.setWordWrap(False)
        view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        rows, columns = view.verticalHeader(), view.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # else each row is measured, however many there are
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        rows.setHighlightSections(False)
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setFixedHeight(40)
        return view

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
