"""The view on the drawing: it finds what is pointed at, zooms and pans, and turns clicks and keys into wishes.

It knows geometry and pictures, and nothing of sessions: whoever owns it listens to its signals.
"""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from nnstudio.gui.theme import LIGHT, Theme

from . import target as targets
from .captions import CaptionsItem
from .edges import EdgesItem
from .layout import Column, Layout
from .neurons import NeuronsItem, bias_centre, bias_radius, square
from .plane import Plane
from .reading import Reading
from .target import Kind, Target

_REACH = 5.0
_BIAS_REACH = 7.0
_ZOOM_STEP = 1.2
_MOST_ZOOM = 8.0
_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_WALK_KEYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class NetworkView(QGraphicsView):
    """`pointed` carries the target under the pointer, or None, and the place; `picked` one that was clicked;
    `edit_wanted` one that is to be edited, None for the chosen one; `walked` a step across (layers) and down (units);
    `turned` is a step between the kinds of targets."""

    pointed = Signal(object, QPoint)
    picked = Signal(object)
    edit_wanted = Signal(object)
    walked = Signal(int, int)
    turned = Signal()
    menu_wanted = Signal(object, QPoint)
    """The menu of a target, None for the chosen one, and where on the screen."""
    escaped = Signal()
    resized = Signal()

    def __init__(self, font: QFont, small: QFont, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network_view")
        self.setAccessibleName("Network drawing")
        self.setWhatsThis(
            "Arrow keys move between layers and neurons, Space between a neuron, its bias and its weights, "
            "Enter edits, + and − zoom, 0 fits the view."
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.edges, self.neurons, self.captions = EdgesItem(), NeuronsItem(small), CaptionsItem(font, small)
        scene = QGraphicsScene(self)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        for item in (self.edges, self.neurons, self.captions):
            scene.addItem(item)
        self.setScene(scene)
        self._layout: Layout | None = None
        self._theme = LIGHT
        self._biased: frozenset[int] = frozenset()
        self._under: Target | None = None
        self._dragged_from: QPoint | None = None
        self._focus_shown = False

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for item in (self.edges, self.neurons, self.captions):
            item.set_theme(theme)
            item.update()

    def set_layout(self, layout: Layout, plane: Plane | None, biased: frozenset[int]) -> None:
        """Another network, or another size; `biased` names the layers that have biases."""
        self._layout, self._biased = layout, biased
        self.edges.set_layout(layout)
        self.neurons.set_layout(layout, plane)
        self.captions.set_layout(layout)
        self.setSceneRect(QRectF(0, 0, layout.width, layout.height))
        self._point_at(None, QPoint())

    def take(self, reading: Reading, *, whole: bool) -> None:
        """Show the numbers of a moment."""
        self.edges.take(reading, whole=whole)
        self.neurons.take(reading)
        self.captions.take(reading, whole=whole)

    def mark(self, chosen: Target | None) -> None:
        """Show what is chosen."""
        self.edges.chosen = self.neurons.chosen = chosen
        self.viewport().update()

    def light(self, at_work: tuple[Target, ...]) -> None:
        """Show what is at work below an operation: a neuron, and the weight or bias of the term at hand."""
        if at_work != self.edges.lit:
            self.edges.lit = self.neurons.lit = at_work
            self.viewport().update()

    def light_path(self, path: tuple[Target, ...]) -> None:
        """Show the way that a path takes from the cost back; all else stands back."""
        if path != self.edges.path:
            self.edges.path = self.neurons.path = path
            self.viewport().update()

    def target_at(self, place: QPoint) -> Target | None:
        """What is under a point of the viewport: a bias, else a neuron, else the nearest weight in reach."""
        if self._layout is None:
            return None
        at = self.mapToScene(place)
        for column in self._layout.columns:
            if abs(at.x() - column.x) <= column.size / 2 + _BIAS_REACH:
                found = self._in_column(column, at)
                if found is not None:
                    return found
        return self._weight_at(at)

    def place_of(self, target: Target) -> QPoint | None:
        """Where a target is in the viewport, None where it is not drawn."""
        if self._layout is None or target.layer >= len(self._layout.columns):
            return None
        if target.kind is Kind.WEIGHT:
            number = self.edges.number(target)
            if number is None:
                return None
            return self.mapFromScene(QPointF(*self.edges.gaps[target.layer - 1].middle(number)))
        column = self._layout.columns[target.layer]
        y = column.y_of(target.unit)
        if y is None:
            return None
        return self.mapFromScene(bias_centre(column, y) if target.kind is Kind.BIAS else QPointF(column.x, y))

    def fit(self) -> None:
        """The whole network again."""
        self.resetTransform()

    def zoom(self, factor: float) -> None:
        now = self.transform().m11()
        wanted = min(max(now * factor, 1.0), _MOST_ZOOM)
        self.scale(wanted / now, wanted / now)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None:
            self._pan(event.position().toPoint())
            return
        place = event.position().toPoint()
        self._point_at(self.target_at(place), place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        place = event.position().toPoint()
        found = self.target_at(place)
        if found is None:
            self._dragged_from = place
            self.escaped.emit()
        else:
            self.picked.emit(found)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        found = None if by_key else self.target_at(event.pos())
        if by_key or found is not None:
            self.menu_wanted.emit(found, event.globalPos())
            event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self.viewport().unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self.target_at(event.position().toPoint())
        if found is None:
            self.fit()
        else:
            self.edit_wanted.emit(found)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._point_at(None, QPoint())
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM_STEP ** (event.angleDelta().y() / 120))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _WALK_KEYS:
            self.walked.emit(*_WALK_KEYS[key])
        elif key == Qt.Key.Key_Space:
            self.turned.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_wanted.emit(None)
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(1 / _ZOOM_STEP if key == Qt.Key.Key_Minus else _ZOOM_STEP)
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._focus_shown = event.reason() in _KEYBOARD
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._focus_shown = False
        super().focusOutEvent(event)
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        """Who came by keyboard sees where the keys go."""
        if self._focus_shown:
            painter.save()
            painter.resetTransform()
            painter.setPen(QPen(QColor(self._theme.accent), 1.0))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.restore()

    def _point_at(self, found: Target | None, place: QPoint) -> None:
        if found == self._under:
            return
        self._under = found
        self.edges.hovered = self.neurons.hovered = found
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor)
        self.viewport().update()
        self.pointed.emit(found, place)

    def _in_column(self, column: Column, at: QPointF) -> Target | None:
        unit = column.nearest(at.y())
        y = column.y_of(unit)
        assert y is not None
        reach = max(bias_radius(column.size) + 2, min(_BIAS_REACH, column.size / 3))
        if column.layer in self._biased and _distance(at, bias_centre(column, y)) <= reach:
            return targets.bias(column.layer, unit)
        return targets.neuron(column.layer, unit) if square(column, y).adjusted(-1, -1, 1, 1).contains(at) else None

    def _weight_at(self, at: QPointF) -> Target | None:
        assert self._layout is not None
        for gap in self.edges.gaps:
            number = gap.nearest(at.x(), at.y(), _REACH)
            if number is not None:
                inputs = self._layout.columns[gap.layer - 1].drawn
                unit = self._layout.columns[gap.layer].drawn[number // len(inputs)]
                return targets.weight(gap.layer, unit, inputs[number % len(inputs)])
        return None

    def _pan(self, to: QPoint) -> None:
        assert self._dragged_from is not None
        moved = to - self._dragged_from
        self._dragged_from = to
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())


def _distance(a: QPointF, b: QPointF) -> float:
    away = a - b
    return float((away.x() ** 2 + away.y() ** 2) ** 0.5)
