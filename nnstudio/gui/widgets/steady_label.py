"""A label whose text changes many times a second.

An ordinary label asks for a new layout of the whole window at each new text. This one keeps its size, and grows only
where a text would not fit.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class SteadyLabel(QLabel):
    """`room` is a text as wide as any that is expected."""

    def __init__(self, room: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def setText(self, text: str) -> None:
        if text == self.text():
            return
        metrics = self.fontMetrics()
        wanted = max(metrics.horizontalAdvance(self._room), metrics.horizontalAdvance(text)) + 2
        if wanted > self.minimumWidth():
            self.setFixedSize(wanted, metrics.height() + 2)  # of a fixed size, it need not be laid out again
        super().setText(text)
