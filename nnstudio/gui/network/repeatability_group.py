"""What makes a run repeatable to the last bit: its seed, the order of the rows, and how precise its numbers are."""

from random import randrange

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from nnstudio.engine.spec import Precision
from nnstudio.experiment.document import Experiment, TrainingSpec
from nnstudio.experiment.edits import set_seed, set_training
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.form import CONTROL_WIDTH
from nnstudio.gui.widgets.icon_button import IconButton
from nnstudio.gui.widgets.seed_field import SeedField

from .group import Group
from .setting_rows import check

_SEEDS = 10_000
_PRECISIONS = (
    Option(Precision.FLOAT64, "float64", "64 bits a number: exact to about 16 digits"),
    Option(Precision.FLOAT32, "float32", "32 bits a number: exact to about 7 digits, faster for large networks"),
)


class RepeatabilityGroup(Group):
    name, title = "repeatability", "Seed and precision"

    def fill(self) -> None:
        self._add_seed()
        self.shuffle = QCheckBox()
        self.shuffle.setObjectName("shuffle")
        self.shuffle.setAccessibleName("Shuffle")
        self.shuffle.setToolTip("Visit the rows in a new random order in each epoch")
        self.shuffle.toggled.connect(self._set_shuffle)
        self.precision = Choice("precision", "Precision")
        self.precision.set_options(_PRECISIONS)
        self.precision.setFixedWidth(CONTROL_WIDTH)
        self.precision.chosen.connect(self._set_precision)
        self.form.add("Shuffle", self.shuffle)
        self.form.add("Precision", self.precision)

    def show_settings(self, experiment: Experiment) -> None:
        self.seed.show_value(experiment.seed)
        check(self.shuffle, experiment.training.shuffle)
        self.precision.choose(experiment.training.dtype)

    def summary(self, experiment: Experiment) -> str:
        usual, training = TrainingSpec(), experiment.training
        parts = [f"seed {experiment.seed}"] if experiment.seed else []
        if training.shuffle is not usual.shuffle:
            parts.append("no shuffling")
        if training.dtype is not usual.dtype:
            parts.append(training.dtype.value)
        return ", ".join(parts)

    def fields(self) -> list[QWidget]:
        return [self.seed, self.dice, self.shuffle, self.precision]

    def _add_seed(self) -> None:
        self.seed = SeedField("seed", "Seed")
        self.seed.setToolTip("Where the random numbers start: initial weights, order of the rows, split")
        self.seed.entered.connect(self._set_seed)
        self.seed.rejected.connect(self.problem.show_problem)
        tip, appearance = "New seed: other initial weights", self.context.appearance
        self.dice = IconButton("new_seed", "mdi6.dice-5-outline", tip, appearance)
        self.dice.clicked.connect(self._new_seed)
        both = QWidget()
        both.setFixedWidth(CONTROL_WIDTH)
        layout = QHBoxLayout(both)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.seed, 1)
        layout.addWidget(self.dice)
        self.form.add("Seed", both)

    def _set_seed(self, seed: int) -> None:
        self.attempt(set_seed(self.document.experiment, seed))

    def _new_seed(self) -> None:
        old = self.document.experiment.seed
        drawn = randrange(_SEEDS - 1)
        self._set_seed(drawn + 1 if drawn >= old else drawn)

    def _set_shuffle(self, on: bool) -> None:
        self.attempt(set_training(self.document.experiment, shuffle=on))

    def _set_precision(self, name: str) -> None:
        self.attempt(set_training(self.document.experiment, dtype=Precision(name)))
