"""What is wrong with a file, one line a flaw; choosing one goes to its cell. What is no number among numbers can count
as a gap, in all columns at once."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from nnstudio.data.places import Place
from nnstudio.data.profile import Flaw, Preview
from nnstudio.data.spec import Unreadable
from nnstudio.experiment.importing.draft import ImportDraft
from nnstudio.experiment.importing.words import flaw_words
from nnstudio.explain.numbers import count
from nnstudio.gui.widgets.form import heading

_LINES = 4
_PLACE = Qt.ItemDataRole.UserRole


class FlawList(QWidget):
    """`chosen` carries the place of a flaw, `taken_as_gaps` whether cells that are no numbers are."""

    chosen = Signal(object)
    taken_as_gaps = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Preview, tuple[Flaw, ...]] | None = None
        self._there = 0
        self._in_cells = False
        self.title = heading("")
        self.list = QListWidget()
        self.list.setObjectName("import_flaws")
        self.list.setAccessibleName("What is wrong with the file")
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.as_gaps = QCheckBox("Take these cells as gaps")
        self.as_gaps.setObjectName("import_mistakes_as_gaps")
        self.as_gaps.setToolTip("What is no number in a column of numbers counts as missing, and is filled as gaps are")
        self.as_gaps.toggled.connect(self.taken_as_gaps)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.title)
        head.addWidget(self.as_gaps)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.list)
        self.list.currentItemChanged.connect(self._go)
        self.list.itemClicked.connect(self._go)

    def show_draft(self, draft: ImportDraft) -> None:
        """List what is wrong; nothing where nothing is. What is listed already stays as it is."""
        with QSignalBlocker(self.as_gaps):
            self.as_gaps.setChecked(draft.choices.unreadable is Unreadable.GAP)
        preview, flaws = draft.preview, draft.flaws
        if self._shown is not None and self._shown[0] is preview and self._shown[1] == flaws:
            return
        self._shown = preview, flaws
        self.list.clear()
        for flaw in flaws:
            self._list(flaw_words(flaw, preview.names), Place(flaw.row, flaw.column, flaw.line))
        in_cells = sum(map(draft.flawed, preview.names))
        self._in_cells = in_cells > 0
        self._there = len(preview.flaws) + in_cells
        self._show_size()

    def add(self, text: str, place: Place) -> None:
        """List what was found wrong later, behind the rows that were looked at."""
        if not self.list.findItems(text, Qt.MatchFlag.MatchExactly):
            self._list(text, place)
            self._there += 1
            self._in_cells = self._in_cells or place.column is not None
            self._show_size()

    @property
    def told(self) -> str:
        """What is said of the flaw that was chosen."""
        item = self.list.currentItem()
        return "" if item is None else item.text()

    def _list(self, text: str, place: Place) -> None:
        item = QListWidgetItem(text, self.list)
        item.setToolTip(text)
        item.setData(_PLACE, place)

    def _show_size(self) -> None:
        there, listed = self._there, self.list.count()
        more = f"; the first {count(listed)} are listed" if there > listed else ""
        self.title.setText(f"{count(there)} {'problem' if there == 1 else 'problems'} found{more}")
        self.list.setFixedHeight(min(listed, _LINES) * max(self.list.sizeHintForRow(0), 16) + 4)
        self.as_gaps.setVisible(self._in_cells)
        self.setVisible(bool(listed))

    def _go(self, item: QListWidgetItem | None) -> None:
        place: Place | None = None if item is None else item.data(_PLACE)
        if place is not None and (place.row, place.line) != (None, None):
            self.chosen.emit(place)
