"""Edits: each takes an experiment and gives the next one, with what to call the edit in the menu.

What an edit changed is found by comparing, so no edit can forget to say it.
"""

from dataclasses import dataclass, replace
from enum import Flag, auto
from pathlib import Path
from typing import Any, assert_never

from msgspec import structs

from nnstudio.data.samples import sample
from nnstudio.data.spec import (
    DataSpec,
    FileSource,
    InlineSource,
    MissingTargets,
    MissingUse,
    SampleSource,
    Source,
    TargetKind,
)
from nnstudio.engine.activations import Activation
from nnstudio.engine.costs import Cost
from nnstudio.engine.initializers import Initializer
from nnstudio.engine.optimizers import Optimizer
from nnstudio.engine.registry import Named
from nnstudio.engine.schedules import OneCycle, Schedule, schedule
from nnstudio.engine.settings import settings
from nnstudio.engine.spec import LayerSpec, Normalization, RegularizationSpec

from .column_names import without_steps_for
from .document import Experiment, Network, TrainingSpec
from .examples import EXAMPLES
from .stopping import StoppingSpec

DRAWN, PASTED = "Drawn points", "Pasted data"
_NAMES_TO_LIST = 3


class Change(Flag):
    """The parts of an experiment that can change."""

    NOTHING = 0
    NAME = auto()
    SOURCE = auto()
    PREPARATION = auto()
    NETWORK = auto()
    COST = auto()
    REGULARIZATION = auto()
    LEARNING_RATE = auto()
    OPTIMIZER = auto()
    SCHEDULE = auto()
    BATCHES = auto()
    EPOCHS = auto()
    STOPPING = auto()
    PRECISION = auto()
    SEED = auto()
    PARAMETERS = auto()
    DATA = SOURCE | PREPARATION
    COMPILED = DATA | NETWORK | COST | REGULARIZATION | OPTIMIZER | SCHEDULE | BATCHES | PRECISION | SEED | PARAMETERS
    """Whatever a run is made of: after such a change there is a new run."""
    ALL = NAME | COMPILED | LEARNING_RATE | EPOCHS | STOPPING


@dataclass(frozen=True, slots=True)
class Edit:
    """A new experiment and the name of the edit that led to it, as the Undo menu shows it."""

    label: str
    experiment: Experiment


def changes(old: Experiment, new: Experiment) -> Change:
    """What differs between two experiments."""
    found = Change.NOTHING
    for change, what in _PARTS.items():
        if what(old) != what(new):
            found |= change
    return found


_PARTS: dict[Change, Any] = {
    Change.NAME: lambda e: e.name,
    Change.SOURCE: lambda e: e.data.source,
    Change.PREPARATION: lambda e: [getattr(e.data, key) for key in DataSpec.__struct_fields__ if key != "source"],
    Change.NETWORK: lambda e: e.network,
    Change.COST: lambda e: e.cost,
    Change.REGULARIZATION: lambda e: e.regularization,
    Change.LEARNING_RATE: lambda e: e.optimizer.learning_rate,
    Change.OPTIMIZER: lambda e: replace(e.optimizer, learning_rate=1.0),
    Change.SCHEDULE: lambda e: e.schedule,
    Change.BATCHES: lambda e: (e.training.batch_size, e.training.shuffle),
    Change.EPOCHS: lambda e: e.training.epochs,
    Change.STOPPING: lambda e: e.stopping,
    Change.PRECISION: lambda e: e.training.dtype,
    Change.SEED: lambda e: e.seed,
    Change.PARAMETERS: lambda e: e.parameters,
}


def rename(experiment: Experiment, name: str) -> Edit:
    return Edit("Rename the experiment", replace(experiment, name=name))


def use_sample(experiment: Experiment, name: str) -> Edit:
    """Another sample, with the columns and the split that suit it. An experiment that is called after its data, or as
    it came with the program, is renamed; initial values that were given for the old data go."""
    chosen = sample(name)
    title = named_after_data(experiment, chosen.title)
    return Edit(f"Data: {chosen.title}", replace(experiment, name=title, data=chosen.data, parameters=None))


def named_after_data(experiment: Experiment, title: str) -> str:
    """What an experiment is called on data of that title: its own name, unless it is called after its old data or as
    it came with the program."""
    given = {data_title(experiment.data.source), *(entry.title for entry in EXAMPLES.values()), DRAWN, PASTED}
    return title if experiment.name in given else experiment.name


def data_title(source: Source) -> str:
    """What the data are called: a sample's title, a file's name without its ending."""
    match source:
        case SampleSource():
            return sample(source.name).title
        case FileSource():
            return Path(source.path).stem
        case InlineSource():
            return "Inline table"
        case _:
            assert_never(source)


