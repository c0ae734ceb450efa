"""A run: an experiment made ready to train. Its data are loaded and prepared, its network is laid out in memory."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np

from nnstudio.data import sources
from nnstudio.data.dataset import Dataset
from nnstudio.data.preparation import PreparedData, prepare
from nnstudio.engine.checks import check, check_batches, check_memory
from nnstudio.engine.costs import cost
from nnstudio.engine.layout import parameter_slots
from nnstudio.engine.machine import Machine, MachineState
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.spec import NetworkSpec
from nnstudio.experiment.document import USUAL_BATCH_SIZE, Experiment, check_settings
from nnstudio.experiment.errors import ExperimentError

from .history import EpochRecord, History
from .measuring import Measuring
from .metrics import Metric
from .unlabelled import unlabelled_of, validate_unlabelled
from .weights import validate_weights


@dataclass(frozen=True, slots=True, eq=False)
class RunStanding:
    """What a run is besides its experiment, its data and where its machine stands: the state that `reset` goes back to,
    the history, whether it took over another run's parameters, and at the end of which epoch those of which other one
    were put back."""

    initial: MachineState
    history: History
    took_over: bool
    put_back: Mapping[int, int]


class Run:
    """One run of an experiment: its data, machine and history. It starts at the initial weights."""

    def __init__(self, experiment: Experiment, dataset: Dataset, data: PreparedData) -> None:
        validate(experiment, data)
        self.experiment = experiment
        self.dataset = dataset
        self.data = data
        self.model = Model(model_spec(experiment, data))
        self.model.initialize(experiment.seed)
        if experiment.parameters is not None:
            for name, values in experiment.parameters.items():
                self.model.store[name][...] = values
        training, unlabelled = experiment.training, unlabelled_of(experiment, data)
        self.machine = Machine(
            self.model,
            data.train.X,
            data.train.Y,
            batch_size=training.batch_size,
            shuffle=training.shuffle,
            seed=experiment.seed,
            weights=data.train.weights,
            table_rows=data.train.rows if unlabelled is None else np.append(data.train.rows, data.unlabelled.rows),
            unlabelled=unlabelled,
        )
        self.history = History()
        self.took_over = False
        self.put_back: dict[int, int] = {}
        """At the end of which epoch the weights of which other one were put back."""
        self.measuring = Measuring(self.model, data)
        self._weight_gradients = tuple(self.model.store[f"dW{n}"].reshape(-1) for n in range(1, self.model.depth + 1))
        self.start()

    def start(self) -> None:
        """Take the parameters as they stand as the initial ones, which `reset` goes back to."""
        self._initial: MachineState = self.machine.state()
        self.history.clear()
        self.record_epoch()

    def reset(self) -> None:
        """Back to the initial weights, the first mini-batch and an empty history."""
        rate = self.model.store[self.model.rate_setting].item()
        self.machine.restore(self._initial)
        self.model.store[self.model.rate_setting].fill(rate)
        self.took_over = False
        self.history.clear()
        self.record_epoch()

    def standing(self) -> RunStanding:
        """How it stands, as a copy."""
        return RunStanding(self._initial, self.history.copy(), self.took_over, dict(self.put_back))

    def resume(self, standing: RunStanding) -> None:
        """Have been what that run was; its machine is told apart where it stands."""
        self._initial, self.took_over, self.put_back = standing.initial, standing.took_over, dict(standing.put_back)
        self.history.resume(standing.history)

    def take_over(self, old: "Run") -> tuple[str, ...]:
        """Go on with the parameters of another run where they fit, and return their names; `reset` still goes back to
        the initial ones."""
        kept = self.model.copy_fitting_parameters(old.model)
        self.took_over = bool(kept)
        self.history.clear()
        self.record_epoch()
        return kept

    @property
    def metric(self) -> Metric:
        """What is shown where there is room for one: accuracy or R²."""
        return self.measuring.metrics[0]

    @property
    def epoch_recorded(self) -> bool:
        """Whether the epoch that has ended last is in the history; in the past it is, and so are later ones."""
        return self.history.epochs[-1] >= self.machine.epochs

    @property
    def entry(self) -> int:
        """The entry of the history that the weights belonged to when an epoch last ended before here: that of the
        epoch, unless those of an earlier one were put back then."""
        epoch = self.machine.epochs
        found = bisect_left(self.history.epochs, self.put_back.get(epoch, epoch))
        return min(found, len(self.history) - 1)

    def note_put_back(self, epoch: int) -> None:
        """What the network knew after an earlier epoch has just been put back. The history stays: it says how the
        training went."""
        self.put_back[self.machine.epochs] = epoch

    def record_epoch(self) -> None:
        """Measure the network as it stands and add it to the history."""
        self.put_back.pop(self.machine.epochs, None)
        began = self.machine.iterations > 0
        norms = tuple(sqrt(flat.dot(flat)) if began else float("nan") for flat in self._weight_gradients)
        found = self.measuring.measure()
        self.history.add(EpochRecord(self.machine.epochs, found.values, norms, found.penalty, self.machine.rate))


def build(experiment: Experiment, folder: Path | None = None) -> Run:
    """Load and prepare the data and lay out the network. DataError, SpecError or ExperimentError say what is wrong."""
    check_settings(experiment)
    dataset = sources.load(experiment.data.source, folder)
    return Run(experiment, dataset, prepare(dataset, experiment.data, experiment.seed))


def model_spec(experiment: Experiment, data: PreparedData) -> ModelSpec:
    network = NetworkSpec(len(data.input_names), experiment.network.layers)
    return ModelSpec(
        network,
        experiment.cost,
        experiment.regularization,
        experiment.optimizer,
        experiment.training.dtype,
        experiment.schedule,
    )


def validate(experiment: Experiment, data: PreparedData) -> None:
    """Raise an ExperimentError or SpecError that names the first thing about this experiment that cannot work."""
    check_settings(experiment)
    rows, size = len(data.train.X), experiment.training.batch_size
    if size > rows and size != USUAL_BATCH_SIZE:
        raise ExperimentError(
            f"$.training.batch_size is {size}, more than the {rows} training row{'s' * (rows != 1)}; use at most {rows}"
        )
    spec = model_spec(experiment, data)
    check(spec)
    check_memory(spec, min(size, rows))
    check_batches(spec, rows, min(size, rows))
    _validate_precision(spec, data)
    _validate_targets(experiment, data)
    validate_weights(data, np.dtype(spec.precision.value))
    validate_unlabelled(experiment, data)
    if experiment.parameters is not None:
        _validate_parameters(spec, experiment.parameters)


def _validate_precision(spec: ModelSpec, data: PreparedData) -> None:
    most = np.finfo(spec.precision.value).max
    for part in (data.train, data.validation, data.test):
        for names, table in ((data.input_names, part.X), (data.target_names, part.Y)):
            if not table.size or (table.max() <= most and table.min() >= -most):
                continue  # which is most often so, and found without another table
            outside = np.abs(table) > most
            if outside.any():
                row, column = np.argwhere(outside)[0]
                raise ExperimentError(
                    f"row {part.rows[row] + 1} of '{names[column]}' is {table[row, column]:g}, too large for "
                    f"{spec.precision}; set $.training.dtype to float64, or standardize the data"
                )


def _validate_targets(experiment: Experiment, data: PreparedData) -> None:
    last, outputs = experiment.network.layers[-1], len(data.target_names)
    if last.units != outputs:
        what = f"{outputs} classes" if data.classes else f"{outputs} target column{'s' * (outputs != 1)}"
        raise ExperimentError(
            f"the output layer has {last.units} unit{'s' * (last.units != 1)}, but the data have {what}; "
            f"give layer {len(experiment.network.layers)} {outputs}"
        )
    least, most = cost(experiment.cost).targets
    targets = data.train.Y
    outside = (targets < least) | (targets > most)
    if outside.any():
        row, column = np.argwhere(outside)[0]
        raise ExperimentError(
            f"{experiment.cost} needs targets between {least:g} and {most:g}, but row "
            f"{data.train.rows[row] + 1} of '{data.target_names[column]}' is {targets[row, column]:g}; "
            "use another cost, such as half_mse, or another target"
        )


def _validate_parameters(spec: ModelSpec, parameters: Mapping[str, Any]) -> None:
    """Given initial values must have the shapes of this network's parameters, and be numbers of its precision."""
    shapes = {slot.name: slot.shape for slot in parameter_slots(spec.network)}
    for name, values in parameters.items():
        if name not in shapes:
            known = ", ".join(shapes)
            raise ExperimentError(f"$.parameters.{name} is not a parameter of this network; it has {known}")
        _validate_values(f"$.parameters.{name}", values, shapes[name], np.dtype(spec.precision.value))


def _validate_values(place: str, values: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    cells = np.array(values, dtype=object)
    if cells.shape != shape:
        given, needed = (" × ".join(map(str, which)) or "a single value" for which in (cells.shape, shape))
        raise ExperimentError(f"{place} has the shape {given}; this network needs {needed}, each row equally long")
    most = float(np.finfo(dtype).max)
    if set(map(type, cells.ravel().tolist())) <= {float} and bool((np.abs(cells.astype(np.float64)) <= most).all()):
        return
    for index, value in np.ndenumerate(cells):
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= most:
            where = place + "".join(f"[{i}]" for i in index)
            raise ExperimentError(f"{where} is {str(value)[:40]!r}; it must be a finite number in {dtype}")
