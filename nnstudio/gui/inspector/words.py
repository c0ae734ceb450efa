"""Slots and elements in words: "weights into hidden layer 2", "weight from a¹₃ to z²₁"."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnstudio.engine.arena import Role, Slot
from nnstudio.engine.machine import Freshness
from nnstudio.engine.ops import Op
from nnstudio.engine.ops.wiring import units_of
from nnstudio.explain.symbols import element_symbol, label_text

_SINGLE = {
    "X": "inputs of this mini-batch",
    "Y": "targets of this mini-batch",
    "J": "cost of this mini-batch",
    "C": "cost of the data, without the penalty",
    "P": "penalty on the weights",
    "alpha": "learning rate",
    "alpha0": "learning rate that was set, before the schedule",
    "f": "factor of the schedule",
    "k": "number of this update, for the schedule",
    "J_sum": "sum of J over the mini-batches of this epoch so far",
    "J_best": "best mean of J over an epoch so far",
    "bad": "epochs in a row without a better mean of J",
    "rest": "epochs left to cool down",
    "t": "updates so far",
    "Πμ": "product of the momenta",
}
_STATES = {
    Freshness.FRESH: "fresh",
    Freshness.NEXT: "next ▸",
    Freshness.STALE: "stale",
    Freshness.UNKNOWN: "not computed yet",
}
_LASTING = {Role.OPTIMIZER: "optimizer", Role.SCHEDULE: "schedule", Role.SETTING: "setting"}


def layer_name(layer: int, depth: int) -> str:
    return "the output layer" if layer == depth else f"hidden layer {layer}"


def describe(slot: Slot, depth: int, families: Mapping[str, str]) -> str:
    """What a slot holds. `families` names the optimizer's states: {"m": "first moment"}."""
    if slot.name in _SINGLE:
        return _SINGLE[slot.name]
    if slot.name == f"A{depth}":
        return "predictions for this mini-batch"
    kind = _kind(slot.of or slot.name, slot.layer or 0, depth)
    if slot.role is Role.GRADIENT:
        share = "penalty on the " if slot.name.startswith("dP") else ""
        return f"gradient: {share}{kind}"
    if slot.role is Role.OPTIMIZER:
        state = slot.name.removesuffix(slot.of or "")
        return f"{families.get(state, 'state')}: {kind}"
    return kind


def _kind(name: str, layer: int, depth: int) -> str:
    where = layer_name(layer, depth)
    return {
        "W": f"weights into {where}",
        "b": f"biases of {where}",
        "Z": f"weighted sums of {where}",
        "A": f"outputs of {where}",
    }.get(name[0], name)


@dataclass(frozen=True, slots=True)
class Names:
    """What words are made of: the depth of the network, the columns of the data, the optimizer's states."""

    depth: int
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    families: Mapping[str, str]


def element_words(slot: Slot, index: tuple[int, ...], names: Names) -> str:
    """One element of a slot."""
    layer, base = slot.layer or 0, slot.of or slot.name
    if slot.name == "X":
        return f"input {names.inputs[index[-1]]}"
    if slot.name == "Y":
        return f"target {names.targets[index[-1]]}"
    if slot.name in _SINGLE:
        return _SINGLE[slot.name]
    what = _element_kind(base, layer, index, names.depth)
    if slot.role is Role.GRADIENT:
        return f"how fast {'the penalty' if slot.name.startswith('dP') else 'J'} grows with the {what}"
    if slot.role is Role.OPTIMIZER:
        return f"{names.families.get(slot.name.removesuffix(base), 'state')} of the {what}"
    return what


def _element_kind(base: str, layer: int, index: tuple[int, ...], depth: int) -> str:
    unit = index[0] if base[0] in "Wb" else index[-1]
    neuron = f"neuron {unit + 1} of {layer_name(layer, depth)}"
    if base[0] == "W":
        return f"weight from {element_symbol(units_of(layer - 1), (0, index[1]))} into {neuron}"
    return {"b": f"bias of {neuron}", "Z": f"weighted sum of {neuron}", "A": f"output of {neuron}"}.get(base[0], base)


def state_word(slot: Slot, freshness: Freshness) -> str:
    """How the value stands: fresh, parameter, next ▸, stale, not computed yet."""
    return _LASTING.get(slot.role, "parameter") if freshness is Freshness.LASTING else _STATES[freshness]


def origin(freshness: Freshness, op: Op | None, number: int) -> str:
    """Where the value comes from, or which operation (counted from 1) will write it."""
    if op is None:
        return "set by you; no operation writes it" if freshness is Freshness.LASTING else ""
    formula = label_text(op.label)
    return {
        Freshness.LASTING: f"updated by operation {number}: {formula}",
        Freshness.FRESH: f"written by operation {number}: {formula}",
        Freshness.NEXT: f"stale: the next operation, {number}, will write it ({formula})",
        Freshness.STALE: f"stale: this iteration will write it at operation {number} ({formula})",
        Freshness.UNKNOWN: f"not computed yet: operation {number} will write it ({formula})",
    }[freshness]


def shape_text(shape: tuple[int, ...]) -> str:
    """3×5; one number is 1."""
    return "×".join(map(str, shape)) or "1"
