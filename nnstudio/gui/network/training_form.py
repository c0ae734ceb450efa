"""How the network learns: the five settings that every training has. What is seldom needed follows in groups."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnstudio.engine.optimizers import Optimizer, optimizer
from nnstudio.experiment.document import MOST_EPOCHS
from nnstudio.experiment.edits import Edit, set_cost, set_hyperparameter, set_optimizer, set_training
from nnstudio.gui.context import Context
from nnstudio.gui.topics.guide import Guide
from nnstudio.gui.widgets.choice import Choice
from nnstudio.gui.widgets.count_field import CountField
from nnstudio.gui.widgets.form import CONTROL_WIDTH, Form
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.gui.widgets.problem_line import ProblemLine

from .group import Group
from .optimizer_group import OptimizerGroup
from .options import costs, optimizers
from .regularization_group import RegularizationGroup
from .repeatability_group import RepeatabilityGroup
from .schedule_group import ScheduleGroup
from .stopping_group import StoppingGroup


class TrainingForm(QWidget):
    """Every change is an edit of the document."""

    opened = Signal()
    """A group was opened: there are more controls than before."""

    def __init__(self, context: Context, guide: Guide) -> None:
        super().__init__()
        self._document = context.document
        self._left: dict[str, Optimizer] = {}
        """Each optimizer as it was left, so that comparing two does not lose their settings."""
        self._problem = ProblemLine("training_problem", context.document)
        self.cost = Choice("cost", "Cost")
        self.cost.set_options(costs())
        self.optimizer = Choice("optimizer", "Optimizer")
        self.optimizer.set_options(optimizers(self._optimizer_called))
        guide.watch(self.cost)
        guide.watch(self.optimizer)
        self.rate = NumberField("learning_rate", "Learning rate")
        self.rate.setToolTip("α: how far each update goes. Up and Down step through 0.01, 0.02, 0.05 …")
        self.batch = CountField("batch_size", "Mini-batch", 1, 1)
        self.epochs = CountField("epochs", "Epochs", 1, MOST_EPOCHS)
        self.epochs.setToolTip("Passes over the training rows until training stops by itself")
        self.groups: tuple[Group, ...] = (
            OptimizerGroup(context, guide),
            ScheduleGroup(context, guide),
            RegularizationGroup(context, guide),
            StoppingGroup(context, guide),
            RepeatabilityGroup(context, guide),
        )
        self._lay_out()
        self._connect()

    def controls(self) -> list[QWidget]:
        """What the keyboard reaches, from top to bottom."""
        fields = [self.cost, self.optimizer, self.rate, self.batch, self.epochs]
        return [*fields, *(control for group in self.groups for control in group.controls())]

    def follow(self) -> None:
        """Show the document's settings."""
        experiment, rows = self._document.experiment, len(self._document.data.train.X)
        self.cost.choose(experiment.cost)
        self.optimizer.choose(experiment.optimizer.name)
        self.rate.show_value(experiment.optimizer.learning_rate)
        self.batch.show_value(experiment.training.batch_size, rows)
        self.batch.setToolTip(f"Rows for each update, at most the {rows} training rows")
        self.epochs.show_value(experiment.training.epochs)
        for group in self.groups:
            group.follow()

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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(form)
        column.addWidget(self._problem)
        for group in self.groups:
            column.addWidget(group)

    def _connect(self) -> None:
        self.cost.chosen.connect(self._set_cost)
        self.optimizer.chosen.connect(self._set_optimizer)
        self.rate.entered.connect(self._set_rate)
        self.batch.entered.connect(self._set_batch)
        self.epochs.entered.connect(self._set_epochs)
        for field in (self.rate, self.batch, self.epochs):
            field.rejected.connect(self._problem.show_problem)
        for group in self.groups:
            group.opened.connect(self.opened)

    def _set_cost(self, name: str) -> None:
        self._attempt(set_cost(self._document.experiment, name))

    def _set_optimizer(self, name: str) -> None:
        self._attempt(set_optimizer(self._document.experiment, self._optimizer_called(name)))

    def _optimizer_called(self, name: str) -> Optimizer:
        """The optimizer of that name as it was left, or as it comes."""
        at_hand = self._document.experiment.optimizer
        self._left[at_hand.name] = at_hand
        return self._left.get(name) or optimizer(name)

    def _set_rate(self, rate: float) -> None:
        self._attempt(set_hyperparameter(self._document.experiment, "learning_rate", rate))

    def _set_batch(self, size: int) -> None:
        self._attempt(set_training(self._document.experiment, batch_size=size))

    def _set_epochs(self, epochs: int) -> None:
        self._attempt(set_training(self._document.experiment, epochs=epochs))

    def _attempt(self, edit: Edit) -> None:
        if not self._problem.attempt(edit):
            self.follow()
