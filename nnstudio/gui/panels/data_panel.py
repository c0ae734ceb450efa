"""The data: where they come from, how they are prepared, and the sample at hand."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from nnstudio.experiment.edits import Change
from nnstudio.gui.context import Context
from nnstudio.gui.data.data_form import DataForm
from nnstudio.gui.data.reading import Reader
from nnstudio.gui.data.sample_block import SampleBlock
from nnstudio.gui.data.summary import size_note, split_note
from nnstudio.gui.widgets.panel_scroll import PanelScroll

from .panel import Panel

if TYPE_CHECKING:
    from nnstudio.gui.data.table_window import TableWindow


class DataPanel(Panel):
    """The form scrolls where the panel is short; the sample stays in view below it."""

    open_requested = Signal()
    """Another file is wanted; opening it is the window's affair."""

    columns_requested = Signal()
    """Columns are to be chosen, which is a tool's affair."""

    interval = 1.0  # each new sample lays the panel out again, and while training it only shows that samples go by

    def __init__(self, context: Context) -> None:
        super().__init__(context, "data_panel", "Data")
        self._reader = Reader(context.shown.run)
        self._table: TableWindow | None = None
        self.form = DataForm(context.document, context.appearance)
        self.form.open_requested.connect(self.open_requested)
        self.form.columns_requested.connect(self.columns_requested)
        self.form.table_requested.connect(self._open_table)
        self.form.draw_requested.connect(self._draw_points)
        self.sample = SampleBlock(context.appearance)
        self.sample.stepped.connect(context.shown.step)
        self.sample.left.connect(context.shown.end)
        self.sample.arrange(self._reader.nature)
        scroll = PanelScroll()
        scroll.column.addWidget(self.form)
        scroll.column.addStretch(1)
        self.body.setContentsMargins(0, 0, 0, 8)
        self.body.setSpacing(4)
        self.body.addWidget(scroll, 1)
        self.body.addWidget(self.sample)
        self._follow()

    def rebuild(self) -> None:
        self._reader = Reader(self.context.session.run)
        self.sample.arrange(self._reader.nature)

    def refresh(self) -> None:
        shown = self.context.shown
        if self._reader.run is not shown.run:
            self._reader = Reader(shown.run)
        reading = self._reader.read(shown.sample, self.context.settings.decimals)
        if reading is not None and shown.study is not None:
            reading = reading.by_itself(shown.at, len(shown.order), shown.study.place.part.value)
        self.sample.show_reading(reading)
        self.form.missing.show_machine(self.context.session.machine)

    def document_changed(self, change: Change) -> None:
        if change & (Change.DATA | Change.SEED | Change.BATCHES):
            self._follow()

    def _follow(self) -> None:
        document = self.context.document
        self.header.note.setText(size_note(document.dataset, document.data))
        self.header.note.setToolTip(split_note(document.data))
        self.form.follow()
        if self._table is not None and self._table.isVisible():
            self._table.follow()

    def _draw_points(self) -> None:
        self.context.tools.open("draw_points")

    def _open_table(self) -> None:
        if self._table is None:
            from nnstudio.gui.data.table_window import TableWindow

            self._table = TableWindow(self.context, self.window())
        if self._table.isVisible():
            self._table.raise_()
            self._table.activateWindow()
        else:
            self._table.follow()
            self._table.show()
