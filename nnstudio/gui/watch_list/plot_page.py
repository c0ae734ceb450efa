"""The plot of chosen rows, its legend above it, and the controls that belong to it: its scale and its export."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from nnstudio.gui.context import Context
from nnstudio.gui.laboratories.saving import ChartExport, SaveButton
from nnstudio.gui.plots.legend import Key, Legend
from nnstudio.gui.plots.markers import DASHES
from nnstudio.gui.theme import Theme
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.training.watchlist import Entry

from .rows import title
from .watch_chart import Line, WatchChart

_LINEAR, _LOG = "Linear", "Log"
_SCALE = "watch_list/scale"
_COLOURS = (1, 3, 2, 5, 4, 6, 0, 7)


class PlotPage(QWidget):
    """`chart` is the plot; `scales` and `save` are for whoever has a place for them."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.chart = WatchChart()
        self.legend = Legend(Qt.Orientation.Horizontal)
        self.scales = Segmented([_LINEAR, _LOG], "Scale of the vertical axis")
        self.scales.choose(context.settings.value(_SCALE, _LINEAR))
        self.chart.log = self.scales.current == _LOG
        self.save = SaveButton("save_watch_plot", context, self._export)
        self._lay_out()
        self.scales.chosen.connect(self._scale_chosen)
        self.chart.asked.connect(context.session.travel.go_to)
        self._shown: tuple[Sequence[Entry], int, float] = ((), 1, 0.0)

    def show_entries(self, entries: Sequence[Entry], operations: int, here: float) -> None:
        """Draw the histories of these, in iterations of so many operations; the run stands at `here`."""
        self._shown = entries, operations, here
        theme = self._context.appearance.theme
        lines = [_line(entry, number, operations, theme) for number, entry in enumerate(entries)]
        self.chart.show_lines(lines, here, theme)
        self.legend.show_keys(self.chart.keys, theme)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # what has no room is cut
        column.addWidget(self.legend)
        column.addWidget(self.chart, 1)

    def _scale_chosen(self, text: str) -> None:
        self.chart.log = text == _LOG
        self._context.settings.set_value(_SCALE, text)
        self.show_entries(*self._shown)

    def _export(self) -> ChartExport:
        return ChartExport("Watch list", self.chart, self.chart.keys, self.chart.table)


def _line(entry: Entry, number: int, operations: int, theme: Theme) -> Line:
    """Lines of one plot are told apart by a colour and dashes of their own."""
    colour = theme.classes[_COLOURS[number % len(_COLOURS)]]
    key = Key(title(entry.watched), colour, DASHES[number % len(DASHES)])
    track = entry.track
    return Line(key, dict(zip(track.moments, track.values.tolist(), strict=True)), track.places(operations))
