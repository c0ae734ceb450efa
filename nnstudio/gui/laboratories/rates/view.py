"""The laboratory of learning rates, as a tool."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout

from nnstudio.experiment.edits import Change, set_hyperparameter
from nnstudio.gui.laboratories.comparing.curves_chart import CurvesChart
from nnstudio.gui.laboratories.comparing.run_bar import RunBar
from nnstudio.gui.laboratories.comparing.view import ComparisonView
from nnstudio.gui.laboratories.saving import ChartExport, SaveButton
from nnstudio.gui.widgets.count_field import CountField
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.number_field import written
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.training.comparisons.rates import ladder

from . import drawing, words
from .entry import RatesError, read, write
from .state import RatesState
from .table import RatesTable, RatesTableView

_RACE, _RANGE = "Side by side", "Range test"
_MOST_EPOCHS, _USUAL_EPOCHS = 100_000, 100
_SIDE = 232


class RatesView(ComparisonView):
    """`state` is what is known."""

    outdates = Change.COMPILED

    def lay_out(self) -> None:
        self.state = RatesState()
        self._chosen: float | None = None
        self._make_settings()
        self._make_charts()
        self._make_side()
        self._arrange()
        self._listen()

    @property
    def knows(self) -> bool:
        return bool(self.state.courses)

    def forget(self) -> None:
        self.state, self._chosen = RatesState(), None

    def run(self) -> None:
        """Compare the rates in the field."""
        try:
            rates = read(self.rates.text())
        except RatesError as error:
            self.bar.show_problem(str(error))
            return
        self._chosen = None
        tasks = self.state.begin(rates, self.epochs.value())
        self.comparing.start(self.context.document.experiment, tasks)

    def use(self, rate: float) -> None:
        """Let the experiment learn at this rate, as an edit that can be undone."""
        document = self.context.document
        if document.apply(set_hyperparameter(document.experiment, "learning_rate", rate)):
            self.context.session.message.emit(f"Learning rate: {written(rate)}; Ctrl+Z takes it back")

    def offer(self) -> None:
        """Rates around that of the experiment."""
        if self.touched or self.knows:
            return
        experiment = self.context.document.experiment
        self.rates.setText(write(ladder(experiment.optimizer.learning_rate)))
        self.epochs.show_value(min(experiment.training.epochs, _USUAL_EPOCHS))

    def take(self, number: int, report: object) -> None:
        self.state.take(number, report)

    def show_state(self) -> None:
        theme = self.context.appearance.theme
        for chart in (self.race, self.range):
            chart.set_theme(theme)
        self._show_race()
        self._show_range()
        self.table.show(drawing.rows(self.state, theme) if self.knows else (), theme.error)
        self._show_words()
        self._show_button()
        self.bar.show_share(self.state.share if self.knows else 0.0)
        self.show_note(self.state.share if self.knows else 0.0)

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
        self.use_button = QPushButton("Use")
        self.use_button.setObjectName("rates_use")
        self.use_button.setToolTip("Let the experiment learn at this rate; it can be undone")
        self.bar.add_button(self.use_button)
        self.pages = Segmented([_RACE, _RANGE], "What is shown")
        self.scale = Segmented(["Linear", "Log"], "Scale of the cost")
        self.scale.choose("Log")
        self.save_button = SaveButton("rates_save", self.context, self._export)
        for control in (self.scale, self.pages, self.save_button):
            self.header.add(control, spare=control is self.scale)

    def _make_charts(self) -> None:
        self.race = CurvesChart("rates_race", "Cost of each learning rate against the epoch")
        self.race.x_name, self.race.y_name = "epoch", "J"
        self.race.set_log(y=True)
        self.range = CurvesChart("rates_range", "Cost against the learning rate of a range test")
        self.range.x_name, self.range.y_name = "α", "J"
        self.range.set_log(x=True)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.race)
        self.stack.addWidget(self.range)

    def _make_side(self) -> None:
        self.table = RatesTable(self)
        self.list = RatesTableView(self.table, self)
        self.list.setToolTip(words.MEANINGS)
        self.proposed = QLabel()
        self.proposed.setObjectName("rates_proposed")
        self.proposed.setWordWrap(True)
        self.proposed.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.side = QStackedWidget()
        self.side.setFixedWidth(_SIDE)
        self.side.addWidget(self.list)
        self.side.addWidget(self.proposed)

    def _arrange(self) -> None:
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
        self.comparing.changed.connect(self._choose_best)
        self.pages.chosen.connect(self._page_chosen)
        self.scale.chosen.connect(self._scale_chosen)
        self.rates.textEdited.connect(self.note_touched)
        self.epochs.entered.connect(self.note_touched)
        self.rates.returnPressed.connect(self.run)
        self.list.chosen.connect(self._choose)
        self.list.used.connect(self.use)
        self.use_button.clicked.connect(self._use_asked)

    def _show_race(self) -> None:
        count = len(self.rates.text().split())
        self.race.hint = "" if self.comparing.at_work else f"Run trains {count} copies of the network side by side"
        curves = drawing.race_curves(self.state, self._chosen, self.context.appearance.theme) if self.knows else []
        epochs = self.state.epochs if curves else self.epochs.value()
        self.race.show_curves(curves, x=(0.0, float(epochs)))
        self.race.setAccessibleDescription(words.found(self.state) if self.knows else self.race.hint)

    def _show_range(self) -> None:
        test = self.state.test
        self.range.hint = "" if self.comparing.at_work else "Run raises the rate until the cost blows up"
        curves, marks, highest = drawing.range_curves(self.state, self.context.appearance.theme)
        self.range.show_curves(curves, marks, x=(test.low, test.high), highest=highest)
        self.proposed.setText(words.proposed(self.state))
        self.range.setAccessibleDescription(words.proposed(self.state) or self.range.hint)

    def _show_words(self) -> None:
        """What is found, above; before that, what this is about."""
        if self.pages.current == _RANGE:
            self.found.show_text(words.RULE, words.RULE)
            return
        found = words.found(self.state) if self.knows and not self.comparing.at_work else ""
        self.found.show_text(found or words.PURPOSE, words.PURPOSE)

    @property
    def _usable(self) -> float | None:
        """The rate that the button would put to use."""
        if self.pages.current == _RANGE:
            proposal = self.state.proposal
            return proposal.rate if proposal else None
        return self._chosen if self._chosen is not None else self.state.best

    def _show_button(self) -> None:
        """Once a rate is found, to use it is what a user most likely wants next."""
        rate, button = self._usable, self.use_button
        used = rate == self.context.document.experiment.optimizer.learning_rate
        button.setVisible(rate is not None and not self.comparing.at_work)
        button.setEnabled(not used)
        if rate is not None:
            button.setText(f"{written(rate)} is in use" if used else f"Use {written(rate)}")
        wanted = rate is not None and not used and not self.outdated
        button.setProperty("primary", wanted)
        button.style().polish(button)
        self.bar.want_next(not wanted)

    def _choose_best(self) -> None:
        if not self.comparing.at_work and self._chosen is None and self.state.best is not None:
            self.list.choose(self.state.best)

    def _page_chosen(self, text: str) -> None:
        for stack in (self.stack, self.side):
            stack.setCurrentIndex([_RACE, _RANGE].index(text))
        self.scale.setEnabled(text == _RACE)
        self.show_state()

    def _scale_chosen(self, text: str) -> None:
        self.race.set_log(y=text == "Log")

    def _choose(self, rate: float) -> None:
        self._chosen = rate
        self.show_state()

    def _use_asked(self) -> None:
        if (rate := self._usable) is not None:
            self.use(rate)

    def _export(self) -> ChartExport:
        if self.pages.current == _RANGE:
            return ChartExport("Range test", self.range, (), drawing.range_table(self.state))
        return ChartExport("Learning rates", self.race, (), drawing.race_table(self.state))
