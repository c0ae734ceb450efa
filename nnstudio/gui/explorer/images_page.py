"""The page of the images, with the buttons that turn it."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.gui.appearance import Appearance
from nnstudio.gui.laboratories.saving import ChartExport
from nnstudio.gui.theme import Theme
from nnstudio.gui.widgets.icon_button import IconButton

from .images_chart import ImagesChart
from .survey import Survey


class ImagesPage(QWidget):
    """`row_clicked` carries the row of the table whose image was clicked."""

    row_clicked = Signal(int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.chart = ImagesChart()
        self.said = QLabel()
        self.said.setProperty("muted", True)
        self.back = IconButton("images_back", "mdi6.chevron-left", "Images before these", appearance)
        self.on = IconButton("images_on", "mdi6.chevron-right", "Images after these", appearance)
        below = QHBoxLayout()
        below.addWidget(self.said, 1)
        for button, pages in ((self.back, -1), (self.on, 1)):
            button.clicked.connect(partial(self.chart.turn, pages))
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.chart, 1)
        column.addLayout(below)
        self.chart.row_clicked.connect(self.row_clicked)
        self.chart.turned.connect(self._turned)

    def show_survey(self, survey: Survey, theme: Theme) -> None:
        """The images of this table."""
        self.chart.set_theme(theme)
        self.chart.show_images(survey.dataset, survey.targets[0] if len(survey.targets) == 1 else "")
        self._turned()

    def export(self) -> ChartExport:
        """The page as it is shown."""
        rows: list[list[object]] = [[row + 1] for row in self.chart.shown]
        return ChartExport("Images", self.chart, (), (["row"], rows))

    def _turned(self) -> None:
        self.said.setText(self.chart.said())
        self.chart.setAccessibleDescription(self.chart.said())
