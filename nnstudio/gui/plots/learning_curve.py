"""The learning curve: cost, metric or gradient norms against the epoch.

It shows everything until a user zooms (wheel) or pans (drag), and again after a double click. Its numbers come from a
`HistoryBuffer`, a copy, so moving the pointer and zooming work while training runs.
"""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from nnstudio.gui.theme import LIGHT, Theme
from nnstudio.training.history import History

from .axis import NAME_ROW, QuietAxis
from .crosshair import Crosshair, Reading
from .curve_item import Curve
from .curve_keys import BEST, best_look, key_of, look_of
from .curve_reading import read
from .curve_state import CurveState, Line, Plan
from .end_labels import place, room_for
from .frame import Frame
from .legend import Key
from .marks import Marks
from .overlays import Overlay
from .series import GradientNorm, HistoryBuffer, nearest
from .ticks import linear_ticks

_LEFT, _BOTTOM = 48, 20
_ROOM_FOR_NAME = 150
_ZOOM = 1.4


class LearningCurve(pg.PlotWidget):  # type: ignore[misc]
    """Draws a `HistoryBuffer` as its `state` says. `zoomed` tells whether a user has chosen a stretch."""

    zoomed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._left, self._bottom = QuietAxis("left", grid=True), QuietAxis("bottom", grid=False)
        super().__init__(parent, axisItems={"left": self._left, "bottom": self._bottom}, enableMenu=False)
        self.setObjectName("learning_curve")
        self.setAccessibleName("Learning curve")
        self.setMinimumSize(120, 80)
        self.state = CurveState()
        self.buffer = HistoryBuffer()
        self.overlays: tuple[Overlay, ...] = ()
        self.theme = LIGHT
        self._curves: list[Curve] = []
        self._drawn: object = None
        self._pointer: float | None = None
        self._epoch: float | None = None
        self._to_name: tuple[str, ...] = ()
        self._small = QFont(self.font())
        self._small.setPixelSize(11)
        self._set_up_view()
        self._crosshair = Crosshair(self)
        self._hint = QLabel(self)
        self._hint.setProperty("muted", True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.hide()
        self.set_theme(LIGHT)

    @property
    def reading(self) -> Reading | None:
        """What the crosshair says."""
        return self._crosshair.reading

    @property
    def hint(self) -> str:
        return "" if self._hint.isHidden() else self._hint.text()

    def legend_keys(self) -> tuple[Key, ...]:
        """What the lines and marks are called, in order."""
        names = self.state.names(self.buffer)
        keys = [key_of(name, self.theme) for name in names]
        keys += [of.dress(self.theme) for of in self.overlays if any(name in of.series for name in names)]
        if self.state.best(self.buffer) is not None:
            keys.append(Key(BEST, look=best_look(self.theme)))
        return tuple(keys)

    def take(self, history: History) -> None:
        """Take over what is new in the history; one that was begun anew is shown whole."""
        version = self.buffer.version
        self.buffer.update(history)
        if self.buffer.version != version:
            self._epoch = None
            self.fit()

    def lay_over(self, overlays: tuple[Overlay, ...]) -> None:
        """Draw these over the curve."""
        self.overlays = overlays

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.setBackground(theme.panel)
        for axis in (self._left, self._bottom):
            axis.dress(theme, self._small)
        self._here.setPen(theme.accent)
        self._drawn = None

    def show_hint(self, text: str) -> None:
        """A word in the empty plot; none takes it away."""
        if text != self.hint:
            self._hint.setText(text)
            self._hint.setVisible(bool(text))

    def name_at_ends(self, labels: tuple[str, ...]) -> None:
        """Call these curves by their names where they end."""
        if labels != self._to_name:
            self._to_name, self._drawn = labels, None
            self.redraw()

    def show_here(self, epoch: float | None) -> None:
        """Mark where the run stands while it is looked at in its past; none elsewhere, where the curve itself ends."""
        self._here.setVisible(epoch is not None)
        if epoch is not None and epoch != self._here.value():
            self._here.setValue(epoch)

    def redraw(self) -> None:
        """Draw the buffer as it stands; next to nothing happens where nothing changed."""
        area = self._area()
        key = (self.buffer.version, len(self.buffer), self.state.quantity, self.state.logarithmic, self.state.metric)
        drawn = (*key, self.state.window, self.theme.dark, area, self.overlays)
        if drawn == self._drawn or area.width() < 1:
            self._show_crosshair()
            return
        self._drawn = drawn
        plan = self.state.plan(self.buffer, max(int(area.width()), 1), self.overlays)
        lines = (*plan.lines, *plan.overlaid)
        room = room_for([self._end_label(line) for line in lines], self._small)
        self._show_axes(plan, area, room)
        self._show_lines(lines, room)
        self._marks.show_marks(self.state, self.buffer, plan.lines, self.theme)
        self.scene().prepareForPaint()  # else the first painting moves the view, and asks for a second
        self._show_crosshair()

    def fit(self) -> None:
        """Back to the whole curve."""
        if self.state.window is not None:
            self.state.window = None
            self.zoomed.emit(False)
            self.redraw()

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Draw the plot into `area`, for a file."""
        self.render(painter, area, self.viewport().rect())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._pointer, self._epoch = event.position().x(), None
        self._show_crosshair()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointer = self._epoch = None
        self._show_crosshair()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by keyboard one sees at once where one is."""
        super().focusInEvent(event)
        reasons = Qt.FocusReason
        if event.reason() in (reasons.TabFocusReason, reasons.BacktabFocusReason) and len(self.buffer):
            self._epoch = float(self.buffer.epochs[-1])
            self._show_crosshair()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._epoch = None
        self._show_crosshair()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move from epoch to epoch, + and − zoom, 0 shows everything, Escape leaves."""
        if (len(self.buffer) and self._move(event)) or self._zoom_key(event):
            event.accept()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_hint"):
            self._crosshair.setGeometry(self.rect())
            named = self.height() >= _ROOM_FOR_NAME
            self._bottom.setHeight(_BOTTOM + NAME_ROW * named)
            self._bottom.show_name("epoch" if named else "")
            self._hint.setGeometry(self.rect().adjusted(_LEFT + 16, 0, -16, -_BOTTOM))
            self.redraw()

    def _set_up_view(self) -> None:
        plot, view = self.getPlotItem(), self.getViewBox()
        plot.hideButtons()
        for axis in (self._left, self._bottom):
            axis.setZValue(-1)  # grid lines lie under the curves
        plot.setContentsMargins(0, 6, 12, 0)
        self._left.setWidth(_LEFT)
        self._bottom.setHeight(_BOTTOM)
        self._marks = Marks()
        self.addItem(self._marks)
        self._here = pg.InfiniteLine(angle=90)
        self._here.hide()
        self.addItem(self._here)
        view.disableAutoRange()
        view.setDefaultPadding(0)
        view.setMouseEnabled(x=True, y=False)
        view.sigRangeChangedManually.connect(self._moved_by_hand)

    def _area(self) -> QRectF:
        """The plot in pixels of this widget."""
        return QRectF(self.getViewBox().sceneBoundingRect())

    def _frame(self) -> Frame:
        (left, right), (bottom, top) = self.getViewBox().viewRange()
        return Frame(self._area(), (left, right), (bottom, top))

    def _show_axes(self, plan: Plan, area: QRectF, room: float) -> None:
        view = self.getViewBox()
        (left, right), (bottom, top) = plan.x, plan.y
        right += (right - left) * room / max(area.width() - room, room, 1)
        if [[left, right], [bottom, top]] != view.viewRange():
            view.setRange(xRange=(left, right), yRange=(bottom, top), padding=0)
        whole = [tick for tick in linear_ticks(*plan.x, max(int(area.width() // 64), 2)) if tick.place % 1 == 0]
        self._bottom.show_ticks(whole)
        self._left.show_ticks(self.state.ticks(bottom, top, max(int(area.height() // 26), 2)))

    def _show_lines(self, lines: tuple[Line, ...], room: float) -> None:
        while len(self._curves) < len(lines):
            self._curves.append(Curve())
            self.addItem(self._curves[-1])
        for curve in self._curves[len(lines) :]:
            curve.setVisible(False)
        labelled = []
        for curve, line in zip(self._curves, lines, strict=False):
            key, label = look_of(line, self.theme), self._end_label(line)
            curve.setVisible(True)
            curve.dress(key.colour, key.dash, label, self._small, quiet=line.of is not None)
            curve.setData(line.x, line.y)
            if label:
                labelled.append((curve, line))
        place(labelled, self._frame(), room)

    def _end_label(self, line: Line) -> str:
        """What stands at the end of a curve: layers are called there, and whatever the legend has no room for."""
        label = look_of(line, self.theme).label
        return label if isinstance(line.name, GradientNorm) or label in self._to_name else ""

    def _moved_by_hand(self, _axes: object) -> None:
        if not len(self.buffer):
            return
        low, high = self.getViewBox().viewRange()[0]
        first = float(self.buffer.epochs[0])
        self.state.window = max(low, first), max(high, first + 1)
        self.zoomed.emit(True)
        self.redraw()

    def _move(self, event: QKeyEvent) -> bool:
        key, keys = event.key(), Qt.Key
        epochs = self.buffer.epochs
        if key == keys.Key_Escape and self.reading is not None:
            self._pointer = self._epoch = None
            self._show_crosshair()
            return True
        at = nearest(epochs, self._epoch if self._epoch is not None else epochs[-1])
        stride = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        moved = {
            keys.Key_Left: at - stride,
            keys.Key_Right: at + stride,
            keys.Key_Home: 0,
            keys.Key_End: len(epochs) - 1,
        }
        if key not in moved:
            return False
        self._epoch, self._pointer = float(epochs[min(max(moved[keys(key)], 0), len(epochs) - 1)]), None
        self._show_crosshair()
        return True

    def _zoom_key(self, event: QKeyEvent) -> bool:
        key, keys = event.key(), Qt.Key
        if key == keys.Key_0:
            self.fit()
            return True
        if key not in (keys.Key_Plus, keys.Key_Equal, keys.Key_Minus) or len(self.buffer) < 2:
            return False
        self.state.zoom(self.buffer, _ZOOM if key == keys.Key_Minus else 1 / _ZOOM)
        self.zoomed.emit(True)
        self.redraw()
        return True

    def _show_crosshair(self) -> None:
        self._crosshair.show_reading(self._read(), self.theme)
        if self.reading is not None:
            self.setAccessibleDescription(self.reading.text)

    def _read(self) -> Reading | None:
        frame = self._frame()
        if not len(self.buffer) or self._drawn is None or frame.area.width() < 1:
            return None
        pointed = None if self._pointer is None else frame.x_at(self._pointer)
        where = self._epoch if pointed is None else pointed
        return None if where is None else read(self.state, self.buffer, self.overlays, where, frame, self.theme)
