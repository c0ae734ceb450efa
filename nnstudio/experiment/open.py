"""From what a user names to an experiment: an experiment's own file, a sample, or a table of data.

A table gets a network that suits it: one hidden layer, an output a target column, standardized inputs and, where there
are rows enough, a fifth of them kept for validation.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from msgspec import structs

from nnstudio import resources
from nnstudio.data import sources
from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import PreparedData, prepare
from nnstudio.data.spec import DataSpec, FileSource, Source, SplitSpec
from nnstudio.engine.optimizers import Adam
from nnstudio.engine.spec import LayerSpec

from . import file
from .document import Experiment, Network, TrainingSpec
from .examples import example
from .outputs import Nature, fit_output, nature

_ROWS_FOR_VALIDATION = 50
WELCOME = "circles"
PROJECT_SUFFIX = ".nnstudio"


def open_file(path: Path) -> Experiment:
    """The experiment in a file, or one made for the table in it."""
    if path.suffix.lower() == ".json":
        return file.load(path)
    if path.suffix.lower() == PROJECT_SUFFIX:
        raise DataError(f"{path.name} is a project; here an experiment (*.nns.json) or a table is needed")
    return for_table(path)


def open_sample(name: str) -> Experiment:
    """An experiment that comes with the program: a sample's own has the sample's name."""
    return file.load(resources.path("experiments", f"{example(name).name}{file.SUFFIX}"))


def for_table(path: Path) -> Experiment:
    """An experiment on the table in `path`, with defaults that suit it."""
    source = FileSource(str(path.absolute()))
    table = sources.load(source, None)
    spec, data = usual_data(source, table)
    started = Experiment(
        data=spec,
        network=Network((LayerSpec(8, "tanh"), LayerSpec(1))),
        name=table.name,
        optimizer=Adam(learning_rate=0.01),
        training=TrainingSpec(batch_size=16, epochs=200),
    )
    return fit(started, data)


def usual_data(source: Source, table: Dataset) -> tuple[DataSpec, PreparedData]:
    """What to learn of a table, and how to prepare it, where nobody has said so."""
    targets = table.default_targets()
    inputs = tuple(name for name in table.default_inputs() if name not in targets)
    share = 0.2 if table.rows >= _ROWS_FOR_VALIDATION else 0.0
    spec = DataSpec(source, inputs, targets, standardize=True, split=SplitSpec(validation=share))
    data = prepare(table, spec, seed=0)
    if nature(data) is not Nature.VALUES:
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
