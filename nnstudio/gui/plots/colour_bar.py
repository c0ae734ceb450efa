"""The colour scale of values, with what its ends and its middle stand for."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from nnstudio.explain.numbers import short
from nnstudio.gui.theme import LIGHT, Theme

from .plane import Scale

_BAR, _STOPS = 8.0, 9


class ColourBar(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale, self._theme = Scale(0.0, 1.0), LIGHT
        self.setFixedHeight(26)

    def show_scale(self, scale: Scale, theme: Theme) -> None:
        self._scale, self._theme = scale, theme
        self.setAccessibleName("Colours from " + " to ".join(self._labels()[::2]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 26)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gradient = QLinearGradient(QPointF(0, 0), QPointF(self.width(), 0))
        for stop in range(_STOPS):
            gradient.setColorAt(stop / (_STOPS - 1), self._theme.sign(2 * stop / (_STOPS - 1) - 1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(QRectF(0, 0, self.width(), _BAR), 3, 3)
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.muted))
        area, flags = QRectF(0, _BAR + 2, self.width(), 16), Qt.AlignmentFlag
        for label, align in zip(self._labels(), (flags.AlignLeft, flags.AlignHCenter, flags.AlignRight), strict=True):
            painter.drawText(area, align, label)
        painter.end()

    def _labels(self) -> tuple[str, str, str]:
        middle, reach = self._scale.middle, self._scale.reach
        return short(middle - reach, 3), short(middle, 3), short(middle + reach, 3)
