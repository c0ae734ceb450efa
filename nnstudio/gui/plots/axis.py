"""A quiet axis: no line along it, small muted labels, and lines across the plot only where they are asked for."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from nnstudio.gui.theme import Theme

from .ticks import Tick

NAME_ROW = 14


class QuietAxis(pg.AxisItem):  # type: ignore[misc]
    """Its ticks are given, not found; it is drawn anew only when they or the stretch shown change."""

    def __init__(self, side: str, *, grid: bool) -> None:
        super().__init__(side)
        self._shown: list[Tick] | None = None
        self.setGrid(255 if grid else False)
        self.name = ""
        self.setStyle(
            tickLength=0, tickTextOffset=6, tickAlpha=255, autoExpandTextSpace=False, hideOverlappingLabels=False
        )

    def dress(self, theme: Theme, font: QFont) -> None:
        self.setStyle(tickFont=font)
        self.setTextPen(QPen(QColor(theme.muted)))
        pen = QPen(QColor(theme.line))
        pen.setCosmetic(True)
        self.setTickPen(pen)

    def show_ticks(self, ticks: list[Tick]) -> None:
        if ticks != self._shown:
            self._shown = ticks
            self.setTicks([[(tick.place, tick.label) for tick in ticks]])

    def boundingRect(self) -> QRectF:
        """With room for half a label beyond each end."""
        return QRectF(super().boundingRect()).adjusted(0, -8, 0, 8)

    def show_name(self, name: str) -> None:
        """What the axis counts, below its labels."""
        if name != self.name:
            self.name = name
            self.picture = None
            self.update()

    def drawPicture(self, painter: QPainter, axis: Any, ticks: Any, texts: Any) -> None:
        """All but the line along the axis."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        if self.grid is not False:
            for pen, start, stop in ticks:
                painter.setPen(pen)
                painter.drawLine(start, stop)
        painter.setFont(self.style["tickFont"])
        painter.setPen(self.textPen())
        for area, flags, text in texts:
            painter.drawText(area, int(flags), text)
        if self.name:
            below = self.mapRectFromParent(self.geometry())
            below.setTop(below.bottom() - NAME_ROW)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.name)
