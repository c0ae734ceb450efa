"""The ground of all pictures of what has been learned: a frame with quiet axes, painted directly.

Painting the few things that move is much cheaper than a scene of items: what stands still (axes, points) is painted
once into pictures of its own, for a size, a theme and a set of data.
"""

from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget

from nnstudio.gui.theme import LIGHT, Theme

from .ranges import Range
from .ticks import Tick, linear_ticks

_TICK_ROW, _NAME_ROW, _GAP = 16.0, 14.0, 5.0
_ROOM_FOR_NAMES = 150


class Chart(QWidget):
    """A picture with a horizontal and a vertical axis. Subclasses paint into `frame`."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(88, 72)
        self.theme = LIGHT
        self.x_range: Range = (0.0, 1.0)
        self.y_range: Range = (0.0, 1.0)
        self.x_name = self.y_name = ""
        self._still: QPixmap | None = None
        self._still_key: object = None

    @property
    def frame(self) -> QRectF:
        """Where the data are drawn, in pixels."""
        names = self._names_shown
        below = _TICK_ROW + (_NAME_ROW if names and self.x_name else 0)
        left = self._label_width() + _GAP + (_NAME_ROW if names and self.y_name else 0)
        area = QRectF(left, 4, self.width() - left - 4, self.height() - below - 4)
        return self.shaped(area)

    def sizeHint(self) -> QSize:
        return QSize(180, 160)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.touch()

    def touch(self) -> None:
        """What stands still has changed."""
        self._still_key = None
        self.update()

    def shaped(self, area: QRectF) -> QRectF:
        """The part of `area` that the frame takes."""
        return area

    def still(self, painter: QPainter, *, shapes: bool) -> None:
        """Paint what stands still over the axes."""

    def moving(self, painter: QPainter, *, shapes: bool) -> None:
        """Paint what changes from frame to frame, over what stands still."""

    def under(self, painter: QPainter) -> None:
        """Paint what changes from frame to frame, under what stands still."""

    def tip(self, at: QPointF) -> str:
        """What to say of the place under the pointer."""
        return ""

    def paint(self, painter: QPainter, *, shapes: bool = False) -> None:
        """Paint everything; `shapes` for a file that keeps shapes."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.under(painter)
        if shapes:
            self._paint_axes(painter)
            self.still(painter, shapes=True)
        else:
            painter.drawPixmap(0, 0, self._still_picture())
        self.moving(painter, shapes=shapes)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint(painter)
        if self.hasFocus():
            painter.setPen(QColor(self.theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.frame.adjusted(-1.5, -1.5, 1.5, 1.5), 7, 7)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def to_pixel(self, x: float, y: float) -> QPointF:
        frame = self.frame
        (left, right), (bottom, top) = self.x_range, self.y_range
        return QPointF(
            frame.left() + (x - left) / (right - left) * frame.width(),
            frame.bottom() - (y - bottom) / (top - bottom) * frame.height(),
        )

    def from_pixel(self, at: QPointF) -> tuple[float, float]:
        frame = self.frame
        (left, right), (bottom, top) = self.x_range, self.y_range
        return (
            left + (at.x() - frame.left()) / frame.width() * (right - left),
            bottom + (frame.bottom() - at.y()) / frame.height() * (top - bottom),
        )

    def x_ticks(self) -> list[Tick]:
        """As many as can be read beside each other."""
        fewer = (linear_ticks(*self.x_range, most) for most in range(max(int(self.frame.width() // 44), 4), 1, -1))
        return next((ticks for ticks in fewer if self._side_by_side(ticks)), linear_ticks(*self.x_range, 1))

    def y_ticks(self) -> list[Tick]:
        return linear_ticks(*self.y_range, max(int(self.height() // 36), 4))

    @property
    def small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(11)
        return font

    @property
    def _names_shown(self) -> bool:
        return self.height() >= _ROOM_FOR_NAMES

    def _label_width(self) -> float:
        metrics = QFontMetricsF(self.small)
        return max((metrics.horizontalAdvance(tick.label) for tick in self.y_ticks()), default=0.0)

    def _side_by_side(self, ticks: list[Tick]) -> bool:
        """Whether the labels of these ticks below the axis leave room between them."""
        metrics = QFontMetricsF(self.small)
        labels = [(self.to_pixel(tick.place, 0).x(), metrics.horizontalAdvance(tick.label)) for tick in ticks]
        return all(b - a >= (wide + wide_too) / 2 + _GAP for (a, wide), (b, wide_too) in pairwise(labels))

    def _still_picture(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        key = (self.size(), ratio, self.x_range, self.y_range, self.theme.dark)
        if self._still is None or key != self._still_key:
            self._still_key = key
            self._still = QPixmap(self.size() * ratio)
            self._still.setDevicePixelRatio(ratio)
            self._still.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._still)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_axes(painter)
            self.still(painter, shapes=False)
            painter.end()
        return self._still

    def _paint_axes(self, painter: QPainter) -> None:
        frame, metrics = self.frame, QFontMetricsF(self.small)
        painter.setFont(self.small)
        painter.setPen(QColor(self.theme.muted))
        flags = Qt.AlignmentFlag
        for tick in self.x_ticks():
            width = metrics.horizontalAdvance(tick.label) + 2
            left = self.to_pixel(tick.place, 0).x() - width / 2
            left = min(max(left, frame.left() - 8), self.width() - width)
            area = QRectF(left, frame.bottom() + 2, width, _TICK_ROW - 2)
            painter.drawText(area, flags.AlignCenter, tick.label)
        for tick in self.y_ticks():
            middle = self.to_pixel(0, tick.place).y()
            area = QRectF(0, max(middle - 8, 0), frame.left() - _GAP, 16)
            painter.drawText(area, flags.AlignRight | flags.AlignVCenter, tick.label)
        if self._names_shown:
            self._paint_names(painter, frame, metrics)

    def _paint_names(self, painter: QPainter, frame: QRectF, metrics: QFontMetricsF) -> None:
        elide, centre = Qt.TextElideMode.ElideRight, Qt.AlignmentFlag.AlignCenter
        if self.x_name:
            area = QRectF(frame.left(), frame.bottom() + _TICK_ROW - 1, frame.width(), _NAME_ROW)
            painter.drawText(area, centre, metrics.elidedText(self.x_name, elide, frame.width()))
        if self.y_name:
            painter.save()
            painter.translate(frame.left() - self._label_width() - _GAP - _NAME_ROW / 2 - 2, frame.center().y())
            painter.rotate(-90)
            area = QRectF(-frame.height() / 2, -_NAME_ROW / 2, frame.height(), _NAME_ROW)
            painter.drawText(area, centre, metrics.elidedText(self.y_name, elide, frame.height()))
            painter.restore()
