"""The samples, as a tool: a table of all rows, what is left of them, and the buttons to walk."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout

from nnstudio.data.preparation import PartName
from nnstudio.explain.numbers import count
from nnstudio.gui.actions import SAMPLES, with_key
from nnstudio.gui.asking import Asking
from nnstudio.gui.plots.inference import ParameterWatch
from nnstudio.gui.plots.views import Subject
from nnstudio.gui.tools.view import ToolView
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.icon_button import IconButton
from nnstudio.training.verdicts import Verdicts

from .asking import ask_of_all
from .row_model import RowModel
from .state import Field, Filter, Listing, Step

_ANY = "any"
_ROW_HEIGHT = 24
_WIDTHS = {Field.ROW: 72, Field.PART: 88, Field.TARGET: 144, Field.CONFIDENCE: 96, Field.ERROR: 96}
_ICONS = {
    Step.FIRST: "mdi6.page-first",
    Step.PREVIOUS: "mdi6.chevron-left",
    Step.NEXT: "mdi6.chevron-right",
    Step.LAST: "mdi6.page-last",
    Step.RANDOM: "mdi6.dice-3-outline",
    Step.MISTAKE: "mdi6.alert-circle-outline",
}


class SamplesView(ToolView):
    """`listing` is what is shown, None before the network has been asked."""

    def compose(self) -> None:
        self.listing: Listing | None = None
        self._subject: Subject | None = None
        self._watch: ParameterWatch | None = None
        self._asking = Asking(self)
        self._following = False
        self.model = RowModel(self)
        self.table = self._table()
        self._make_controls()
        self._lay_out()
        self._listen()

    def rebuild(self) -> None:
        """Another run has other rows: nothing is known of them."""
        self._asking.cancel()
        run = self.context.session.run
        self._subject, self._watch = Subject(run.data), ParameterWatch(run.model)
        self.listing = None
        self._offer(self._subject)
        self._show_cell()

    def refresh(self) -> None:
        if not self.context.session.paused or self._subject is None or self._watch is None:
            return
        if self._watch.look() or self.listing is None:
            self._ask()
        self._follow()

    def leave_sight(self) -> None:
        """Walking goes through all rows again."""
        self.context.shown.set_order(None)

    def close_tool(self) -> None:
        self._asking.cancel()

    def go_to(self, line: int) -> None:
        """Look at the row in a line of the table."""
        if self.listing is not None and 0 <= line < len(self.listing.order):
            self.context.shown.set_order(self.listing.places)
            self.context.shown.look_at(self.listing.found.places[int(self.listing.order[line])])

    def take(self, step: Step) -> None:
        """Look at the row in another line of the table."""
        listing = self.listing
        if listing is None or not len(listing.order):
            return
        line = listing.line_after(self.table.currentIndex().row(), step)
        if line is None:
            self.context.session.message.emit("There is no mistake among these rows")
        else:
            self.go_to(line)

    def _take_step(self, step: Step, _checked: bool = False) -> None:
        self.take(step)

    def _table(self) -> QTableView:
        view = QTableView()
        view.setObjectName("samples_table")
        view.setAccessibleName("Samples, and what the network says of them")
        view.setModel(self.model)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setSortingEnabled(True)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(Field.PREDICTION, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicator(Field.ROW, Qt.SortOrder.AscendingOrder)
        for field, width in _WIDTHS.items():
            header.resizeSection(field, width)
        return view

    def _make_controls(self) -> None:
        appearance = self.context.appearance
        self.part = Choice("samples_part", "Rows of which part")
        self.true = Choice("samples_true", "Rows of which class")
        self.predicted = Choice("samples_predicted", "Rows taken for which class")
        self.mistakes = QCheckBox("mistakes only")
        self.mistakes.setObjectName("samples_mistakes")
        self.steps = {
            step: IconButton(f"samples_{step}", _ICONS[step], with_key(SAMPLES[step]), appearance) for step in Step
        }
        for button in self.steps.values():
            self.header.add(button)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for control in (self.part, self.true, self.predicted, self.mistakes):
            row.addWidget(control)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.table, 1)

    def _listen(self) -> None:
        for box in (self.part, self.true, self.predicted):
            box.chosen.connect(self._filter_chosen)
        self.mistakes.toggled.connect(self._filter_chosen)
        for step, button in self.steps.items():
            button.clicked.connect(partial(self._take_step, step))
        self._asking.answered.connect(self._take)
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.model.modelReset.connect(self._model_reset)
        self.context.shown.cell_asked.connect(self._show_cell)

    def _offer(self, subject: Subject) -> None:
        """The parts and the classes of these data."""
        parts = [Option(part.value, f"{part.value} rows") for part in subject.data.parts]
        self.part.set_options([Option(_ANY, "all rows"), *parts])
        classes = [Option(str(number), name) for number, name in enumerate(subject.classes)]
        self.true.set_options([Option(_ANY, "any target"), *classes])
        taken = [Option(str(number), f"taken for {name}") for number, name in enumerate(subject.classes)]
        self.predicted.set_options([Option(_ANY, "any prediction"), *taken])
        for box in (self.part, self.true, self.predicted):
            if not box.key:
                box.choose(_ANY)
        for control in (self.true, self.predicted, self.mistakes):
            control.setVisible(bool(subject.classes))
        mistake = SAMPLES[Step.MISTAKE]
        tip = mistake if subject.classes else replace(mistake, tip="The row that is off most")
        self.steps[Step.MISTAKE].setToolTip(with_key(tip))

    def _ask(self) -> None:
        ask_of_all(self._asking, self.context.session.run)
        if self._asking.at_work:
            self.header.note.setText("asking the network …")

    def _take(self, found: Verdicts) -> None:
        self._show(Listing(found, self._wanted()) if self.listing is None else self.listing.of(found))

    def _show(self, listing: Listing) -> None:
        assert self._subject is not None
        settings = self.context.settings
        self.model.show_listing(listing, self._subject.classes, settings.decimals, self.context.appearance.theme)

    def _model_reset(self) -> None:
        """Other rows, or another order: walking goes through them."""
        listing = self.listing = self.model.listing
        if listing is None:
            return
        shown, total = len(listing.order), len(listing.found)
        wrong = int(listing.found.wrong[listing.order].sum())
        mistakes = f" · {count(wrong)} wrong" if listing.found.by_class else ""
        self.header.note.setText(f"{count(shown)} of {count(total)} rows{mistakes}")
        if self.context.shown.study is not None:
            self.context.shown.set_order(listing.places)
        self._follow()

    def _follow(self) -> None:
        """Mark the row that is looked at."""
        place, line = self.context.shown.place, None
        if self.listing is not None:
            line = self.listing.line_of(place) if place is not None else None
        self._following = True
        if line is None:
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        else:
            self.table.setCurrentIndex(self.model.index(line, 0))
        self._following = False

    def _row_chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self.go_to(current.row())

    def _wanted(self) -> Filter:
        """What the controls ask for."""
        part = None if self.part.key in (_ANY, "") else PartName(self.part.key)
        true, predicted = (None if box.key in (_ANY, "") else int(box.key) for box in (self.true, self.predicted))
        return Filter(part, true, predicted, self.mistakes.isChecked())

    def _filter_chosen(self, _what: object) -> None:
        if self.listing is not None and self._wanted() != self.listing.filter:
            self._show(Listing(self.listing.found, self._wanted(), self.listing.sorting))

    def _show_cell(self) -> None:
        """Show the rows of the cell of the confusion matrix that was asked for, if one was."""
        cell = self.context.shown.take_cell()
        if cell is not None:
            self.part.choose(cell.part.value)
            self.true.choose(str(cell.true))
            self.predicted.choose(str(cell.predicted))
            self.mistakes.setChecked(False)
            self._filter_chosen(None)
