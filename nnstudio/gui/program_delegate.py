"""Draws one operation: a marker at the operation that runs next, a bar and a word for its phase, its formula."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from .appearance import Appearance
from .program_model import ROW, OpRow
from .theme import Theme

HEIGHT = 22
WIDTH = 300
_GUTTER = 22
_TEXT_LEFT = 102
_FADED = 0.62


class ProgramDelegate(QStyledItemDelegate):
    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.width = WIDTH

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self.width, HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(ROW)
        if not isinstance(row, OpRow):
            return
        theme = self._appearance.theme
        rect = QRectF(option.rect).adjusted(0, 1, -8, -1)
        font: QFont = option.font
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, theme, rect, row, hovered)
        self._marks(painter, theme, rect, row)
        self._words(painter, theme, rect, row, font)
        painter.restore()

    def _ground(self, painter: QPainter, theme: Theme, rect: QRectF, row: OpRow, hovered: bool) -> None:
        colour = None
        if row.current:
            colour = QColor(theme.phase(row.phase))
            colour.setAlphaF(0.16)
        elif hovered:
            colour = QColor(theme.field)
        painter.setPen(QColor(theme.accent) if row.chosen else Qt.PenStyle.NoPen)
        if colour is not None or row.chosen:
            painter.setBrush(colour or Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)

    def _marks(self, painter: QPainter, theme: Theme, rect: QRectF, row: OpRow) -> None:
        phase, middle = theme.phase(row.phase), rect.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(phase)
        if row.current:
            left = rect.left() + 8
            painter.drawPolygon(
                QPolygonF([QPointF(left, middle - 5), QPointF(left + 9, middle), QPointF(left, middle + 5)])
            )
        painter.setOpacity(1.0 if row.current or row.done else _FADED)
        painter.drawRoundedRect(QRectF(rect.left() + _GUTTER + 2, middle - 7, 3, 14), 1.5, 1.5)

    def _words(self, painter: QPainter, theme: Theme, rect: QRectF, row: OpRow, font: QFont) -> None:
        ahead = not (row.current or row.done)
        small = QFont(font)
        small.setPixelSize(11)
        line = Qt.AlignmentFlag.AlignVCenter
        painter.setOpacity(1.0)
        painter.setFont(small)
        painter.setPen(theme.phase(row.phase))
        painter.drawText(QRectF(rect.left() + _GUTTER + 12, rect.top(), 70, rect.height()), line, row.phase.value)
        room = rect.right() - 8
        painter.setPen(QColor(theme.muted))
        metrics = QFontMetricsF(small)
        width = metrics.horizontalAdvance(row.detail)
        painter.drawText(QRectF(room - width, rect.top(), width + 1, rect.height()), line, row.detail)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted if ahead else theme.text))
        left = rect.left() + _TEXT_LEFT - 10
        text = QFontMetricsF(font).elidedText(row.text, Qt.TextElideMode.ElideRight, room - width - left - 10)
        painter.drawText(QRectF(left, rect.top(), room - width - left - 8, rect.height()), line, text)
