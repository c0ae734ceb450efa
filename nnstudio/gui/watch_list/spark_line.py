"""The history of a number as a curve a line of text high. The part behind where the run stands is paler."""

import numpy as np
from pyqtgraph import arrayToQPath
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from .rows import Spark

_DOT = 2.5
_AHEAD = 0.35
_AIR = 3.0


def paint_spark(painter: QPainter, area: QRectF, spark: Spark, colour: QColor) -> None:
    """Draw it into `area`; a number that never changed is a level line."""
    if not len(spark.y):
        return
    area = area.adjusted(_DOT, _AIR, -_DOT, -_AIR)
    left, low = spark.x[0], spark.y.min()
    across = area.width() / ((spark.x[-1] - left) or 1.0)
    span = spark.y.max() - low
    x = area.left() + (spark.x - left) * across
    y = area.bottom() - (spark.y - low) * area.height() / span if span else np.full(len(x), area.center().y())
    past = int(np.searchsorted(spark.x, spark.here, side="right"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pale = QColor(colour)
    pale.setAlphaF(_AHEAD)
    for shade, part in ((pale, slice(max(past - 1, 0), None)), (colour, slice(0, past))):
        if len(x[part]) > 1:
            painter.setPen(QPen(shade, 1.3))
            painter.drawPath(arrayToQPath(np.ascontiguousarray(x[part]), np.ascontiguousarray(y[part])))
    if past:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(x[past - 1], y[past - 1]), _DOT, _DOT)
