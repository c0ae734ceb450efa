"""What deserves a warning: a heading, a sentence, and where an edit would mend it a button that makes it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nnstudio.data.exploring import Finding
from nnstudio.experiment.mends import Mend
from nnstudio.gui.widgets.panel_scroll import PanelScroll

from . import words


class FindingList(PanelScroll):
    """`mend_wanted` carries the mend; `column_wanted` the first column that a finding is about."""

    mend_wanted = Signal(object)
    column_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(margin=0)
        self.setObjectName("finding_list")
        self.setAccessibleName("Warnings")
        self.note = QLabel(words.LOOKING)
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.rows: list[FindingRow] = []
        self.column.setSpacing(16)
        self.column.addWidget(self.note)
        self.column.addStretch(1)

    def show_findings(self, found: Sequence[tuple[Finding, Mend | None]]) -> None:
        """Show these; with none, say so."""
        for row in self.rows:
            self.column.removeWidget(row)
            row.deleteLater()
        self.rows = [FindingRow(finding, mend) for finding, mend in found]
        for place, row in enumerate(self.rows):
            row.mend_wanted.connect(self.mend_wanted)
            row.column_wanted.connect(self.column_wanted)
            self.column.insertWidget(place, row)
        self.note.setText(words.FINE)
        self.note.setVisible(not self.rows)

    def show_looking(self) -> None:
        """Nothing is known yet."""
        self.show_findings(())
        self.note.setText(words.LOOKING)


class FindingRow(QWidget):
    """One finding."""

    mend_wanted = Signal(object)
    column_wanted = Signal(str)

    def __init__(self, finding: Finding, mend: Mend | None) -> None:
        super().__init__()
        self.finding, self.mend = finding, mend
        heading, text = QLabel(finding.kind.value), QLabel(f"{finding.text}.")
        heading.setProperty("heading", True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        links = QHBoxLayout()
        links.setSpacing(16)
        if mend is not None:
            self.mend_button = self._link(mend.text, partial(self.mend_wanted.emit, mend))
            self.mend_button.setObjectName("mend")
            links.addWidget(self.mend_button)
        if finding.columns:
            links.addWidget(self._link(f"Show {finding.columns[0]}", self._show_column))
        links.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(heading)
        column.addWidget(text)
        column.addLayout(links)
        self.setAccessibleName(f"{finding.kind.value}: {finding.text}")

    def _show_column(self) -> None:
        self.column_wanted.emit(self.finding.columns[0])

    def _link(self, text: str, then: object) -> QPushButton:
        link = QPushButton(text)
        link.setProperty("link", True)
        link.clicked.connect(then)
        return link
