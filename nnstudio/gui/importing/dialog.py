"""What is in a file, and what will be made of it: looked at and changed before anything is done.

Enter imports at once, so that a table without any trouble takes one key.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nnstudio.data.excerpt import Excerpt
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.places import Place, place_in
from nnstudio.data.readers.files import shown
from nnstudio.data.spec import RECOGNIZED, ColumnType, Unreadable
from nnstudio.experiment.importing.choices import GapUse, Scaling
from nnstudio.experiment.importing.draft import ImportDraft
from nnstudio.experiment.roles import Role
from nnstudio.gui.theme import Theme
from nnstudio.gui.widgets.choice_delegate import chosen_rows
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.form import heading
from nnstudio.gui.widgets.progress_line import ProgressLine, Work
from nnstudio.gui.wording import plain

from .column_model import ColumnModel, Field
from .flaw_list import FlawList
from .reading_row import ReadingRow
from .rows_model import RowsModel
from .split_row import SplitRow
from .tables import columns_view, rows_view
from .words import learned, looked_at, shown_rows

_SIZE = QSize(1200, 760)
_BESIDE = 48


class ImportDialog(QDialog):
    """It changes its draft and nothing else. `wished` asks for another look at the file, `import_requested` for the
    import; whoever hears it closes the dialog or says what is wrong."""

    wished = Signal(object)
    """The reading that is wanted."""
    import_requested = Signal()
    place_wanted = Signal(object)
    """A place behind the first rows."""

    def __init__(self, draft: ImportDraft, work: Work, finding: Work, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("import_dialog")
        self.setWindowTitle(f"Import {shown(draft.path.name)}")
        self.draft, self._work, self._finding = draft, work, finding
        self._wanted: Place | None = None
        self.reading = ReadingRow()
        self.rows_model = RowsModel(draft, theme, self)
        self.rows = rows_view(self.rows_model)
        self.flaws = FlawList()
        self.column_model = ColumnModel(draft, theme, self)
        self.columns = columns_view(self.column_model)
        self.split = SplitRow()
        self.looked_at = ElidedLabel()
        self.learned = ElidedLabel()
        self.problem = QLabel()
        self.progress = ProgressLine(work, "Reading the file", "import", self)
        self.finding = ProgressLine(finding, "Looking for the row", "import_find", self)
        self.back = _button("Back to the first rows", "import_first_rows", self.show_first_rows, link=True)
        self.alike = _button("All like this", "import_all_like_this", self._all_alike, link=True)
        self.cancel = _button("Cancel", "import_cancel_dialog", self.reject)
        self.import_ = _button("Import", "import_button", self.import_requested.emit)
        self._dress()
        self._lay_out()
        self._connect()
        self.show_draft(draft)
        self.resize(_SIZE.boundedTo(parent.size() - QSize(_BESIDE, _BESIDE)))
        (self.flaws.list if draft.problem and draft.flaws else self.import_).setFocus()

    def show_draft(self, draft: ImportDraft) -> None:
        """The file as it looks now."""
        self.draft = draft
        self._finding.cancel()
        self.show_first_rows()
        self.column_model.show_draft(draft)
        self.reading.show_preview(draft.preview, draft.wished)
        if draft.preview.columns:
            self.columns.setCurrentIndex(self.column_model.index(0, Field.ROLE))
        self._show_choices()

    def show_problem(self, reason: str) -> None:
        """Why it cannot be read or imported like this; the dialog stays open to mend it."""
        self.problem.setText(plain(f"Not to be imported like this: {reason}"))
        self.problem.setVisible(bool(reason))

    def show_failure(self, reason: str) -> None:
        """Why it could not be imported, which one knows who has read all of the file: where it says a place, that can
        be gone to."""
        self.show_problem(reason)
        preview = self.draft.preview
        place = place_in(reason, preview.path.name, preview.names)
        if place is not None:
            self.flaws.add(reason, place)

    def show_first_rows(self) -> None:
        """What the file begins with."""
        self.rows_model.show_draft(self.draft)
        self.looked_at.show_text(looked_at(self.draft))
        self.back.hide()

    def show_excerpt(self, excerpt: Excerpt) -> None:
        """The rows around the place that was wanted."""
        assert self._wanted is not None
        column = self._wanted.column
        self.rows_model.show_excerpt(excerpt, column, self.flaws.told)
        self.looked_at.show_text(shown_rows(excerpt, self.draft))
        self.back.show()
        self._choose_cell(excerpt.row, column)

    def show_refused_reading(self, reason: str) -> None:
        """A reading that cannot be: the controls go back to what is shown."""
        self.reading.show_preview(self.draft.preview, self.draft.wished)
        self.show_problem(reason)

    def go_to(self, place: Place) -> None:
        """Show a cell, or all of a row: at once where it is among the first rows, else once it is found."""
        if place.row is None or place.row >= len(self.draft.preview.rows):
            self._wanted = place
            self.place_wanted.emit(place)
            return
        self._finding.cancel()
        if self.rows_model.excerpt is not None:
            self.show_first_rows()
        self._choose_cell(place.row, place.column)

    def _choose_cell(self, row: int, column: int | None) -> None:
        index = self.rows_model.index(row - self.rows_model.first, column or 0)
        if column is None:
            self.rows.selectRow(index.row())
        else:
            self.rows.setCurrentIndex(index)
        self.rows.scrollTo(index, self.rows.ScrollHint.PositionAtCenter)

    def done(self, result: int) -> None:
        self._work.cancel()
        self._finding.cancel()
        super().done(result)

    def _dress(self) -> None:
        for label in (self.looked_at, self.learned):
            label.setProperty("muted", True)
        self.learned.setObjectName("import_learned")
        self.problem.setObjectName("import_problem")
        self.problem.setAccessibleName("Problem")
        self.problem.setProperty("error", True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.alike.setToolTip(
            "Use all columns that hold the same as the current one does, take them for the same and treat them alike"
        )
        self.import_.setProperty("primary", True)
        self.import_.setDefault(True)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        head = _line(heading("The file"), self.looked_at, self.back)
        column.addWidget(_card(head, self.reading, self.rows, self.flaws, self.finding), 4)
        column.addWidget(_card(_line(heading("Its columns"), self._hint(), self.alike), self.columns, self.split), 5)
        column.addWidget(self.problem)
        column.addWidget(self.progress)
        column.addLayout(_line(self.learned, self.cancel, self.import_))

    def _hint(self) -> ElidedLabel:
        hint = ElidedLabel("Click a choice to change it; Shift and Ctrl select several columns")
        hint.setProperty("muted", True)
        return hint

    def _connect(self) -> None:
        self.reading.wished.connect(self._wish)
        self.reading.forgotten.connect(self._forget)
        self.flaws.chosen.connect(self.go_to)
        self.flaws.taken_as_gaps.connect(self._take_as_gaps)
        self.column_model.chosen.connect(self._choose)
        self.split.chosen.connect(self._split)
        self._work.changed.connect(self._show_possible)

    def _wish(self, field: str, said: object) -> None:
        self.wished.emit(self.draft.wish(field, said))

    def _forget(self) -> None:
        self.wished.emit(RECOGNIZED)

    def _choose(self, name: str, field: int, key: str) -> None:
        """For a column, or for all that are selected with it."""
        selected = tuple(self.column_model.name(row) for row in chosen_rows(self.columns))
        names = selected if name in selected else (name,)
        match Field(field):
            case Field.ROLE:
                self.draft.set_role(names, Role(key))
            case Field.TYPE:
                self.draft.choose(names, type=ColumnType(key))
            case Field.FILLING:
                self.draft.choose(names, gaps=GapUse(key))
            case Field.NUMBERS if self.draft.plan.columns[name].encoding is not None:
                self.draft.choose(names, encoding=Encoding(key))
            case Field.NUMBERS:
                self.draft.choose(names, scaling=Scaling(key))
        self._show_choices()

    def _take_as_gaps(self, taken: bool) -> None:
        self.draft.set_unreadable(Unreadable.GAP if taken else Unreadable.REFUSED)
        self._show_choices()

    def _split(self, chosen: dict[str, Any]) -> None:
        self.draft.set_split(**chosen)
        self._show_choices()

    def _all_alike(self) -> None:
        row = self.columns.currentIndex().row()
        if row >= 0:
            self.draft.take_all_like(self.column_model.name(row))
            self._show_choices()

    def _show_choices(self) -> None:
        self.column_model.choices_changed()
        self.flaws.show_draft(self.draft)
        self.rows_model.mark(self.draft)
        self.split.show_draft(self.draft)
        self.learned.show_text(learned(self.draft))
        self.show_problem(self.draft.problem)
        self._show_possible()

    def _show_possible(self) -> None:
        """What is being read is not changed on the way."""
        free = not self._work.at_work
        self.import_.setEnabled(free and not self.draft.problem)
        self.import_.setToolTip(plain(self.draft.problem))
        for part in (self.reading, self.flaws.as_gaps, self.columns, self.split, self.alike):
            part.setEnabled(free)


def _button(text: str, name: str, slot: Callable[[], object], *, link: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.setProperty("link", link)
    button.clicked.connect(slot)
    return button


def _line(*parts: QWidget) -> QHBoxLayout:
    """Parts in a row, of which those that can be elided take the room."""
    row = QHBoxLayout()
    row.setSpacing(16)
    for part in parts:
        row.addWidget(part, 1 if isinstance(part, ElidedLabel) else 0)
    return row


def _card(head: QHBoxLayout, *parts: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("card", True)
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 8, 16, 12)
    column.setSpacing(8)
    column.addLayout(head)
    for part in parts:
        column.addWidget(part)
    return card
