"""From what a user names to an experiment: an experiment's own file, a sample, or a table of data.

A table is prepared as it is proposed (`importing`), or as a user chose, and gets a network that suits it: one hidden
layer, and an output a target column.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec import structs

from nnstudio import resources
from nnstudio.data import sources
from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import PreparedData, prepare
from nnstudio.data.progress import Progress, silent
from nnstudio.data.spec import RECOGNIZED, DataSpec, FileSource, Reading, Source
from nnstudio.engine.optimizers import Adam
from nnstudio.engine.spec import LayerSpec

from . import file
from .document import Experiment, Network, TrainingSpec
from .examples import example
from .importing.choices import AS_PROPOSED, Choices
from .importing.plan import plan_table
from .outputs import Nature, fit_output, nature

WELCOME = "circles"
PROJECT_SUFFIX = ".nnstudio"


def open_file(path: Path) -> Experiment:
    """The experiment in a file, or one made for the table in it."""
    if path.suffix.lower() == ".json":
        return file.load(path)
    if is_project(path):
        raise DataError(f"{path.name} is a project; here an experiment (*.nns.json) or a table is needed")
    return for_table(path)


def is_project(path: Path | None) -> bool:
    """Whether a file is a project, judged by its name."""
    return path is not None and path.suffix.lower() == PROJECT_SUFFIX


def is_table(path: Path) -> bool:
    """Whether a file is to be read as a table, judged by its name."""
    return path.suffix.lower() != ".json" and not is_project(path)


def open_sample(name: str) -> Experiment:
    """An experiment that comes with the program: a sample's own has the sample's name."""
    return file.load(resources.path("experiments", f"{example(name).name}{file.SUFFIX}"))


def for_table(path: Path) -> Experiment:
    """An experiment on the table in `path`, with defaults that suit it."""
    return open_table(path).experiment


@dataclass(frozen=True, slots=True, eq=False)
class OpenedTable:
    """An experiment on a table, with the table and what is learned of it."""

    experiment: Experiment
    table: Dataset
    data: PreparedData


def open_table(
    path: Path, reading: Reading = RECOGNIZED, choices: Choices = AS_PROPOSED, progress: Progress = silent
) -> OpenedTable:
    """The table in `path`, read like this and prepared as was chosen, with an experiment on it. `progress` is told how
    much of the file is read, and may raise Cancelled."""
    source = FileSource(str(path), reading).at(lambda name: str(Path(name).absolute()))
    table = sources.load(source, None, progress)
    spec, data = usual_data(source, table, choices)
    started = Experiment(
        data=spec,
        network=Network((LayerSpec(8, "tanh"), LayerSpec(1))),
        name=table.name,
        optimizer=Adam(learning_rate=0.01),
        training=TrainingSpec(batch_size=16, epochs=200),
    )
    return OpenedTable(fit(started, data), table, data)


def usual_data(source: Source, table: Dataset, choices: Choices = AS_PROPOSED) -> tuple[DataSpec, PreparedData]:
    """What to learn of a table, and how to prepare it, as far as nobody has said so."""
    planned = plan_table(table, choices)
    spec = planned.spec(source)
    data = prepare(table, spec, seed=0)
    if nature(data) is not Nature.VALUES or not planned.standardize_targets:
        return spec, data
    spec = structs.replace(spec, standardize_targets=True)
    return spec, prepare(table, spec, seed=0)


def fit(experiment: Experiment, data: PreparedData) -> Experiment:
    """The experiment with an output layer for these data, and mini-batches no larger than they are. Initial weights
    that were given for other inputs go."""
    fitted = fit_output(experiment, len(data.target_names), nature(data))
    size = min(fitted.training.batch_size, len(data.train.X))
    parameters = fitted.parameters if _fits(fitted.parameters, len(data.input_names)) else None
    return replace(fitted, training=replace(fitted.training, batch_size=size), parameters=parameters)


def _fits(parameters: Mapping[str, Any] | None, inputs: int) -> bool:
    """Whether given initial weights are for so many inputs."""
    return parameters is None or all(len(row) == inputs for row in parameters.get("W1", ()))
