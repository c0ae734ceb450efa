"""The explanation."""

from ..context import Context
from .panel import Panel


class ExplanationPanel(Panel):
    def __init__(self, context: Context) -> None:
        super().__init__(context, "explanation_panel", "Explanation")
