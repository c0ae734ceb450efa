"""The three portions, one under the other: the colour of each, its name, and a few lines of numbers."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget


class FactsColumn(QScrollArea):
    """`names` are those of the portions. It scrolls where there is no room for all of them."""

    def __init__(self, name: str, names: Sequence[str]) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        self.setWidget(content)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.titles: list[QLabel] = []
        self.lines: list[QLabel] = []
        for number, title in enumerate(names):
            self.titles.append(QLabel(f"● {title}"))
            self.lines.append(QLabel())
            self.titles[-1].setProperty("heading", True)
            self.lines[-1].setObjectName(f"{name}_{number}")
            self.lines[-1].setAccessibleName(title)
            self.lines[-1].setProperty("muted", True)
            column.addWidget(self.titles[-1])
            column.addWidget(self.lines[-1])
            column.addSpacing(4)
        column.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def show_facts(self, colours: Sequence[str], titles: Sequence[str], facts: Sequence[str], tip: str = "") -> None:
        for number, (title, line) in enumerate(zip(self.titles, self.lines, strict=True)):
            title.setText(f"● {titles[number]}")
            palette = title.palette()
            palette.setColor(QPalette.ColorRole.WindowText, colours[number])
            title.setPalette(palette)
            line.setText(facts[number])
            line.setToolTip(tip)
