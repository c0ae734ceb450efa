"""The page of the steps: the pipeline as a list that is read from the top, each line with the shape after it."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from nnstudio.data.pipeline import Step
from nnstudio.data.preparation import PreparedData
from nnstudio.experiment.data_edits import add_step, move_step, remove_step, set_step
from nnstudio.explain.numbers import count
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.document import Document
from nnstudio.gui.widgets.panel_scroll import PanelScroll
from nnstudio.gui.widgets.problem_line import ProblemLine

from .step_kinds import KINDS
from .step_row import StepRow

_NONE = (
    "No steps: the inputs are the columns as they are read. A step fills gaps, encodes text, scales, or derives inputs."
)


class StepsPage(QWidget):
    """`rows` are the steps as they are shown."""

    def __init__(self, document: Document, appearance: Appearance) -> None:
        super().__init__()
        self._document, self._appearance = document, appearance
        self.rows: list[StepRow] = []
        self._shown: object = None
        self._open: int | None = None
        self.problem = ProblemLine("steps_problem", document)
        self.begin, self.end = QLabel(), QLabel()
        for label in (self.begin, self.end):
            label.setProperty("muted", True)
            label.setWordWrap(True)
        self.add = self._add_button()
        self.scrolled = PanelScroll(margin=0)
        self.scrolled.setObjectName("prepared_steps")
        self.scrolled.column.setSpacing(0)
        for widget in (self.begin, self.end):
            self.scrolled.column.addWidget(widget)
        self.scrolled.column.addStretch(1)
        below = QHBoxLayout()
        below.addWidget(self.add)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.scrolled, 1)
        column.addWidget(self.problem)
        column.addLayout(below)

    def follow(self) -> None:
        """Show the document's pipeline."""
        data, steps = self._document.data, self._document.experiment.data.pipeline
        key = (data, steps)
        if key == self._shown:
            return
        self._shown = key
        self._show_rows(steps, data)
        first = data.stages[0]
        self.begin.setText(f"{count(first.shape[0])} training rows × {count(first.shape[1])} columns, as they are read")
        scaled = ", then standardized" if self._document.experiment.data.standardize else ""
        inputs = len(data.input_names)
        self.end.setText(f"{count(inputs)} input{'s' * (inputs != 1)}{scaled}" if steps else _NONE)

    def _show_rows(self, steps: tuple[Step, ...], data: PreparedData) -> None:
        for row in self.rows:
            self.scrolled.column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        for place, step in enumerate(steps):
            row = StepRow(place, step, data.stages[place].names, self._appearance, last=place == len(steps) - 1)
            stage = data.stages[place + 1]
            row.show_stage(stage.shape if step.on else None, stage.found, stage.notes)
            row.switched.connect(self._switch)
            row.moved.connect(self._move)
            row.removed.connect(self._remove)
            row.opened.connect(self._toggle)
            row.changed.connect(self._change)
            row.rejected.connect(self.problem.show_problem)
            row.open(place == self._open)
            self.scrolled.column.insertWidget(1 + place, row)
            self.rows.append(row)

    def _add_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("add_step")
        button.setText("+ Add a step")
        button.setAccessibleName("Add a step")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        for kind, about in KINDS.items():
            action = menu.addAction(about.title)
            action.setToolTip(about.tip)
            action.setData(kind)
        menu.triggered.connect(self._add)
        button.setMenu(menu)
        return button

    def _add(self, action: QAction) -> None:
        self.add_kind(action.data())

    def add_kind(self, kind: type) -> None:
        """Add a step of this kind behind all, and open its settings."""
        before, self._open = self._open, len(self.rows)
        if not self.problem.attempt(add_step(self._document.experiment, KINDS[kind].make())):
            self._open = before
        self.follow()

    def _switch(self, place: int, on: bool) -> None:
        self._attempt(place, on=on)

    def _change(self, place: int, changed: dict[str, object]) -> None:
        self._attempt(place, **changed)

    def _attempt(self, place: int, **changed: object) -> None:
        if not self.problem.attempt(set_step(self._document.experiment, place, **changed)):
            self._shown = None  # the control goes back to what holds
        self.follow()

    def _move(self, place: int, to: int) -> None:
        if self.problem.attempt(move_step(self._document.experiment, place, to)) and self._open == place:
            self._open = to
            self._shown = None
        self.follow()

    def _remove(self, place: int) -> None:
        self._open = None
        self.problem.attempt(remove_step(self._document.experiment, place))
        self.follow()

    def _toggle(self, place: int) -> None:
        self._open = None if self._open == place else place
        for row in self.rows:
            row.open(row.place == self._open)
