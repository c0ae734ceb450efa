"""The two plots as they are saved: each with its legend above it."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import assert_never

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter

from nnstudio.training.metrics import Metric

from .learned_view import LearnedView
from .learning_curve import LearningCurve
from .legend import Legend
from .series import GradientNorm, Measured, SeriesName, Single

_MARGIN, _LEGEND, _WIDEST = 16, 24, 1000


class Plot(StrEnum):
    """Which of the two."""

    CURVE = "Learning curve"
    LEARNED = "What it has learned"


class CurveExport:
    """The learning curve as it is shown; its table has every epoch, and every series."""

    def __init__(self, curve: LearningCurve) -> None:
        self._curve = curve
        self.title = "Learning curve"
        self.ground = curve.theme.panel
        self._legend = Legend(Qt.Orientation.Horizontal)
        self._legend.show_keys(curve.legend_keys(), curve.theme)

    def size(self) -> QSize:
        size = self._curve.viewport().size()
        width = max(size.width(), self._legend.sizeHint().width())
        return QSize(width + 2 * _MARGIN, size.height() + 2 * _MARGIN + _LEGEND)

    def paint(self, painter: QPainter) -> None:
        view = self._curve.viewport().size()
        self._legend.paint(painter, QRectF(_MARGIN, _MARGIN - 4, self.size().width(), 18))
        self._curve.paint(painter, QRectF(_MARGIN, _MARGIN + _LEGEND, view.width(), view.height()))

    def table(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """The cost of each part first, then the metrics, the penalty, the learning rate and each layer's ‖∂J/∂W‖."""
        buffer = self._curve.buffer
        names = sorted(buffer.names, key=_is_cost, reverse=True)
        epochs = [int(epoch) for epoch in buffer.epochs]
        columns = [buffer.values(name).tolist() for name in names]
        return ["epoch", *map(_heading, names)], zip(epochs, *columns, strict=True)


def _is_cost(name: SeriesName) -> bool:
    return isinstance(name, Measured) and name.metric is Metric.COST


def _heading(name: SeriesName) -> str:
    match name:
        case Measured(part, Metric.COST):
            return part.value
        case Measured(part, metric):
            return f"{part.value} {metric.value}"
        case GradientNorm(layer):
            return f"gradient norm {layer}"
        case Single():
            return name.value
        case _:
            assert_never(name)


class LearnedExport:
    """The picture of what has been learned."""

    def __init__(self, view: LearnedView) -> None:
        self._view = view
        self.title = f"What it has learned: {view.view.value.lower()}"
        self.ground = view.theme.panel
        self._legend = Legend(Qt.Orientation.Horizontal)
        self._legend.show_keys(view.picture.legend_keys(), view.theme)

    def size(self) -> QSize:
        size = self._view.picture.chart.size()
        width = max(size.width(), min(self._legend.sizeHint().width(), _WIDEST))
        return QSize(width + 2 * _MARGIN, size.height() + 2 * _MARGIN + self._legend_height())

    def paint(self, painter: QPainter) -> None:
        picture = self._view.picture
        self._legend.paint(painter, QRectF(_MARGIN, _MARGIN - 4, self.size().width() - 2 * _MARGIN, 18))
        painter.translate(_MARGIN, _MARGIN + self._legend_height())
        picture.chart.paint(painter, shapes=True)

    def table(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        header, rows = self._view.picture.table()
        return header, rows

    def _legend_height(self) -> int:
        return _LEGEND if self._legend.labels else 0
