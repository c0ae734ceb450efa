"""The classes to draw with: a list of them by colour, shape and name."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from nnstudio.data.drawn import MOST_CLASSES, Sheet
from nnstudio.explain.numbers import count
from nnstudio.gui.plots.markers import stamp
from nnstudio.gui.theme import Theme

from .looks import class_look

_ROW, _MARKER = 28, 11


class Palette(QWidget):
    """`chosen` is the class that is drawn with."""

    renamed = Signal(str, str)
    """A class and the name it is to have."""
    class_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.classes = QListWidget()
        self.classes.setObjectName("drawing_classes")
        self.classes.setAccessibleName("Classes to draw; F2 renames")
        self.classes.setToolTip("What is drawn. A double click or F2 renames a class; 1 to 9 choose one on the plane")
        self.classes.setMinimumHeight(2 * _ROW + 4)
        self.classes.setFrameShape(QListWidget.Shape.NoFrame)
        self.classes.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.classes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.add = QPushButton("+ Add class")
        self.add.setObjectName("add_class")
        self.add.setProperty("link", True)
        self._names: tuple[str, ...] = ()
        self._shown: object = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.classes, 1)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(0)
        self.classes.itemChanged.connect(self._edited)
        self.add.clicked.connect(self.class_wanted)

    @property
    def chosen(self) -> str:
        return self._names[max(self.classes.currentRow(), 0)]

    def show_sheet(self, sheet: Sheet, theme: Theme) -> None:
        """The classes of a sheet, each with how many points it has; the chosen one stays chosen."""
        counts = [sum(point.label == name for point in sheet.points) for name in sheet.classes]
        shown = (sheet.classes, tuple(counts), sheet.present, theme.dark)
        if shown != self._shown:
            self._shown = shown
            self._fill(sheet, counts, theme)
        full = len(sheet.classes) >= MOST_CLASSES
        self.add.setEnabled(not full)
        self.add.setToolTip(f"There are {MOST_CLASSES} classes, as many as have a colour" if full else "One more class")

    def choose(self, number: int) -> None:
        """Draw with the class in this row, from 0, if there is one."""
        if number < len(self._names):
            self.classes.setCurrentRow(number)

    def _fill(self, sheet: Sheet, counts: list[int], theme: Theme) -> None:
        blocker, row = QSignalBlocker(self.classes), max(self.classes.currentRow(), 0)
        self.classes.clear()
        self._names = sheet.classes
        for name, points in zip(sheet.classes, counts, strict=True):
            marker = stamp(class_look(sheet.numbers[name], theme), _MARKER, self.devicePixelRatioF())
            icon = QIcon(marker)
            icon.addPixmap(marker, QIcon.Mode.Selected)  # else Qt mixes it with the colour of the selection
            item = QListWidgetItem(icon, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setToolTip(f"{name}: {count(points)} point{'s' * (points != 1)}")
            item.setSizeHint(QSize(0, _ROW))
            self.classes.addItem(item)
        self.classes.setCurrentRow(min(row, len(self._names) - 1))
        self.classes.setMaximumHeight(_ROW * len(self._names) + 4)
        blocker.unblock()

    def _edited(self, item: QListWidgetItem) -> None:
        """The sheet says whether the class may be called that; until then it keeps its name."""
        name, wanted = self._names[self.classes.row(item)], item.text()
        blocker = QSignalBlocker(self.classes)
        item.setText(name)
        blocker.unblock()
        if wanted.strip() != name:
            self.renamed.emit(name, wanted)
