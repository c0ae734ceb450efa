"""The strip: the run so far from left to right, its cost as a small curve, and a handle where the run stands.

Dragging the handle, a click, or the arrow keys ask for another moment. The way that is ahead, when the run stands in
its past, is paler.
"""

from typing import ClassVar

from pyqtgraph import arrayToQPath
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnstudio.gui.theme import LIGHT, Theme
from nnstudio.training.keyframes import Moment

from .state import Flag, MarkKind, RunSoFar

_HEIGHT, _FLAGS, _SIDE = 40, 12, 7
_REACH = 4.0
"""So many pixels from a flag or the end of an epoch are as good as there."""
_HANDLE = 5.0


class TimelineStrip(QWidget):
    """`asked` is emitted with the moment that a user wants to see, at most as often as it can be shown."""

    asked = Signal(object)

    _STRIDES: ClassVar[dict[int, int]] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
    _PAGES: ClassVar[dict[int, int]] = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline_strip")
        self.setAccessibleName("Timeline: the run so far")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.theme = LIGHT
        self.run: RunSoFar | None = None
        self._wanted: Moment | None = None
        """Where the handle is, until the run is there."""
        self._pressed = False
        self._ask_timer = QTimer(self, singleShot=True, interval=0)
        self._ask_timer.timeout.connect(self._ask)

    def show_run(self, run: RunSoFar, theme: Theme) -> None:
        """Show this; while the handle is dragged it stays under the pointer."""
        self.run, self.theme = run, theme
        if not self._pressed and not self._ask_timer.isActive():
            self._wanted = None
        self.setAccessibleDescription(run.words(run.here))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, _HEIGHT)

    @property
    def track(self) -> QRectF:
        """Where the run is drawn, in pixels."""
        return QRectF(_SIDE, _FLAGS, self.width() - 2 * _SIDE, self.height() - _FLAGS - 1)

    def x_of(self, moment: Moment) -> float:
        """Where a moment stands, in pixels."""
        return self.track.left() + (self.run.place(moment) if self.run else 0.0) * self.track.width()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = True
            self._want_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed:
            self._want_at(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move by a mini-batch, with Shift or as Page keys by an epoch; Home and End to the ends."""
        moment = self._by_key(event)
        if moment is None:
            event.ignore()
            return
        event.accept()
        self._want(moment)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.run is not None:
            moment = self._moment_at(float(event.pos().x()))
            QToolTip.showText(event.globalPos(), self.run.words(moment), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.theme.accent)) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.field))
        painter.drawRoundedRect(self.track.adjusted(-_SIDE + 0.5, 0, _SIDE - 0.5, 0), 6, 6)
        if self.run is not None and not self.run.empty:
            self._paint_line(painter, self.run)
            for flag in self.run.flags:
                self._paint_flag(painter, flag)
            self._paint_handle(painter, self.run)
        else:
            painter.setPen(QColor(self.theme.muted))
            painter.drawText(
                self.track, Qt.AlignmentFlag.AlignCenter, "Every moment of the run will be here to go back to"
            )
        painter.end()

    def _ask(self) -> None:
        if self._wanted is not None:
            self.asked.emit(self._wanted)

    def _want_at(self, x: float) -> None:
        self._want(self._moment_at(x))

    def _want(self, moment: Moment) -> None:
        if moment != self._wanted:
            self._wanted = moment
            self._ask_timer.start()
            self.update()

    def _moment_at(self, x: float) -> Moment:
        track = self.track
        place = min(max((x - track.left()) / max(track.width(), 1.0), 0.0), 1.0)
        return self.run.moment(place, _REACH / max(track.width(), 1.0)) if self.run else Moment(0)

    def _by_key(self, event: QKeyEvent) -> Moment | None:
        if self.run is None:
            return None
        here, end, per_epoch = self._wanted or self.run.here, self.run.end, self.run.per_epoch
        key = event.key()
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return Moment(0) if key == Qt.Key.Key_Home else end
        by_epoch = event.modifiers() & Qt.KeyboardModifier.ShiftModifier or key in self._PAGES
        step = self._STRIDES.get(key, 0) or self._PAGES.get(key, 0)
        if not step:
            return None
        size = per_epoch if by_epoch else 1
        whole, rest = divmod(here.iterations, size)
        back = whole if step < 0 and (rest or here.pc) else whole + step
        return min(Moment(max(back, 0) * size), end)

    def _paint_line(self, painter: QPainter, run: RunSoFar) -> None:
        track, line = self.track.adjusted(0, 4, 0, -4), run.line
        if not len(line.x):
            return
        path = arrayToQPath(track.left() + line.x * track.width(), track.bottom() - line.y * track.height())
        here = self.x_of(self._wanted or run.here)
        ahead = QColor(self.theme.stale)
        ahead.setAlphaF(0.6)
        for left, right, colour in ((0.0, here, QColor(self.theme.train)), (here, float(self.width()), ahead)):
            painter.save()
            painter.setClipRect(QRectF(left, 0, right - left, self.height()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 1))
            painter.drawPath(path)
            painter.restore()

    def _paint_flag(self, painter: QPainter, flag: Flag) -> None:
        """Above the track, each kind with a shape of its own."""
        at = QPointF(self.x_of(flag.moment), _FLAGS / 2)
        colours = {
            MarkKind.EDIT: self.theme.parameter,
            MarkKind.STOP: self.theme.error,
            MarkKind.BEST: self.theme.validation,
        }
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours[flag.kind]))
        if flag.kind is MarkKind.STOP:
            painter.drawEllipse(at, 3.5, 3.5)
            return
        corners = _DIAMOND if flag.kind is MarkKind.EDIT else _FLAG_DOWN
        path = QPainterPath(at + corners[0])
        for corner in corners[1:]:
            path.lineTo(at + corner)
        path.closeSubpath()
        painter.drawPath(path)

    def _paint_handle(self, painter: QPainter, run: RunSoFar) -> None:
        x, track = self.x_of(self._wanted or run.here), self.track
        painter.setPen(QPen(QColor(self.theme.accent), 2))
        painter.drawLine(QPointF(x, track.top()), QPointF(x, track.bottom()))
        painter.setPen(QPen(QColor(self.theme.panel), 1.5))
        painter.setBrush(QColor(self.theme.accent))
        painter.drawEllipse(QPointF(x, track.center().y()), _HANDLE, _HANDLE)


_DIAMOND = (QPointF(0, -4), QPointF(4, 0), QPointF(0, 4), QPointF(-4, 0))
_FLAG_DOWN = (QPointF(-4, -3.5), QPointF(4, -3.5), QPointF(0, 3.5))
