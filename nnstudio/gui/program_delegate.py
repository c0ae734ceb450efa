"""Draws one operation: in the gutter its breakpoint, and an arrow where it runs next; then a bar and a word for its
phase, its formula, and what it makes."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from .appearance import Appearance
from .breakpoints.marker import Marker, Shape, paint
from .program_model import ROW, OpRow
from .theme import Theme

HEIGHT = 22
WIDTH = 300
GUTTER = 22
"""Where breakpoints are set."""
_TEXT_LEFT = 102
_FADED = 0.62


class ProgramDelegate(QStyledItemDelegate):
    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.width = WIDTH
        self.offered: int | None = None
        """The row whose gutter is pointed at."""

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
        self._gutter(painter, theme, rect, row, offered=index.row() == self.offered)
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

    def _gutter(self, painter: QPainter, theme: Theme, rect: QRectF, row: OpRow, *, offered: bool) -> None:
        centre = QPointF(rect.left() + GUTTER / 2 + 0.5, rect.center().y())
        if row.marker is not None:
            paint(painter, theme, centre, row.marker)
        elif offered and not row.current:
            paint(painter, theme, centre, Marker(Shape.DISC), faint=True)
        if row.current:
            size = 5.0 if row.marker is None else 3.5
            colour = theme.panel if row.marker is not None and row.marker.filled else theme.phase(row.phase)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            tip = centre + QPointF(0.9 * size, 0)
            back = centre.x() - 0.9 * size
            painter.drawPolygon(QPolygonF([QPointF(back, centre.y() - size), tip, QPointF(back, centre.y() + size)]))

    def _marks(self, painter: QPainter, theme: Theme, rect: QRectF, row: OpRow) -> None:
        phase, middle = theme.phase(row.phase), rect.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(phase)
        painter.setOpacity(1.0 if row.current or row.done else _FADED)
        painter.drawRoundedRect(QRectF(rect.left() + GUTTER + 2, middle - 7, 3, 14), 1.5, 1.5)

    def _words(self, painter: QPainter, theme: Theme, rect: QRectF, row: OpRow, font: QFont) -> None:
        ahead = not (row.current or row.done)
        small = QFont(font)
        small.setPixelSize(11)
        line = Qt.AlignmentFlag.AlignVCenter
        painter.setOpacity(1.0)
        painter.setFont(small)
        painter.setPen(theme.phase(row.phase))
        painter.drawText(QRectF(rect.left() + GUTTER + 12, rect.top(), 70, rect.height()), line, row.phase.value)
        room = rect.right() - 8
        painter.setPen(theme.phase(row.phase) if row.inside or row.altered else QColor(theme.muted))
        metrics = QFontMetricsF(small)
        width = metrics.horizontalAdvance(row.detail)
        painter.drawText(QRectF(room - width, rect.top(), width + 1, rect.height()), line, row.detail)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted if ahead else theme.text))
        left = rect.left() + _TEXT_LEFT - 10
        text = QFontMetricsF(font).elidedText(row.text, Qt.TextElideMode.ElideRight, room - width - left - 10)
        painter.drawText(QRectF(left, rect.top(), room - width - left - 8, rect.height()), line, text)
