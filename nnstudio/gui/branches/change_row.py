"""The one thing that a new branch changes: what, and to what."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from nnstudio.engine.arena import PARAMETERS
from nnstudio.engine.machine import Machine
from nnstudio.engine.optimizers import Adam, Sgd, optimizer
from nnstudio.engine.spec import SpecError
from nnstudio.experiment import edits
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.errors import ExperimentError
from nnstudio.explain.numbers import short
from nnstudio.explain.symbols import element_symbol
from nnstudio.gui.network.options import activations, optimizers
from nnstudio.gui.selection import Chosen
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.gui.widgets.seed_field import SeedField
from nnstudio.training.branches import Branch, Difference, Value, of_edit, of_value

_RATE, _HIDDEN, _LAYER, _OPTIMIZER, _SEED, _VALUE = "rate", "hidden", "layer", "optimizer", "seed", "value"
_NO_VALUE = "Choose a weight or a bias first: click one in the drawing or in the inspector"
_TENTH = 0.1


class ChangeRow(QWidget):
    """`wanted` carries the Difference of the branch that is asked for; `problem` says what cannot be entered, and is
    empty where all is well again."""

    wanted = Signal(object)
    problem = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._experiment: Experiment | None = None
        self._chosen: tuple[str, tuple[int, ...]] | None = None
        self.what = Choice("branch_what", "What the branch changes")
        self.rate = NumberField("branch_rate", "Learning rate of the branch")
        self.activation = Choice("branch_activation", "Activation of the branch")
        self.activation.set_options(activations())
        self.optimizer = Choice("branch_optimizer", "Optimizer of the branch")
        self.optimizer.set_options(optimizers(optimizer))
        self.seed = SeedField("branch_seed", "Seed of the branch")
        self.value = NumberField("branch_value", "Value of the chosen weight in the branch")
        self.element = ElidedLabel()
        self.button = QPushButton("Add branch")
        self.button.setObjectName("add_branch")
        self._fields = QStackedWidget()
        self._pages = {
            _RATE: self.rate,
            _HIDDEN: self.activation,
            _LAYER: self.activation,
            _OPTIMIZER: self.optimizer,
            _SEED: self.seed,
            _VALUE: self.value,
        }
        self._lay_out()
        self._listen()

    def show_fork(self, branch: Branch) -> None:
        """Offer what can be changed of the fork that this is the original of."""
        experiment = branch.fork.experiment
        if experiment is self._experiment:
            return
        self._experiment = experiment
        hidden = len(experiment.network.layers) - 1
        layers = [
            Option(
                f"{_LAYER}:{n}", f"Change the activation of {'the output layer' if n == hidden else f'layer {n + 1}'}"
            )
            for n in range(hidden + 1)
        ]
        all_hidden = [Option(_HIDDEN, "Change the activation of all hidden layers")] if hidden else []
        before = self.what.key
        self.what.set_options(
            [
                Option(_RATE, "Change the learning rate"),
                *all_hidden,
                *layers,
                Option(_OPTIMIZER, "Change the optimizer"),
                Option(_SEED, "Change the seed", "Other random numbers from the fork on; the weights stay"),
                Option(_VALUE, "Set the chosen weight or bias"),
            ]
        )
        keys = (_RATE, _HIDDEN, _OPTIMIZER, _SEED, _VALUE)
        self.what.choose(before if before in keys and self.what.findData(before) >= 0 else _RATE)
        self._suggest(experiment)
        self._show_fields()

    def show_chosen(self, chosen: Chosen, machine: Machine) -> None:
        """Follow the selection: a weight or a bias can be set, and begins as it is."""
        place = None
        known = chosen.index is not None and chosen.slot in machine.program.arena
        if chosen.index is not None and known and machine.slot(chosen.slot).role in PARAMETERS:
            place = chosen.slot, chosen.index
        if place != self._chosen:
            self._chosen = place
            if place is not None:
                self.value.show_value(float(f"{machine.value(place[0])[place[1]]:.6g}"))
            self._show_fields()

    def set_possible(self, possible: bool, why_not: str) -> None:
        """Whether there is room for another branch."""
        self.button.setEnabled(possible)
        self.button.setToolTip("" if possible else why_not)

    def _suggest(self, experiment: Experiment) -> None:
        """Something else than what the run has."""
        made = experiment.optimizer
        self.rate.show_value(float(f"{made.learning_rate * _TENTH:.6g}"))
        self.optimizer.choose(Sgd.name if made.name == Adam.name else Adam.name)
        self.seed.show_value(experiment.seed + 1)
        self._suggest_activation()

    def _suggest_activation(self) -> None:
        if self._experiment is not None:
            layers, (kind, _, number) = self._experiment.network.layers, self.what.key.partition(":")
            now = layers[int(number) if kind == _LAYER else 0].activation
            self.activation.choose("relu" if now != "relu" else "tanh")

    def _show_fields(self) -> None:
        kind = self.what.key.partition(":")[0]
        self._fields.setCurrentWidget(self._pages.get(kind, self.rate))
        by_value = kind == _VALUE
        self.element.setVisible(by_value)
        if by_value:
            known = self._chosen is not None
            self.value.setEnabled(known)
            self.element.show_text(element_symbol(*self._chosen) if self._chosen else "none chosen", _NO_VALUE)

    def _what_chosen(self, key: str) -> None:
        if key.partition(":")[0] in (_HIDDEN, _LAYER):
            self._suggest_activation()
        self._show_fields()
        self.problem.emit("")

    def _add(self) -> None:
        if self._experiment is None:
            return
        try:
            difference = self._difference(self._experiment)
        except (SpecError, ExperimentError) as error:
            self.problem.emit(str(error))
            return
        self.problem.emit("")
        self.wanted.emit(difference)

    def _difference(self, experiment: Experiment) -> Difference:
        kind, _, number = self.what.key.partition(":")
        if kind == _VALUE:
            return self._value_difference(experiment)
        made = {
            _RATE: partial(edits.set_hyperparameter, experiment, "learning_rate", self.rate.value),
            _HIDDEN: partial(edits.set_hidden_activation, experiment, self.activation.key),
            _LAYER: partial(edits.set_layer, experiment, int(number or 0), activation=self.activation.key),
            _OPTIMIZER: partial(_set_optimizer, experiment, self.optimizer.key),
            _SEED: partial(edits.set_seed, experiment, self.seed.value),
        }
        return of_edit(experiment, made[kind]())

    def _value_difference(self, experiment: Experiment) -> Difference:
        if self._chosen is None:
            raise SpecError(_NO_VALUE)
        slot, index = self._chosen
        label = f"{element_symbol(slot, index)}: {short(self.value.value, 6)}"
        return of_value(experiment, Value(slot, index, self.value.value), label)

    def _lay_out(self) -> None:
        for page in dict.fromkeys(self._pages.values()):
            self._fields.addWidget(page)
        fields = QHBoxLayout()
        fields.setSpacing(8)
        fields.addWidget(self.element, 1)
        fields.addWidget(self._fields, 2)
        fields.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.what)
        column.addLayout(fields)
        self._fields.setFixedHeight(self.rate.sizeHint().height())

    def _listen(self) -> None:
        self.what.chosen.connect(self._what_chosen)
        for field in (self.rate, self.value):
            field.entered.connect(field.show_value)
            field.rejected.connect(self.problem)
        self.seed.entered.connect(self.seed.show_value)
        self.seed.rejected.connect(self.problem)
        self.button.clicked.connect(self._add)


def _set_optimizer(experiment: Experiment, name: str) -> edits.Edit:
    """The optimizer with its usual settings, its learning rate among them, which is said."""
    made = optimizer(name)
    edit = edits.set_optimizer(experiment, made)
    return replace(edit, label=f"{edit.label}, learning rate {made.learning_rate:g}")
