"""The rows of the watch list: symbol, small curve, change and value. Enter, F2 or a double click edits, Delete removes,
Alt+Up and Alt+Down, or dragging, puts a row elsewhere."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from nnstudio.gui.appearance import Appearance
from nnstudio.gui.inspector.flash import Flash
from nnstudio.training.conditions.limits import LENGTH

from .row_list import ROW, RowList
from .rows import Row
from .spark_line import paint_spark

_Index = QModelIndex | QPersistentModelIndex
_HEIGHT, _HEIGHT_TWO = 28, 42
_SIDE, _GAP = 8, 12
_VALUE, _CHANGE, _LOG = 76, 60, 20
_LEAST_SPARK, _MOST_SPARK, _SPARK_SHARE = 56, 220, 0.25
_LEAST_FOR_CHANGE = 320
"""A narrower row shows no change."""
_FLASH = 0.35


class RowDelegate(QStyledItemDelegate):
    """Paints a row, and lets its text be typed anew; `problem` says what is wrong with it, `typed` passes it on."""

    typed = Signal(str)

    def __init__(
        self, appearance: Appearance, flash: Flash, problem: Callable[[str, int | None], str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._appearance, self._flash, self._problem = appearance, flash, problem
        self._edited: int | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        row = index.data(ROW)
        return QSize(160, _HEIGHT_TWO if isinstance(row, Row) and row.details else _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, theme = index.data(ROW), self._appearance.theme
        if not isinstance(row, Row):
            return
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if current or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(theme.chosen if current else theme.field))
            painter.drawRoundedRect(rect, 5, 5)
        if level := self._flash.of(index.row(), 0):
            mark = QColor(theme.accent)
            mark.setAlphaF(_FLASH * level)
            painter.setBrush(mark)
            painter.drawRoundedRect(
                QRectF(rect.right() - _VALUE - _SIDE, rect.top(), _VALUE + _SIDE, rect.height()), 5, 5
            )
        self._paint_parts(painter, rect.adjusted(_SIDE, 0, -_SIDE, 0), row, option.font)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("watch_editor")
        editor.setAccessibleName("What is watched")
        editor.setMaxLength(LENGTH + 1)
        editor.textEdited.connect(self._type)
        self._edited = index.row()
        return editor

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """What cannot be watched stays in the editor."""
        enter = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _ENTER
        if enter and isinstance(editor, QLineEdit) and self._problem(editor.text(), self._edited):
            self._type(editor.text())
            return True
        return super().eventFilter(editor, event)

    def _type(self, text: str) -> None:
        self.typed.emit(self._problem(text, self._edited))

    def _paint_parts(self, painter: QPainter, area: QRectF, row: Row, font: QFont) -> None:
        theme, small = self._appearance.theme, QFont(font)
        small.setPixelSize(11)
        spark = min(max(_SPARK_SHARE * area.width(), _LEAST_SPARK), _MOST_SPARK)
        change = _CHANGE if area.width() >= _LEAST_FOR_CHANGE else 0
        flags = Qt.AlignmentFlag
        painter.setFont(font)
        painter.setPen(QColor(theme.stale if row.number != row.number else theme.text))
        value = area.adjusted(area.width() - _VALUE, 0, 0, 0)
        painter.drawText(value, flags.AlignVCenter | flags.AlignRight, row.value)
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        if change:
            painter.drawText(
                QRectF(value.left() - _CHANGE, area.top(), _CHANGE, area.height()),
                flags.AlignVCenter | flags.AlignRight,
                row.change,
            )
        curve = QRectF(value.left() - change - _GAP - spark, area.top(), spark, area.height())
        if row.spark.log:
            painter.drawText(curve, flags.AlignVCenter | flags.AlignRight, "log")
        middle = curve.center().y()
        line = QRectF(curve.left(), middle - _HEIGHT / 2 + 2, spark - _LOG - 4, _HEIGHT - 4)
        colour = QColor(theme.muted) if row.role is None else theme.role(row.role)
        paint_spark(painter, line, row.spark, colour)
        self._paint_words(painter, area.adjusted(0, 0, curve.left() - area.right() - _GAP, 0), row, font, small)

    def _paint_words(self, painter: QPainter, area: QRectF, row: Row, font: QFont, small: QFont) -> None:
        theme = self._appearance.theme
        painter.setFont(font)
        painter.setPen(QColor(theme.stale if row.problem else theme.text))
        first = QRectF(area.left(), area.top() + (2 if row.details else 0), area.width(), 24)
        if not row.details:
            first.setHeight(area.height())
        _elided(painter, first, row.title)
        if row.details:
            painter.setFont(small)
            painter.setPen(QColor(theme.error if row.problem else theme.muted))
            _elided(painter, QRectF(area.left(), area.top() + 21, area.width(), 18), row.details)


class RowView(QListView):
    """Signals carry the row; `menu_wanted` also where on the screen."""

    removed = Signal(int)
    moved = Signal(int, int)
    menu_wanted = Signal(int, QPoint)

    def __init__(
        self, model: RowList, appearance: Appearance, flash: Flash, problem: Callable[[str, int | None], str]
    ) -> None:
        super().__init__()
        self.setObjectName("watch_rows")
        self.setAccessibleName("Watch list")
        self.setWhatsThis("Enter or F2 edits, Delete removes, Alt+Up and Alt+Down move.")
        self.setModel(model)
        self.delegate = RowDelegate(appearance, flash, problem, self)
        self.setItemDelegate(self.delegate)
        self.setMouseTracking(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        trigger = QListView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed)
        self.setDragDropMode(QListView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMinimumHeight(_HEIGHT)

    @property
    def editing(self) -> bool:
        return self.state() is QListView.State.EditingState

    @property
    def chosen(self) -> list[int]:
        """The rows that are chosen, in their order."""
        return sorted(index.row() for index in self.selectedIndexes())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, key = self.currentIndex().row(), event.key()
        alone = row >= 0 and not self.editing
        if alone and event.modifiers() & Qt.KeyboardModifier.AltModifier and key in _MOVES:
            self.moved.emit(row, row + _MOVES[Qt.Key(key)])
        elif alone and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(row)
        elif alone and key in _ENTER:
            self.edit(self.currentIndex())
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


_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
