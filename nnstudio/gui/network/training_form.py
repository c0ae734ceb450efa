"""How the network learns: cost, optimizer, learning rate, mini-batch, epochs, seed; and more that is seldom needed."""

from random import randrange

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from nnstudio.engine.optimizers import Optimizer, optimizer
from nnstudio.experiment.edits import Edit, set_cost, set_hyperparameter, set_optimizer, set_seed, set_training
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.document import Document
from nnstudio.gui.widgets.choice import Choice
from nnstudio.gui.widgets.count_field import CountField
from nnstudio.gui.widgets.form import CONTROL_WIDTH, Form
from nnstudio.gui.widgets.icon_button import IconButton
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.gui.widgets.problem_line import ProblemLine
from nnstudio.gui.widgets.seed_field import SeedField

from .more_form import MoreForm
from .options import costs, optimizers

_MOST_EPOCHS = 1_000_000_000
_SEEDS = 10_000


class TrainingForm(QWidget):
    """Every change is an edit of the document."""

    def __init__(self, document: Document, appearance: Appearance) -> None:
        super().__init__()
        self._document = document
        self._left: dict[str, Optimizer] = {}
        """Each optimizer as it was left, so that comparing two does not lose their settings."""
        self._problem = ProblemLine("training_problem", document)
        self.cost = Choice("cost", "Cost")
        self.cost.set_options(costs())
        self.optimizer = Choice("optimizer", "Optimizer")
        self.optimizer.set_options(optimizers())
        self.rate = NumberField("learning_rate", "Learning rate")
        self.rate.setToolTip("α: how far each update goes. Up and Down step through 0.01, 0.02, 0.05 …")
        self.batch = CountField("batch_size", "Mini-batch", 1, 1)
        self.epochs = CountField("epochs", "Epochs", 1, _MOST_EPOCHS)
        self.epochs.setToolTip("Passes over the training rows until training stops by itself")
        self.seed = SeedField("seed", "Seed")
        self.seed.setToolTip("Where the random numbers start: initial weights, order of the rows, split")
        self.dice = IconButton("new_seed", "mdi6.dice-5-outline", "New seed: other initial weights", appearance)
        self.more = MoreForm(document)
        self._lay_out()
        self._connect()

    def controls(self) -> list[QWidget]:
        """What the keyboard reaches, from top to bottom."""
        fields = [self.cost, self.optimizer, self.rate, self.batch, self.epochs, self.seed, self.dice]
        return [*fields, *self.more.controls()]

    def follow(self) -> None:
        """Show the document's settings."""
        experiment, rows = self._document.experiment, len(self._document.data.train.X)
        self.cost.choose(experiment.cost)
        self.optimizer.choose(experiment.optimizer.name)
        self.rate.show_value(experiment.optimizer.learning_rate)
        self.batch.show_value(experiment.training.batch_size, rows)
        self.batch.setToolTip(f"Rows for each update, at most the {rows} training rows")
        self.epochs.show_value(experiment.training.epochs)
        self.seed.show_value(experiment.seed)
        self.more.follow()

    def _lay_out(self) -> None:
        for control in (self.rate, self.batch, self.epochs):
            control.setFixedWidth(CONTROL_WIDTH)
        for choice in (self.cost, self.optimizer):
            choice.setMinimumWidth(CONTROL_WIDTH)
        form = Form()
        form.add("Cost", self.cost)
        form.add("Optimizer", self.optimizer)
        form.add("Learning rate", self.rate)
        form.add("Mini-batch", self.batch)
        form.add("Epochs", self.epochs)
        form.add("Seed", self._seed_with_dice())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(form)
        column.addWidget(self._problem)
        column.addWidget(self.more)

    def _seed_with_dice(self) -> QWidget:
        both = QWidget()
        both.setFixedWidth(CONTROL_WIDTH)
        layout = QHBoxLayout(both)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.seed, 1)
        layout.addWidget(self.dice)
        return both

    def _connect(self) -> None:
        self.cost.chosen.connect(self._set_cost)
        self.optimizer.chosen.connect(self._set_optimizer)
        self.rate.entered.connect(self._set_rate)
        self.batch.entered.connect(self._set_batch)
        self.epochs.entered.connect(self._set_epochs)
        self.seed.entered.connect(self._set_seed)
        self.dice.clicked.connect(self._new_seed)
        for field in (self.rate, self.batch, self.epochs, self.seed):
            field.rejected.connect(self._problem.show_problem)
        self.more.wanted.connect(self._attempt)
        self.more.rejected.connect(self._problem.show_problem)

    def _set_cost(self, name: str) -> None:
        self._attempt(set_cost(self._document.experiment, name))

    def _set_optimizer(self, name: str) -> None:
        experiment = self._document.experiment
        self._left[experiment.optimizer.name] = experiment.optimizer
        self._attempt(set_optimizer(experiment, self._left.get(name) or optimizer(name)))

    def _set_rate(self, rate: float) -> None:
        self._attempt(set_hyperparameter(self._document.experiment, "learning_rate", rate))

    def _set_batch(self, size: int) -> None:
        self._attempt(set_training(self._document.experiment, batch_size=size))

    def _set_epochs(self, epochs: int) -> None:
        self._attempt(set_training(self._document.experiment, epochs=epochs))

    def _set_seed(self, seed: int) -> None:
        self._attempt(set_seed(self._document.experiment, seed))

    def _new_seed(self) -> None:
        old = self._document.experiment.seed
        drawn = randrange(_SEEDS - 1)
        self._set_seed(drawn + 1 if drawn >= old else drawn)

    def _attempt(self, edit: Edit) -> None:
        if not self._problem.attempt(edit):
            self.follow()
