"""The data."""

from ..context import Context
from .panel import Panel


class DataPanel(Panel):
    def __init__(self, context: Context) -> None:
        super().__init__(context, "data_panel", "Data")
