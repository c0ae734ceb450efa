"""Where a value stands on the screen: the plot's rectangle in pixels, and the stretch that each axis shows in it."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from .ranges import Range


@dataclass(frozen=True, slots=True)
class Frame:
    """From the units of the axes to pixels and back."""

    area: QRectF
    x: Range
    y: Range

    def to_pixel(self, x: float, y: float) -> QPointF:
        return QPointF(self.x_pixel(x), self.y_pixel(y))

    def x_pixel(self, x: float) -> float:
        low, high = self.x
        return float(self.area.left() + (x - low) / (high - low) * self.area.width())

    def y_pixel(self, y: float) -> float:
        low, high = self.y
        return float(self.area.bottom() - (y - low) / (high - low) * self.area.height())

    def x_at(self, pixel: float) -> float | None:
        """What stands at a pixel; None outside the plot."""
        if not self.area.left() <= pixel <= self.area.right() + 1:
            return None
        low, high = self.x
        return low + (pixel - self.area.left()) / self.area.width() * (high - low)
