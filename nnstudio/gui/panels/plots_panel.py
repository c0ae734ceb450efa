"""The plots."""

from ..context import Context
from .panel import Panel


class PlotsPanel(Panel):
    def __init__(self, context: Context) -> None:
        super().__init__(context, "plots_panel", "Learning")
