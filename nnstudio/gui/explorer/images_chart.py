"""The images of a table beside each other, each with its class below."""

from math import ceil

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from nnstudio.data.dataset import Dataset, ImageShape
from nnstudio.explain.numbers import count
from nnstudio.gui.plots.chart import Chart

_GAP, _LABEL = 8.0, 16.0
_LEAST_SIDE, _MOST_SIDE = 40.0, 112.0


class ImagesChart(Chart):
    """A page of images; Page Up and Page Down turn it. `row_clicked` carries the row of the table."""

    row_clicked = Signal(int)
    turned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("explorer_images", "Images of the table", parent)
        self._dataset: Dataset | None = None
        self._label = ""
        self.first = 0

    def show_images(self, dataset: Dataset, label: str) -> None:
        """The images of a table; `label` is the column that stands below them, none if it is empty."""
        if dataset is not self._dataset:
            self.first = 0
        self._dataset, self._label = dataset, label
        self.touch()

    @property
    def frame(self) -> QRectF:
        return QRectF(self.rect()).adjusted(2, 2, -2, -2)

    @property
    def shown(self) -> range:
        """The rows that are in sight."""
        rows = 0 if self._dataset is None else self._dataset.rows
        across, down, _ = self._grid()
        return range(self.first, min(self.first + across * down, rows))

    def turn(self, pages: int) -> None:
        """Go so many pages on."""
        if self._dataset is None:
            return
        across, down, _ = self._grid()
        last = max(ceil(self._dataset.rows / (across * down)) - 1, 0) * across * down
        first = min(max(self.first + pages * across * down, 0), last)
        if first != self.first:
            self.first = first
            self.touch()
            self.turned.emit()

    def said(self) -> str:
        """Which of how many images are shown."""
        shown = self.shown
        if self._dataset is None or not shown:
            return ""
        shape = self._dataset.images
        size = "" if shape is None else f" · {shape.height} × {shape.width} pixels" + (", RGB" * (shape.channels > 1))
        return f"{count(shown[0] + 1)} to {count(shown[-1] + 1)} of {count(self._dataset.rows)} images{size}"

    def row_at(self, at: QPointF) -> int | None:
        """The row whose image is under the pointer."""
        return next((row for number, row in enumerate(self.shown) if self._place(number).contains(at)), None)

    def still(self, painter: QPainter, *, shapes: bool) -> None:
        dataset = self._dataset
        if dataset is None or dataset.images is None:
            return
        painter.setFont(self.small)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        metrics = QFontMetricsF(self.small)
        pixels = _images(dataset, dataset.images, self.shown)
        labels = dataset.column(self._label).values if self._label else None
        for number, row in enumerate(self.shown):
            place = self._place(number)
            picture = QRectF(place.left(), place.top(), place.width(), place.height() - _LABEL)
            painter.drawImage(picture, _image(pixels[number]))
            if labels is not None:
                value = labels[row]
                text = str(value) if isinstance(value, str) else f"{value:g}"
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
                painter.setPen(QColor(self.theme.muted))
                area = QRectF(place.left(), picture.bottom(), place.width(), _LABEL)
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def tip(self, at: QPointF) -> str:
        row = self.row_at(at)
        return "" if row is None else f"Row {count(row + 1)}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        row = self.row_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and row is not None:
            self.row_clicked.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pages = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Left: -1}
        key = Qt.Key(event.key())
        if key in pages:
            self.turn(pages[key])
        else:
            super().keyPressEvent(event)

    def _paint_axes(self, painter: QPainter) -> None:
        """Images have none."""

    def _grid(self) -> tuple[int, int, float]:
        """Images across and down, and how high one is."""
        shape = self._dataset.images if self._dataset is not None else None
        ratio = 1.0 if shape is None else shape.width / shape.height
        room, height = self.frame.width(), self.frame.height()
        side = min(max(height / 3 - _LABEL - _GAP, _LEAST_SIDE), _MOST_SIDE)
        across = max(int((room + _GAP) // (side * ratio + _GAP)), 1)
        down = max(int((height + _GAP) // (side + _LABEL + _GAP)), 1)
        return across, down, side

    def _place(self, number: int) -> QRectF:
        """Where an image of the page is, with its label."""
        across, _, side = self._grid()
        shape = self._dataset.images if self._dataset is not None else None
        wide = side if shape is None else side * shape.width / shape.height
        row, column = divmod(number, across)
        at = self.frame.topLeft()
        return QRectF(at.x() + column * (wide + _GAP), at.y() + row * (side + _LABEL + _GAP), wide, side + _LABEL)


def _images(dataset: Dataset, shape: ImageShape, rows: range) -> np.ndarray:
    """The pixels of some rows, from 0 to 255 (rows × height × width × channels)."""
    places = np.array(rows, dtype=np.int64)
    values = np.column_stack([dataset.column(name).values[places] for name in shape.columns])
    low, high = min(float(np.nanmin(values)), 0.0), float(np.nanmax(values))
    scaled = np.nan_to_num((values - low) / ((high - low) or 1.0) * 255)
    return scaled.astype(np.uint8).reshape(len(places), shape.height, shape.width, shape.channels)


def _image(pixels: np.ndarray) -> QImage:
    height, width, channels = pixels.shape
    formats = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888}
    flat = np.ascontiguousarray(pixels)
    return QImage(flat.data, width, height, width * channels, formats[channels]).copy()
