"""The plots: how learning went, at the left; what the network has learned, at the right."""

import time
from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QMenu, QWidget

from nnstudio.data.preparation import PartName
from nnstudio.gui.context import Context
from nnstudio.gui.plots.curve_state import Quantity
from nnstudio.gui.plots.export import Exportable, ExportError, save
from nnstudio.gui.plots.exports import CurveExport, LearnedExport, Plot
from nnstudio.gui.plots.learned_view import LearnedView
from nnstudio.gui.plots.learning_curve import LearningCurve
from nnstudio.gui.plots.legend import Legend
from nnstudio.gui.plots.quantity_choice import QuantityChoice
from nnstudio.gui.session import RunState
from nnstudio.gui.shown import Cell
from nnstudio.gui.timeline.bar import TimelineBar
from nnstudio.gui.widgets.icon_button import IconButton
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.training.metrics import Metric
from nnstudio.training.places import Place

from .panel import Panel

_QUANTITY, _METRIC, _SCALE = "plots/quantity", "plots/metric", "plots/scale"
_RATE_SCALE = "plots/rate_scale"
_LINEAR, _LOG = "Linear", "Log"
_QUICK_SECONDS = 0.05
_NARROWEST = 260
_NO_EPOCH_YET = "Press F5 to train"
_IN_FIRST_EPOCH = "The first epoch is not finished yet; F7 runs to its end"


