"""Where a tool's dock stands when it is opened first. The columns of the window keep their widths; what stands above
the explanation is read, and what stands with the drawing is looked at, so they get the larger part of their column.
"""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from .catalogue import Place

_ACROSS, _DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
_COLUMNS = ("data_panel", "program_panel", "inspector_panel")
"""A dock in each column that is no tab."""
_ROOM_BESIDE = 1000
"""From this width on the program has room for a tool at its side."""
_SHARE_BESIDE = 0.45
_TALL = {
    Place.ABOVE: {"explanation_panel": 0.38},
    Place.CENTRE: {"plots_panel": 0.28, "program_panel": 0.24},
}
"""What those below are left with, where the head of the column is lower than the rest of it."""
_ABOVE = {"canvas_panel": 0.31, "plots_panel": 0.29}
"""What those above a tool at the foot of the middle column are left with, where it is lower than the rest of it."""


def place_tool(
    window: QMainWindow,
    dock: QDockWidget,
    place: Place,
    docks: Mapping[str, QDockWidget],
    beside: Iterable[QDockWidget],
) -> None:
    """Put a dock behind those that have their place already; `beside` are the other tools of the same place."""
    columns = [docks[name] for name in _COLUMNS if _stands(window, docks[name])]
    widths = [column.width() for column in columns]
    anchor = next((one for one in beside if _stands(window, one)), docks[place.value])
    if not _stands(window, anchor):
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    elif place is Place.BELOW and anchor.width() >= _ROOM_BESIDE and anchor is docks[place.value]:
        width = anchor.width()
        window.splitDockWidget(anchor, dock, _ACROSS)
        window.resizeDocks([anchor, dock], [round(width * (1 - _SHARE_BESIDE)), round(width * _SHARE_BESIDE)], _ACROSS)
        return
    else:
        window.tabifyDockWidget(anchor, dock)
        _let_grow(window, anchor, _ABOVE if place is Place.BELOW else _TALL.get(place), docks)
    window.resizeDocks(columns, widths, _ACROSS)


def _let_grow(
    window: QMainWindow, head: QDockWidget, shares: Mapping[str, float] | None, docks: Mapping[str, QDockWidget]
) -> None:
    """Let the head or the foot of a column, which the tool has joined, be as tall as it should be."""
    if shares is None or not all(_stands(window, docks[name]) for name in shares):
        return
    column = [head, *(docks[name] for name in shares)]
    whole, share = sum(dock.height() for dock in column), 1 - sum(shares.values())
    if head.height() < share * whole:
        heights = [round(whole * each) for each in (share, *shares.values())]
        window.resizeDocks(column, heights, _DOWN)


def _stands(window: QMainWindow, dock: QDockWidget) -> bool:
    """Whether it can be seen in the window, at least as a tab."""
    area = window.dockWidgetArea(dock)
    return area is not Qt.DockWidgetArea.NoDockWidgetArea and not dock.isFloating() and not dock.isHidden()
