"""Predicting, as a tool."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
)

from nnstudio.data.dataset import Dataset
from nnstudio.data.later_rows import read_later_rows
from nnstudio.data.readers import PATTERNS
from nnstudio.explain.numbers import count
from nnstudio.gui.asking import Asking
from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.plots.inference import ParameterWatch
from nnstudio.gui.tools.view import ToolView
from nnstudio.replacing import advice
from nnstudio.training.predicting import Predictions, usual_row

from .row_model import PredictionModel
from .state import Rows, answer

_MOST_SAID = 4
_CELLS_AT_ONCE = 50_000
_ROW_HEIGHT = 26
_NARROWEST, _WIDEST = 52, 200
_HEADING, _AROUND = 11, 16
_MEASURED = 16  # rows


class PredictingView(ToolView):
    """`rows` are what is predicted; they follow the weights."""

    def compose(self) -> None:
        self.rows = Rows(self.context.session.run)
        self._watch = ParameterWatch(self.context.session.run.model)
        self._reading: BackgroundTask | None = None
        self._finding: BackgroundTask | None = None
        self._writing: BackgroundTask | None = None
        self._asking = Asking(self)
        self._known = 0  # rows that have a prediction
        self._stale = True
        self.model = PredictionModel(self)
        self.table = self._table()
        self._make_controls()
        self._lay_out()
        self._listen()
        self._find_usual()

    def rebuild(self) -> None:
        self._asking.cancel()
        run = self.context.session.run
        self.rows.follow(run)
        self._watch = ParameterWatch(run.model)
        self._stale = True
        self._find_usual()

    def refresh(self) -> None:
        if self.context.session.paused and (self._watch.look() or self._stale):
            self._ask()
        self._show()

    def close_tool(self) -> None:
        self._asking.cancel()
        for task in (self._reading, self._finding):
            if task is not None:
                task.cancel()

    def open_path(self, path: Path) -> None:
        """Read a table, off the window's thread, and predict its rows."""
        run = self.rows.run
        if self._reading is not None:
            self._reading.cancel()
        self._reading = BackgroundTask(partial(read_later_rows, path, run.dataset, run.data.fitted))
        self._reading.done.connect(self._take_table)
        self._reading.failed.connect(self._say_failed)
        self._reading.start()
        self.header.note.setText(f"reading {path.name} …")

    def save(self, path: Path | str) -> bool:
        """Write all rows with their predictions as CSV, many of them off the window's thread; false, with the reason
        said, if it is known already that it can't be."""
        found, path = self.rows.predictions, Path(path)
        if found is None or self._writing is not None:
            return False
        work, told = partial(found.write_csv, path), partial(self._say_saved, path)
        if len(found) * len(found.header()) > _CELLS_AT_ONCE:
            self._writing = BackgroundTask(work)
            self._writing.done.connect(told)
            self._writing.failed.connect(partial(self._say_not_saved, path))
            self._writing.start()
            self._show()
            return True
        try:
            work()
        except OSError as error:
            self._say_not_saved(path, error)
            return False
        told()
        return True

    def _say_saved(self, path: Path, _nothing: object = None) -> None:
        self._writing = None
        self.context.session.message.emit(f"Saved {path.name}")
        self._show()

    def _say_not_saved(self, path: Path, error: Exception) -> None:
        self._writing = None
        if not isinstance(error, OSError):
            raise error
        reason = (error.strerror or str(error)).lower()
        self.context.session.failed.emit(f"{path} was not saved: {reason}; {advice(error)}")
        self._show()

    def _table(self) -> QTableView:
        view = QTableView()
        view.setObjectName("prediction_table")
        view.setAccessibleName("Rows to predict")
        view.setModel(self.model)
        view.setShowGrid(False)
        view.setWordWrap(False)
        triggers = QAbstractItemView.EditTrigger
        view.setEditTriggers(triggers.DoubleClicked | triggers.AnyKeyPressed | triggers.EditKeyPressed)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        rows, columns = view.verticalHeader(), view.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        rows.setHighlightSections(False)
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(_NARROWEST)
        columns.setStretchLastSection(True)
        self.model.modelReset.connect(self._fit_columns)
        return view

    def _fit_columns(self) -> None:
        """As wide as their headings and what stands in the first rows, within reason: what is predicted stands last,
        and is to be seen."""
        header = self.table.horizontalHeader()
        font = QFont(header.font())
        font.setPixelSize(_HEADING)
        headings, cells = QFontMetrics(font), self.table.fontMetrics()
        for section in range(header.count()):
            heading = str(self.model.headerData(section, Qt.Orientation.Horizontal))
            rows = range(min(self.model.rowCount(), _MEASURED))
            texts = [str(self.model.index(row, section).data() or "") for row in rows]
            needed = max(headings.horizontalAdvance(heading), *map(cells.horizontalAdvance, texts), 0) + _AROUND
            header.resizeSection(section, min(max(needed, _NARROWEST), _WIDEST))

    def _make_controls(self) -> None:
        self.open_button = self._link("predict_open", "Open rows…", "Predict the rows of a file")
        self.type_button = self._link("predict_typed", "Type rows", "Predict rows that you type")
        self.add_button = self._link("predict_add", "Add a row", "One more row, like the current one")
        self.remove_button = self._link("predict_remove", "Remove the row", "Take the current row away")
        self.save_button = self._link("predict_save", "Export…", "Save the rows and their predictions as CSV")
        self.said = QLabel()
        self.said.setObjectName("predict_said")
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.said.setProperty("muted", True)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        for link in (self.open_button, self.type_button, self.add_button, self.remove_button):
            row.addWidget(link)
        row.addStretch(1)
        row.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addWidget(self.said)

    def _listen(self) -> None:
        self.model.edited.connect(self._edit)
        self._asking.answered.connect(self._take_answer)
        self.open_button.clicked.connect(self._choose_file)
        self.type_button.clicked.connect(self._type_rows)
        self.add_button.clicked.connect(self._add_row)
        self.remove_button.clicked.connect(self._remove_row)
        self.save_button.clicked.connect(self._choose_target)

    def _show(self) -> None:
        rows, theme, decimals = self.rows, self.context.appearance.theme, self.context.settings.decimals
        typed = rows.typed if rows.opened is None else None
        self.model.show_rows(rows.features, typed, rows.predictions, decimals, theme)
        for link in (self.add_button, self.remove_button):
            link.setVisible(typed is not None)
        self.remove_button.setEnabled(len(rows.typed) > 1)
        self.type_button.setVisible(typed is None)
        self.save_button.setEnabled(rows.predictions is not None and self._writing is None)
        said = rows.said()
        more = f"\n… and {len(said) - _MOST_SAID} more" if len(said) > _MOST_SAID else ""
        self.said.setText("\n".join(said[:_MOST_SAID]) + more)
        self.said.setToolTip("\n".join(said) if more else "")
        self.said.setVisible(bool(said))
        if self._reading is None:
            self.header.note.setText(self._note())

    def _find_usual(self) -> None:
        """Look for the row to begin with off the window's thread, where the table is large."""
        if self._finding is not None:
            self._finding.cancel()
            self._finding = None
        if self.rows.waiting:
            run = self.rows.run
            self._finding = BackgroundTask(partial(usual_row, run.dataset, run.data))
            self._finding.done.connect(self._take_usual)
            self._finding.start()

    def _take_usual(self, row: list[str]) -> None:
        self._finding = None
        self.rows.take_usual(row)
        self._again()

    def _note(self) -> str:
        if self.rows.waiting and self.rows.opened is None:
            return "looking for the usual values …"
        if self._writing is not None:
            return "writing the predictions …"
        if self._asking.at_work:
            return "asking the network …"
        found = self.rows.predictions
        if found is None:
            return ""
        name = found.dataset.name if self.rows.opened is not None else "typed"
        return f"{name}: {count(self._known)} of {count(len(found))} rows predicted"

    def _again(self) -> None:
        """The rows have changed."""
        self._asking.cancel()
        if self.context.session.paused:
            self._ask()
        else:
            self._stale = True
        self._show()

    def _ask(self) -> None:
        """Ask the network as it stands."""
        self._stale = False
        run, table = self.rows.run, self.rows.table
        if table is not None:
            self._asking.ask(run.model, table.rows, partial(answer, table, run.data))

    def _take_answer(self, found: Predictions | str) -> None:
        self.rows.take(found)
        self._known = 0 if isinstance(found, str) else found.count_known()
        self._show()

    def _edit(self, row: int, column: int, text: str) -> None:
        self.rows.set_cell(row, column, text)
        self._again()

    def _add_row(self) -> None:
        row = self.rows.add_row(self.table.currentIndex().row())
        self._again()
        self.table.setCurrentIndex(self.model.index(row, 0))

    def _remove_row(self) -> None:
        row = self.table.currentIndex().row()
        self.rows.remove_row(row if row >= 0 else len(self.rows.typed) - 1)
        self._again()

    def _type_rows(self) -> None:
        self.rows.open(None)
        self._again()

    def _take_table(self, table: Dataset) -> None:
        self._reading = None
        self.rows.open(table)
        self._again()

    def _say_failed(self, error: Exception) -> None:
        self._reading = None
        self._show()
        self.context.session.failed.emit(str(error))

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, "Open rows to predict", self._folder())
        dialog.setObjectName("predict_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"Tables ({' '.join(PATTERNS)});;All files (*)")
        dialog.fileSelected.connect(self._file_chosen)
        dialog.open()

    def _file_chosen(self, name: str) -> None:
        self.open_path(Path(name))

    def _choose_target(self) -> None:
        dialog = QFileDialog(self, "Export the predictions", self._folder())
        dialog.setObjectName("export_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("CSV (*.csv)")
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"{self.context.document.experiment.name} - predictions.csv")
        dialog.fileSelected.connect(self.save)
        dialog.open()

    def _folder(self) -> str:
        return str(self.context.document.folder or Path.cwd())

    def _link(self, name: str, text: str, tip: str) -> QPushButton:
        link = QPushButton(text)
        link.setObjectName(name)
        link.setToolTip(tip)
        link.setProperty("link", True)
        return link
