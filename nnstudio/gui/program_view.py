"""The list of operations as a view: at the left of each row is a gutter, where breakpoints are set by a click."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from .program_delegate import GUTTER, ProgramDelegate
from .widgets.steady_list import SteadyListView


class ProgramView(SteadyListView):
    """`gutter_clicked` carries the row; `menu_wanted` the row and where on the screen."""

    gutter_clicked = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, delegate: ProgramDelegate) -> None:
        super().__init__()
        self._delegate = delegate
        self.setObjectName("program")
        self.setAccessibleName("Operations of this iteration")
        self.setItemDelegate(delegate)
        self.setFlow(QListView.Flow.TopToBottom)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._in_gutter(event.position().toPoint())
        if row is not None and event.button() is Qt.MouseButton.LeftButton:
            self.gutter_clicked.emit(row)
        elif event.button() is not Qt.MouseButton.RightButton:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._in_gutter(event.position().toPoint()) is None:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._in_gutter(event.position().toPoint()) is None:
            super().mouseDoubleClickEvent(event)
        else:
            self.mousePressEvent(event)  # two quick clicks are two

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._in_gutter(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            below = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft() + QPoint(GUTTER, 0))
            self.menu_wanted.emit(index.row(), below if by_key else event.globalPos())
            event.accept()

    def _in_gutter(self, place: QPoint) -> int | None:
        """The row in whose gutter a point is."""
        index: QModelIndex = self.indexAt(place)
        if not index.isValid() or place.x() - self.visualRect(index).left() >= GUTTER:
            return None
        return index.row()

    def _hover(self, row: int | None) -> None:
        if row != self._delegate.offered:
            for changed in (self._delegate.offered, row):
                if changed is not None:
                    self.update(self.model().index(changed, 0))
            self._delegate.offered = row
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor if row is None else Qt.CursorShape.PointingHandCursor)
