"""Which group of slots to list: segments side by side where there is room for them, a drop-down list where not."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from nnstudio.gui.inspector.reading_order import Group
from nnstudio.gui.widgets.segmented import Segmented

TIGHT = "#segmented QToolButton { padding: 3px 4px; margin: 2px 1px; }"
_HEIGHT = 28


class GroupChooser(QWidget):
    """`chosen` carries the group that a user (or `choose`) went to."""

    chosen = Signal(Group)

    def __init__(self) -> None:
        super().__init__()
        self._group = Group.ALL
        names = [group.value for group in Group]
        self.segments = Segmented(names, "Slots to list")
        self.segments.setStyleSheet(TIGHT)
        self._list = QComboBox()
        self._list.setObjectName("inspector_group")
        self._list.setAccessibleName("Slots to list")
        self._list.addItems(names)
        self._list.setItemText(0, "All slots")
        self._list.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.segments)
        layout.addWidget(self._list)
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.segments.chosen.connect(self._segment_chosen)
        self._list.currentIndexChanged.connect(self._row_chosen)

    def choose(self, group: Group) -> None:
        if group is self._group:
            return
        self._group = group
        self.segments.choose(group.value)
        self._list.setCurrentIndex(list(Group).index(group))
        self.chosen.emit(group)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, _HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.segments.sizeHint().width() <= self.width()
        self.segments.setVisible(room)
        self._list.setVisible(not room)

    def _segment_chosen(self, name: str) -> None:
        self.choose(Group(name))

    def _row_chosen(self, row: int) -> None:
        self.choose(list(Group)[row])
