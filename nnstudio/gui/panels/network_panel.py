"""The network."""

from ..context import Context
from .panel import Panel


class NetworkPanel(Panel):
    def __init__(self, context: Context) -> None:
        super().__init__(context, "network_panel", "Layers")
