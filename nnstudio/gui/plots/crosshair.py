"""What lies under the pointer: a thin line at the nearest epoch, a dot on each curve, and a card with their values."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from nnstudio.gui.theme import Theme

from .markers import line_pen

_PAD, _ROW, _SWATCH, _OFF, _BETWEEN = 10.0, 18.0, 14.0, 12.0, 16.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One curve's value; `y` is its place in pixels, None where the curve has none there."""

    name: str
    value: str
    colour: str
    dash: tuple[float, ...]
    y: float | None


@dataclass(frozen=True, slots=True)
class Reading:
    """All values at one epoch; `x` is its place in pixels, top and bottom the plot's."""

    title: str
    x: float
    top: float
    bottom: float
    entries: tuple[Entry, ...]

    @property
    def text(self) -> str:
        return ", ".join((self.title, *(f"{entry.name} {entry.value}" for entry in self.entries)))


class Crosshair(QWidget):
    """Lies over the plot and lets every click through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.reading: Reading | None = None
        self._theme: Theme | None = None
        self.hide()

    def show_reading(self, reading: Reading | None, theme: Theme) -> None:
        if reading == self.reading and theme is self._theme:
            return
        self.reading, self._theme = reading, theme
        self.setVisible(reading is not None)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.reading is None or self._theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_marks(painter, self.reading, self._theme)
        self._paint_card(painter, self.reading, self._theme)
        painter.end()

    def _paint_marks(self, painter: QPainter, reading: Reading, theme: Theme) -> None:
        x = round(reading.x) + 0.5
        painter.setPen(QPen(QColor(theme.stale), 1))
        painter.drawLine(QPointF(x, reading.top), QPointF(x, reading.bottom))
        painter.setPen(QPen(QColor(theme.panel), 1.5))
        for entry in reading.entries:
            if entry.y is not None:
                painter.setBrush(QColor(entry.colour))
                painter.drawEllipse(QPointF(x, entry.y), 4.0, 4.0)

    def _paint_card(self, painter: QPainter, reading: Reading, theme: Theme) -> None:
        font = QFont(self.font())
        font.setPixelSize(12)
        metrics = QFontMetricsF(font)
        card = self._card(reading, metrics)
        painter.setFont(font)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(card, 6, 6)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.muted))
        painter.drawText(
            QRectF(card.left() + _PAD, card.top() + 6, card.width() - 2 * _PAD, _ROW), middle, reading.title
        )
        for entry, row in zip(reading.entries, self._rows(reading, metrics, card), strict=True):
            painter.setPen(line_pen(entry.colour, entry.dash))
            middle_y = row.center().y()
            painter.drawLine(QPointF(row.left(), middle_y), QPointF(row.left() + _SWATCH, middle_y))
            painter.setPen(QColor(theme.muted))
            painter.drawText(row.adjusted(_SWATCH + 6, 0, 0, 0), middle, entry.name)
            painter.setPen(QColor(theme.text))
            painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, entry.value)

    def _rows(self, reading: Reading, metrics: QFontMetricsF, card: QRectF) -> Iterator[QRectF]:
        """Where each entry stands: below one another, in a further column where the plot is not high enough."""
        column, below = self._column(reading, metrics), self._below(reading)
        for number in range(len(reading.entries)):
            across, down = divmod(number, below)
            left = card.left() + _PAD + across * (column + _BETWEEN)
            yield QRectF(left, card.top() + 6 + (down + 1) * _ROW, column, _ROW)

    def _below(self, reading: Reading) -> int:
        """How many entries stand in a column."""
        room = int((self.height() - reading.top - 14) // _ROW) - 1
        return min(max(room, 1), max(len(reading.entries), 1))

    def _column(self, reading: Reading, metrics: QFontMetricsF) -> float:
        names = max((metrics.horizontalAdvance(entry.name) for entry in reading.entries), default=0.0)
        values = max((metrics.horizontalAdvance(entry.value) for entry in reading.entries), default=0.0)
        return _SWATCH + 6 + names + 16 + values

    def _card(self, reading: Reading, metrics: QFontMetricsF) -> QRectF:
        """At the right of the line, or at its left where there is no room."""
        below = self._below(reading)
        columns = -(-len(reading.entries) // below)
        entries = columns * (self._column(reading, metrics) + _BETWEEN) - _BETWEEN
        size = QSizeF(max(entries, metrics.horizontalAdvance(reading.title)) + 2 * _PAD, 12 + _ROW * (below + 1))
        left = reading.x + _OFF
        if left + size.width() > self.width() - 2:
            left = max(reading.x - _OFF - size.width(), 2.0)
        return QRectF(QPointF(round(left) + 0.5, max(round(reading.top), 1) + 0.5), size)
