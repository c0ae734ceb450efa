"""What the chain rule costs written out, beside what backpropagation needs: a line each, its number at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.explain.counts import Tally
from nnstudio.gui.explanation.section import quiet_words, show_if

_WHAT = (
    "Counted as on a page: every derivative in every product, for one sample. "
    "Backpropagation works out each different derivative once and multiplies by it once."
)


class TallyView(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("chain_tally")
        self.setToolTip(_WHAT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._grid = QGridLayout()
        column.addLayout(self._grid)
        self._remark = quiet_words()
        column.addWidget(self._remark)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        title = quiet_words()
        title.setText("How many derivatives are multiplied, for one sample")
        self._grid.addWidget(title, 0, 0, 1, 2)
        self.lines: list[tuple[QLabel, QLabel]] = []

    def show_lines(self, lines: Sequence[Tally], remark: str) -> None:
        while len(self.lines) < len(lines):
            self._add()
        for number, (name, value) in enumerate(self.lines):
            line = lines[number] if number < len(lines) else Tally("", "", "")
            name.setText(line.of)
            value.setText(line.short)
            value.setToolTip(line.exact if line.exact != line.short else "")
            value.setAccessibleName(f"{line.of}: {line.exact}")
            for label in (name, value):
                label.setVisible(number < len(lines))

        self._remark.setText(remark)
        show_if(self._remark, bool(remark))

    def _add(self) -> None:
        name, value = QLabel(), QLabel()
        for label in (name, value):
            label.setTextFormat(Qt.TextFormat.PlainText)
        value.setProperty("number", True)
        row = len(self.lines) + 1
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
        self.lines.append((name, value))
