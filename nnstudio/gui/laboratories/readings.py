"""Names and their numbers below one another, the numbers at the right edge.

They are painted, so that numbers that change many times a second lay nothing out anew.
"""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_ROW = 22
_BETWEEN = 16


@dataclass(frozen=True, slots=True)
class Reading:
    """One line. `colour` is that of the name, none for the usual one."""

    name: str
    value: str
    colour: str = ""
    strong: bool = False


class Readings(QWidget):
    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows: tuple[Reading, ...] = ()

    @property
    def rows(self) -> tuple[Reading, ...]:
        return self._rows

    def value(self, name: str) -> str:
        """What stands beside a name; KeyError if it is not there."""
        return {row.name: row.value for row in self._rows}[name]

    def show_rows(self, rows: tuple[Reading, ...]) -> None:
        if rows == self._rows:
            return
        if len(rows) != len(self._rows):
            self.setFixedHeight(_ROW * len(rows))
        self._rows = rows
        self.setAccessibleDescription(", ".join(f"{row.name} {row.value}" for row in rows))
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font(strong=True))
        widths = (metrics.horizontalAdvance(row.name + row.value) for row in self._rows)
        return QSize(max(widths, default=0) + _BETWEEN, _ROW * len(self._rows))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        flags = Qt.AlignmentFlag
        for number, row in enumerate(self._rows):
            area = QRectF(0, number * _ROW, self.width(), _ROW)
            painter.setFont(self._font(strong=row.strong))
            painter.setPen(self.palette().windowText().color())
            painter.drawText(area, flags.AlignVCenter | flags.AlignRight, row.value)
            painter.setPen(QColor(row.colour) if row.colour else self.palette().placeholderText().color())
            room = self.width() - painter.fontMetrics().horizontalAdvance(row.value) - _BETWEEN // 2
            name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(area, flags.AlignVCenter | flags.AlignLeft, name)
        painter.end()

    def _font(self, *, strong: bool) -> QFont:
        font = QFont(self.font())
        if strong:
            font.setWeight(QFont.Weight.DemiBold)
        return font