def set_columns(
    experiment: Experiment, inputs: tuple[str, ...], targets: tuple[str, ...], kind: TargetKind | None = None
) -> Edit:
    """Other inputs, other targets, or another way to read the targets. No column is named where the inputs are the
    targets."""
    old = experiment.data
    kind = old.target_kind if kind is None else kind
    if kind is TargetKind.INPUTS:
        targets = ()
    words = []
    if inputs != old.inputs:
        words.append(f"Inputs: {_names(inputs)}")
    if targets and targets != old.targets:
        words.append(f"Target: {_names(targets)}")
    if kind is not old.target_kind and kind is TargetKind.INPUTS:
        words.append("Targets: the inputs themselves")
    elif kind is not old.target_kind:
        words.append(f"Target as {kind.value}")
    data = structs.replace(old, inputs=inputs, targets=targets, target_kind=kind)
    data = without_steps_for(data, {*old.inputs} - {*inputs})
    return set_data(experiment, data, ", ".join(words) or "Columns")


def set_validation(experiment: Experiment, share: float) -> Edit:
    """The share of the rows that are kept to judge the network."""
    split = structs.replace(experiment.data.split, validation=share)
    return set_data(experiment, structs.replace(experiment.data, split=split), f"Validation: {100 * share:g} %")


def set_test(experiment: Experiment, share: float) -> Edit:
    """The share of the rows that are kept for the final judgement, untouched while the network is being built."""
    split = structs.replace(experiment.data.split, test=share)
    return set_data(experiment, structs.replace(experiment.data, split=split), f"Test: {100 * share:g} %")


def set_standardize(experiment: Experiment, *, inputs: bool, targets: bool) -> Edit:
    """Which columns are standardized to mean 0 and deviation 1."""
    data = structs.replace(experiment.data, standardize=inputs, standardize_targets=targets)
    what = " and ".join(word for word, on in (("inputs", inputs), ("targets", targets)) if on)
    return set_data(experiment, data, f"Standardize: {what or 'off'}")


def set_missing_targets(experiment: Experiment, **changed: Any) -> Edit:
    """What becomes of the rows without a target, from which epoch, or how sure of them the network has to be."""
    missing: MissingTargets = structs.replace(experiment.data.missing_targets, **changed)
    what = ", ".join(_missing_words(key, value) for key, value in changed.items())
    return set_data(experiment, structs.replace(experiment.data, missing_targets=missing), what)


def set_data(experiment: Experiment, data: DataSpec, label: str) -> Edit:
    return Edit(label, replace(experiment, data=data))


def add_layer(experiment: Experiment, position: int) -> Edit:
    """A hidden layer before the layer at `position` (0 is the first), like the hidden layer beside it."""
    layers = experiment.network.layers
    beside = layers[min(position, len(layers) - 1) - 1] if len(layers) > 1 and position else layers[0]
    hidden = beside if len(layers) > 1 else LayerSpec(4, "tanh", "xavier_uniform")
    made = (*layers[:position], hidden, *layers[position:])
    return Edit(f"Add layer {position + 1}", with_layers(experiment, made))


def remove_layer(experiment: Experiment, position: int) -> Edit:
    layers = experiment.network.layers
    return Edit(f"Remove layer {position + 1}", with_layers(experiment, layers[:position] + layers[position + 1 :]))


def move_layer(experiment: Experiment, position: int, to: int) -> Edit:
    layers = list(experiment.network.layers)
    layers.insert(to, layers.pop(position))
    return Edit(f"Move layer {position + 1} to {to + 1}", with_layers(experiment, tuple(layers)))


def set_layer(experiment: Experiment, position: int, **changed: Any) -> Edit:
    """Set units, activation, initializer, bias, dropout or normalization of one layer."""
    layers = experiment.network.layers
    layer = replace(layers[position], **changed)
    made = (*layers[:position], layer, *layers[position + 1 :])
    what = ", ".join(_layer_words(key, value) for key, value in changed.items())
    return Edit(f"Layer {position + 1}: {what}", with_layers(experiment, made))


def set_hidden_activation(experiment: Experiment, name: str) -> Edit:
    """The same activation in all hidden layers."""
    *hidden, last = experiment.network.layers
    made = (*(replace(layer, activation=name) for layer in hidden), last)
    return Edit(f"Hidden layers: {_title(Activation.registry, name)}", with_layers(experiment, made))


def set_cost(experiment: Experiment, name: str) -> Edit:
    return Edit(f"Cost: {_title(Cost.registry, name)}", replace(experiment, cost=name))


def set_optimizer(experiment: Experiment, optimizer: Optimizer) -> Edit:
    return Edit(f"Optimizer: {optimizer.title}", replace(experiment, optimizer=optimizer))


def set_hyperparameter(experiment: Experiment, name: str, value: float | bool) -> Edit:
    """Set one number (or switch) of the optimizer, such as its learning rate."""
    optimizer = replace(experiment.optimizer, **{name: value})  # type: ignore[type-var]
    return Edit(_setting_words(optimizer, name, value), replace(experiment, optimizer=optimizer))


