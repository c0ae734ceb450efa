"""The correlations with what their colours stand for."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from nnstudio.gui.plots.colour_bar import ColourBar
from nnstudio.gui.plots.plane import Scale
from nnstudio.gui.theme import Theme
from nnstudio.gui.widgets.elided_label import ElidedLabel

from .correlation_chart import CorrelationChart
from .survey import Survey

_BAR = 160
_ONE = Scale(0.0, 1.0)


class CorrelationPage(QWidget):
    """`chart` is the map."""

    def __init__(self) -> None:
        super().__init__()
        self.chart = CorrelationChart()
        self.scale = ColourBar()
        self.scale.setFixedWidth(_BAR)
        words = ElidedLabel("r: 1 where columns rise together, −1 where one falls as the other rises")
        words.setProperty("muted", True)
        key = QHBoxLayout()
        key.setSpacing(16)
        key.addWidget(self.scale)
        key.addWidget(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.chart, 1)
        column.addLayout(key)

    def show_survey(self, survey: Survey, theme: Theme) -> None:
        """Draw them."""
        self.chart.show_correlations(survey.correlations, tuple(column.name for column in survey.correlated))
        self.scale.show_scale(_ONE, theme)
