"""One entry of a check in full: what backpropagation says, what was measured, and how far they are apart."""

from math import isnan

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from nnstudio.explain.gradcheck import Entry
from nnstudio.explain.numbers import fixed

from . import words

_DECIMALS = 10
_SMALL = 1e-3
_NAMES = ("backpropagation", "measured", "relative error")


class Readout(QWidget):
    """The numbers stand under one another, so that the digit in which they part is seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gradient_readout")
        self.title = QLabel()
        self.title.setProperty("heading", True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.title, 0, 0, 1, 2)
        self._values: list[QLabel] = []
        for row, name in enumerate(_NAMES, 1):
            label, value = QLabel(name), QLabel()
            label.setProperty("muted", True)
            value.setObjectName(f"gradient_{name.replace(' ', '_')}")
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label, row, 0)
            grid.addWidget(value, row, 1)
            self._values.append(value)
        grid.setColumnStretch(2, 1)

    def show_entry(self, entry: Entry | None, note: str = "") -> None:
        """The numbers of one entry; `note` says what is special about it."""
        title = words.place(entry) if entry is not None else ""
        self.title.setText(f"{title}  {note}" if note else title)
        texts = ("", "", "") if entry is None else _texts(entry)
        for label, text in zip(self._values, texts, strict=True):
            label.setText(text)


def _texts(entry: Entry) -> tuple[str, str, str]:
    unknown = isnan(entry.numeric)
    return (
        _number(entry.analytic),
        "—" if unknown else _number(entry.numeric),
        "—" if unknown else words.error(entry.relative),
    )


def _number(value: float) -> str:
    """With ten digits or so: 0.0022656924, 2.529095312e−06."""
    if 0 < abs(value) < _SMALL:
        return f"{value:.{_DECIMALS - 1}e}".replace("-", "−")
    return fixed(value, _DECIMALS)
