"""The laboratory of mini-batches, as a tool."""

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from nnstudio.explain.symbols import element_symbol
from nnstudio.gui.laboratories.comparing.curves_chart import Curve, CurvesChart, ramp
from nnstudio.gui.laboratories.comparing.run_bar import RunBar
from nnstudio.gui.laboratories.comparing.view import ComparisonView
from nnstudio.gui.laboratories.saving import ChartExport, SaveButton
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.count_field import CountField
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.training.comparisons.path import is_kept

from . import words
from .facts import FactsColumn
from .state import FIRST, SECOND, BatchesState, elements

_DESCENT, _CUT = "Descent", "Costs of an epoch"
_EPOCHS, _UPDATES = "Epochs", "Updates"
_MOST_EPOCHS, _USUAL_EPOCHS, _USUAL_ROWS = 100_000, 60, 60_000
_SIDE = 216


class BatchesView(ComparisonView):
    """`state` is what is known, `comparing` who finds out."""

    def lay_out(self) -> None:
        self.state = BatchesState()
        self._make_settings()
        self._make_charts()
        self._arrange()
        self._listen()

    @property
    def knows(self) -> bool:
        return bool(self.state.courses)

    def forget(self) -> None:
        self.state = BatchesState()

    def run(self) -> None:
        """Train all three. One process does, so that their times can be compared."""
        document = self.context.document
        self._offer_axes()
        tasks = self.state.begin(document.experiment, len(document.data.train.X), self.epochs.value())
        self.comparing.start(document.experiment, tasks, workers=1)

    def show_state(self) -> None:
        theme = self.context.appearance.theme
        for chart in (self.cost, self.path, self.cut):
            chart.set_theme(theme)
        colours = ramp(3, theme)
        self._show_cost(colours)
        self._show_path(colours)
        self._show_cut(colours)
        self._show_facts(colours)
        self.bar.show_share(self.state.share)

    def _make_settings(self) -> None:
        self.bar = RunBar("batches", self.comparing)
        self.epochs = CountField("batches_epochs", "Epochs", 1, _MOST_EPOCHS)
        self.epochs.setFixedWidth(72)
        self.across = Choice("batches_across", "What the path is drawn along, across")
        self.up = Choice("batches_up", "What the path is drawn along, upwards")
        self.bar.add("Epochs", self.epochs)
        self.bar.add("Path along", self.across)
        self.bar.add("and", self.up)
        self.bar.settings.addStretch(1)
        self.pages = Segmented([_DESCENT, _CUT], "What is shown")
        self.counted = Segmented([_EPOCHS, _UPDATES], "What the cost is drawn against")
        self.save_button = SaveButton("batches_save", self.context, self._export)
        for control in (self.counted, self.pages, self.save_button):
            self.header.add(control, spare=control is self.counted)

    def _make_charts(self) -> None:
        self.cost = CurvesChart("batches_cost", "Cost of full batch, mini-batch and single sample")
        self.path = CurvesChart("batches_path", "The way of the weights with each of them")
        self.cut = CurvesChart("batches_cut", "Cost of each mini-batch of the first epoch")
        self.cost.y_name = "J"
        self.cost.set_log(y=True)
        self.cut.x_name, self.cut.y_name = "rows visited", "J"

    def _arrange(self) -> None:
        self.found = ElidedLabel(words.PURPOSE)
        self.facts = FactsColumn("batches_facts", self.state.names)
        self.sums = FactsColumn("batches_sums", self.state.names)
        descent = QWidget()
        row = QHBoxLayout(descent)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.cost, 1)
        row.addWidget(self.path, 1)
        self.stack, self.side = QStackedWidget(), QStackedWidget()
        for stack, parts in ((self.stack, (descent, self.cut)), (self.side, (self.facts, self.sums))):
            for part in parts:
                stack.addWidget(part)
        self.side.setFixedWidth(_SIDE)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.stack, 1)
        row.addWidget(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.found)
        column.addWidget(self.bar)
        column.addLayout(row, 1)

    def _listen(self) -> None:
        self.bar.run.connect(self.run)
        self.pages.chosen.connect(self._page_chosen)
        self.counted.chosen.connect(self._chosen)
        self.across.chosen.connect(self._chosen)
        self.up.chosen.connect(self._chosen)
        self.epochs.entered.connect(self.note_touched)

    def offer(self) -> None:
        """As many epochs as take no long time, until others are written."""
        rows = max(len(self.context.document.data.train.X), 1)
        if not self.touched and not self.knows:
            few = max(min(_USUAL_EPOCHS, _USUAL_ROWS // rows), 1)
            self.epochs.show_value(min(self.context.document.experiment.training.epochs, few))
        if not self.state.courses:
            self._offer_axes()

    def _offer_axes(self) -> None:
        """The parameters of the network at hand, after the two directions."""
        found = elements(self.context.session.run.model.parameter_slots)
        options = [Option(one.key, element_symbol(one.slot, one.index)) for one in found]
        for box, own in ((self.across, FIRST), (self.up, SECOND)):
            first = Option(own, "largest change" if own is FIRST else "second largest")
            box.set_options([first, *options])
            if not box.key:
                box.choose(own)

    def _show_cost(self, colours: list[str]) -> None:
        by_update = self.counted.current == _UPDATES
        self.cost.x_name = "updates" if by_update else "epoch"
        self.cost.hint = "" if self.comparing.at_work else "Run trains the network in three ways"
        curves = []
        for number, course in enumerate(self.state.courses):
            if len(course.costs):
                x = np.arange(float(len(course.costs))) * (self.state.per_epoch(number) if by_update else 1)
                curves.append(Curve("", x, np.array(course.costs), colours[number]))
        epochs = float(self.epochs.value())
        most = epochs * self.state.per_epoch(len(self.state.sizes) - 1) if by_update and curves else epochs
        self.cost.show_curves(curves, x=(0.0, most))

    def _show_path(self, colours: list[str]) -> None:
        self.path.x_name, self.path.y_name = (box.currentText() for box in (self.across, self.up))
        parameters = self.context.session.run.model.spec.network.parameters
        self.path.hint = "" if is_kept(parameters) else "This network has too many parameters for its way to be kept"
        self.state.turn()
        curves = []
        for number in range(len(self.state.courses)):
            x, y = self.state.path(number, self.across.key), self.state.path(number, self.up.key)
            if len(x) and len(x) == len(y):
                curves.append(Curve("", x, y, colours[number], ringed=number == 2))
        self.path.show_curves(curves)

    def _show_cut(self, colours: list[str]) -> None:
        self.cut.hint = "" if self.comparing.at_work else "Run finds the cost of each mini-batch"
        curves = []
        for number, made in reversed(list(enumerate(self.state.cuts))):
            ends = np.concatenate(([0.0], np.cumsum(made.rows, dtype=np.float64)))
            x, y = np.repeat(ends, 2)[1:-1], np.repeat(made.costs, 2)
            single = number == len(self.state.sizes) - 1
            curves.append(Curve("", x, y, colours[number], strong=number == 0, faint=single))
        self.cut.show_curves(curves, x=(0.0, float(max(self.state.rows, 1))))

    def _show_facts(self, colours: list[str]) -> None:
        state = self.state
        numbers = range(len(state.names))
        if state.courses:
            titles, facts = [words.title(state, n) for n in numbers], [words.facts(state, n) for n in numbers]
            self.facts.show_facts(colours, titles, facts, words.MEASURED)
            self.cost.setAccessibleDescription("; ".join(titles))
            self.sums.show_facts(colours, state.names, [words.sum_of(state, n) for n in numbers])
        else:
            for column in (self.facts, self.sums):
                column.show_facts(colours, state.names, [""] * len(state.names))
        if self.pages.current == _CUT:
            self.found.show_text(words.add_up(state), words.RULE)
            self.cut.setAccessibleDescription(words.add_up(state))
        else:
            self.found.show_text(words.PURPOSE)
        self.show_note(state.share)

    def take(self, number: int, report: object) -> None:
        self.state.take(number, report)

    def _page_chosen(self, text: str) -> None:
        for stack in (self.stack, self.side):
            stack.setCurrentIndex([_DESCENT, _CUT].index(text))
        self.counted.setEnabled(text == _DESCENT)
        self.show_state()

    def _chosen(self, _what: str) -> None:
        self.show_state()

    def _export(self) -> ChartExport:
        if self.pages.current == _CUT:
            rows = [
                (made.size, number, int(made.rows[number - 1]), float(made.costs[number - 1]))
                for made in self.state.cuts
                for number in range(1, len(made.costs) + 1)
            ]
            header = ["mini-batch size", "mini-batch", "rows", "cost"]
            return ChartExport("Costs of mini-batches", self.cut, (), (header, list(map(list, rows))))
        longest = max((len(course.costs) for course in self.state.courses), default=0)
        table = np.full((longest, 1 + len(self.state.courses)), np.nan)
        table[:, 0] = np.arange(longest)
        for place, course in enumerate(self.state.courses, 1):
            table[: len(course.costs), place] = course.costs
        names = [name.lower() for name in self.state.names][: len(self.state.courses)]
        return ChartExport("Mini-batches", self.cost, (), (["epoch", *names], table))
