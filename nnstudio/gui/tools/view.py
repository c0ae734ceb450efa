"""What a tool fills its dock with. It refreshes only while it can be seen, as a panel does."""

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from nnstudio.experiment.edits import Change
from nnstudio.gui.context import Context
from nnstudio.gui.panels.panel import Header


class ToolView(QWidget):
    """Base of all tools. A subclass lays itself out in `compose`, and overrides what it needs of the rest."""

    interval: ClassVar[float] = 0.0
    """The least time between two refreshes while training, in seconds."""

    def __init__(self, context: Context, header: Header) -> None:
        super().__init__()
        self.context = context
        self.header = header
        self.compose()

    def compose(self) -> None:
        """Lay out the widgets; `self.header` takes controls beside the title."""

    def rebuild(self) -> None:
        """There is another run."""

    def refresh(self) -> None:
        """Show the numbers of the moment; the selection, the theme or a setting may have changed, too."""

    def document_changed(self, change: Change) -> None:
        """The experiment changed in these parts."""

    def leave_sight(self) -> None:
        """It is hidden now, or behind another tab."""

    def close_tool(self) -> None:
        """The window closes: end what works in the background."""
