"""What the tool says before the first fork."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

_TEXT = (
    "Fork the run where it stands, change one thing (the learning rate, an activation, the seed, a weight), and let "
    "both go on side by side: the same rows, the same mini-batches, so that whatever differs comes from that one thing."
)


class Invitation(QWidget):
    """`fork` forks the run; `compare` is there while it has been edited in its past."""

    def __init__(self) -> None:
        super().__init__()
        text = QLabel(_TEXT)
        text.setProperty("muted", True)
        text.setWordWrap(True)
        text.setMaximumWidth(560)
        self.fork = button("fork_link", "Fork here", link=True)
        self.compare = compare_link("compare_left_first")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(text)
        for link in (self.fork, self.compare):
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)


def compare_link(name: str) -> QPushButton:
    """What lay ahead of an edit in the past, beside what the run became with it."""
    link = button(name, "Compare with what lay ahead before the edit", link=True)
    link.setToolTip("The run that would have gone on without your edit, and the one with it, side by side")
    link.hide()
    return link


def button(name: str, text: str, *, link: bool = False) -> QPushButton:
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAutoDefault(False)
    made.setProperty("link", link)
    return made
