"""What is wrong with a file, one line a flaw; choosing one goes to its cell."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from nnstudio.data.profile import Flaw, Preview
from nnstudio.experiment.importing.words import flaw_words
from nnstudio.explain.numbers import count
from nnstudio.gui.widgets.form import heading

_LINES = 4
_FLAW = Qt.ItemDataRole.UserRole


class FlawList(QWidget):
    """`chosen` carries the row and the column of a flaw, from 0; a column −1 means all of the row."""

    chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.title = heading("")
        self.list = QListWidget()
        self.list.setObjectName("import_flaws")
        self.list.setAccessibleName("What is wrong with the file")
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.list)
        self.list.currentItemChanged.connect(self._go)
        self.list.itemClicked.connect(self._go)

    def show_preview(self, preview: Preview) -> None:
        """List what is wrong; nothing where nothing is."""
        flaws = preview.all_flaws
        self.list.clear()
        for flaw in flaws:
            text = flaw_words(flaw, preview.names)
            item = QListWidgetItem(text, self.list)
            item.setToolTip(text)
            item.setData(_FLAW, flaw)
        there = len(preview.flaws) + sum(column.flawed for column in preview.columns)
        listed = f"; the first {count(len(flaws))} are listed" if there > len(flaws) else ""
        self.title.setText(f"{count(there)} {'problem' if there == 1 else 'problems'} found{listed}")
        self.list.setFixedHeight(min(len(flaws), _LINES) * max(self.list.sizeHintForRow(0), 16) + 4)
        self.setVisible(bool(flaws))

    def _go(self, item: QListWidgetItem | None) -> None:
        flaw: Flaw | None = None if item is None else item.data(_FLAW)
        if flaw is not None and flaw.row is not None:
            self.chosen.emit(flaw.row, -1 if flaw.column is None else flaw.column)
