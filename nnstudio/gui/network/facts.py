"""What the Layers panel says about a network: how its parameters are counted, and what cannot be done with a layer."""

from dataclasses import dataclass

from nnstudio.data.preparation import PreparedData
from nnstudio.engine.initializers import initializer
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization
from nnstudio.explain.numbers import count
from nnstudio.gui.wording import titled

_LAYERS_TO_COUNT = 12
_NORMALIZED = {Normalization.BATCH: "BN", Normalization.LAYER: "LN"}


def parameter_note(network: NetworkSpec) -> str:
    """37 parameters."""
    number = network.parameters
    return f"{count(number)} parameter{'' if number == 1 else 's'}"


def parameter_sum(network: NetworkSpec) -> str:
    """(2+1)·5 + (5+1)·3 + (3+1)·1 = 37: each unit has a weight for each of its inputs, and a bias; with a normalization
    also a scale and a shift, (2+1+2)·5."""
    terms = [_term(inputs, layer) for inputs, layer in zip(network.widths, network.layers, strict=False)]
    if len(terms) > _LAYERS_TO_COUNT:
        terms = [*terms[: _LAYERS_TO_COUNT - 1], "…", terms[-1]]
    return f"{' + '.join(terms)} = {count(network.parameters)}"


def output_reason(data: PreparedData) -> str:
    """Why the output layer has as many units as it has."""
    outputs = len(data.target_names)
    if data.classes:
        return f"the data have {outputs} classes: one output unit each"
    if data.autoencoder:
        return f"the targets are the {outputs} inputs themselves: one output unit each"
    if outputs == 1:
        return f"the data have one target, {data.target_names[0]}: one output unit"
    return f"the data have {outputs} targets: one output unit each"


def badges(layer: LayerSpec) -> str:
    """What of a layer is not as usual, in short: He normal · BN · drop 0.5 · no bias."""
    usual, parts = LayerSpec(layer.units), []
    if layer.initializer != usual.initializer:
        parts.append(titled(initializer(layer.initializer).title))
    if layer.normalized:
        parts.append(_NORMALIZED[layer.normalization])
    if layer.dropout:
        parts.append(f"drop {layer.dropout:g}")
    if not layer.bias:
        parts.append("no bias")
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Limits:
    """Why a layer cannot be moved, followed by another, or removed; empty where it can."""

    up: str = ""
    down: str = ""
    after: str = ""
    remove: str = ""


def limits(position: int, layers: int) -> Limits:
    """What the place of a layer (from 0) forbids."""
    if position == layers - 1:
        last = "the output layer stays last"
        only = "a network needs at least its output layer" if layers == 1 else "the output layer makes the predictions"
        return Limits(last, last, last, only)
    return Limits(
        up="it is the first layer already" if position == 0 else "",
        down="the output layer stays last" if position == layers - 2 else "",
    )


def _term(inputs: int, layer: LayerSpec) -> str:
    own = f"{inputs}{'+1' * layer.bias}{'+2' * layer.normalized}"
    return f"({own})·{layer.units}" if "+" in own else f"{own}·{layer.units}"
