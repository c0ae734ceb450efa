"""A combo box for narrow panels: its text is elided rather than cut, and the wheel is left to the panel."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from nnstudio.gui.topics.topic import Topic

_BESIDE_LIST = 24  # its padding and scroll bar
_BESIDE_TEXT = 44  # padding and arrow of the style sheet


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its key, its text and its tooltip, or the topic of its card instead. `unfit` says why it cannot be
    chosen now. Without a key it is a line between groups."""

    key: str
    text: str
    tip: str = ""
    unfit: str = ""
    topic: Callable[[], Topic] | None = field(default=None, compare=False)


class Choice(QComboBox):
    """`chosen` carries the key of the option that was chosen; `choose` says nothing."""

    chosen = Signal(str)
    opened = Signal()
    """The list is shown."""

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(20)
        self._options: tuple[Option, ...] = ()
        self._narrowest = 64
        self.currentIndexChanged.connect(self._index_changed)

    @property
    def key(self) -> str:
        return str(self.currentData() or "")

    def set_options(self, options: Iterable[Option]) -> None:
        """Other choices; the chosen one stays chosen where it is still there."""
        options = tuple(options)
        if options == self._options:
            return
        self._options = options
        blocker, key = QSignalBlocker(self), self.key
        self.clear()
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for row, option in enumerate(options):
            if not option.key:
                self.insertSeparator(row)
                continue
            self.addItem(option.text, option.key)
            item = model.item(row)
            item.setToolTip(option.unfit or option.tip if option.topic is None else "")
            item.setEnabled(not option.unfit)
        self.setCurrentIndex(self.findData(key))
        blocker.unblock()
        self.updateGeometry()

    def choose(self, key: str) -> None:
        """Show this option, as the document has it."""
        blocker = QSignalBlocker(self)
        self.setCurrentIndex(self.findData(key))
        blocker.unblock()
        self._shown()

    def option(self, row: int) -> Option | None:
        return self._options[row] if 0 <= row < len(self._options) else None

    def set_narrowest(self, width: int) -> None:
        self._narrowest = width

    def sizeHint(self) -> QSize:
        """As wide as the chosen text, not as the longest."""
        text = self.fontMetrics().horizontalAdvance(self.currentText())
        return QSize(max(text + _BESIDE_TEXT, self._narrowest), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._narrowest, super().minimumSizeHint().height())

    def showPopup(self) -> None:
        """The list is as wide as its longest text, however narrow the box is."""
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + _BESIDE_LIST)
        self._describe_entries()
        super().showPopup()
        self.opened.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only a box that has the focus turns; else the panel scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        style = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, style, self).width()
        text = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        option.currentText = text
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _index_changed(self, index: int) -> None:
        self._shown()
        if index >= 0:
            self.chosen.emit(self.key)

    def _shown(self) -> None:
        self.updateGeometry()
        option = self.option(self.currentIndex())
        self.setToolTip(_told(option) if option else "")

    def _describe_entries(self) -> None:
        """What a card shows is said to a screen reader too."""
        for row, option in enumerate(self._options):
            if option.topic is not None:
                self.setItemData(row, option.topic().plain, Qt.ItemDataRole.AccessibleDescriptionRole)


def _told(option: Option) -> str:
    if option.topic is not None:
        return option.topic().plain
    return "\n".join(part for part in (option.text, option.tip) if part)
