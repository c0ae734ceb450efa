"""What log points have printed, a line each, the last one in sight."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from nnstudio.gui.widgets.form import heading
from nnstudio.training.breakpoints import LogEntry

_MOST_LINES = 1000


class LogView(QWidget):
    """It is there while there is something to read. `cleared` when a person has read enough."""

    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._last = 0
        self.text = QPlainTextEdit()
        self.text.setObjectName("breakpoint_log")
        self.text.setAccessibleName("Printed by log points")
        self.text.setReadOnly(True)
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.text.setMaximumBlockCount(_MOST_LINES)
        self.text.document().setDocumentMargin(0)
        self.text.setTabStopDistance(self.text.fontMetrics().horizontalAdvance("epoch 0 000 · 000 "))
        self.text.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        clear = QPushButton("Clear")
        clear.setObjectName("clear_log")
        clear.setProperty("link", True)
        clear.clicked.connect(self.cleared)
        head = QHBoxLayout()
        head.addWidget(heading("Printed"))
        head.addStretch(1)
        head.addWidget(clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        self.hide()

    def show_entries(self, entries: Iterable[LogEntry]) -> None:
        """Add those that are new; another run begins anew."""
        entries = tuple(entries)
        if not entries or entries[-1].number < self._last:
            self.text.clear()
            self._last = 0
        new = [entry for entry in entries if entry.number > self._last]
        if new:
            self.text.appendPlainText("\n".join(f"epoch {one.epoch} · {one.batch}\t{one.text}" for one in new))
            self._last = new[-1].number
        self.setVisible(bool(entries))
