"""Icons, from one set. The set takes a while to load, so the first picture of the window goes without it: every icon is
an empty one of its size until `load`, right after the first paint, fills them all.
"""

from collections.abc import Callable
from weakref import ref

from PySide6.QtGui import QAction, QColor, QIcon, QPixmap
from PySide6.QtWidgets import QAbstractButton
from shiboken6 import isValid

Target = QAction | QAbstractButton

_waiting: list[tuple[ref[Target], str, dict[str, object]]] = []
_make: Callable[..., QIcon] | None = None


def show(target: Target, name: str, *, mirrored: bool = False, **colours: str) -> None:
    """Give an action or a button the icon of that name; `colours` are color, color_active and color_disabled."""
    look: dict[str, object] = {**colours, "hflip": True} if mirrored else {**colours}
    if _make is not None:
        target.setIcon(_make(name, **look))
        return
    target.setIcon(_blank())
    _waiting.append((ref(target), name, look))


def load() -> None:
    """Load the set, once, and fill in what waits for it."""
    global _make
    if _make is None:
        from qtawesome import icon

        _make = icon
    while _waiting:
        reference, name, look = _waiting.pop(0)
        target = reference()
        if target is not None and isValid(target):
            target.setIcon(_make(name, **look))


def _blank() -> QIcon:
    pixmap = QPixmap(16, 16)
    pixmap.fill(QColor("transparent"))
    return QIcon(pixmap)
