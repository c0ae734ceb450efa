"""The landscape from above: the higher J, the deeper the colour, with lines of equal J; and the way of the descent."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nnstudio.explain.landscape.contours import contour, heights
from nnstudio.explain.landscape.survey import Level
from nnstudio.explain.numbers import short
from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.markers import Look, Marker, draw, line_pen
from nnstudio.gui.theme import Theme

STRENGTH = 0.85
_HIGHEST = 0.97
"""Of all values; what is higher has the colour of that, lest one peak leave all else flat."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """The way of the descent as the scales show it (n × 2), and where the next update lands."""

    path: np.ndarray
    landing: np.ndarray | None = None


class MapChart(Chart):
    """`show_level` takes the landscape, `show_way` what lies on it."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(name, title, parent)
        self.level: Level | None = None
        self.way = Way(np.empty((0, 2)))
        self.lines: list[np.ndarray] = []
        """Lines of equal J, as segments in the units of the axes."""
        self._image = QImage()

    def show_level(self, level: Level) -> None:
        if level is self.level:
            return
        self.level = level
        self.x_range, self.y_range = level.axes.ranges()
        self.x_name, self.y_name = (axis.name for axis in level.axes.axes)
        self.lines = [self._placed(contour(level.values, height)) for height in heights(capped(level.values))]
        self._image = picture(level.values, self.theme)
        self.touch()

    def show_way(self, way: Way) -> None:
        self.way = way
        self.update()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        if self.level is not None:
            self._image = picture(self.level.values, theme)

    @property
    def small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(12)
        return font

    def tip(self, at: QPointF) -> str:
        """J of the nearest measured point."""
        if self.level is None or not self.frame.contains(at):
            return ""
        x, y = self.from_pixel(at)
        shares = ((value - low) / (high - low) for value, (low, high) in ((x, self.x_range), (y, self.y_range)))
        place = tuple(round(share * (self.level.side - 1)) for share in shares)
        return f"J ≈ {short(float(self.level.values[place]))}\n{self.x_name} {short(x)}\n{self.y_name} {short(y)}"

    def under(self, painter: QPainter) -> None:
        if self.level is None:
            return
        frame, cells = self.frame, self.level.side - 1
        across, down = frame.width() / cells / 2, frame.height() / cells / 2
        painter.save()
        painter.setClipRect(frame)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(frame.adjusted(-across, -down, across, down), self._image)
        painter.restore()

    def still(self, painter: QPainter, *, shapes: bool) -> None:
        line = QColor(self.theme.text)
        line.setAlphaF(0.35)
        painter.setPen(QPen(line, 1))
        for segments in self.lines:
            x, y = self._pixels(segments.reshape(-1, 2))
            ends = np.stack((x, y), axis=1).reshape(-1, 4).tolist()
            painter.drawLines([QLineF(*end) for end in ends])

    def moving(self, painter: QPainter, *, shapes: bool) -> None:
        painter.save()
        painter.setClipRect(self.frame)
        path = self.way.path
        if len(path):
            x, y = self._pixels(path)
            points = list(map(QPointF, x.tolist(), y.tolist()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for colour, width in ((self.theme.panel, 5.0), (self.theme.text, 2.5)):
                pen = line_pen(colour, (), width)
                pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
                painter.setPen(pen)
                painter.drawPolyline(QPolygonF(points))
            draw(painter, points[0], Look(Marker.CIRCLE, self.theme.panel, self.theme.text, 2.0), 9)
            draw(painter, points[-1], Look(Marker.CIRCLE, self.theme.accent, self.theme.panel, 2.0), 16)
            self._paint_landing(painter, points[-1])
        painter.restore()

    def _paint_landing(self, painter: QPainter, here: QPointF) -> None:
        if self.way.landing is None:
            return
        x, y = self._pixels(self.way.landing[None])
        at = QPointF(float(x[0]), float(y[0]))
        painter.setPen(line_pen(self.theme.update, (), 3.0))
        painter.drawLine(here, at)
        draw(painter, at, Look(Marker.DIAMOND, self.theme.update, self.theme.panel, 1.5), 10)

    def _placed(self, segments: np.ndarray) -> np.ndarray:
        """Segments in units of the grid as the scales show them."""
        assert self.level is not None
        lows = np.array([self.x_range[0], self.y_range[0]])
        spans = np.array([high - low for low, high in (self.x_range, self.y_range)])
        placed: np.ndarray = lows + segments / (self.level.side - 1) * spans
        return placed

    def _pixels(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        frame: QRectF = self.frame
        (left, right), (bottom, top) = self.x_range, self.y_range
        x = frame.left() + (places[:, 0] - left) / (right - left) * frame.width()
        y = frame.bottom() - (places[:, 1] - bottom) / (top - bottom) * frame.height()
        return np.clip(x, -1e4, 1e4), np.clip(y, -1e4, 1e4)


def capped(values: np.ndarray) -> np.ndarray:
    """With the few highest values brought down to the rest."""
    known = values[np.isfinite(values)]
    most = float(np.quantile(known, _HIGHEST)) if len(known) else np.inf
    lower: np.ndarray = np.minimum(values, most)
    return lower


def shades(values: np.ndarray) -> np.ndarray:
    """How high values lie, from 0 to 1; as contours do, it tells most apart near the lowest. NaN where unknown."""
    low, high = float(np.nanmin(values, initial=np.inf)), float(np.nanmax(values, initial=-np.inf))
    span = high - low if np.isfinite((low, high)).all() and high > low else 1.0
    with np.errstate(invalid="ignore"):
        found: np.ndarray = np.sqrt(np.clip((values - low) / span, 0, 1))
    return found


def picture(values: np.ndarray, theme: Theme) -> QImage:
    """A pixel for each point, the second axis upwards."""
    finite = np.where(np.isfinite(values), values, np.nan)
    share = shades(capped(finite)).T[::-1] * STRENGTH
    rgb = np.rint(np.nan_to_num(colours_of(share, theme))).astype(np.uint32)
    pixels = np.ascontiguousarray(0xFF000000 | rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]).astype(np.uint32)
    pixels[np.isnan(share)] = 0
    side = len(pixels)
    return QImage(pixels.data, side, side, 4 * side, QImage.Format.Format_ARGB32_Premultiplied).copy()


def colours_of(shares: np.ndarray, theme: Theme) -> np.ndarray:
    """From the ground, 0, to the colour of the cost, 1, as red, green and blue (… × 3) up to 255."""
    low, high = (_rgb(QColor(name)) for name in (theme.panel, theme.cost))
    colours: np.ndarray = low + (high - low) * shares[..., None]
    return colours


def _rgb(colour: QColor) -> np.ndarray:
    return np.array((colour.red(), colour.green(), colour.blue()), np.float64)
