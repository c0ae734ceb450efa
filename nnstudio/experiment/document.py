"""An experiment: everything that determines a run, and nothing else.

Same experiment, same data, same run, byte for byte. It is frozen: an edit makes a new one (`edits`), so undoing is
going back to the old one. Its file format is `nnstudio-experiment/1` (`file`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nnstudio.data.spec import LEAST_CONFIDENCE, DataSpec, MissingTargets
from nnstudio.engine.optimizers import Optimizer, Sgd
from nnstudio.engine.schedules import Constant, Schedule
from nnstudio.engine.spec import LayerSpec, Precision, RegularizationSpec

from .errors import ExperimentError
from .stopping import StoppingSpec


@dataclass(frozen=True, slots=True)
class Network:
    """The layers after the inputs; how many inputs there are is the data's affair."""

    layers: tuple[LayerSpec, ...]


USUAL_BATCH_SIZE = 32


@dataclass(frozen=True, slots=True)
class TrainingSpec:
    """How often and in which portions the data are shown. `dtype` is the type of every number of the run.

    The usual batch size, which is the one where none is given, means all rows where there are fewer.
    """

    batch_size: int = USUAL_BATCH_SIZE
    epochs: int = 100
    shuffle: bool = True
    dtype: Precision = Precision.FLOAT64


MOST_EPOCHS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Experiment:
    """The document. `parameters`, where given, are initial values by slot ("W1": rows of numbers)."""

    data: DataSpec
    network: Network
    name: str = "Untitled"
    cost: str = "half_mse"
    regularization: RegularizationSpec = field(default_factory=RegularizationSpec)
    optimizer: Optimizer = field(default_factory=Sgd)
    schedule: Schedule = field(default_factory=Constant)
    training: TrainingSpec = field(default_factory=TrainingSpec)
    stopping: StoppingSpec = field(default_factory=StoppingSpec)
    seed: int = 0
    parameters: Mapping[str, Any] | None = None


def check_settings(experiment: Experiment) -> None:
    """Raise an ExperimentError for the first number that cannot work with any data."""
    training = experiment.training
    if training.batch_size < 1:
        raise ExperimentError(f"$.training.batch_size is {training.batch_size}; it must be at least 1")
    if not 1 <= training.epochs <= MOST_EPOCHS:
        raise ExperimentError(f"$.training.epochs is {training.epochs}; it must be from 1 to {MOST_EPOCHS:,}")
    experiment.stopping.check()
    _check_missing_targets(experiment.data.missing_targets)
    if not 0 <= experiment.seed < 2**63:
        raise ExperimentError(f"$.seed is {experiment.seed}; it must be a whole number from 0 on, below 2^63")


def _check_missing_targets(missing: MissingTargets) -> None:
    place = "$.data.missing_targets"
    if not 1 <= missing.from_epoch <= MOST_EPOCHS:
        raise ExperimentError(f"{place}.from_epoch is {missing.from_epoch}; it must be from 1 to {MOST_EPOCHS:,}")
    if not LEAST_CONFIDENCE <= missing.confidence <= 1:
        raise ExperimentError(
            f"{place}.confidence is {missing.confidence:g}; it must be at least {LEAST_CONFIDENCE:g} and at most 1, "
            "such as 0.95"
        )
