"""Edits: each takes an experiment and gives the next one, with what to call the edit in the menu.

What an edit changed is found by comparing, so no edit can forget to say it.
"""

from dataclasses import dataclass, replace
from enum import Flag, auto
from typing import Any

from nnstudio.data.spec import DataSpec
from nnstudio.engine.optimizers import Optimizer, settings
from nnstudio.engine.spec import LayerSpec, RegularizationSpec

from .document import Experiment, Network, TrainingSpec


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
    BATCHES = auto()
    EPOCHS = auto()
    PRECISION = auto()
    SEED = auto()
    PARAMETERS = auto()
    DATA = SOURCE | PREPARATION
    COMPILED = DATA | NETWORK | COST | REGULARIZATION | OPTIMIZER | BATCHES | PRECISION | SEED | PARAMETERS
    """Whatever a run is made of: after such a change there is a new run."""
    ALL = NAME | COMPILED | LEARNING_RATE | EPOCHS


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
    Change.PREPARATION: lambda e: (
        e.data.inputs,
        e.data.targets,
        e.data.standardize,
        e.data.standardize_targets,
        e.data.split,
        e.data.target_kind,
    ),
    Change.NETWORK: lambda e: e.network,
    Change.COST: lambda e: e.cost,
    Change.REGULARIZATION: lambda e: e.regularization,
    Change.LEARNING_RATE: lambda e: e.optimizer.learning_rate,
    Change.OPTIMIZER: lambda e: replace(e.optimizer, learning_rate=1.0),
    Change.BATCHES: lambda e: (e.training.batch_size, e.training.shuffle),
    Change.EPOCHS: lambda e: e.training.epochs,
    Change.PRECISION: lambda e: e.training.dtype,
    Change.SEED: lambda e: e.seed,
    Change.PARAMETERS: lambda e: e.parameters,
}


def rename(experiment: Experiment, name: str) -> Edit:
    return Edit("Rename the experiment", replace(experiment, name=name))


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
    """Set units, activation, initializer or bias of one layer."""
    layers = experiment.network.layers
    layer = replace(layers[position], **changed)
    made = (*layers[:position], layer, *layers[position + 1 :])
    what = ", ".join(_layer_words(key, value) for key, value in changed.items())
    return Edit(f"Layer {position + 1}: {what}", with_layers(experiment, made))


def set_cost(experiment: Experiment, name: str) -> Edit:
    return Edit(f"Cost: {name}", replace(experiment, cost=name))


def set_optimizer(experiment: Experiment, optimizer: Optimizer) -> Edit:
    return Edit(f"Optimizer: {optimizer.title}", replace(experiment, optimizer=optimizer))


def set_hyperparameter(experiment: Experiment, name: str, value: float | bool) -> Edit:
    """Set one number (or switch) of the optimizer, such as its learning rate."""
    optimizer = replace(experiment.optimizer, **{name: value})  # type: ignore[type-var]
    title = settings(optimizer)[name].title if name in settings(optimizer) else name.capitalize()
    return Edit(
        f"{title}: {value if isinstance(value, bool) else format(value, 'g')}", replace(experiment, optimizer=optimizer)
    )


def set_regularization(experiment: Experiment, **changed: float) -> Edit:
    regularization: RegularizationSpec = replace(experiment.regularization, **changed)
    what = ", ".join(f"{key.upper()} {value:g}" for key, value in changed.items())
    return Edit(what, replace(experiment, regularization=regularization))


def set_training(experiment: Experiment, **changed: Any) -> Edit:
    """Set batch size, epochs, shuffling or precision."""
    training: TrainingSpec = replace(experiment.training, **changed)
    what = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in changed.items())
    return Edit(what[0].upper() + what[1:], replace(experiment, training=training))


def set_seed(experiment: Experiment, seed: int) -> Edit:
    """A new seed draws new weights, so given initial values go."""
    return Edit(f"Seed {seed}", replace(experiment, seed=seed, parameters=None))


def set_parameters(experiment: Experiment, parameters: dict[str, Any], label: str) -> Edit:
    return Edit(label, replace(experiment, parameters=parameters))


def with_layers(experiment: Experiment, layers: tuple[LayerSpec, ...]) -> Experiment:
    """Another topology; initial values that were given for the old one go."""
    same_shape = [layer.units for layer in layers] == [layer.units for layer in experiment.network.layers]
    same_biases = [layer.bias for layer in layers] == [layer.bias for layer in experiment.network.layers]
    keep = experiment.parameters if same_shape and same_biases else None
    return replace(experiment, network=Network(layers), parameters=keep)


def _layer_words(key: str, value: object) -> str:
    if key == "units":
        return f"{value} unit" if value == 1 else f"{value} units"
    if key == "bias":
        return "biases" if value else "no biases"
    return str(value)
