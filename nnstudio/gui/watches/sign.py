"""The sign of how a watch stands, told by its shape: a ring is fine, a triangle true, a dash not known or not here."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nnstudio.gui.appearance import Appearance

from .watching import State

_SIZE = 16


class Sign(QWidget):
    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._state = State.UNKNOWN
        self.setFixedSize(_SIZE, _SIZE)

    def show_state(self, state: State) -> None:
        self._state = state
        self.setToolTip(state.value)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, at = self._appearance.theme, QPointF(_SIZE / 2, _SIZE / 2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._state is State.TRUE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.error))
            painter.drawPolygon(QPolygonF([at + QPointF(*corner) for corner in ((0, -6), (6.5, 5.5), (-6.5, 5.5))]))
        elif self._state is State.FINE:
            painter.setPen(QPen(QColor(theme.update), 2))
            painter.drawEllipse(at, 4.5, 4.5)
        else:
            painter.setPen(QPen(QColor(theme.stale), 2))
            painter.drawLine(at - QPointF(4, 0), at + QPointF(4, 0))
        painter.end()
