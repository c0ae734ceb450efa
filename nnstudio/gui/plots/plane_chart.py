"""The decision map, or the surface: what the network says everywhere in the plane of two inputs, under the data."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from .plane import Plane
from .point_chart import PointChart, rounded_corners

_CORNER = 6.0


class PlaneChart(PointChart):
    """The picture is written in place, and scaled smoothly when it is painted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("plane_chart", "What the network says over its two inputs", parent)
        self._pixels_of: np.ndarray = np.zeros((1, 1), dtype=np.uint32)
        self._image = self._image_of(self._pixels_of)

    @property
    def side(self) -> int:
        """How many cells the picture has across."""
        return len(self._pixels_of)

    @property
    def colours(self) -> np.ndarray:
        """The picture as 0xAARRGGBB, from the top left."""
        return self._pixels_of

    def set_plane(self, plane: Plane, x_name: str, y_name: str) -> None:
        self.x_range, self.y_range = plane.x, plane.y
        self.x_name, self.y_name = x_name, y_name
        self.touch()

    def set_colours(self, colours: np.ndarray) -> None:
        """Colours (side²) as 0xAARRGGBB, row by row from the top left."""
        side = int(len(colours) ** 0.5)
        if side != self.side:
            self._pixels_of = np.empty((side, side), dtype=np.uint32)
            self._image = self._image_of(self._pixels_of)
        self._pixels_of[...] = colours.reshape(side, side)
        self.update()

    def shaped(self, area: QRectF) -> QRectF:
        side = max(min(area.width(), area.height()), 1.0)
        return QRectF(area.left() + (area.width() - side) / 2, area.top() + (area.height() - side) / 2, side, side)

    def under(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.frame, self._image)

    def still(self, painter: QPainter, *, shapes: bool) -> None:
        painter.fillPath(rounded_corners(self.frame, _CORNER), QColor(self.theme.panel))
        super().still(painter, shapes=shapes)

    def place_at(self, at: QPointF) -> tuple[float, float] | None:
        return self.from_pixel(at) if self.frame.contains(at) else None

    @staticmethod
    def _image_of(pixels: np.ndarray) -> QImage:
        """A picture of this memory, without a copy."""
        side = len(pixels)
        return QImage(pixels.data, side, side, 4 * side, QImage.Format.Format_ARGB32_Premultiplied)
