"""The laboratory of the cost landscape: J along a parameter with its tangent, from above and as a surface with the
way of the descent."""

from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from nnstudio.explain.element import element_at
from nnstudio.explain.landscape.axes import Sight
from nnstudio.explain.landscape.ground import Rows, machine_gradient
from nnstudio.explain.numbers import count
from nnstudio.gui.laboratories.function_chart import FunctionChart
from nnstudio.gui.laboratories.saving import ChartExport, SaveButton
from nnstudio.gui.plots.legend import Legend
from nnstudio.gui.tools.view import ToolView
from nnstudio.gui.widgets.icon_button import IconButton
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.gui.widgets.side_column import SideColumn

from .controls import Controls
from .map_chart import MapChart
from .parameters import next_after, parameter_of
from .pictures import line_drawing, line_keys, line_readings, map_keys, map_readings, table_of, way_of
from .surface_chart import SurfaceChart
from .surveying import Parameter, Request, Surveying

LINE, MAP, SURFACE = "Along a parameter", "Map", "Surface"
_ZOOM = 2.0
_NEAREST, _FARTHEST = 64.0, 1 / 16
_MOST_STEPS = 600
_NO_GRADIENT = "The machine computes its own gradient of this mini-batch in the backward phase."
_PURPOSES = {
    LINE: "J where one parameter alone is changed: the tangent is its gradient, and the update goes down.",
    MAP: "J from above, deeper in colour where it is higher, and the way that the descent went on it.",
    SURFACE: "J as a surface, with the way of the descent on it; drag it, or use the arrow keys, to turn it.",
}


