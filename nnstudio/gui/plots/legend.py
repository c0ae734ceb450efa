"""A legend: what each line and marker stands for, in a row or in a column. What does not fit whole is left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import Theme

from .markers import Look, draw, line_pen

_SWATCH, _GAP, _BETWEEN, _ROW = 16, 5, 12, 18


@dataclass(frozen=True, slots=True)
class Key:
    """One entry: a line with its dashes, or a marker."""

    label: str
    colour: str = ""
    dash: tuple[float, ...] = ()
    look: Look | None = None


class Legend(QWidget):
    """`cut_changed` says that other entries than before have no room; `cut` has their labels."""

    cut_changed = Signal()

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._orientation = orientation
        self._keys: tuple[Key, ...] = ()
        self._text = QColor()
        self.cut: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(key.label for key in self._keys)

    def show_keys(self, keys: Sequence[Key], theme: Theme) -> None:
        """Show these entries; nothing happens where they are shown already."""
        colour = QColor(theme.muted)
        if tuple(keys) == self._keys and colour == self._text:
            return
        self._keys, self._text = tuple(keys), colour
        self.setAccessibleName("Legend: " + ", ".join(self.labels))
        self.setToolTip("\n".join(self.labels) if self._orientation is Qt.Orientation.Vertical else "")
        self.updateGeometry()
        self.update()
        self._find_cut()

    def sizeHint(self) -> QSize:
        if self._orientation is Qt.Orientation.Vertical:
            return QSize(96, _ROW * len(self._keys))
        return QSize(sum(self._widths()) + _BETWEEN * max(len(self._keys) - 1, 0) + 2, _ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._find_cut()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font())
        self.paint(painter, QRectF(self.rect()))
        painter.end()

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Draw the entries into `area`."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        if self._orientation is Qt.Orientation.Vertical:
            self._paint_column(painter, area)
        else:
            self._paint_row(painter, area)

    def _paint_row(self, painter: QPainter, area: QRectF) -> None:
        x = area.left()
        for key, width in zip(self._fitting(area.width()), self._widths(), strict=False):
            self._paint_key(painter, key, QRectF(x, area.top(), width + 1, area.height()))
            x += width + _BETWEEN

    def _fitting(self, room: float) -> Sequence[Key]:
        """The entries of a row that fit into it, from the first on."""
        x = 0.0
        for number, width in enumerate(self._widths()):
            if x + width > room + 1:
                return self._keys[:number]
            x += width + _BETWEEN
        return self._keys

    def _find_cut(self) -> None:
        if self._orientation is Qt.Orientation.Vertical:
            return
        cut = self.labels[len(self._fitting(self.width())) :]
        if cut != self.cut:
            self.cut = cut
            self.cut_changed.emit()

    def _paint_column(self, painter: QPainter, area: QRectF) -> None:
        room = int(area.height() // _ROW)
        keys = self._keys if len(self._keys) <= room else self._keys[: max(room - 1, 0)]
        for number, key in enumerate(keys):
            self._paint_key(painter, key, QRectF(area.left(), area.top() + number * _ROW, area.width(), _ROW))
        if len(keys) < len(self._keys) and room:
            rest = QRectF(area.left(), area.top() + len(keys) * _ROW, area.width(), _ROW)
            painter.setPen(self._text)
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, f"and {len(self._keys) - len(keys)} more")

    def _paint_key(self, painter: QPainter, key: Key, area: QRectF) -> None:
        middle = area.center().y()
        if key.look is not None:
            draw(painter, QPointF(area.left() + _SWATCH / 2, middle), key.look, 8)
        else:
            painter.setPen(line_pen(key.colour, key.dash))
            painter.drawLine(QPointF(area.left(), middle), QPointF(area.left() + _SWATCH, middle))
        painter.setPen(self._text)
        room = area.adjusted(_SWATCH + _GAP, 0, 0, 0)
        text = painter.fontMetrics().elidedText(key.label, Qt.TextElideMode.ElideRight, int(room.width()) + 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _widths(self) -> list[int]:
        metrics = QFontMetrics(self._font())
        return [_SWATCH + _GAP + metrics.horizontalAdvance(key.label) for key in self._keys]

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(12)
        return font