class PlotsPanel(Panel):
    """`curve` is the learning curve, `learned` the picture of what has been learned; below lies the `timeline`."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "plots_panel", "Learning")
        self.curve = LearningCurve()
        self.learned = LearnedView()
        self._frame_at, self._curves_turn = 0.0, False
        self._halves = _Halves(self.curve, self.learned)
        self.timeline = TimelineBar(context)
        self.body.addWidget(self._halves, 1)
        self.body.addWidget(self.timeline)
        self._make_controls()
        self.learned.row_clicked.connect(self._row_clicked)
        self.learned.stepped.connect(self._sample_stepped)
        self.learned.cell_clicked.connect(self._cell_clicked)
        self.learned.changed.connect(self._choice_changed)
        self.curve.zoomed.connect(self._fit.setEnabled)
        context.session.state_changed.connect(self._state_changed)
        context.overlays.changed.connect(self._overlays_changed)

    def rebuild(self) -> None:
        metrics, state = self.context.session.run.measuring.metrics, self.curve.state
        self._quantities.set_metrics(metrics)
        wanted = self.context.settings.value(_METRIC, "")
        state.metric = next((metric for metric in metrics if metric.value == wanted), metrics[0])
        state.window = None
        self._quantities.show_choice(state.quantity, state.metric)
        self._show_scale()
        self._fit.setEnabled(False)
        self.learned.start(self.context.session.run)
        self._halves.arrange()

    def refresh(self) -> None:
        session, theme = self.context.session, self.context.appearance.theme
        if self.curve.theme is not theme:
            self.curve.set_theme(theme)
            self.learned.set_theme(theme)
        running = not session.paused
        curve, learned = self._turns(running=running)
        if curve:
            self.curve.take(session.run.history)
            self.curve.lay_over(self.context.overlays.over(session.run))
            self.curve.show_hint(self._hint())
            self.curve.show_here(self._epoch_in_past())
            self.curve.redraw()
            self._legend.show_keys(self.curve.legend_keys(), theme)
            self.timeline.refresh(self.curve.buffer)
        if learned:
            self.learned.refresh(running=running, row=None if running else self._chosen_row())

    def save_plot(self, path: Path | str, plot: Plot = Plot.CURVE) -> bool:
        """Save one of the plots as PNG, SVG or CSV, by the suffix; false, with the reason shown, if it can't be."""
        path = Path(path)
        what: Exportable = CurveExport(self.curve) if plot is Plot.CURVE else LearnedExport(self.learned)
        try:
            save(what, path)
        except ExportError as error:
            self.context.session.failed.emit(str(error))
            return False
        self.context.session.message.emit(f"Saved {path.name}")
        return True

    def _turns(self, *, running: bool) -> tuple[bool, bool]:
        """Whether the curve and the picture are drawn now: in quick succession they take turns, for half the cost."""
        now = time.perf_counter()
        quick = running and now - self._frame_at < _QUICK_SECONDS
        self._frame_at = now
        self._curves_turn = not self._curves_turn
        return (self._curves_turn, not self._curves_turn) if quick else (True, True)

    def _make_controls(self) -> None:
        settings = self.context.settings
        self._legend = Legend(Qt.Orientation.Horizontal)
        self._quantities = QuantityChoice()
        self._scales = Segmented([_LINEAR, _LOG], "Scale of the vertical axis")
        self._more = IconButton("plots_menu", "ph.dots-three-outline-fill", "Save a plot", self.context.appearance)
        self._more.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(self._menu())
        for widget in (self._legend, self._quantities, self._scales, self._more):
            self.header.add(widget, spare=widget is self._scales)
        stored = settings.value(_QUANTITY, Quantity.COST.value)
        self.curve.state.quantity = Quantity(stored) if stored in set(Quantity) else Quantity.COST
        self.curve.state.log = settings.value(_SCALE, _LOG) != _LINEAR
        self.curve.state.log_rate = settings.value(_RATE_SCALE, _LINEAR) == _LOG
        self._legend.cut_changed.connect(self._legend_cut)
        self._quantities.quantity_chosen.connect(self._quantity_chosen)
        self._scales.chosen.connect(self._scale_chosen)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for plot in Plot:
            part = menu.addMenu(f"Save {plot.value[0].lower()}{plot.value[1:]}")
            for kind in ("PNG", "SVG", "CSV"):
                action = part.addAction(f"{kind}…")
                action.setData((plot, kind.lower()))
            part.triggered.connect(self._save_asked)
        menu.addSeparator()
        self._fit = menu.addAction("Show all epochs", self.curve.fit)
        self._fit.setToolTip("As a double click on the curve does")
        self._fit.setEnabled(False)
        return menu

    def _show_scale(self) -> None:
        """What cannot be logarithmic is linear, and the switch says why."""
        state = self.curve.state
        blocked = self._scales.blockSignals(True)
        self._scales.choose(_LOG if state.logarithmic else _LINEAR)
        self._scales.blockSignals(blocked)
        possible = state.can_be_logarithmic
        self._scales.setEnabled(possible)
        reason = f"{state.metric.heading} can be 0 or less, which has no logarithm; it is drawn on a linear scale"
        self._scales.setToolTip("Equal distances are equal differences, or equal ratios" if possible else reason)

    def _quantity_chosen(self, quantity: Quantity, metric: Metric) -> None:
        state, settings = self.curve.state, self.context.settings
        state.quantity, state.metric = quantity, metric
        self._show_scale()
        settings.set_value(_QUANTITY, state.quantity.value)
        if state.quantity is Quantity.METRIC:
            settings.set_value(_METRIC, state.metric.value)
        self._show_choice()

    def _scale_chosen(self, text: str) -> None:
        state = self.curve.state
        state.set_scale(log=text == _LOG)
        self.context.settings.set_value(_RATE_SCALE if state.quantity is Quantity.RATE else _SCALE, text)
        self._show_choice()

    def _show_choice(self) -> None:
        """The curve has numbers of its own, so a choice shows at once even while training runs."""
        self.curve.redraw()
        self._legend.show_keys(self.curve.legend_keys(), self.context.appearance.theme)

    def _overlays_changed(self) -> None:
        """While training the next frame shows it."""
        if self.context.session.paused and self._in_sight:
            self.curve.lay_over(self.context.overlays.over(self.context.session.run))
            self._show_choice()

    def _legend_cut(self) -> None:
        self.curve.name_at_ends(self._legend.cut)

    def _choice_changed(self) -> None:
        self._halves.arrange()
        self._request_when_paused()

    def _state_changed(self, state: RunState) -> None:
        if state is not RunState.PAUSED:
            self.learned.stop()

    def _epoch_in_past(self) -> float | None:
        """Where the run stands on the axis of epochs, None where it has come farthest."""
        machine, timeline = self.context.session.machine, self.context.session.debugger.timeline
        return machine.iterations / machine.batches.per_epoch if timeline.in_past else None

    def _hint(self) -> str:
        machine = self.context.session.machine
        if len(self.curve.buffer) > 1:
            return ""
        return _IN_FIRST_EPOCH if machine.iterations or machine.pc else _NO_EPOCH_YET

    def _chosen_row(self) -> int | None:
        study = self.context.shown.study
        if study is not None:
            return study.place.row if study.place.part is PartName.TRAINING else None
        rows, sample = self.context.session.machine.batches.rows, self.context.selection.chosen.sample
        return int(rows[sample]) if sample < len(rows) else None

    def _row_clicked(self, row: int) -> None:
        machine = self.context.session.machine
        if row < machine.labelled:
            self.context.shown.look_at(Place(PartName.TRAINING, row))
        elif self.context.session.paused and row in (rows := machine.batches.rows.tolist()):
            self.context.selection.choose_sample(rows.index(row))
        else:
            table_row = int(machine.table_rows[row]) + 1
            message = f"Row {table_row} is not in the mini-batch at hand; F8 goes on to the next one"
            self.context.session.message.emit(message)

    def _cell_clicked(self, true: int, predicted: int) -> None:
        self.context.shown.ask_for(Cell(self.learned.part, true, predicted))
        self.context.tools.open("samples")

    def _sample_stepped(self, step: int) -> None:
        session, selection = self.context.session, self.context.selection
        count = len(session.machine.batches.rows) if session.paused else 0
        if count:
            selection.choose_sample((selection.chosen.sample + step) % count)

    def _save_asked(self, action: QAction) -> None:
        plot, kind = action.data()
        self._saving = Plot(plot)
        folder = self.context.document.folder or _pictures()
        name = f"{self.context.document.experiment.name} - {self._saving.value.lower()}.{kind}"
        dialog = QFileDialog(self, f"Save {self._saving.value.lower()}")
        dialog.setObjectName("save_plot_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{kind.upper()} (*.{kind})")
        dialog.setDefaultSuffix(kind)
        dialog.setDirectory(str(folder))
        dialog.selectFile(name)
        dialog.fileSelected.connect(self._save_chosen)
        dialog.open()

    def _save_chosen(self, name: str) -> None:
        self.save_plot(Path(name), self._saving)


class _Halves(QWidget):
    """The curve and the picture beside each other, or one below the other where the panel is tall."""

    def __init__(self, curve: LearningCurve, learned: LearnedView) -> None:
        super().__init__()
        self._curve, self._learned = curve, learned
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(24)
        self._layout.addWidget(curve, 1)
        self._layout.addWidget(learned)

    def arrange(self) -> None:
        """Share the room: the picture gets what it asks for, at most a little over half."""
        tall = self.height() > 0.9 * self.width()
        directions = QBoxLayout.Direction
        self._layout.setDirection(directions.TopToBottom if tall else directions.LeftToRight)
        if tall:
            self._learned.setMaximumWidth(16777215)
            self._learned.setMinimumWidth(0)
            self._learned.setFixedHeight(self.height() // 2)
        else:
            self._learned.setMinimumHeight(0)
            self._learned.setMaximumHeight(16777215)
            width = min(self._learned.preferred_width(self.height()), int(self.width() * 0.58))
            self._learned.setFixedWidth(max(width, 1))

    def minimumSizeHint(self) -> QSize:
        """The width of the picture follows the room, so it must not claim any."""
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()


def _pictures() -> Path:
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(found) if found else Path.cwd()
