"""What is seldom needed, folded away: regularization, the optimizer's own settings, shuffling, precision.

The settings of an optimizer are those that its class states, so that a new optimizer needs nothing here.
"""

from dataclasses import fields
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from nnstudio.engine.optimizers import Optimizer
from nnstudio.engine.settings import Setting, settings
from nnstudio.engine.spec import Precision
from nnstudio.experiment.edits import Edit, set_hyperparameter, set_regularization, set_training
from nnstudio.gui.document import Document
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.form import CONTROL_WIDTH, Form
from nnstudio.gui.widgets.number_field import NumberField, step_in_decades, step_towards_one

_PRECISIONS = (
    Option(Precision.FLOAT64, "float64", "64 bits a number: exact to about 16 digits"),
    Option(Precision.FLOAT32, "float32", "32 bits a number: exact to about 7 digits, faster for large networks"),
)
_ABOUT = "regularization, optimizer settings, precision"


class MoreForm(QWidget):
    """`wanted` carries an edit, `rejected` why something cannot be entered."""

    wanted = Signal(Edit)
    rejected = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._kind: type[Optimizer] | None = None
        self._numbers: dict[str, NumberField] = {}
        self._switches: dict[str, QCheckBox] = {}
        self.button = QPushButton("More ▸")
        self.button.setObjectName("more")
        self.button.setAccessibleName(f"More: {_ABOUT}")
        self.button.setProperty("link", True)
        self.button.setCheckable(True)
        self.button.toggled.connect(self._unfold)
        self._about = ElidedLabel(_ABOUT, right=True)
        self._about.setProperty("muted", True)
        self._fold = QWidget()
        self._fold.hide()
        self._add_regularization()
        self._add_training()
        self._optimizer = QWidget()
        self._lay_out()

    def controls(self) -> list[QWidget]:
        """What the keyboard reaches, from top to bottom."""
        optimizer = [*self._numbers.values(), *self._switches.values()]
        return [self.button, self.l1, self.l2, *optimizer, self.shuffle, self.precision]

    def follow(self) -> None:
        """Show the document's settings."""
        experiment = self._document.experiment
        self.l1.show_value(experiment.regularization.l1)
        self.l2.show_value(experiment.regularization.l2)
        self.precision.choose(experiment.training.dtype)
        _check(self.shuffle, experiment.training.shuffle)
        if type(experiment.optimizer) is not self._kind:
            self._make_optimizer_rows(experiment.optimizer)
        for name, field in self._numbers.items():
            field.show_value(getattr(experiment.optimizer, name))
        for name, switch in self._switches.items():
            _check(switch, getattr(experiment.optimizer, name))
        self._allow_nesterov(experiment.optimizer)

    def _add_regularization(self) -> None:
        self.l1 = NumberField("l1", "L1")
        self.l1.setToolTip("Adds L1 · Σ |w| to J: drives weights that do little to 0")
        self.l2 = NumberField("l2", "L2")
        self.l2.setToolTip("Adds ½ · L2 · Σ w² to J: keeps weights small")
        for name, field in (("l1", self.l1), ("l2", self.l2)):
            field.setFixedWidth(CONTROL_WIDTH)
            field.entered.connect(partial(self._set_regularization, name))
            field.rejected.connect(self.rejected)

    def _add_training(self) -> None:
        self.shuffle = QCheckBox()
        self.shuffle.setObjectName("shuffle")
        self.shuffle.setAccessibleName("Shuffle")
        self.shuffle.setToolTip("Visit the rows in a new random order in each epoch")
        self.shuffle.toggled.connect(self._set_shuffle)
        self.precision = Choice("precision", "Precision")
        self.precision.set_options(_PRECISIONS)
        self.precision.setFixedWidth(CONTROL_WIDTH)
        self.precision.chosen.connect(self._set_precision)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.button)
        head.addWidget(self._about, 1)
        self._rows = Form()
        self._fold.setLayout(self._rows)
        self._rows.add("L1", self.l1)
        self._rows.add("L2", self.l2)
        self._rows.addWidget(self._optimizer)
        self._rows.add("Shuffle", self.shuffle)
        self._rows.add("Precision", self.precision)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._fold)

    def _make_optimizer_rows(self, optimizer: Optimizer) -> None:
        """Another kind of optimizer has other settings."""
        self._kind = type(optimizer)
        self._numbers, self._switches = {}, {}
        old, self._optimizer = self._optimizer, QWidget()
        form = Form()
        self._optimizer.setLayout(form)
        known = settings(optimizer)
        for field in fields(optimizer):  # type: ignore[arg-type]
            if field.name == "learning_rate":
                continue
            if field.name in known:
                form.add(known[field.name].title, self._number(field.name, known[field.name]))
            else:
                form.add(field.name.replace("_", " ").capitalize(), self._switch(field.name))
        self._rows.replaceWidget(old, self._optimizer)
        self._optimizer.setVisible(bool(self._numbers or self._switches))
        old.hide()
        old.deleteLater()

    def _number(self, name: str, setting: Setting) -> NumberField:
        below_one = setting.most == 1.0 and not setting.most_included
        field = NumberField(name, setting.title, step_towards_one if below_one else step_in_decades)
        field.setToolTip(f"{setting.symbol}: {setting.domain}")
        field.setFixedWidth(CONTROL_WIDTH)
        field.entered.connect(partial(self._set_hyperparameter, name))
        field.rejected.connect(self.rejected)
        self._numbers[name] = field
        return field

    def _switch(self, name: str) -> QCheckBox:
        switch = QCheckBox()
        switch.setObjectName(name)
        switch.setAccessibleName(name.capitalize())
        switch.toggled.connect(partial(self._set_hyperparameter, name))
        self._switches[name] = switch
        return switch

    def _allow_nesterov(self, optimizer: Optimizer) -> None:
        """It looks one step of momentum ahead, so there must be some."""
        switch = self._switches.get("nesterov")
        if switch is not None:
            possible = bool(getattr(optimizer, "momentum", 0.0)) or switch.isChecked()
            switch.setEnabled(possible)
            tip = "Look the gradient up one step of momentum ahead"
            switch.setToolTip(tip if possible else f"{tip} — needs a momentum above 0")

    def _unfold(self, on: bool) -> None:
        self.button.setText("Less ▾" if on else "More ▸")
        self._about.setVisible(not on)
        self._fold.setVisible(on)

    def _set_regularization(self, name: str, value: float) -> None:
        self.wanted.emit(set_regularization(self._document.experiment, **{name: value}))

    def _set_hyperparameter(self, name: str, value: float | bool) -> None:
        self.wanted.emit(set_hyperparameter(self._document.experiment, name, value))

    def _set_shuffle(self, on: bool) -> None:
        self.wanted.emit(set_training(self._document.experiment, shuffle=on))

    def _set_precision(self, name: str) -> None:
        self.wanted.emit(set_training(self._document.experiment, dtype=Precision(name)))


def _check(box: QCheckBox, on: bool) -> None:
    blocker = QSignalBlocker(box)
    box.setChecked(on)
    blocker.unblock()
