"""A small picture of the window, by which a person knows their work again."""

import time

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter, QRegion
from PySide6.QtWidgets import QWidget

_SIZE = QSize(480, 300)
_FINER = 2
"""So many times as wide and as high it is painted first: smoothly made smaller, thin lines stay to be seen."""
_SECONDS_APART = 20.0
_COSTS_APART = 200
"""So rarely that painting the window once more costs next to nothing."""


class Pictures:
    """Of one window. It is painted on one and the same canvas, for to take another one each time leaves holes in memory
    that pile up over hours."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._canvas = QImage()
        self._latest = b""
        self._due = 0.0

    def latest(self) -> bytes:
        """A PNG of how the window looks, or looked a little while ago."""
        begun = time.monotonic()
        if begun >= self._due and self._window.isVisible():
            self._paint()
            self._latest = _png(self._canvas)
            now = time.monotonic()
            self._due = now + max(_SECONDS_APART, _COSTS_APART * (now - begun))
        return self._latest

    def _paint(self) -> None:
        size = self._window.size().scaled(_SIZE * _FINER, Qt.AspectRatioMode.KeepAspectRatio)
        if self._canvas.size() != size:
            self._canvas = QImage(size, QImage.Format.Format_RGB32)
        painter = QPainter(self._canvas)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size.width() / self._window.width(), size.height() / self._window.height())
        self._window.render(painter, QPoint(), QRegion(self._window.rect()))
        painter.end()


def _png(fine: QImage) -> bytes:
    small = fine.scaled(_SIZE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"PNG").write(small)
    return bytes(buffer.data().data())
