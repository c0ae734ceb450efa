"""The program."""

from ..context import Context
from .panel import Panel


class ProgramPanel(Panel):
    def __init__(self, context: Context) -> None:
        super().__init__(context, "program_panel", "Program")
