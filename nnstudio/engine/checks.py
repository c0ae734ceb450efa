"""What cannot work, found before anything is laid out: each check says which, why, and what to use instead."""

from dataclasses import asdict

import numpy as np

from .activations import activation
from .costs import cost
from .initializers import initializer
from .model_spec import ModelSpec
from .spec import LayerSpec, Normalization, RegularizationSpec, SpecError

MOST_LAYERS = 10_000
MOST_PARAMETERS = 50_000_000
MOST_BYTES = 8_000_000_000
_ARRAYS_A_LAYER = 9
"""Z, A, dZ and dA, the biases of each row, and two arrays to work in for either operation of an activation."""
_ARRAYS_OF_DROPOUT = 4
"""M, D and dD, and one to draw in."""
_ARRAYS_OF_NORMALIZATION = 9
"""H, N, dH and dN, and one to work in for each operation."""


def check(spec: ModelSpec) -> None:
    """Raise a SpecError that names the first thing that cannot work, why, and what to use instead."""
    if not spec.network.layers:
        raise SpecError("the network has no layers; add at least an output layer")
    if len(spec.network.layers) > MOST_LAYERS:
        raise SpecError(f"the network has {len(spec.network.layers):,} layers; at most {MOST_LAYERS:,} are possible")
    for n, layer in enumerate(spec.network.layers, 1):
        _check_layer(n, layer)
    if spec.network.layers[-1].dropout:
        raise SpecError(
            f"layer {len(spec.network.layers)}: dropout in the output layer would drop the predictions themselves; "
            "set it to 0, and use dropout in a hidden layer"
        )
    _check_size(spec)
    _check_cost(spec)
    _check_regularization(spec.regularization)
    if problem := spec.optimizer.problem() or spec.schedule.problem():
        raise SpecError(problem)


def check_memory(spec: ModelSpec, rows: int) -> None:
    """Raise a SpecError if what lies between the operations takes too much memory for `rows` rows at once."""
    widths = spec.network.widths
    numbers = rows * (widths[0] + sum(_arrays(layer) * layer.units for layer in spec.network.layers))
    needed = numbers * np.dtype(spec.precision.value).itemsize
    if needed > MOST_BYTES:
        raise SpecError(
            f"{rows:,} rows at once through a network {'-'.join(map(str, widths))} take {needed / 1e9:,.1f} GB; "
            f"at most {MOST_BYTES / 1e9:g} GB are possible: use a smaller mini-batch, or fewer units"
        )


def check_batches(spec: ModelSpec, rows: int, size: int) -> None:
    """Raise a SpecError if mini-batches of `size` of the `rows` rows leave one that cannot be normalized."""
    last = rows % size or size
    for n, layer in enumerate(spec.network.layers, 1):
        if layer.normalization is Normalization.BATCH and last == 1:
            which = f"the last of {rows:,} rows in mini-batches of {size:,}" if size > 1 else "mini-batches of 1"
            raise SpecError(
                f"layer {n}: batch normalization needs two rows or more in a mini-batch, for one has no variance, "
                f"but {which} is alone; use another mini-batch size, or layer normalization"
            )


def _arrays(layer: LayerSpec) -> int:
    """How many arrays a layer has with a number for each sample and unit."""
    return _ARRAYS_A_LAYER + _ARRAYS_OF_DROPOUT * (layer.dropout > 0) + _ARRAYS_OF_NORMALIZATION * layer.normalized


def _check_layer(n: int, layer: LayerSpec) -> None:
    if layer.units < 1:
        raise SpecError(f"layer {n} has {layer.units} units; it needs at least 1")
    try:
        initializer(layer.initializer)
        activation(layer.activation)
    except SpecError as error:
        raise SpecError(f"layer {n}: {error}") from None
    if layer.activation == "softmax" and layer.units == 1:
        raise SpecError(f"layer {n}: softmax over one unit is always 1; use sigmoid, or two or more units")
    if layer.normalization is Normalization.LAYER and layer.units == 1:
        raise SpecError(
            f"layer {n}: layer normalization over one unit always gives 0; "
            "use batch normalization, or two or more units"
        )
    if not 0 <= layer.dropout < 1:
        raise SpecError(f"layer {n}: dropout is {layer.dropout:g}; it must be at least 0 and below 1")


def _check_size(spec: ModelSpec) -> None:
    count = spec.network.parameters
    if count > MOST_PARAMETERS:
        gigabytes = count * np.dtype(spec.precision.value).itemsize / 1e9
        raise SpecError(
            f"a network {'-'.join(map(str, spec.network.widths))} has {count:,} parameters ({gigabytes:,.1f} GB); "
            f"at most {MOST_PARAMETERS:,} are possible: use fewer units or layers"
        )


def _check_cost(spec: ModelSpec) -> None:
    if spec.cost == "cross_entropy" and spec.network.outputs == 1:
        raise SpecError(
            "cross_entropy over one output asks nothing of it where the target is 0; "
            "use binary_cross_entropy, or an output for each class"
        )
    last = spec.network.layers[-1].activation
    low, high = activation(last).range
    least, most = cost(spec.cost).outputs
    if low < least or high > most:
        better = "softmax" if spec.cost == "cross_entropy" else "sigmoid"
        raise SpecError(
            f"{spec.cost} needs outputs between {least:g} and {most:g}, and {last} can leave them; "
            f"use {better} in the last layer, or another cost such as half_mse"
        )


def _check_regularization(spec: RegularizationSpec) -> None:
    for name, value in asdict(spec).items():
        if not (np.isfinite(value) and 0 <= value <= 1e6):
            raise SpecError(f"{name} is {value:g}; it must be at least 0 and at most 1e+06")
