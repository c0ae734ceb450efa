"""The drawing."""

from ..context import Context
from .panel import Panel


class CanvasPanel(Panel):
    def __init__(self, context: Context) -> None:
        super().__init__(context, "canvas_panel", "Network")
