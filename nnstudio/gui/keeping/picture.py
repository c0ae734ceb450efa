"""A small picture of the window, by which a person knows their work again."""

import time

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

_SIZE = QSize(480, 300)
_SECONDS_APART = 20.0
_COSTS_APART = 200
"""So rarely that painting the window once more costs next to nothing."""


class Pictures:
    """Of one window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._latest = b""
        self._due = 0.0

    def latest(self) -> bytes:
        """A PNG of how the window looks, or looked a little while ago."""
        begun = time.monotonic()
        if begun >= self._due and self._window.isVisible():
            self._latest = _png(self._window.grab())
            now = time.monotonic()
            self._due = now + max(_SECONDS_APART, _COSTS_APART * (now - begun))
        return self._latest


def _png(whole: QPixmap) -> bytes:
    small = whole.scaled(_SIZE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    small.save(buffer, "PNG")
    return bytes(buffer.data().data())
