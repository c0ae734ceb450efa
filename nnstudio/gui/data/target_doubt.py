"""Whether whole numbers are values or classes, where only a person can tell: a click says it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from nnstudio.data.spec import TargetKind

_ANSWERS = (
    ("make_classes", "Make it classes", "An output for each number: how probable it is", TargetKind.CLASSES),
    ("keep_values", "Keep values", "A single output, which predicts the number", TargetKind.VALUES),
)


class TargetDoubt(QWidget):
    """`answer` is called with how the target is to be read. It is there only where that is in doubt."""

    def __init__(self, answer: Callable[[TargetKind], object]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for name, text, tip, kind in _ANSWERS:
            link = QPushButton(text)
            link.setObjectName(name)
            link.setAccessibleName(f"{text}: {tip}")
            link.setToolTip(tip)
            link.setProperty("link", True)
            link.clicked.connect(partial(answer, kind))
            row.addWidget(link)
        row.addStretch(1)
