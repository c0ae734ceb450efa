"""The way in from the menu of a value."""

from functools import partial

from PySide6.QtWidgets import QMenu

from nnstudio.gui.context import Context

QUESTION = "Why is this number?"


def add_why(menu: QMenu, context: Context) -> None:
    """Ask about the value that is chosen."""
    action = menu.addAction(QUESTION)
    action.setObjectName("why")
    action.triggered.connect(partial(ask_why, context))
    menu.addSeparator()


def ask_why(context: Context) -> None:
    context.tools.open("why")
