"""A curve that costs next to nothing to draw: pens of width 1 are many times faster than wider ones.

Drawn twice, the second time a little lower, a smooth curve looks as a line two pixels wide would. A file gets a real
wide line, once.
"""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from .markers import line_pen

_SECOND = QTransform.fromTranslate(0, 0.7)


class Curve(pg.PlotCurveItem):  # type: ignore[misc]
    """One line with its dashes, and a label at its end where it has one."""

    def __init__(self) -> None:
        super().__init__(antialias=True, connect="finite")
        self._thin, self._wide = line_pen("#000000", (), 1), line_pen("#000000", ())
        self._dress: object = None
        self._quiet = False
        self._label, self._font = "", QFont()
        self._label_at: QPointF | None = None
        self.setZValue(1)

    def dress(self, colour: str, dash: tuple[float, ...], label: str, font: QFont, *, quiet: bool = False) -> None:
        """A `quiet` line is thin, and lies below the others."""
        dress = (colour, dash, label, quiet)
        if dress != self._dress:
            self._dress = dress
            self._quiet = quiet
            self.setZValue(0.5 if quiet else 1)
            self._thin, self._wide = line_pen(colour, dash, 1), line_pen(colour, dash, 1.0 if quiet else 2.0)
            for pen in (self._thin, self._wide):
                pen.setCosmetic(True)
            self._label, self._font = label, font
            self.setPen(self._thin)

    def place_label(self, at: QPointF | None) -> None:
        """Where the label's left end stands, in scene pixels."""
        self._label_at = at

    def boundingRect(self) -> QRectF:
        """All that is in view, so that nothing need be searched for its extent."""
        view = self.getViewBox()
        return QRectF() if view is None else view.viewRect()

    def viewTransformChanged(self) -> None:
        self.prepareGeometryChange()
        super().viewTransformChanged()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        path = self.getPath()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if widget is None:  # for a file; a cosmetic pen counts the pixels of the device
            wide = QPen(self._wide)
            wide.setWidthF(wide.widthF() * painter.device().devicePixelRatioF())
            painter.setPen(wide)
            painter.drawPath(path)
        else:
            painter.setPen(self._thin)
            painter.drawPath(path)
            if not self._quiet:
                kept = painter.transform()
                painter.setTransform(kept * _SECOND)
                painter.drawPath(path)
                painter.setTransform(kept)
        if self._label and self._label_at is not None:
            self._paint_label(painter, self._label_at)

    def _paint_label(self, painter: QPainter, at: QPointF) -> None:
        """The label is as large at every zoom: only its place follows the axes."""
        place = painter.transform().map(self.mapFromScene(at))
        painter.save()
        painter.resetTransform()
        painter.setFont(self._font)
        painter.setPen(QColor(self._thin.color()))
        painter.drawText(place, self._label)
        painter.restore()