def usual_schedule(experiment: Experiment, name: str) -> Schedule:
    """The schedule of that name with its usual settings; a single cycle is as long as the training."""
    return OneCycle(float(experiment.training.epochs)) if name == OneCycle.name else schedule(name)


def set_schedule(experiment: Experiment, schedule: Schedule) -> Edit:
    return Edit(f"Schedule: {schedule.title}", replace(experiment, schedule=schedule))


def set_schedule_setting(experiment: Experiment, name: str, value: float | bool) -> Edit:
    """Set one number (or switch) of the schedule, such as its period."""
    schedule = replace(experiment.schedule, **{name: value})  # type: ignore[type-var]
    return Edit(_setting_words(schedule, name, value), replace(experiment, schedule=schedule))


def set_regularization(experiment: Experiment, **changed: float) -> Edit:
    regularization: RegularizationSpec = replace(experiment.regularization, **changed)
    what = ", ".join(f"{_REGULARIZATION_WORDS[key]}: {value:g}" for key, value in changed.items())
    return Edit(what, replace(experiment, regularization=regularization))


def set_training(experiment: Experiment, **changed: Any) -> Edit:
    """Set batch size, epochs, shuffling or precision."""
    training: TrainingSpec = replace(experiment.training, **changed)
    what = ", ".join(f"{_TRAINING_WORDS[key]}: {_value_words(value)}" for key, value in changed.items())
    return Edit(what, replace(experiment, training=training))


def set_stopping(experiment: Experiment, **changed: Any) -> Edit:
    """Set a reason to stop before the last epoch; None switches it off."""
    stopping: StoppingSpec = replace(experiment.stopping, **changed)
    what = ", ".join(f"{_STOPPING_WORDS[key]}: {_value_words(value)}" for key, value in changed.items())
    return Edit(what, replace(experiment, stopping=stopping))


def set_seed(experiment: Experiment, seed: int) -> Edit:
    """A new seed draws new weights, so given initial values go."""
    return Edit(f"Seed: {seed}", replace(experiment, seed=seed, parameters=None))


def set_parameters(experiment: Experiment, parameters: dict[str, Any], label: str) -> Edit:
    return Edit(label, replace(experiment, parameters=parameters))


def _names(names: tuple[str, ...]) -> str:
    """The first few of many names."""
    shown = ", ".join(names[:_NAMES_TO_LIST])
    return shown if len(names) <= _NAMES_TO_LIST else f"{shown} and {len(names) - _NAMES_TO_LIST} more"


def with_layers(experiment: Experiment, layers: tuple[LayerSpec, ...]) -> Experiment:
    """Another topology; initial values that were given for the old one go."""
    old = experiment.network.layers
    same_kinds = [_parameters_of(layer) for layer in layers] == [_parameters_of(layer) for layer in old]
    keep = experiment.parameters if same_kinds else None
    return replace(experiment, network=Network(layers), parameters=keep)


def _parameters_of(layer: LayerSpec) -> tuple[int, bool, bool]:
    """What the shapes of its parameters depend on."""
    return layer.units, layer.bias, layer.normalized


def _layer_words(key: str, value: object) -> str:
    if key == "units":
        return f"{value} unit" if value == 1 else f"{value} units"
    if key == "bias":
        return "biases" if value else "no biases"
    if key == "normalization":
        return f"{value} normalization" if value != Normalization.NONE else "no normalization"
    if key == "dropout":
        return f"dropout {value:g}" if value else "no dropout"
    return _title(Activation.registry if key == "activation" else Initializer.registry, str(value))


def _missing_words(key: str, value: object) -> str:
    if key == "use":
        return f"Missing targets: {'leave out' if value is MissingUse.LEAVE_OUT else 'pseudo-labels'}"
    return f"Pseudo-labels from epoch {value}" if key == "from_epoch" else f"Confidence: {_value_words(value)}"


_TRAINING_WORDS = {"batch_size": "Mini-batch", "epochs": "Epochs", "shuffle": "Shuffle", "dtype": "Precision"}
_REGULARIZATION_WORDS = {
    "l1": "L1",
    "l2": "L2",
    "max_norm": "Max norm",
    "clip_value": "Clip by value",
    "clip_norm": "Clip by norm",
}
_STOPPING_WORDS = {
    "target_cost": "Target cost",
    "patience": "Patience",
    "min_delta": "Least improvement",
    "restore_best": "Restore the best weights",
    "seconds": "Time limit in seconds",
}


def _setting_words(made: Named, name: str, value: float | bool) -> str:
    """What an edit of one setting is called: "Period: 20 epochs"."""
    known = settings(made)
    if name not in known:
        return f"{name.capitalize()}: {_value_words(value)}"
    return f"{known[name].title}: {_value_words(value)} {known[name].unit}".rstrip()


def _value_words(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None:
        return "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _title(registry: dict[str, type], name: str) -> str:
    """What a menu calls the thing of that name; unknown names are refused later, with a hint."""
    return getattr(registry.get(name), "title", name)
