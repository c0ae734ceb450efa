"""Images beside each other, each above what the network makes of it."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from nnstudio.explain.numbers import short

from .chart import Chart

_LABELS, _BESIDE, _PAIR, _BELOW = 44, 6, 3, 10
_ENOUGH = 8
_LEAST = 16


@dataclass(frozen=True, slots=True)
class Grid:
    """How pairs of images lie in the room there is: images of so many pixels, in rows and columns."""

    side: int
    rows: int
    columns: int

    @classmethod
    def within(cls, width: float, height: float, pixels: int) -> "Grid":
        """The largest images of which at least a few fit; each pixel of theirs is a whole number of pixels wide."""
        best = cls(_LEAST, 1, 1)
        for rows in range(1, 9):
            room = (height - (rows - 1) * _BELOW) / rows
            side = int((room - _PAIR) / 2) // pixels * pixels
            if side < _LEAST:
                break
            best = cls(side, rows, max(int((width + _BESIDE) // (side + _BESIDE)), 1))
            if best.count >= _ENOUGH:
                break
        return best

    @property
    def count(self) -> int:
        return self.rows * self.columns

    def place(self, number: int) -> QPointF:
        """The top left of a pair."""
        row, column = divmod(number, self.columns)
        return QPointF(column * (self.side + _BESIDE), row * (2 * self.side + _PAIR + _BELOW))


class ImageChart(Chart):
    """`set_images` takes images (n × side × side) from 0, the ground, to 1; those that do not fit are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("image_chart", "Images, and what the network makes of them", parent)
        self.inputs = self.outputs = np.zeros((0, 1, 1))
        self._names: tuple[str, ...] = ()
        self._errors: tuple[float, ...] = ()

    def set_images(self, inputs: np.ndarray, outputs: np.ndarray, names: tuple[str, ...], errors: np.ndarray) -> None:
        """`names` says which row each is, `errors` (n,) how far its pixels are off."""
        self.inputs, self.outputs, self._names = inputs, outputs, names
        self._errors = tuple(errors.tolist())
        self.touch()

    def sizeHint(self) -> QSize:
        return QSize(240, 180)

    @property
    def frame(self) -> QRectF:
        return QRectF(_LABELS, 2, max(self.width() - _LABELS - 2, 1), max(self.height() - 4, 1))

    @property
    def grid(self) -> Grid:
        return Grid.within(self.frame.width(), self.frame.height(), self.inputs.shape[1])

    @property
    def shown(self) -> int:
        """How many fit."""
        return min(self.grid.count, len(self.inputs))

    def still(self, painter: QPainter, *, shapes: bool) -> None:
        grid, origin = self.grid, self.frame.topLeft()
        for number in range(self.shown):
            at = origin + grid.place(number)
            for image, down in ((self.inputs[number], 0), (self.outputs[number], grid.side + _PAIR)):
                area = QRectF(at.x(), at.y() + down, grid.side, grid.side)
                painter.drawImage(area, self._image_of(image))
        self._paint_labels(painter, grid)

    def tip(self, at: QPointF) -> str:
        """Which row it is, and how far the network is off."""
        grid, origin = self.grid, self.frame.topLeft()
        for number in range(self.shown):
            if QRectF(origin + grid.place(number), QSize(grid.side, 2 * grid.side + _PAIR)).contains(at):
                return f"{self._names[number]}\npixels off by {short(self._errors[number], 3)} on average"
        return ""

    def _paint_axes(self, painter: QPainter) -> None:
        """Images have none."""

    def _paint_labels(self, painter: QPainter, grid: Grid) -> None:
        painter.setFont(self.small)
        painter.setPen(QColor(self.theme.muted))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for row in range(-(-self.shown // grid.columns)):
            top = self.frame.top() + grid.place(row * grid.columns).y()
            for text, down in (("input", 0), ("output", grid.side + _PAIR)):
                painter.drawText(QRectF(0, top + down, _LABELS, grid.side), flags, text)

    def _image_of(self, image: np.ndarray) -> QImage:
        """From the colour of a field to that of text."""
        known = np.isfinite(image)
        ground, ink = QColor(self.theme.field), QColor(self.theme.text)
        share = np.clip(np.where(known, image, 0.0), 0.0, 1.0)
        parts = [
            np.rint(a + (b - a) * share).astype(np.uint32)
            for a, b in ((ground.red(), ink.red()), (ground.green(), ink.green()), (ground.blue(), ink.blue()))
        ]
        pixels = np.ascontiguousarray(0xFF000000 | parts[0] << 16 | parts[1] << 8 | parts[2], dtype=np.uint32)
        side = len(pixels)
        return QImage(pixels.data, side, side, 4 * side, QImage.Format.Format_RGB32).copy()
