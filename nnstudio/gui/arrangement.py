"""Where each dock stands at the first start, and after Reset layout.

Data      Network      Inspector
Layers    Learning     Explanation
          Program

What is asked for now and then comes beside the program when View or a breakpoint calls for it.
"""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

_ACROSS, _DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
_SPLITS = (
    ("data_panel", "canvas_panel", _ACROSS),
    ("canvas_panel", "inspector_panel", _ACROSS),
    ("data_panel", "network_panel", _DOWN),
    ("canvas_panel", "plots_panel", _DOWN),
    ("plots_panel", "program_panel", _DOWN),
    ("inspector_panel", "explanation_panel", _DOWN),
)
_ON_DEMAND = ("breakpoints_panel",)
_COLUMNS = (
    (("data_panel", 0.43), ("network_panel", 0.57)),
    (("canvas_panel", 0.36), ("plots_panel", 0.33), ("program_panel", 0.31)),
    (("inspector_panel", 0.55), ("explanation_panel", 0.45)),
)
_PROGRAM = 320
"""The program takes no more height than this: a dozen operations a column."""
_BARS = 120
"""The height of menu, tool and status bar together."""


def arrange(window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
    """Put every dock where it belongs, and show those that are always there."""
    for dock in docks.values():
        dock.setFloating(False)  # first: a dock that is taken away while it floats would go on floating
        window.removeDockWidget(dock)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["data_panel"])
    for beside, name, direction in _SPLITS:
        window.splitDockWidget(docks[beside], docks[name], direction)
    for name in _ON_DEMAND:
        window.splitDockWidget(docks["program_panel"], docks[name], _ACROSS)
    for name, dock in docks.items():
        dock.setVisible(name not in _ON_DEMAND)
    share_room(window, docks)


def share_room(window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
    """The drawing gets the middle; the columns at its sides are as wide as their controls need."""
    width, height = max(window.width(), window.minimumWidth()), max(window.height() - _BARS, 440)
    left = min(max(int(width * 0.19), 268), 340)
    right = min(max(int(width * 0.27), 300), 520)
    heads = [docks[column[0][0]] for column in _COLUMNS]
    window.resizeDocks(heads, [left, width - left - right, right], _ACROSS)
    for column in _COLUMNS:
        heights = [int(height * share) for _, share in column]
        if column is _COLUMNS[1] and (spare := heights[-1] - _PROGRAM) > 0:  # a list needs no more; pictures do
            heights = [heights[0] + spare * 4 // 7, heights[1] + spare - spare * 4 // 7, _PROGRAM]
        window.resizeDocks([docks[name] for name, _ in column], heights, _DOWN)
