"""Where the data come from and how they are prepared. Every change is an edit of the document."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from nnstudio.data.preparation import PreparedData, Task
from nnstudio.data.spec import TargetKind
from nnstudio.experiment.edits import (
    Edit,
    set_missing_targets,
    set_standardize,
    set_test,
    set_validation,
    use_sample,
)
from nnstudio.experiment.roles import set_target_kind, target_columns
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.document import Document
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.form import CONTROL_WIDTH, Form
from nnstudio.gui.widgets.problem_line import ProblemLine
from nnstudio.gui.widgets.slider import ValueSlider

from .missing_form import MissingForm
from .sample_form import SampleForm
from .source_choice import DRAW, OPEN, sample_of, source_key, source_options
from .summary import names_text, names_tip, split_note, target_text
from .target_doubt import TargetDoubt

_MOST_VALIDATION = 50
_MOST_TEST = 40
_AUTOENCODER = "Unsupervised learning: this network, an autoencoder, learns to put out what it is given"


class DataForm(QWidget):
    """Its links ask for what opens a window of its own."""

    open_requested = Signal()
    columns_requested = Signal()
    table_requested = Signal()
    draw_requested = Signal()

    def __init__(self, document: Document, appearance: Appearance) -> None:
        super().__init__()
        self._document = document
        self._problem = ProblemLine("data_problem", document)
        self.source = Choice("source", "Source of the data")
        self.inputs = ElidedLabel(right=True)
        self.inputs.setObjectName("inputs")
        self.target = ElidedLabel(right=True)
        self.target.setObjectName("target")
        self.drawn = SampleForm(document, appearance, self._attempt, self._problem.show_problem)
        self.validation = ValueSlider("validation", "Validation", _MOST_VALIDATION, _percent)
        self.test = ValueSlider("test", "Test", _MOST_TEST, _percent)
        self.standardize = Choice("standardize", "Standardize")
        self.missing = MissingForm(self._set_missing, self._problem.show_problem)
        self.notes = ElidedLabel()
        self.notes.setObjectName("data_notes")
        self.doubt = TargetDoubt(self._set_target_kind)
        self._lay_out()
        self._connect()

    def follow(self) -> None:
        """Show the document's data."""
        spec, dataset, data = self._document.experiment.data, self._document.dataset, self._document.data
        self.source.set_options(source_options(spec.source))
        self.source.choose(source_key(spec.source))
        self.inputs.show_text(names_text(data.features), names_tip(data.features))
        columns = target_columns(spec, dataset)
        tip = _AUTOENCODER if data.autoencoder else names_tip(data.classes or columns)
        self.target.show_text(target_text(spec, dataset, data), tip)
        self.drawn.follow(spec.source)
        self.validation.show_value(round(100 * spec.split.validation), _MOST_VALIDATION)
        self.validation.setToolTip(f"The share of the rows kept to judge the network: {split_note(data)}")
        self.test.show_value(round(100 * spec.split.test), _MOST_TEST)
        self.test.setToolTip(f"The share kept to judge it once more, when all is decided: {split_note(data)}")
        why = _unfit_targets(data)
        self.standardize.set_options(_standardize_options(why, spec.standardize_targets and not spec.standardize))
        self.standardize.choose(_standardize_key(spec.standardize, spec.standardize_targets and not why))
        self.missing.follow(spec.missing_targets, data)
        self._follow_notes(data.notes)
        self.doubt.setVisible(data.perhaps_classes)

    def _follow_notes(self, notes: tuple[str, ...]) -> None:
        self.notes.setVisible(bool(notes))
        if notes:
            more = f" (and {len(notes) - 1} more)" if len(notes) > 1 else ""
            self.notes.show_text(f"Note: {notes[0]}{more}", "\n".join(notes))

    def _lay_out(self) -> None:
        for control in (self.source, self.standardize):
            control.setMinimumWidth(CONTROL_WIDTH)
        self.notes.setProperty("muted", True)
        self.notes.setProperty("small", True)
        form = Form()
        form.add("Source", self.source)
        form.addLayout(self._links())
        form.add("Inputs", self.inputs, fill=True)
        form.add("Target", self.target, fill=True)
        form.addWidget(self.doubt)
        form.addWidget(self.missing)
        form.addWidget(self.drawn)
        form.add("Validation", self.validation)
        form.add("Test", self.test)
        form.add("Standardize", self.standardize)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(form)
        column.addWidget(self._problem)
        column.addWidget(self.notes)

    def _links(self) -> QHBoxLayout:
        links = QHBoxLayout()
        links.setSpacing(16)
        for name, text, tip, signal in (
            ("open_button", "Open file…", "Open a table (CSV) or an experiment", self.open_requested),
            ("columns_button", "Columns…", "Choose inputs and targets", self.columns_requested),
            ("table_button", "Table", "See all rows and columns in a window", self.table_requested),
        ):
            link = QPushButton(text)
            link.setObjectName(name)
            link.setAccessibleName(f"{text}: {tip}")
            link.setToolTip(tip)
            link.setProperty("link", True)
            link.clicked.connect(signal)
            links.addWidget(link)
        links.addStretch(1)
        return links

    def _connect(self) -> None:
        self.source.chosen.connect(self._set_source)
        self.validation.entered.connect(self._set_validation)
        self.test.entered.connect(self._set_test)
        self.standardize.chosen.connect(self._set_standardize)

    def _set_source(self, key: str) -> None:
        name = sample_of(key)
        if name is not None:
            self._attempt(use_sample(self._document.experiment, name))
        else:
            self.source.choose(source_key(self._document.experiment.data.source))
            if key == OPEN:
                self.open_requested.emit()
            elif key == DRAW:
                self.draw_requested.emit()

    def _set_validation(self, percent: int) -> None:
        self._attempt(set_validation(self._document.experiment, percent / 100))

    def _set_test(self, percent: int) -> None:
        self._attempt(set_test(self._document.experiment, percent / 100))

    def _set_standardize(self, key: str) -> None:
        self._attempt(set_standardize(self._document.experiment, inputs="inputs" in key, targets="targets" in key))

    def _set_missing(self, **changed: object) -> None:
        self._attempt(set_missing_targets(self._document.experiment, **changed))

    def _set_target_kind(self, kind: TargetKind) -> None:
        document = self._document
        self._attempt(set_target_kind(document.experiment, document.dataset, document.data, kind))

    def _attempt(self, edit: Edit, gesture: object | None = None) -> None:
        if not self._problem.attempt(edit, gesture):
            self.follow()


def _unfit_targets(data: PreparedData) -> str:
    """Why the targets cannot be standardized; empty where they can."""
    if data.autoencoder:
        return "the targets are the inputs, and are standardized as they are"
    return "" if data.task is Task.VALUES else "classes are 0 and 1 already; only values can be standardized"


def _standardize_options(why: str, targets_alone: bool) -> tuple[Option, ...]:
    options = (
        Option("off", "off", "Columns stay in the table's units"),
        Option("inputs", "inputs", "Each input minus its mean, divided by its deviation, over the training rows"),
        Option("inputs targets", "inputs and targets", "Inputs and targets, each to mean 0 and deviation 1", why),
    )
    alone = Option("targets", "targets", "Targets to mean 0 and deviation 1", why)
    return (*options, alone) if targets_alone else options


def _standardize_key(inputs: bool, targets: bool) -> str:
    return " ".join(word for word, on in (("inputs", inputs), ("targets", targets)) if on) or "off"


def _percent(step: int) -> str:
    return f"{step} %"
