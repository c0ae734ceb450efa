"""Where a branch parts from the original: the question, how far the search is, the answer, and the way there."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from nnstudio.training.branches import Comparison

from . import words


class PartingLine(QWidget):
    asked = Signal()
    given_up = Signal()
    shown = Signal()
    """Show the moment in the window."""

    def __init__(self) -> None:
        super().__init__()
        self.ask = _link("ask_parting", "Where do they part?", "Find the first operation that writes other values")
        self.show_there = _link("show_parting", "Show it", "Go to this moment and choose this value")
        self.cancel = _link("cancel_parting", "Cancel", "Give up the search")
        self.text = QLabel()
        self.text.setObjectName("parting_text")
        self.text.setAccessibleName("Where they part")
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("How much has been compared")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setMinimumWidth(40)
        self.ask.clicked.connect(self.asked)
        self.show_there.clicked.connect(self.shown)
        self.cancel.clicked.connect(self.given_up)
        self._lay_out()
        self.show_nothing()

    def add(self, widget: QWidget) -> None:
        """Something else that can be done with the branch, at the right end."""
        self._row.addWidget(widget)

    def show_nothing(self) -> None:
        """No branch is chosen."""
        self._show("")

    def show_question(self) -> None:
        self._show("", self.ask)

    def show_progress(self, share: float) -> None:
        self.bar.setValue(round(1000 * share))
        self._show("", self.bar, self.cancel)

    def show_answer(self, comparison: Comparison, per_epoch: int, why_not: str) -> None:
        """`why_not` says why the window cannot show it."""
        self.show_there.setEnabled(not why_not)
        self.show_there.setToolTip(why_not or "Go to this moment and choose this value")
        self._show(words.answer(comparison, per_epoch), *([self.show_there] if comparison.parting else []))

    def _show(self, text: str, *widgets: QWidget) -> None:
        if text != self.text.text():
            self.text.setText(text)
        self.text.setVisible(bool(text))
        for widget in (self.ask, self.bar, self.cancel, self.show_there):
            widget.setVisible(widget in widgets)

    def _lay_out(self) -> None:
        row = self._row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.ask)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.show_there)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.text)
        column.addLayout(row)


def _link(name: str, text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setProperty("link", True)
    button.setAutoDefault(False)
    return button
