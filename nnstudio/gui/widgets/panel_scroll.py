"""The body of a panel that may be too short for it: it scrolls up and down, never sideways.

The scroll bar appears within the margin, so that nothing moves when it does.
"""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

_MARGIN = 16
_AROUND = 8
_NARROWEST = 250
_LOOSE, _TIGHT = 4, 1
"""Between rows: tight in a low window, where not all would be seen otherwise."""
_LOW = 880


def bring_into_view(widget: QWidget) -> None:
    """Scroll the panel that a widget is in to it, top first."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    if parent is not None and widget.isVisible():
        parent.ensureWidgetVisible(widget, 0, _AROUND)


class PanelScroll(QScrollArea):
    """`column` takes the widgets. `margin` is that of the panel, where it has none of its own at the sides."""

    def __init__(self, margin: int = _MARGIN) -> None:
        super().__init__()
        self._margin = margin
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.content = QWidget()
        self.column = QVBoxLayout(self.content)
        self.column.setSpacing(_LOOSE)
        self.setWidget(self.content)
        self._fit_margins()
        self.verticalScrollBar().installEventFilter(self)
        self.content.installEventFilter(self)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self.content.minimumSizeHint().width(), _NARROWEST), 56)

    def sizeHint(self) -> QSize:
        return self.content.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.content:
            if event.type() == QEvent.Type.LayoutRequest:
                self._fit_spacing()  # of rows that were not there before
        elif event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._fit_margins()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_spacing()

    def _fit_spacing(self) -> None:
        """By the window, not by the room at hand, which the spacing itself changes."""
        spacing = _TIGHT if self.window().height() < _LOW else _LOOSE
        other = _LOOSE if spacing == _TIGHT else _TIGHT
        for column in self.content.findChildren(QVBoxLayout):
            if column.spacing() == other:
                column.setSpacing(spacing)

    def _fit_margins(self) -> None:
        bar = self.verticalScrollBar()
        taken = bar.sizeHint().width() if bar.isVisibleTo(self) else 0
        self.column.setContentsMargins(self._margin, 4, max(self._margin - taken, min(self._margin, 4)), 4)