class LandscapeView(ToolView):
    """`surveying` does the work. While the run goes on the landscape stays, and the way on it grows; where the run
    pauses it is surveyed anew."""

    interval = 0.1

    def compose(self) -> None:
        self.setObjectName("landscape_laboratory")
        self.surveying = Surveying(self.context.session, self)
        self.surveying.changed.connect(self._show)
        self._second: Parameter | None = None
        self._seed, self._zoom = 0, 1.0
        self._since: list[np.ndarray] = []
        self._gradient: float | None = None
        self.purpose = QLabel()
        self.purpose.setWordWrap(True)
        self.purpose.setProperty("muted", True)
        self.legend = Legend(Qt.Orientation.Horizontal)
        self.line = FunctionChart("landscape_line", "Cost over one parameter")
        self.line.setCursor(Qt.CursorShape.ArrowCursor)
        self.map = MapChart("landscape_map", "Cost over two directions")
        self.surface = SurfaceChart("landscape_surface", "Cost over two directions, as a surface")
        self.charts = QStackedWidget()
        self.charts.addWidget(self.line)
        self.charts.addWidget(self.map)
        self.charts.addWidget(self.surface)
        self._blank = QWidget()
        self.charts.addWidget(self._blank)
        self.controls = Controls()
        self._add_header()
        self._arrange()
        self._connect()

    @property
    def sight(self) -> Sight | None:
        """What map and surface are spanned by; None for the curve."""
        return None if self.views.current == LINE else Sight(self.controls.sights.key)

    @property
    def _chart(self) -> FunctionChart | MapChart | SurfaceChart:
        if self.views.current == LINE:
            return self.line
        return self.map if self.views.current == MAP else self.surface

    @property
    def parameter(self) -> Parameter:
        """The parameter that the selection leads to."""
        machine, chosen = self.context.session.machine, self.context.selection.chosen
        return element_at(machine, machine.op, chosen.slot, chosen.index, chosen.sample).parameter

    def rebuild(self) -> None:
        self.surveying.forget()
        self._second = None
        self._since = []

    def refresh(self) -> None:
        theme, session = self.context.appearance.theme, self.context.session
        if self.map.theme is not theme:
            for chart in (self.map, self.line, self.surface):
                chart.set_theme(theme)
        if session.paused:
            self._survey()
        else:
            self.surveying.cancel()
            self._follow()
        self._show()

    def close_tool(self) -> None:
        self.surveying.cancel()

    def _add_header(self) -> None:
        appearance = self.context.appearance
        self.views = Segmented([LINE, MAP, SURFACE], "View of the landscape")
        self.nearer = IconButton("landscape_nearer", "mdi6.magnify-plus-outline", "Look from nearer", appearance)
        self.farther = IconButton("landscape_farther", "mdi6.magnify-minus-outline", "Look from farther", appearance)
        self.save = SaveButton("landscape_save", self.context, self._export)
        for widget in (self.views, self.farther, self.nearer, self.save):
            self.header.add(widget)

    def _connect(self) -> None:
        controls = self.controls
        controls.rows.chosen.connect(self._again)
        controls.sights.chosen.connect(self._again)
        controls.first.chosen.connect(self._first_chosen)
        controls.second.chosen.connect(self._second_chosen)
        controls.others.clicked.connect(self._draw_others)
        controls.stop.clicked.connect(self.surveying.cancel)
        self.views.chosen.connect(self._again)
        self.nearer.clicked.connect(partial(self._zoom_by, _ZOOM))
        self.farther.clicked.connect(partial(self._zoom_by, 1 / _ZOOM))

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.legend)
        left.addWidget(self.charts, 1)
        halves = QHBoxLayout()
        halves.setSpacing(24)
        halves.addLayout(left, 1)
        halves.addWidget(SideColumn(self.controls))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.purpose)
        column.addLayout(halves, 1)

    def _survey(self) -> None:
        """From where the run stands now, unless that is there already."""
        machine, first = self.context.session.machine, self.parameter
        slots = machine.model.parameter_slots
        if self._second is None or self._second == first:
            self._second = next_after(slots, first)
        self.controls.show_parameters(slots, first, self._second)
        self._gradient = machine_gradient(machine, *first)
        sight = self.sight
        parameters = {None: (first,), Sight.PARAMETERS: (first, self._second)}.get(sight, ())
        self._since = []
        self.surveying.look(Request(Rows(self.controls.rows.key), sight, parameters, self._seed, self._zoom))

    def _follow(self) -> None:
        """The run goes on: note where on the axes it is."""
        axes = self.surveying.axes
        if axes is None:
            return
        here = self.context.session.machine.model.store.family("parameters").astype(np.float64)
        self._since.append(axes.project(here[None])[0])
        if len(self._since) > _MOST_STEPS:
            self._since = self._since[::2]

    def _show(self) -> None:
        theme, surveying = self.context.appearance.theme, self.surveying
        on_map, level = self.views.current != LINE, surveying.level
        self.purpose.setText(_PURPOSES[self.views.current])
        self.controls.show_sight(self.sight)
        self.nearer.set_possible(self._zoom < _NEAREST, "it is as near as it gets")
        self.farther.set_possible(self._zoom > _FARTHEST, "it is as far as it gets")
        self.save.set_possible(self._fits, "nothing is surveyed yet")
        unseen = not self._fits and not self.context.session.paused
        self.charts.setCurrentWidget(self._blank if unseen else self._chart)
        self.legend.show_keys(map_keys(theme) if on_map else line_keys(theme), theme)
        self.controls.readings.show_rows(
            map_readings(surveying, theme) if on_map else line_readings(surveying, self._gradient, theme)
        )
        self._say_how_far()
        if level is None or surveying.facts is None or not self._fits:
            return
        if on_map:
            chart = self.map if self.views.current == MAP else self.surface
            chart.show_level(level)
            chart.show_way(way_of(surveying, self._since))
        else:
            axis = level.axes.axes[0]
            now = axis.offset + float(self._since[-1][0]) if self._since else None
            self.line.name_axes(axis.name, "J")
            self.line.show_drawing(line_drawing(level, surveying.facts, now, theme))

    @property
    def _fits(self) -> bool:
        """Whether what is surveyed is what this view shows."""
        level = self.surveying.level
        dimensions = 1 if self.views.current == LINE else 2
        return level is not None and self.surveying.facts is not None and level.values.ndim == dimensions

    def _say_how_far(self) -> None:
        """What is still at work, or that the run has gone on since."""
        surveying, text = self.surveying, self.surveying.problem
        if not text and not self.context.session.paused and not self._fits:
            text = "The landscape is surveyed where the run pauses."
        elif not text and not self.context.session.paused:
            text = f"Seen from iteration {count(surveying.iterations)}; it is surveyed anew where the run pauses."
        elif not text and surveying.at_work and surveying.level is not None:
            points = " × ".join([count(surveying.level.side)] * surveying.level.values.ndim)
            text = f"{points} points, and more to come"
        elif not text and self.sight is None and self._gradient is None:
            text = _NO_GRADIENT
        self.controls.say(text, at_work=surveying.at_work)

    def _again(self, _choice: str = "") -> None:
        if self.context.session.paused:
            self._survey()
        self._show()

    def _zoom_by(self, factor: float) -> None:
        self._zoom = min(max(self._zoom * factor, _FARTHEST), _NEAREST)
        self._again()

    def _draw_others(self) -> None:
        self._seed += 1
        self._again()

    def _first_chosen(self, key: str) -> None:
        self.context.selection.choose(*parameter_of(key))

    def _second_chosen(self, key: str) -> None:
        self._second = parameter_of(key)
        self._again()

    def _export(self) -> ChartExport:
        level, theme = self.surveying.level, self.context.appearance.theme
        assert level is not None
        if self.views.current != LINE:
            return ChartExport("Cost landscape", self._chart, map_keys(theme), table_of(level))
        return ChartExport("Cost along a parameter", self.line, line_keys(theme), table_of(level))
