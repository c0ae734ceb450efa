"""The scale of an error map, and what its marks stand for."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.explain.numbers import short
from nnstudio.explain.symbols import superscript

from .error_grid import ErrorGrid
from .error_scale import LEAST, MOST, ErrorScale, position

_BAR, _LABELS, _KEYS = 8.0, 16.0, 20.0
_SWATCH, _GAP, _BETWEEN = 12.0, 6.0, 16.0


class ErrorLegend(QWidget):
    """A bar of the colours with their numbers; under it the marks that occur in the map at hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale: ErrorScale | None = None
        self._keys: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(int(_BAR + _LABELS + _KEYS) + 4)

    @property
    def keys(self) -> tuple[str, ...]:
        """What the marks shown stand for."""
        return self._keys

    def show_scale(self, scale: ErrorScale, grid: ErrorGrid | None) -> None:
        self._scale = scale
        self._keys = tuple(_keys(grid, scale)) if grid is not None else ()
        marks = ", ".join(self._keys)
        self.setAccessibleName(f"Relative errors from 1e{LEAST} to 1, {scale.tolerance:g} allowed. Marks: {marks}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        scale = self._scale
        if scale is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        self._paint_bar(painter, scale)
        self._paint_keys(painter, scale)
        painter.end()

    def _paint_bar(self, painter: QPainter, scale: ErrorScale) -> None:
        width, theme = self.width() - 1, scale.theme
        painter.setPen(Qt.PenStyle.NoPen)
        steps = max(int(width), 1)
        for step in range(steps):
            error = 10 ** (LEAST + (MOST - LEAST) * (step + 0.5) / steps)
            painter.fillRect(QRectF(step, 0, 1, _BAR), scale.colour(error))
        limit = scale.limit * width
        painter.fillRect(QRectF(limit - 1, -2, 2, _BAR + 4), QColor(theme.text))
        allowed = f"{_power(scale.tolerance)} allowed"
        taken = self._paint_label(painter, allowed, limit, QColor(theme.text))
        for power in range(LEAST, MOST + 1, 3):
            where = position(10.0**power) * width
            if abs(where - limit) > taken:
                self._paint_label(painter, _power(10.0**power), where, QColor(theme.muted))

    def _paint_label(self, painter: QPainter, text: str, at: float, colour: QColor) -> float:
        """Write a label under the bar; return how far from it the middle of another must be."""
        width = QFontMetrics(painter.font()).horizontalAdvance(text) + 2
        left = min(max(at - width / 2, 0.0), self.width() - width)
        painter.setPen(colour)
        painter.drawText(QRectF(left, _BAR + 2, width, _LABELS), Qt.AlignmentFlag.AlignCenter, text)
        return width / 2 + 24

    def _paint_keys(self, painter: QPainter, scale: ErrorScale) -> None:
        theme, metrics = scale.theme, QFontMetrics(painter.font())
        left, top = 0.0, _BAR + _LABELS + 6
        for key in self._keys:
            width = metrics.horizontalAdvance(key) + 2
            if left + _SWATCH + _GAP + width > self.width():
                return
            swatch = QRectF(left + 0.5, top + (_KEYS - _SWATCH) / 2 - 2, _SWATCH, _SWATCH)
            _paint_swatch(painter, key, swatch, scale)
            painter.setPen(QColor(theme.muted))
            text = QRectF(swatch.right() + _GAP, top - 2, width, _KEYS)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, key)
            left += _SWATCH + _GAP + width + _BETWEEN


WORST, WRONG, KINK, LEFT_OUT = "largest error", "more than allowed", "at a kink", "not drawn"


def _keys(grid: ErrorGrid, scale: ErrorScale) -> list[str]:
    keys = [WORST] if grid.worst is not None else []
    if bool((grid.relative > scale.tolerance).any()):
        keys.append(WRONG)
    if bool(grid.kinks.any()):
        keys.append(KINK)
    return keys if grid.whole else [*keys, LEFT_OUT]


def _paint_swatch(painter: QPainter, key: str, rect: QRectF, scale: ErrorScale) -> None:
    theme = scale.theme
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if key == WORST:
        painter.setPen(QPen(QColor(theme.text), 2))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 2, 2)
    elif key == KINK:
        painter.fillRect(rect, QBrush(QColor(theme.warning), Qt.BrushStyle.BDiagPattern))
    elif key == WRONG:
        painter.fillRect(rect, scale.colour(1.0))
        painter.setPen(QPen(QColor(theme.panel), 1.5))
        inner = rect.adjusted(3.5, 3.5, -3.5, -3.5)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(QPointF(inner.left(), inner.bottom()), QPointF(inner.right(), inner.top()))
    else:
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(rect)


def _power(error: float) -> str:
    """10⁻⁶; 1 as it is, and what is no power of ten as a number."""
    exponent = round(position(error) * (MOST - LEAST)) + LEAST
    if error != 10.0**exponent:
        return short(error, 2)
    return f"10{superscript(exponent)}" if exponent else "1"
