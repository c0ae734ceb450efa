"""What becomes of rows without a target: left out, or learned from under the network's own labels."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnstudio.data.preparation import PreparedData
from nnstudio.data.spec import MissingTargets, MissingUse
from nnstudio.engine.machine import Machine
from nnstudio.experiment.document import MOST_EPOCHS
from nnstudio.explain.numbers import count
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.count_field import CountField
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.form import CONTROL_WIDTH, Form
from nnstudio.gui.widgets.number_field import NumberField, step_towards_one

_USES = (
    Option(MissingUse.LEAVE_OUT, "leave out", "Nothing is learned from rows without a target"),
    Option(
        MissingUse.PSEUDO_LABELS,
        "pseudo-labels",
        "Semi-supervised learning: each epoch the network predicts the rows without a target,\n"
        "and learns from those of which it is sure as if it were right",
    ),
)


class MissingForm(QWidget):
    """`change` is called with what a user changed of the experiment's `missing_targets`, `reject` with why a number
    cannot be. It is there only where targets are missing."""

    def __init__(self, change: Callable[..., object], reject: Callable[[str], object]) -> None:
        super().__init__()
        self._change = change
        self.use = Choice("missing_targets", "Rows without a target")
        self.use.set_options(_USES)
        self.use.setMinimumWidth(CONTROL_WIDTH)
        self.from_epoch = CountField("pseudo_from_epoch", "Pseudo-labels from epoch", 1, MOST_EPOCHS)
        self.from_epoch.setToolTip(
            "The first epoch that learns from pseudo-labels; before, the network learns to predict"
        )
        self.confidence = NumberField("pseudo_confidence", "Confidence of pseudo-labels", step_towards_one)
        self.confidence.setToolTip("How probable the predicted class must be at least, from 0.5 to 1")
        for field in (self.from_epoch, self.confidence):
            field.setFixedWidth(CONTROL_WIDTH)
            field.rejected.connect(reject)
        self.standing = ElidedLabel()
        self.standing.setObjectName("labelled_rows")
        self.standing.setProperty("muted", True)
        self.standing.setProperty("small", True)
        form = Form()
        form.add("Missing targets", self.use)
        self._rows = [form.add("From epoch", self.from_epoch), form.add("Confidence", self.confidence)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(form)
        column.addWidget(self.standing)
        self.use.chosen.connect(self._use_chosen)
        self.from_epoch.entered.connect(self._from_epoch_entered)
        self.confidence.entered.connect(self._confidence_entered)

    def follow(self, missing: MissingTargets, data: PreparedData) -> None:
        """Show the document's choice."""
        self.setVisible(len(data.unlabelled.rows) > 0)
        self.use.choose(missing.use)
        self.from_epoch.show_value(missing.from_epoch)
        self.confidence.show_value(missing.confidence)
        for part in (*self._rows, self.standing):
            part.setVisible(missing.use is MissingUse.PSEUDO_LABELS)

    def show_machine(self, machine: Machine) -> None:
        """How many rows are labelled, by a person and by the network, as the run stands."""
        if machine.unlabelled is not None:
            self.standing.show_text(labelled_text(machine), "Of the rows that this epoch may learn from")

    def _use_chosen(self, key: str) -> None:
        self._change(use=MissingUse(key))

    def _from_epoch_entered(self, epoch: int) -> None:
        self._change(from_epoch=epoch)

    def _confidence_entered(self, confidence: float) -> None:
        self._change(confidence=confidence)


def labelled_text(machine: Machine) -> str:
    """120 of 500 rows labelled, 310 pseudo-labelled."""
    rows = machine.labelled + len(machine.unlabelled_rows)
    own, lent = count(machine.labelled), count(machine.pseudo_labelled)
    return f"{own} of {count(rows)} rows labelled, {lent} pseudo-labelled"
