"""The plane that points are drawn on: with the mouse, or with a cursor that the arrow keys move."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from nnstudio.data.drawn import Sheet
from nnstudio.explain.numbers import short
from nnstudio.gui.data.summary import name_symbol
from nnstudio.gui.plots.plane_chart import PlaneChart
from nnstudio.gui.plots.ticks import Tick, linear_ticks
from nnstudio.gui.theme import Theme

from .looks import points_of

_KEY_STEP, _KEY_LEAP = 0.025, 0.125
_KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class DrawingPlane(PlaneChart):
    """It says where it is touched, in the units of its axes, and shows a sheet."""

    pressed = Signal(float, float, bool)
    """A stroke begins at a place; whether it is one that erases whatever the tool is."""
    moved = Signal(float, float)
    released = Signal()
    number_pressed = Signal(int)
    """A digit from 1 on: the class with this number is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawing_plane")
        self.setAccessibleName("Plane to draw points on: arrow keys move, Space draws, Delete erases")
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMouseTracking(True)
        self.cursor_at: tuple[float, float] | None = None
        """Where the brush is, None while it is nowhere."""
        self.reach = 0.05
        self.erasing = False
        self._stroking = False

    def show_sheet(self, sheet: Sheet, theme: Theme) -> None:
        self.theme = theme
        self.x_range, self.y_range = sheet.x, sheet.y
        self.x_name, self.y_name = map(name_symbol, sheet.inputs)
        self.points = tuple(points_of(sheet, theme))
        self.touch()

    def show_brush(self, reach: float, *, erasing: bool) -> None:
        """How far the brush reaches, as a share of the plane."""
        self.reach, self.erasing = reach, erasing
        self.update()

    def under(self, painter: QPainter) -> None:
        painter.fillRect(self.frame, QColor(self.theme.field))
        super().under(painter)

    def moving(self, painter: QPainter, *, shapes: bool) -> None:
        if self.cursor_at is None:
            return
        at, frame = self.to_pixel(*self.cursor_at), self.frame
        painter.save()
        painter.setClipRect(frame)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.DashLine if self.erasing else Qt.PenStyle.SolidLine
        for colour, width in ((self.theme.panel, 3.0), (self.theme.text, 1.5)):
            painter.setPen(QPen(QColor(colour), width, style))
            painter.drawEllipse(at, max(self.reach * frame.width(), 3.0), max(self.reach * frame.height(), 3.0))
            if self.hasFocus():
                painter.drawLine(at - QPointF(4, 0), at + QPointF(4, 0))
                painter.drawLine(at - QPointF(0, 4), at + QPointF(0, 4))
        painter.restore()

    def x_ticks(self) -> list[Tick]:
        """As many as the square plane has room for: the chart may be much wider."""
        return linear_ticks(*self.x_range, max(int(self.height() // 44), 4))

    def tip(self, at: QPointF) -> str:
        return ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        place = self.place_at(event.position())
        erases = event.button() is Qt.MouseButton.RightButton
        if place is not None and (erases or event.button() is Qt.MouseButton.LeftButton):
            self._stroking = True
            self.pressed.emit(*place, erases)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        self._move_cursor(place)
        if self._stroking and place is not None:
            self.moved.emit(*place)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._stroking:
            self._stroking = False
            self.released.emit()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._move_cursor(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.cursor_at is None and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self._move_cursor(self._middle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS:
            self._step(*_KEYS[key], leap=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._move_cursor(self.cursor_at or self._middle)
            self.pressed.emit(*(self.cursor_at or self._middle), key is not Qt.Key.Key_Space)
            self.released.emit()
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.number_pressed.emit(key - Qt.Key.Key_0)
        else:
            event.ignore()

    @property
    def _middle(self) -> tuple[float, float]:
        return sum(self.x_range) / 2, sum(self.y_range) / 2

    def _step(self, right: int, up: int, *, leap: bool) -> None:
        """Move the cursor, up to the edge."""
        step, (x, y) = _KEY_LEAP if leap else _KEY_STEP, self.cursor_at or self._middle
        moved = []
        for at, ways, (low, high) in ((x, right, self.x_range), (y, up, self.y_range)):
            moved.append(min(max(at + ways * step * (high - low), low), high))
        self._move_cursor((moved[0], moved[1]))
        self.setAccessibleDescription(f"{self.x_name} {short(moved[0], 3)}, {self.y_name} {short(moved[1], 3)}")

    def _move_cursor(self, place: tuple[float, float] | None) -> None:
        if place != self.cursor_at:
            self.cursor_at = place
            self.update()
