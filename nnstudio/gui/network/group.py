"""A group of settings in the Layers panel that is seldom needed, and so folded away unless it was left open.

Its controls are made when it is first opened. Closed, it says in its line what in it is not as it usually is.
"""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import Edit
from nnstudio.gui.context import Context
from nnstudio.gui.topics.guide import Guide
from nnstudio.gui.widgets.fold import FoldButton
from nnstudio.gui.widgets.form import Form
from nnstudio.gui.widgets.panel_scroll import bring_into_view
from nnstudio.gui.widgets.problem_line import ProblemLine


class Group(QWidget):
    """Base of all groups. A subclass states its `name` and `title`, and overrides

    - `fill()`: make the controls, as rows of `self.form`,
    - `show_settings(experiment)`: show the document's settings in them,
    - `summary(experiment)`: what is set, in a few words; empty where all is as usual,
    - `fields()`: the controls, in the order of the Tab key.
    """

    name: str
    title: str

    opened = Signal()
    """There are controls that were not to be seen before."""

    def __init__(self, context: Context, guide: Guide) -> None:
        super().__init__()
        self.document = context.document
        self.context = context
        self.guide = guide
        self.header = FoldButton(f"{self.name}_group", self.title)
        self._body: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self.header)
        self.header.toggled.connect(self._fold)
        self.header.setChecked(context.settings.value(self._key, "closed") == "open")

    def fill(self) -> None:
        raise NotImplementedError

    def show_settings(self, experiment: Experiment) -> None:
        raise NotImplementedError

    def summary(self, experiment: Experiment) -> str:
        raise NotImplementedError

    def fields(self) -> list[QWidget]:
        raise NotImplementedError

    def controls(self) -> list[QWidget]:
        """What the keyboard reaches, from top to bottom."""
        return [self.header, *(self.fields() if self._body else [])]

    def follow(self) -> None:
        """Show the document's settings, or what they are in short."""
        experiment = self.document.experiment
        self.header.show_summary(self.summary(experiment))
        if self._body:
            self.show_settings(experiment)

    def attempt(self, edit: Edit) -> None:
        """Make the edit, or say under the controls why it cannot be made, and show what is so."""
        if not self.problem.attempt(edit):
            self.follow()

    @property
    def _key(self) -> str:
        return f"network/{self.name}"

    def _fold(self, on: bool) -> None:
        body = self._body or self._new_body()
        body.setVisible(on)
        self.context.settings.set_value(self._key, "open" if on else "closed")
        if on:
            self.follow()
            self.opened.emit()
            if self.isVisible():  # not while a new window opens what was left open
                QTimer.singleShot(0, self, self._come_into_view)

    def _new_body(self) -> QWidget:
        self._body = QWidget()
        self.form = Form()
        self._body.setLayout(self.form)
        self._column.addWidget(self._body)
        self.problem = ProblemLine(f"{self.name}_problem", self.document)
        self.fill()
        self.form.addWidget(self.problem)
        return self._body

    def _come_into_view(self) -> None:
        """What was opened at the end of a short panel is to be seen, its line first of all."""
        bring_into_view(self)
        bring_into_view(self.header)
