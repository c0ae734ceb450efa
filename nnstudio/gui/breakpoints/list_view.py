"""The list of breakpoints as a view. A click on the sign or Space enables and disables; Enter edits, Delete removes."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from nnstudio.gui.appearance import Appearance

from .list_model import ROW, BreakpointList, BreakpointRow
from .marker import paint

_Index = QModelIndex | QPersistentModelIndex
_LINE, _TWO_LINES = 28, 44
_SIGN = 28
"""The width of the sign's column."""


class BreakpointDelegate(QStyledItemDelegate):
    """Sign, what it waits for and its hits; beneath, smaller, what else is to be so or why it cannot work."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        row = index.data(ROW)
        two = isinstance(row, BreakpointRow) and bool(row.details or row.problem)
        return QSize(120, _TWO_LINES if two else _LINE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, theme = index.data(ROW), self._appearance.theme
        if not isinstance(row, BreakpointRow):
            return
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        state = option.state
        current = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.chosen if current else theme.field))
            painter.drawRoundedRect(rect, 5, 5)
        paint(painter, theme, QPointF(rect.left() + _SIGN / 2, rect.top() + _LINE / 2 - 1), row.marker)
        words = QRectF(rect.left() + _SIGN, rect.top(), rect.width() - _SIGN - 8, _LINE - 2)
        small = QFont(option.font)
        small.setPixelSize(11)
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        taken = QFontMetricsF(small).horizontalAdvance(row.hits) + 12 if row.hits else 0.0
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.hits)
        painter.setFont(option.font)
        painter.setPen(QColor(theme.text if row.marker.filled else theme.muted))
        _elided(painter, words.adjusted(0, 0, -taken, 0), row.text)
        painter.setFont(small)
        painter.setPen(QColor(theme.error if row.problem else theme.muted))
        _elided(painter, words.translated(0, 18).adjusted(0, 2, 0, 0), row.problem or row.details)
        painter.restore()


class BreakpointListView(QListView):
    """Signals carry the row; `menu_wanted` also where on the screen."""

    switched = Signal(int)
    removed = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, model: BreakpointList, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("breakpoints")
        self.setAccessibleName("Breakpoints")
        self.setWhatsThis("Space enables and disables, Enter edits, Delete removes.")
        self.setModel(model)
        self.setItemDelegate(BreakpointDelegate(appearance, self))
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(_LINE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        on_sign = index.isValid() and event.position().x() - self.visualRect(index).left() < _SIGN
        super().mousePressEvent(event)
        if on_sign and event.button() is Qt.MouseButton.LeftButton:
            self.switched.emit(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.position().x() - self.visualRect(index).left() < _SIGN:
            self.switched.emit(index.row())  # two quick clicks are two
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if row >= 0 and event.key() == Qt.Key.Key_Space:
            self.switched.emit(row)
        elif row >= 0 and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(row)
        elif row >= 0 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            below = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
            self.menu_wanted.emit(index.row(), below if by_key else event.globalPos())
            event.accept()


def _elided(painter: QPainter, rect: QRectF, text: str) -> None:
    shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
