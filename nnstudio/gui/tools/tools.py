"""Opens tools. Their docks are made when they are first asked for; those that stood open come back at the next
start."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDockWidget

from .catalogue import TOOLS, ToolSpec

if TYPE_CHECKING:
    from .dock import ToolDock
    from .view import ToolView

SPECS = {spec.name: spec for spec in TOOLS}


class House(Protocol):
    """A window that tools stand in."""

    def make_tool(self, spec: ToolSpec) -> "ToolDock":
        """A new dock, hidden."""
        ...

    def place_tool(self, dock: "ToolDock") -> None:
        """Give it its place, unless it has one."""
        ...

    def show_panel(self, name: str) -> None:
        """Bring a panel that is always there to the front."""
        ...

    def panel(self, name: str) -> QDockWidget:
        """A panel that is always there, though it may be closed."""
        ...


class Tools(QObject):
    """`made` holds the docks there are, by the names of their tools."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.made: dict[str, ToolDock] = {}
        self._house: House

    def move_into(self, house: "House") -> None:
        """The window that is to show them."""
        self._house = house

    def open(self, name: str) -> "ToolView":
        """Show a tool in front of what shares its place, and return its view. KeyError if there is no such tool."""
        dock = self.dock(name)
        self._house.place_tool(dock)
        dock.show()
        dock.raise_()
        dock.view.setFocus()
        return dock.view

    def show_panel(self, name: str) -> None:
        """Show one of the panels that are always there in front of what shares its place."""
        self._house.show_panel(name)

    def dock(self, name: str) -> "ToolDock":
        """The dock of a tool, made if need be."""
        if name not in self.made:
            self.made[name] = self._house.make_tool(SPECS[name])
        return self.made[name]

    def stands_open(self, name: str) -> bool:
        """Whether a tool or a panel is open, before or behind others."""
        return name in self.shown if name in SPECS else not self._house.panel(name).isHidden()

    def put_away(self, name: str) -> None:
        """Close a tool or a panel."""
        (self.dock(name) if name in SPECS else self._house.panel(name)).close()

    def restore(self, names: Iterable[str]) -> None:
        """Make those docks, hidden: they have to be there when the window gives every dock its place back."""
        for name in names:
            if name in SPECS:
                self.dock(name)

    @property
    def shown(self) -> tuple[str, ...]:
        """The tools that stand open, before or behind others."""
        return tuple(name for name, dock in self.made.items() if not dock.isHidden())

    def close(self) -> None:
        """End what works in their background."""
        for dock in self.made.values():
            dock.view.close_tool()
