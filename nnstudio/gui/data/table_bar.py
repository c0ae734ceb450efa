"""What can be done to a table: rows and columns where it stands in the experiment, else copying it there."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

_LINKS = (
    ("add_row", "Add row", "Add a row after the current one, and like it"),
    ("delete_rows", "Delete rows", "Delete the rows that have a chosen cell"),
    ("add_column", "Add column", "Add a column of zeros after the current one"),
    ("delete_column", "Delete column", "Delete the column of the current cell"),
    ("rename_column", "Rename column…", "Give the column of the current cell another name"),
)
_COPY = ("copy_into_experiment", "Copy into the experiment", "Let the table stand in the experiment, to be edited")


class TableBar(QWidget):
    """`wanted` carries the name of what was chosen."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._links = {name: self._link(name, text, tip) for name, text, tip in (*_LINKS, _COPY)}
        for link in self._links.values():
            row.addWidget(link)
        row.addStretch(1)

    def show_possible(self, *, editable: bool, obstacle: str) -> None:
        """`obstacle` says why the table cannot be copied into the experiment."""
        for name, link in self._links.items():
            link.setVisible((name == _COPY[0]) is not editable)
        copy = self._links[_COPY[0]]
        copy.setEnabled(not obstacle)
        copy.setToolTip(obstacle or _COPY[2])

    def _link(self, name: str, text: str, tip: str) -> QPushButton:
        link = QPushButton(text)
        link.setObjectName(name)
        link.setToolTip(tip)
        link.setProperty("link", True)
        link.setAutoDefault(False)
        link.clicked.connect(partial(self.wanted.emit, name))
        return link
