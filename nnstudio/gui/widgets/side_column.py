"""What stands beside a chart: where the dock is low it scrolls, so no window need be high for it."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from .panel_scroll import PanelScroll

_LOWEST = 120


class SideColumn(PanelScroll):
    """As wide as `inside`, with room for the scroll bar at its side."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__(margin=0)
        self.column.addWidget(inside)
        self.setFixedWidth(inside.minimumWidth() + self.verticalScrollBar().sizeHint().width())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), _LOWEST)
