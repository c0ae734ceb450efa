"""The inspector."""

from ..context import Context
from .panel import Panel


class InspectorPanel(Panel):
    def __init__(self, context: Context) -> None:
        super().__init__(context, "inspector_panel", "Inspector")
