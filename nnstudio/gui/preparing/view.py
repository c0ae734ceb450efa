"""Preparing the data, as a tool."""

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from nnstudio.experiment.edits import Change
from nnstudio.gui.tools.view import ToolView
from nnstudio.gui.widgets.segmented import Segmented

from .columns_page import ColumnsPage
from .split_page import SplitPage
from .steps_page import StepsPage

COLUMNS, STEPS, SPLIT = range(3)
_PAGES = ("Columns", "Steps", "Split and weights")


class PreparingView(ToolView):
    """What is done on its pages is an edit of the document, and it follows the document."""

    def compose(self) -> None:
        document = self.context.document
        self.columns = ColumnsPage(document, self.context.appearance)
        self.steps = StepsPage(document, self.context.appearance)
        self.split = SplitPage(document)
        self.pages = Segmented(_PAGES, "What is prepared")
        self.header.add(self.pages)
        self.stack = QStackedWidget()
        for page in (self.columns, self.steps, self.split):
            self.stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.pages.chosen.connect(self._page_chosen)
        self._follow()

    def show_columns(self) -> None:
        """Bring the page of the columns to the front."""
        self.pages.choose(_PAGES[COLUMNS])
        self.columns.table.setFocus()

    def refresh(self) -> None:
        self.columns.model.theme = self.context.appearance.theme

    def document_changed(self, change: Change) -> None:
        if change & (Change.DATA | Change.SEED):
            self._follow()

    def _follow(self) -> None:
        """Show what the document says."""
        data = self.context.document.data
        self.columns.follow(self.context.appearance.theme)
        self.steps.follow()
        self.split.follow()
        self.header.note.setText(f"{len(data.features)} of {len(self.context.document.dataset.columns)} columns used")

    def _page_chosen(self, _text: str) -> None:
        self.stack.setCurrentIndex(self.pages.position)
