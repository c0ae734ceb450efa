"""The laboratory of learning rates, as a tool."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout

from nnstudio.experiment.edits import Change, set_hyperparameter
from nnstudio.explain.numbers import fixed
from nnstudio.gui.laboratories.comparing.comparing import Comparing
from nnstudio.gui.laboratories.comparing.curves_chart import Curve, CurvesChart, Mark, ramp
from nnstudio.gui.laboratories.comparing.run_bar import RunBar
from nnstudio.gui.laboratories.saving import ChartExport, SaveButton
from nnstudio.gui.theme import Theme
from nnstudio.gui.tools.view import ToolView
from nnstudio.gui.widgets.count_field import CountField
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.number_field import written
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.training.comparisons.range_test import smoothed
from nnstudio.training.comparisons.rates import Judged, Verdict, ladder

from . import words
from .entry import RatesError, read, write
from .state import RatesState
from .table import RateRow, RatesTable, RatesTableView

_RACE, _RANGE = "Side by side", "Range test"
_MOST_EPOCHS, _USUAL_EPOCHS = 100_000, 100
_SIDE = 232
_HEADROOM = 1.5
"""How far above the highest cost before the lowest one the picture of the range test reaches."""


class RatesView(ToolView):
    """`state` is what is known, `comparing` who finds out."""

    def compose(self) -> None:
        self.state = RatesState()
        self.comparing = Comparing(self)
        self._look: tuple[Theme, int] | None = None
        self._chosen: float | None = None
        self._touched = False
        self._outdated = False
        self._make_settings()
        self._make_charts()
        self._make_side()
        self._lay_out()
        self._listen()

    def rebuild(self) -> None:
        """There is another run: what was found belongs to the one before."""
        self._offer()

    def refresh(self) -> None:
        """What is compared is another network than the one that trains: only how it is drawn may have changed."""
        self._offer()
        look = (self.context.appearance.theme, self.context.settings.decimals)
        if look != self._look:
            self._look = look
            self.show_state()

    def document_changed(self, change: Change) -> None:
        if change & Change.COMPILED and self.state.courses:
            self._outdated = True
        if change == Change.ALL:
            self.comparing.cancel()
            self._touched = self._outdated = False
            self.state = RatesState()
        self._look = None
        if self.isVisible() and self.context.session.paused:
            self.refresh()

    def close_tool(self) -> None:
        self.comparing.cancel()

    def run(self) -> None:
        """Compare the rates in the field."""
        try:
            rates = read(self.rates.text())
        except RatesError as error:
            self.bar.show_problem(str(error))
            return
        self._outdated = False
        self._chosen = None
        tasks = self.state.begin(rates, self.epochs.value())
        self.comparing.start(self.context.document.experiment, tasks)
        self.show_state()

    def use(self, rate: float) -> None:
        """Let the experiment learn at this rate, as an edit that can be undone."""
        document = self.context.document
        if document.apply(set_hyperparameter(document.experiment, "learning_rate", rate)):
            self.context.session.message.emit(f"Learning rate: {written(rate)}; Ctrl+Z takes it back")

    def show_state(self) -> None:
        """Draw what is known."""
        theme = self.context.appearance.theme
        for chart in (self.race, self.range):
            chart.set_theme(theme)
        verdicts = self.state.verdicts if self.state.courses else ()
        colours = ramp(len(self.state.rates), theme) if self.state.rates else []
        self._show_race(verdicts, colours)
        self._show_range()
        self._show_side(verdicts, colours)
        self.bar.show_share(self.state.share)

    def _make_settings(self) -> None:
        self.bar = RunBar("rates", self.comparing)
        self.rates = QLineEdit()
        self.rates.setObjectName("rates_field")
        self.rates.setAccessibleName("Learning rates")
        self.rates.setToolTip("The rates to compare, with spaces between them")
        self.epochs = CountField("rates_epochs", "Epochs", 1, _MOST_EPOCHS)
        self.epochs.setFixedWidth(72)
        self.bar.add("Rates", self.rates, stretch=1)
        self.bar.add("Epochs", self.epochs)
        self.pages = Segmented([_RACE, _RANGE], "What is shown")
        self.scale = Segmented(["Linear", "Log"], "Scale of the cost")
        self.scale.choose("Log")
        self.save_button = SaveButton("rates_save", self.context, self._export)
        for control in (self.scale, self.pages, self.save_button):
            self.header.add(control, spare=control is self.scale)

    def _make_charts(self) -> None:
        self.race = CurvesChart("rates_race", "Cost of each learning rate against the epoch")
        self.race.x_name, self.race.y_name = "epoch", "J"
        self.range = CurvesChart("rates_range", "Cost against the learning rate of a range test")
        self.range.x_name, self.range.y_name = "α", "J"
        self.range.set_log(x=True, y=False)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.race)
        self.stack.addWidget(self.range)

    def _make_side(self) -> None:
        self.table = RatesTable(self)
        self.list = RatesTableView(self.table, self)
        self.list.setToolTip(words.MEANINGS)
        self.use_button = QPushButton("Use")
        self.use_button.setObjectName("rates_use")
        self.use_button.setToolTip("Let the experiment learn at this rate; it can be undone")
        self.bar.add_button(self.use_button)
        self.proposed = QLabel()
        self.proposed.setObjectName("rates_proposed")
        self.proposed.setWordWrap(True)
        self.proposed.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def _lay_out(self) -> None:
        self.side = QStackedWidget()
        self.side.setFixedWidth(_SIDE)
        self.side.addWidget(self.list)
        self.side.addWidget(self.proposed)
        self.found = ElidedLabel(words.PURPOSE)
        self.found.setObjectName("rates_found")
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
        self.comparing.came.connect(self._came)
        self.comparing.frame_ended.connect(self.show_state)
        self.comparing.changed.connect(self._changed)
        self.pages.chosen.connect(self._page_chosen)
        self.scale.chosen.connect(self._scale_chosen)
        self.rates.textEdited.connect(self._edited)
        self.epochs.entered.connect(self._edited)
        self.rates.returnPressed.connect(self.run)
        self.list.chosen.connect(self._choose)
        self.list.used.connect(self.use)
        self.use_button.clicked.connect(self._use_asked)
        self._scale_chosen(self.scale.current)

    def _offer(self) -> None:
        """Rates around that of the experiment, until others are written."""
        if self._touched or self.state.courses:
            return
        experiment = self.context.document.experiment
        self.rates.setText(write(ladder(experiment.optimizer.learning_rate)))
        self.epochs.show_value(min(experiment.training.epochs, _USUAL_EPOCHS))

    def _show_race(self, verdicts: tuple[Judged, ...], colours: list[str]) -> None:
        count = len(ladder(self.context.document.experiment.optimizer.learning_rate))
        self.race.hint = "" if self.comparing.at_work else f"Run trains {count} copies of the network side by side"
        curves = []
        for course, rate, judged, colour in zip(self.state.courses, self.state.rates, verdicts, colours, strict=True):
            if len(course.costs):
                told = f"  {judged.verdict}" if judged.verdict in (Verdict.DIVERGES, Verdict.CRAWLS) else ""
                strong = rate == self._chosen or (self._chosen is None and judged.verdict is Verdict.BEST)
                label, costs = f"{written(rate)}{told}", np.array(course.costs)
                curves.append(Curve(label, np.arange(float(len(costs))), costs, colour, strong=strong))
        self.race.show_curves(curves, x=(0.0, float(self.state.epochs if curves else self.epochs.value())))

    def _show_range(self) -> None:
        theme, stretch, test = self.context.appearance.theme, self.state.range, self.state.test
        self.range.hint = "" if self.comparing.at_work else "Run raises the rate until the cost blows up"
        if stretch is None or not stretch.rates:
            self.range.show_curves(())
            return
        rates, costs = np.array(stretch.rates), np.array(stretch.costs)
        smooth = smoothed(costs)
        curves = [
            Curve("mini-batch", rates, costs, theme.stale, faint=True),
            Curve("smoothed", rates, smooth, theme.cost, strong=True),
        ]
        marks = []
        if (proposal := self.state.proposal) is not None:
            marks = [
                Mark(proposal.rate, f"proposed {written(proposal.rate)}", theme.accent),
                Mark(proposal.lowest_at, "lowest", theme.muted),
            ]
        until_lowest = smooth[: int(np.argmin(smooth)) + 1]
        self.range.show_curves(curves, marks, x=(test.low, test.high), highest=_HEADROOM * float(until_lowest.max()))

    def _show_side(self, verdicts: tuple[Judged, ...], colours: list[str]) -> None:
        theme = self.context.appearance.theme
        rows = [
            RateRow(
                rate,
                written(rate),
                fixed(course.cost) if course.costs else "—",
                "" if judged.verdict is Verdict.UNDER_WAY else judged.verdict.value,
                judged.why,
                colour,
                strong=judged.verdict is Verdict.BEST,
                wrong=judged.verdict is Verdict.DIVERGES,
            )
            for course, rate, judged, colour in zip(
                self.state.courses, self.state.rates, verdicts, colours, strict=True
            )
        ]
        self.table.show(rows, theme.error)
        self._show_words()
        self.proposed.setText(words.proposed(self.state))
        self._show_buttons()

    def _show_words(self) -> None:
        """What is found, above; before that, what this is about."""
        if self.pages.current == _RANGE:
            self.found.show_text(words.RULE, words.RULE)
            return
        found = "" if self.comparing.at_work else words.found(self.state)
        self.found.show_text(found or words.PURPOSE, words.PURPOSE)

    @property
    def _usable(self) -> float | None:
        """The rate that the button would put to use."""
        if self.pages.current == _RANGE:
            proposal = self.state.proposal
            return proposal.rate if proposal else None
        return self._chosen if self._chosen is not None else self.state.best

    def _show_buttons(self) -> None:
        rate, button, at_work = self._usable, self.use_button, self.comparing.at_work
        used = rate == self.context.document.experiment.optimizer.learning_rate
        button.setVisible(rate is not None and not at_work)
        button.setEnabled(not used)
        if rate is not None:
            button.setText(f"{written(rate)} is in use" if used else f"Use {written(rate)}")
        wanted = button.isEnabled() and rate is not None and not self._outdated
        button.setProperty("primary", wanted)
        button.style().polish(button)
        self.bar.want_next(not wanted)
        note = f"{round(100 * self.state.share)} %" if at_work else ""
        self.header.note.setText("The experiment has changed since" if self._outdated and not at_work else note)

    def _came(self, number: int, report: object) -> None:
        self.state.take(number, report)

    def _changed(self) -> None:
        if not self.comparing.at_work and self._chosen is None and self.state.best is not None:
            self.list.choose(self.state.best)
        self.show_state()

    def _page_chosen(self, text: str) -> None:
        for stack in (self.stack, self.side):
            stack.setCurrentIndex([_RACE, _RANGE].index(text))
        self.scale.setEnabled(text == _RACE)
        self.show_state()

    def _scale_chosen(self, text: str) -> None:
        self.race.set_log(y=text == "Log")

    def _edited(self, _what: object) -> None:
        self._touched = True

    def _choose(self, rate: float) -> None:
        self._chosen = rate
        self.show_state()

    def _use_asked(self) -> None:
        if (rate := self._usable) is not None:
            self.use(rate)

    def _export(self) -> ChartExport:
        if self.pages.current == _RANGE:
            stretch = self.state.range
            rates, costs = (np.array(stretch.rates), np.array(stretch.costs)) if stretch else (np.empty(0),) * 2
            columns = zip(rates, costs, smoothed(costs), strict=True)
            return ChartExport(
                "Range test", self.range, (), (["learning rate", "cost", "smoothed"], list(map(list, columns)))
            )
        longest = max((len(course.costs) for course in self.state.courses), default=0)
        table = np.full((longest, 1 + len(self.state.courses)), np.nan)
        table[:, 0] = np.arange(longest)
        for place, course in enumerate(self.state.courses, 1):
            table[: len(course.costs), place] = course.costs
        header = ["epoch", *(f"learning rate {written(rate)}" for rate in self.state.rates)]
        return ChartExport("Learning rates", self.race, (), (header, table))
