"""How the window is arranged, as a project keeps it: which panels and tools are open, which are in front, and their
sizes. It is JSON of our own: Qt's form of it is bytes, and nobody knows what those of a stranger do.
"""

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt

from nnstudio.gui.panels.panel import Panel
from nnstudio.gui.tools.tools import SPECS

if TYPE_CHECKING:
    from nnstudio.gui.main_window import MainWindow

_LARGEST = 20_000


class _Layout(msgspec.Struct, frozen=True):
    """Docks by their names. `tools` are those that stand open, `closed` the panels that do not, `front` what is not
    behind a tab; `sizes` are width and height in pixels."""

    tools: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    front: tuple[str, ...] = ()
    sizes: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)


class _Settings(msgspec.Struct, frozen=True):
    layout: _Layout | None = None


def written(window: "MainWindow") -> str:
    """As it is now."""
    seen = {name: dock for name, dock in _docks(window).items() if dock.in_sight}
    layout = _Layout(
        tools=window.context.tools.shown,
        closed=tuple(name for name, panel in window.panels.items() if panel.isHidden()),
        front=tuple(seen),
        sizes={name: (dock.width(), dock.height()) for name, dock in seen.items()},
    )
    return msgspec.json.encode(_Settings(layout)).decode()


def put_back(window: "MainWindow", text: str) -> None:
    """Arrange it as written; text that says nothing of it leaves the window as it is."""
    try:
        layout = msgspec.json.decode(text, type=_Settings).layout
    except msgspec.DecodeError:
        return
    if layout is None:
        return
    window.as_arranged = False
    tools = window.context.tools
    for name in set(tools.shown) - set(layout.tools):
        tools.put_away(name)
    for name in layout.tools:
        if name in SPECS:
            tools.open(name)
    for name, panel in window.panels.items():
        panel.setHidden(name in layout.closed)
    docks = _docks(window)
    front = [docks[name] for name in layout.front if name in docks and not docks[name].isHidden()]
    for dock in front:
        dock.raise_()
    sized = [dock for dock in front if dock.objectName() in layout.sizes and not dock.isFloating()]
    for place, direction in enumerate((Qt.Orientation.Horizontal, Qt.Orientation.Vertical)):
        sizes = [min(max(layout.sizes[dock.objectName()][place], 1), _LARGEST) for dock in sized]
        window.resizeDocks(sized, sizes, direction)


def _docks(window: "MainWindow") -> dict[str, Panel]:
    return {dock.objectName(): dock for dock in (*window.panels.values(), *window.context.tools.made.values())}
