"""What the chain rule costs written out, beside what backpropagation needs: a line each, its number at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from nnstudio.explain.counts import Tally

_WHAT = (
    "Counted as on a page: every derivative in every product, for one sample. "
    "Backpropagation works out each different derivative once and multiplies by it once."
)


class TallyView(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("chain_tally")
        self.setToolTip(_WHAT)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        title = QLabel("How many derivatives are multiplied, for one sample")
        title.setProperty("muted", True)
        title.setWordWrap(True)
        self._grid.addWidget(title, 0, 0, 1, 2)
        self._lines: list[tuple[QLabel, QLabel]] = []

    def show_lines(self, lines: Sequence[Tally]) -> None:
        while len(self._lines) < len(lines):
            self._add()
        for number, (name, value) in enumerate(self._lines):
            line = lines[number] if number < len(lines) else Tally("", "", "")
            name.setText(line.of)
            value.setText(line.short)
            value.setToolTip(line.exact if line.exact != line.short else "")
            value.setAccessibleName(f"{line.of}: {line.exact}")
            for label in (name, value):
                label.setVisible(number < len(lines))

    def _add(self) -> None:
        name, value = QLabel(), QLabel()
        for label in (name, value):
            label.setTextFormat(Qt.TextFormat.PlainText)
        value.setProperty("number", True)
        row = len(self._lines) + 1
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
        self._lines.append((name, value))
