"""A list of numbers: a symbol or words, a small bar by sign and size, the number. A click or Enter opens a row."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from nnstudio.gui.appearance import Appearance

from .rows import Row

_Index = QModelIndex | QPersistentModelIndex
_ROW = int(Qt.ItemDataRole.UserRole)
_HEIGHT, _SIDE, _GAP = 24, 8, 8
_BAR, _BAR_HEIGHT = 48, 8
_NUMBER = 72
_NARROW = 224
"""In less than this there is no room for bars."""


class BarRows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        return row.words if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole) else None

    def show(self, rows: Sequence[Row]) -> None:
        """Show these; rows that are as many keep their place, and only those that differ are drawn again."""
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()
            return
        old, self.rows = self.rows, tuple(rows)
        for place, (before, now) in enumerate(zip(old, self.rows, strict=True)):
            if before != now:
                self.dataChanged.emit(self.index(place), self.index(place))


class _BarDelegate(QStyledItemDelegate):
    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(160, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(_ROW)
        if not isinstance(row, Row):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        self._paint_ground(painter, option, rect, row)
        rect.adjust(_SIDE, 0, -_SIDE, 0)
        self._paint_number(painter, QRectF(rect.right() - _NUMBER, rect.top(), _NUMBER, rect.height()), row)
        taken = _NUMBER + _GAP
        if rect.width() >= _NARROW:
            bar = QRectF(rect.right() - _NUMBER - _GAP - _BAR, rect.center().y() - _BAR_HEIGHT / 2, _BAR, _BAR_HEIGHT)
            self._paint_bar(painter, bar, row)
            taken += _BAR + _GAP
        self._paint_words(painter, rect.adjusted(0, 0, -taken, 0), row)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRectF, row: Row) -> None:
        theme, state = self._appearance.theme, option.state
        focused = bool(state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus)
        if row.current or focused or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QColor(theme.accent) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.chosen if row.current else theme.field))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)

    def _paint_words(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        theme, metrics = self._appearance.theme, QFontMetricsF(painter.font())
        faded = QColor(theme.stale)
        painter.setPen(faded if row.faded else QColor(getattr(theme, row.colour or "text")))
        text = metrics.elidedText(row.text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _LEFT, text)
        small = QFont(painter.font())
        small.setPixelSize(11)
        rest = rect.adjusted(metrics.horizontalAdvance(text) + _GAP, 0, 0, 0)
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        if rest.width() > 0:
            note = QFontMetricsF(small).elidedText(row.note, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, _LEFT, note)

    def _paint_number(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        theme = self._appearance.theme
        painter.setPen(QColor(theme.stale if row.faded else theme.text))
        painter.drawText(rect, _RIGHT, row.value)

    def _paint_bar(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        """From the middle to the right where it is positive, to the left where it is negative."""
        theme, middle = self._appearance.theme, rect.center().x()
        painter.setPen(Qt.PenStyle.NoPen)
        if row.share:
            painter.setBrush(QColor(theme.positive if row.share > 0 else theme.negative))
            reach = row.share * rect.width() / 2
            painter.drawRect(QRectF(middle + min(reach, 0.0), rect.top(), abs(reach), rect.height()))
        painter.setBrush(QColor(theme.line))
        painter.drawRect(QRectF(middle - 0.5, rect.top() - 3, 1, rect.height() + 6))


class BarList(QListView):
    """`opened` carries the row."""

    opened = Signal(int)

    def __init__(self, name: str, title: str, appearance: Appearance) -> None:
        super().__init__()
        self.rows = BarRows()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setModel(self.rows)
        self.setItemDelegate(_BarDelegate(appearance, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(2 * _HEIGHT)
        self.clicked.connect(self._open)

    def sizeHint(self) -> QSize:
        """As high as its rows, within reason; it takes what room there is."""
        return QSize(160, _HEIGHT * min(max(len(self.rows.rows), 2), 8))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.currentIndex().isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
