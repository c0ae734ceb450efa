"""The way in from the menu of a value."""

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QMenu

from nnstudio.gui.context import Context

if TYPE_CHECKING:
    from .view import WatchListView


def add_watch(menu: QMenu, slot: str, index: tuple[int, ...] | None, context: Context) -> None:
    """Watch a slot, or the element at `index` of it."""
    action = menu.addAction("Watch this")
    action.setObjectName("watch_this")
    action.triggered.connect(partial(watch, context, slot, index))


def watch(context: Context, slot: str, index: tuple[int, ...] | None) -> None:
    view = cast("WatchListView", context.tools.open("watch_list"))
    view.watch(f"{slot}[{', '.join(map(str, index))}]" if index else slot)
