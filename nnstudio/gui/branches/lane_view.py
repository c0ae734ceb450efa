"""The list of branches as a view: the line of the curve, what is changed, and the cost. Delete removes a branch."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from nnstudio.gui.appearance import Appearance
from nnstudio.gui.plots.markers import line_pen

from .lane_model import ROW, LaneList, LaneRow

_Index = QModelIndex | QPersistentModelIndex
_HEIGHT, _LINE = 44, 26
_COMPACT = 28
_LINES_IN_FULL = 3
"""With less room than for so many rows, each has its first line alone."""
_SIGN = 36
"""The width of the sign's column."""


class LaneDelegate(QStyledItemDelegate):
    """The line of the curve, the name and the cost; beneath, smaller, how far it is, unless the rows are `compact`."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.compact = False

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(120, _COMPACT if self.compact else _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, theme = index.data(ROW), self._appearance.theme
        if not isinstance(row, LaneRow):
            return
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.chosen if current else theme.field))
            painter.drawRoundedRect(rect, 5, 5)
        words = QRectF(rect.left() + _SIGN, rect.top() + 1, rect.width() - _SIGN - 8, _LINE - 2)
        painter.setPen(line_pen(row.key.colour, row.key.dash))
        middle = words.center().y()
        painter.drawLine(QPointF(rect.left() + 8, middle), QPointF(rect.left() + _SIGN - 8, middle))
        painter.setFont(option.font)
        painter.setPen(QColor(theme.error if row.diverged else theme.text))
        flags = Qt.AlignmentFlag
        painter.drawText(words, flags.AlignVCenter | flags.AlignRight, row.cost)
        taken = QFontMetricsF(option.font).horizontalAdvance(row.cost) + 12
        painter.setPen(QColor(theme.text))
        _elided(painter, words.adjusted(0, 0, -taken, 0), row.text)
        if not self.compact:
            small = QFont(option.font)
            small.setPixelSize(11)
            painter.setFont(small)
            painter.setPen(QColor(theme.muted))
            _elided(painter, words.translated(0, 17), row.details)
        painter.restore()


class LaneView(QListView):
    """`removed` carries the row that Delete was pressed on."""

    removed = Signal(int)

    def __init__(self, model: LaneList, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("branch_list")
        self.setAccessibleName("Branches")
        self.setWhatsThis("Delete removes a branch.")
        self.setModel(model)
        self._delegate = LaneDelegate(appearance, self)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(_COMPACT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        compact = self.height() < _LINES_IN_FULL * _HEIGHT
        if compact is not self._delegate.compact:
            self._delegate.compact = compact
            self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if row >= 0 and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(row)
        else:
            super().keyPressEvent(event)


def _elided(painter: QPainter, rect: QRectF, text: str) -> None:
    shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
