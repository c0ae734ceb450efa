"""A contender: the experiment at hand with one thing changed, trained from the same initial weights.

The weights are drawn from the seed, the order of the rows too: contenders that differ in their learning rate alone see
the same mini-batches. Each is a run like any other; what it comes to is what a plain run comes to, byte for byte.
"""

import time
from dataclasses import dataclass, field, replace
from enum import Enum, auto

import numpy as np

from nnstudio.data.preparation import PartName
from nnstudio.engine.spec import LayerSpec, Normalization
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import set_hyperparameter, set_training, with_layers
from nnstudio.training.run import Run
from nnstudio.training.trainer import Goal, Outcome, Stop, Trainer

from .path import Path
from .task import Materials

_MOST_KNOWLEDGE = 50_000
"""Up to how many numbers what a network knows is told with every stretch."""
_USUAL_HIDDEN = LayerSpec(8, "tanh", "xavier_uniform")


class Hidden(Enum):
    """What the hidden layers are."""

    AS_THEY_ARE = auto()
    LINEAR = auto()
    """Each is the identity, without normalization: all layers together are one linear map."""
    BENT = auto()
    """Where all are linear, or none are there: of tanh."""


class Record(Enum):
    """What is told beside the cost of each epoch."""

    NOTHING = auto()
    PATH = auto()
    """Where the weights have been."""
    KNOWLEDGE = auto()
    """What the network knows."""


@dataclass(frozen=True, slots=True)
class Contender:
    """What is changed; None, where it stays as it is. It trains for `epochs`, whatever the experiment says of
    stopping."""

    epochs: int
    learning_rate: float | None = None
    batch_size: int | None = None
    hidden: Hidden = Hidden.AS_THEY_ARE
    record: Record = Record.NOTHING

    def of(self, experiment: Experiment) -> Experiment:
        """The experiment with that changed."""
        if self.learning_rate is not None:
            experiment = set_hyperparameter(experiment, "learning_rate", self.learning_rate).experiment
        if self.batch_size is not None:
            experiment = set_training(experiment, batch_size=self.batch_size).experiment
        layers = experiment.network.layers
        if self.hidden is Hidden.LINEAR:
            experiment = with_layers(experiment, (*map(_straightened, layers[:-1]), layers[-1]))
        elif self.hidden is Hidden.BENT and is_linear(experiment):
            bent = tuple(replace(layer, activation="tanh") for layer in layers[:-1]) or (_USUAL_HIDDEN,)
            experiment = with_layers(experiment, (*bent, layers[-1]))
        return experiment

    def begin(self, materials: Materials) -> "Race":
        return Race(self, materials.run(self.of(materials.experiment)))


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """What a contender has done since it was last asked. `costs` are J of the training rows at the end of each epoch
    from `epoch` on, 0 being before any training."""

    epoch: int
    costs: tuple[float, ...]
    updates: int
    seconds: float
    """Of training alone, since the beginning."""
    finished: bool
    diverged: str = ""
    """Where the first number that is not finite was written."""
    path: np.ndarray | None = None
    """All of it (points × parameters); of a large network only in the end."""
    knowledge: dict[str, np.ndarray] | None = None
    metrics: dict[PartName, float] = field(default_factory=dict)
    """Accuracy or R² of each part that has rows, at the end of the last epoch."""


class Race:
    """A contender under way."""

    def __init__(self, contender: Contender, run: Run) -> None:
        self.run = run
        self._contender = contender
        self._trainer = Trainer(run)
        self._trainer.limit = contender.epochs
        self._goal = Goal.at(contender.epochs)
        self._told = 0
        self._until = 0.0
        wanted = contender.record is Record.PATH
        self._path = Path(run.model.store.family("parameters")) if wanted else None

    def advance(self, seconds: float) -> Stretch:
        self._until = time.perf_counter() + seconds
        outcome = self._trainer.train(self._goal, self._interrupted)
        if outcome.stop is not Stop.INTERRUPTED and self._path is not None:
            self._path.end()
        return self._stretch(outcome)

    def _interrupted(self) -> bool:
        """Asked at the end of each iteration."""
        if self._path is not None:
            self._path.note()
        return time.perf_counter() >= self._until

    def _stretch(self, outcome: Outcome) -> Stretch:
        run, finished = self.run, outcome.stop is not Stop.INTERRUPTED
        costs = run.history.train_cost
        first, self._told = min(self._told, len(costs)), len(costs)
        return Stretch(
            epoch=first,
            costs=tuple(costs[first:]),
            updates=run.machine.iterations,
            seconds=self._trainer.seconds,
            finished=finished,
            diverged=_diverged(outcome),
            path=self._way(finished=finished),
            knowledge=self._knowledge(finished=finished),
            metrics={part: run.history.of(part, run.metric)[-1] for part in run.data.parts} if costs else {},
        )

    def _way(self, *, finished: bool) -> np.ndarray | None:
        if self._path is None:
            return None
        return self._path.points() if finished or self._path.is_small else None

    def _knowledge(self, *, finished: bool) -> dict[str, np.ndarray] | None:
        if self._contender.record is not Record.KNOWLEDGE:
            return None
        small = self.run.model.spec.network.parameters <= _MOST_KNOWLEDGE
        return self.run.model.knowledge() if small or finished else None


def is_linear(experiment: Experiment) -> bool:
    """Whether its hidden layers bend nothing."""
    hidden = experiment.network.layers[:-1]
    return all(layer.activation == "identity" and layer.normalization is not Normalization.LAYER for layer in hidden)


def _straightened(layer: LayerSpec) -> LayerSpec:
    return replace(layer, activation="identity", normalization=Normalization.NONE)


def _diverged(outcome: Outcome) -> str:
    if outcome.stop is not Stop.NOT_FINITE:
        return ""
    return "the cost is not finite" if outcome.nonfinite is None else str(outcome.nonfinite)
