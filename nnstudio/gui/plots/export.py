"""Pictures and numbers as files: PNG at twice the resolution, SVG with its shapes, CSV at full precision.

Everything is made in memory first and written whole or not at all, so that a failure leaves what was there.
"""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter

from nnstudio.replacing import advice, write_whole

SUFFIXES = (".png", ".svg", ".csv")
_RATIO = 2
_DOTS_PER_INCH = 96  # a recorded picture, as an axis is, is scaled by this


class Exportable(Protocol):
    """What can be saved: it paints itself in pixels and has its numbers as a table."""

    title: str
    ground: str

    def size(self) -> QSize: ...

    def paint(self, painter: QPainter) -> None: ...

    def table(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]: ...


class ExportError(Exception):
    """It was not saved, why, and what to do."""


def save(what: Exportable, path: Path) -> None:
    """Write the file; its suffix decides the kind. ExportError says why it can't be."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ExportError(f"{path.name} was not saved: name it .png, .svg or .csv")
    data = {".png": png, ".svg": svg, ".csv": csv_text}[suffix](what)
    try:
        write_whole(path, data)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ExportError(f"{path} was not saved: {reason}; {advice(error)}") from error


def png(what: Exportable) -> bytes:
    image = QImage(what.size() * _RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_RATIO)
    image.fill(QColor(what.ground))
    painter = QPainter(image)
    what.paint(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def svg(what: Exportable) -> bytes:
    from PySide6.QtSvg import QSvgGenerator  # a library of its own, which the start does without

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # 1.2 Tiny knows no clipping
    generator.setOutputDevice(buffer)
    size = what.size()
    generator.setSize(size)
    generator.setResolution(_DOTS_PER_INCH)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(what.title)
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(what.ground))
    what.paint(painter)
    painter.end()
    return bytes(buffer.data().data())


def csv_text(what: Exportable) -> bytes:
    import csv

    header, rows = what.table()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> object:
    """Every digit of a number; nothing where there is none."""
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if np.isnan(number):
            return ""
        return int(number) if number.is_integer() and abs(number) < 2**53 else repr(number)
    return value
