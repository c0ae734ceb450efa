"""The explorer, as a tool."""

from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from nnstudio.data.errors import DataError
from nnstudio.data.exploring import Finding, findings
from nnstudio.experiment.mends import Mend, mend_of
from nnstudio.experiment.roles import target_columns
from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.laboratories.saving import ChartExport, SaveButton
from nnstudio.gui.plots.legend import Key
from nnstudio.gui.plots.picture import Table
from nnstudio.gui.tools.view import ToolView
from nnstudio.gui.widgets.progress_line import ProgressLine
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.gui.widgets.two_lines import TwoLines

from . import words
from .bars_chart import BarsChart
from .column_list import ColumnListView
from .correlation_page import CorrelationPage
from .finding_list import FindingList
from .images_page import ImagesPage
from .pairs_chart import PairsChart
from .scatter_page import ScatterPage
from .survey import Survey
from .surveying import Surveying

COLUMN, SCATTER, PAIRS, CORRELATIONS, WARNINGS, IMAGES, _WAITING = range(7)
_PAGES = ("Column", "Two columns", "All pairs", "Correlations", words.warnings(0))
_IMAGES = "Images"
_LIST = 216


class ExplorerView(ToolView):
    """`survey` is what is known, once `surveying` has ended for a large table; `found` what deserves a warning, None
    while that is being looked for."""

    def compose(self) -> None:
        self.survey = self._survey_at_hand()
        self._looked_at: Survey | None = None
        self.surveying = Surveying(self)
        self.found: tuple[Finding, ...] | None = None
        self._looking: BackgroundTask | None = None
        self._shown: object = None
        self._make_pages()
        self._arrange()
        self._listen()
        self._take_up()

    def refresh(self) -> None:
        if self.context.document.data is not self.survey.data:
            self.survey = self._survey_at_hand()
            self._take_up()
        self._show()

    @property
    def waiting(self) -> bool:
        """Whether the columns are still to be looked at."""
        return self.survey is not self._looked_at

    def close_tool(self) -> None:
        self.surveying.cancel()
        if self._looking is not None:
            self._looking.cancel()

    def _make_pages(self) -> None:
        self.columns = ColumnListView(self.context.appearance)
        self.columns.setFixedWidth(_LIST)
        self.bars = BarsChart("explorer_bars", "The chosen column as bars")
        self.about, self.classes = TwoLines(), TwoLines()
        self.classes.setProperty("muted", True)
        self.scatter, self.pairs, self.correlation_page = ScatterPage(), PairsChart(), CorrelationPage()
        self.correlations = self.correlation_page.chart
        self.warnings, self.images = FindingList(), ImagesPage(self.context.appearance)
        self.pages = Segmented(_PAGES, "What is shown")
        self.save_button = SaveButton("explorer_save", self.context, self._export)
        self.header.add(self.pages)
        self.header.add(self.save_button)

    def _arrange(self) -> None:
        column = QWidget()
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(4)
        inside.addWidget(self.bars, 1)
        inside.addWidget(self.about)
        inside.addWidget(self.classes)
        self.stack = QStackedWidget()
        for page in self._pages(column):
            self.stack.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.columns)
        row.addWidget(self.stack, 1)

    def _pages(self, column: QWidget) -> tuple[QWidget, ...]:
        """In the order of their numbers; behind them the one that is seen while they have to wait."""
        pages = (column, self.scatter, self.pairs, self.correlation_page, self.warnings, self.images)
        return (*pages, self._waiting_page())

    def _waiting_page(self) -> QWidget:
        page = QWidget()
        self.look_button = QPushButton("Look at the columns")
        self.look_button.setObjectName("explorer_look")
        self.look_button.setProperty("link", True)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(ProgressLine(self.surveying, "Looking at the columns", "explorer", page))
        column.addWidget(self.look_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return page

    def _listen(self) -> None:
        self.surveying.changed.connect(self._offer_to_look)
        self.surveying.done.connect(self._take_survey)
        self.look_button.clicked.connect(self._survey_all)
        self.columns.chosen.connect(self._column_chosen)
        self.pages.chosen.connect(self._page_chosen)
        for chart in (self.pairs, self.correlations):
            chart.pair_chosen.connect(self.show_pair)
        for page in (self.scatter, self.images):
            page.row_clicked.connect(self.context.shown.look_at_table_row)
        self.warnings.mend_wanted.connect(self._mend)
        self.warnings.column_wanted.connect(self.show_column)

    def show_column(self, name: str) -> None:
        """Go to one column."""
        self.columns.choose(name)
        self.pages.choose_at(COLUMN)

    def show_pair(self, across: str, up: str) -> None:
        """Go to two columns; a column with itself is one column."""
        if across == up:
            self.show_column(across)
            return
        self.pages.choose_at(SCATTER)
        self.scatter.choose(across, up)

    def _survey_at_hand(self) -> Survey:
        document = self.context.document
        targets = target_columns(document.experiment.data, document.dataset)
        return Survey(document.dataset, document.data, targets)

    def _take_up(self) -> None:
        """Begin with other data."""
        self.pages.set_texts(_PAGES if self.survey.dataset.images is None else (*_PAGES, _IMAGES))
        self._look()
        self._survey_all()

    def _survey_all(self) -> None:
        self.surveying.cancel()
        if self.survey.large:
            self.surveying.start(self.survey)
            self._show()
        else:
            self._take_survey()

    def _take_survey(self) -> None:
        """The columns can be shown."""
        self._looked_at = self.survey
        name = self.columns.current
        self.columns.columns.show_survey(self.survey)
        self.columns.choose(name if name in self.survey.dataset.names else self._first())
        self._show()

    def _offer_to_look(self) -> None:
        """Again, where that was given up."""
        self.look_button.setVisible(not self.surveying.at_work)

    def _first(self) -> str:
        return next(iter((*self.survey.data.features, *self.survey.dataset.names)), "")

    def _look(self) -> None:
        """Look for what deserves a warning, off the window's thread: a table may be large."""
        if self._looking is not None:
            self._looking.cancel()
        self.found = None
        self.warnings.show_looking()
        self.pages.rename(WARNINGS, words.warnings(0))
        self._looking = BackgroundTask(partial(findings, self.survey.dataset, self.survey.data))
        self._looking.done.connect(self._take_findings)
        self._looking.start()

    def _take_findings(self, found: tuple[Finding, ...]) -> None:
        self._looking, self.found = None, found
        document = self.context.document
        about = (document.experiment, document.dataset, document.data)
        self.warnings.show_findings([(finding, mend_of(finding, *about)) for finding in found])
        self.pages.rename(WARNINGS, words.warnings(len(found)))

    def _show(self) -> None:
        """Draw the page in sight, where it is not drawn already."""
        theme, page, column = self.context.appearance.theme, self.pages.position, self.columns.current
        waits = self.waiting and page != WARNINGS
        key = (self.survey, theme, page, column, waits)
        if key == self._shown:
            return
        self._shown = key
        self.stack.setCurrentIndex(_WAITING if waits else page)
        for chart in (self.bars, self.pairs, self.correlations):
            chart.set_theme(theme)
        self.columns.setVisible(page == COLUMN and not waits)
        self.save_button.setVisible(page != WARNINGS and not waits)
        if waits:
            return
        if page == COLUMN and column:
            self._show_column(column)
        elif page == SCATTER:
            self.scatter.show_survey(self.survey, theme)
        elif page == IMAGES:
            self.images.show_survey(self.survey, theme)
        elif page == PAIRS:
            self.pairs.show_survey(self.survey)
        elif page == CORRELATIONS:
            self.correlation_page.show_survey(self.survey, theme)

    def _show_column(self, name: str) -> None:
        summary, grouping = self.survey.summary(name), self.survey.grouping
        self.bars.show_bars(self.survey.histogram(name), name, grouping.names if grouping else ())
        self.about.show_text(
            words.of_column(summary), f"{words.of_column(summary)}\n\n{words.of_fences(summary)}".strip()
        )
        self.classes.show_text(words.of_classes(grouping))
        self.classes.setVisible(grouping is not None)
        self.bars.setAccessibleDescription(self.about.whole)

    def _column_chosen(self, _name: str) -> None:
        self._show()

    def _page_chosen(self, _text: str) -> None:
        self._show()

    def _mend(self, mend: Mend) -> None:
        document = self.context.document
        try:
            document.apply(mend.make())
        except DataError as error:
            document.refused.emit(str(error))

    def _export(self) -> ChartExport:
        page = self.pages.position
        if page == IMAGES:
            return self.images.export()
        if page == SCATTER:
            return ChartExport("Two columns", self.scatter.chart, self.scatter.keys(), self._points())
        if page == CORRELATIONS:
            names = self.correlations.names
            rows = [[name, *row] for name, row in zip(names, self.survey.correlations.tolist(), strict=True)]
            return ChartExport("Correlations", self.correlations, (), (["", *names], rows))
        if page == PAIRS:
            columns = self.survey.paired
            table = np.column_stack([column.values for column in columns])
            return ChartExport("All pairs", self.pairs, (), ([column.name for column in columns], table))
        return ChartExport(self.columns.current, self.bars, self._class_keys(), self._bars())

    def _points(self) -> Table:
        names = (self.scatter.across.key, self.scatter.up.key)
        return names, np.column_stack([self.survey.dataset.column(name).values for name in names])

    def _bars(self) -> Table:
        found = self.survey.histogram(self.columns.current)
        groups = self.bars.groups or ("rows",)
        places = found.names or [f"{a:g} to {b:g}" for a, b in zip(found.edges[:-1], found.edges[1:], strict=True)]
        rows: list[list[object]] = [
            [place, *counts] for place, counts in zip(places, found.counts.T.tolist(), strict=True)
        ]
        return (self.columns.current, *groups), rows

    def _class_keys(self) -> tuple[Key, ...]:
        return self.scatter.keys()
