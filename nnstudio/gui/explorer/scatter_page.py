"""Two columns against each other: every row a point, coloured by its class."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.data.exploring import correlations
from nnstudio.gui.plots.legend import Key, Legend
from nnstudio.gui.plots.markers import Look, Marker, Points
from nnstudio.gui.plots.picture import class_looks, training_look
from nnstudio.gui.plots.point_chart import PointChart
from nnstudio.gui.theme import Theme
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.elided_label import ElidedLabel

from . import words
from .survey import Survey


class ScatterPage(QWidget):
    """`row_clicked` carries the number of the table's row whose point was clicked."""

    row_clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.across = Choice("explorer_across", "Column across")
        self.up = Choice("explorer_up", "Column upwards")
        self.chart = PointChart("explorer_scatter", "Two columns against each other")
        self.legend = Legend(Qt.Orientation.Horizontal)
        self.said = ElidedLabel()
        self.said.setProperty("muted", True)
        self._survey: Survey | None = None
        for box in (self.across, self.up):
            box.chosen.connect(self._chosen)
        self.chart.row_clicked.connect(self.row_clicked)
        self._lay_out()

    def show_survey(self, survey: Survey, theme: Theme) -> None:
        """Draw the chosen columns of this table; at first those that are related most."""
        options = [Option(column.name, column.name) for column in survey.numbers]
        for box in (self.across, self.up):
            box.set_options(options)
        if not (self.across.key and self.up.key) and (pair := survey.most_related()):
            self.across.choose(pair[0])
            self.up.choose(pair[1])
        self._survey = survey
        self.chart.set_theme(theme)
        self._draw()

    def choose(self, across: str, up: str) -> None:
        """Show these two columns."""
        self.across.choose(across)
        self.up.choose(up)
        self._draw()

    def keys(self) -> tuple[Key, ...]:
        """What the legend says."""
        survey = self._survey
        if survey is None or survey.grouping is None:
            return ()
        return tuple(Key(name, look=self._look(number)) for number, name in enumerate(survey.grouping.names))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for text, box in (("Across", self.across), ("Up", self.up)):
            label = QLabel(text)
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box)
        row.addWidget(self.legend, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.chart, 1)
        column.addWidget(self.said)

    def _draw(self) -> None:
        survey = self._survey
        if survey is None or not (self.across.key and self.up.key):
            return
        across, up = survey.dataset.column(self.across.key), survey.dataset.column(self.up.key)
        self.chart.x_name, self.chart.y_name = across.name, up.name
        self.chart.x_range, self.chart.y_range = survey.range_of(across), survey.range_of(up)
        points = [
            Points(across.values[rows], up.values[rows], self._look(number))
            for number, rows in enumerate(survey.groups)
        ]
        places = np.column_stack((across.values, up.values))[survey.drawn]
        self.chart.set_points(points, survey.drawn, places)
        self.legend.show_keys(self.keys(), self.chart.theme)
        r = float(correlations((across, up))[0, 1])
        note = words.drawn(survey.dataset, len(survey.drawn))
        self.said.show_text(" · ".join(filter(None, (words.of_pair(across.name, up.name, r), note))))
        self.chart.setAccessibleDescription(self.said.whole)

    def _look(self, group: int) -> Look:
        """How a group looks; the last one, of rows without a class, is hollow."""
        theme = self.chart.theme
        assert self._survey is not None
        if self._survey.grouping is None:
            return training_look(theme.train, theme)
        if group == len(self._survey.grouping.names):
            return Look(Marker.CIRCLE, theme.panel, theme.muted, 1.5, 0.8)
        return class_looks(group, theme)[0]

    def _chosen(self, _key: str) -> None:
        self._draw()
