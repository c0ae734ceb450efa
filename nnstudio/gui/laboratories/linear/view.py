"""The laboratory of linear against non-linear, as a tool."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from nnstudio.data.preparation import PartName
from nnstudio.gui.laboratories.comparing.run_bar import RunBar
from nnstudio.gui.laboratories.comparing.view import ComparisonView
from nnstudio.gui.laboratories.saving import SaveButton
from nnstudio.gui.plots.views import Subject
from nnstudio.gui.widgets.count_field import CountField
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.segmented import Segmented

from . import words
from .column import WayColumn
from .export import WaysExport
from .matrix_page import MatrixPage
from .state import LinearState, Way

_PICTURES, _MATRIX = "Pictures", "One matrix"
_MOST_EPOCHS, _USUAL_EPOCHS, _USUAL_ROWS = 100_000, 300, 300_000
_BETWEEN_SLICES = 8
_INVITATION, _AT_WORK = 0, 1


class LinearView(ComparisonView):
    """`state` is what is known, `comparing` who finds out, `columns` shows it."""

    def lay_out(self) -> None:
        self.state = LinearState()
        self._subject: Subject | None = None
        self._make_settings()
        self._arrange()
        self._listen()

    @property
    def knows(self) -> bool:
        return bool(self.state.courses)

    def forget(self) -> None:
        self._refining.stop()
        self.state, self._subject = LinearState(), None
        for column in self.columns.values():
            column.clear()

    def close_tool(self) -> None:
        self._refining.stop()
        super().close_tool()

    def run(self) -> None:
        """Train the network with its activations and without, and find the least squares."""
        document = self.context.document
        self.comparing.cancel()
        self.forget()
        self._subject = Subject(document.data)
        self.comparing.start(document.experiment, self.state.begin(document.experiment, self.epochs.value()))

    def show_state(self) -> None:
        """Show what is known, as soon as it can be seen."""
        if not self.isVisible():
            self._look = None
            return
        subject, theme = self._subject or Subject(self.context.document.data), self.context.appearance.theme
        known, at_work = bool(self.state.models), self.comparing.at_work
        metric = self.context.session.run.metric
        for way, column in self.columns.items():
            metrics = self.state.metrics(way)
            column.about.show_text(words.validated(metrics, metric) + words.about(self.state, way, subject.nature))
            column.measured.show_text(words.measured(metrics, metric))
            model = self.state.model(way)
            if model is not None:
                column.show_model(subject, model, theme, running=at_work)
        self.pictures.setCurrentIndex(_AT_WORK if known or at_work else _INVITATION)
        if self.pages.current == _MATRIX:
            self.matrix.show_state(self.state)
        self.found.show_text(words.PURPOSE if self.pages.current == _PICTURES else words.DEEP)
        self.bar.show_share(self.state.share)
        self.show_note(self.state.share)
        if known and not at_work:
            self._refining.start(_BETWEEN_SLICES)

    def _make_settings(self) -> None:
        self.bar = RunBar("linear", self.comparing)
        self.epochs = CountField("linear_epochs", "Epochs", 1, _MOST_EPOCHS)
        self.epochs.setFixedWidth(72)
        self.bar.add("Epochs", self.epochs)
        self.found = ElidedLabel(words.PURPOSE)
        self.bar.settings.addWidget(self.found, 1)
        self.pages = Segmented([_PICTURES, _MATRIX], "What is shown")
        self.save_button = SaveButton("linear_save", self.context, self._export)
        for control in (self.pages, self.save_button):
            self.header.add(control)
        self._refining = QTimer(self, singleShot=True)

    def _arrange(self) -> None:
        self.columns = {way: WayColumn(f"linear_{way.name.lower()}", way.value) for way in Way}
        invitation = QLabel("Run trains the network with its activations and without, and finds the least squares")
        invitation.setProperty("muted", True)
        invitation.setWordWrap(True)
        invitation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        ways = QWidget()
        row = QHBoxLayout(ways)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for column in self.columns.values():
            row.addWidget(column, 1)
        self.pictures = QStackedWidget()
        self.pictures.addWidget(invitation)
        self.pictures.addWidget(ways)
        self.matrix = MatrixPage(self.context)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.pictures)
        self.stack.addWidget(self.matrix)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.bar)
        layout.addWidget(self.stack, 1)

    def _listen(self) -> None:
        self.bar.run.connect(self.run)
        self.pages.chosen.connect(self._page_chosen)
        self.epochs.entered.connect(self.note_touched)
        self._refining.timeout.connect(self._refine)

    def offer(self) -> None:
        """As many epochs as take no long time, until others are written."""
        if self.touched or self.knows:
            return
        document = self.context.document
        few = max(min(_USUAL_EPOCHS, _USUAL_ROWS // max(len(document.data.train.X), 1)), 1)
        self.epochs.show_value(min(document.experiment.training.epochs, few))

    def take(self, number: int, report: object) -> None:
        assert self._subject is not None
        self.state.take(number, report, self._subject.data)

    def _refine(self) -> None:
        """Go on with the pictures while nothing else is to be done."""
        more = [column.refine() for column in self.columns.values()]
        if any(more):
            self._refining.start(_BETWEEN_SLICES)

    def _page_chosen(self, text: str) -> None:
        self.stack.setCurrentIndex([_PICTURES, _MATRIX].index(text))
        self.show_state()

    def _export(self) -> WaysExport:
        metric = self.context.session.run.metric.value
        parts = self.context.document.data.parts
        header = ["way", *(f"{part.value} {metric}" for part in parts)]
        rows: list[list[object]] = [
            [way.value.lower(), *(self._metric(way, part) for part in parts)] for way in self.columns
        ]
        return WaysExport(list(self.columns.values()), self.context.appearance.theme, (header, rows))

    def _metric(self, way: Way, part: PartName) -> float:
        return self.state.metrics(way).get(part, float("nan"))
