"""Slots and elements in words: "weights into hidden layer 2", "weight from a¹₃ to z²₁"."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnstudio.engine.arena import Role, Slot
from nnstudio.engine.machine import Freshness
from nnstudio.engine.ops import Op
from nnstudio.engine.ops.wiring import units_of
from nnstudio.explain.symbols import element_symbol, label_text, shown_units

_SINGLE = {
    "X": "inputs of this mini-batch",
    "Y": "targets of this mini-batch",
    "w": "how much each sample of this mini-batch counts in J",
    "Q": "predicted probabilities of the rows without a target",
    "T": "pseudo-labels: targets lent to rows without one",
    "s": "1 where the network is sure of a row without a target",
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
    "gnorm": "norm of the whole gradient",
}
_LENT = {"Q": "predicted probability of", "T": "pseudo-label for"}
_STATES = {
    Freshness.FRESH: "fresh",
    Freshness.NEXT: "next ▸",
    Freshness.STALE: "stale",
    Freshness.UNKNOWN: "not computed yet",
}
_LASTING = {Role.OPTIMIZER: "optimizer", Role.SCHEDULE: "schedule", Role.SETTING: "setting", Role.RUNNING: "running"}
_GRADIENTS = {
    "d": "gradient",
    "dP": "gradient: penalty on the",
    "cd": "gradient, clipped",
    "nd": "gradient, scaled down",
}


_KINDS = {
    "W": "weights into {}",
    "b": "biases of {}",
    "gamma": "scales of {}",
    "beta": "shifts of {}",
    "Z": "weighted sums of {}",
    "mu": "means of {}",
    "var": "variances of {}",
    "H": "normalized sums of {}",
    "N": "scaled and shifted sums of {}",
    "A": "outputs of {}",
    "M": "dropout mask of {}",
    "D": "outputs of {} after dropout",
    "rmu": "running means of {}",
    "rvar": "running variances of {}",
}
_ELEMENTS = {
    "b": "bias of {}",
    "gamma": "scale of {}",
    "beta": "shift of {}",
    "Z": "weighted sum of {}",
    "mu": "mean of {}",
    "var": "variance of {}",
    "H": "normalized sum of {}",
    "N": "scaled and shifted sum of {}",
    "A": "output of {}",
    "M": "dropout mask of {}",
    "D": "output of {} after dropout",
    "rmu": "running mean of {}",
    "rvar": "running variance of {}",
}


def layer_name(layer: int, depth: int) -> str:
    return "the output layer" if layer == depth else f"hidden layer {layer}"


def describe(slot: Slot, depth: int, families: Mapping[str, str]) -> str:
    """What a slot holds. `families` names the optimizer's states: {"m": "first moment"}."""
    if slot.name in _SINGLE:
        return _SINGLE[slot.name]
    if slot.name == f"A{depth}":
        return "predictions for this mini-batch"
    kind = _kind(slot, depth)
    if slot.role is Role.GRADIENT:
        prefix = slot.name.removesuffix(slot.of or "")
        return f"{_GRADIENTS[prefix]}{'' if prefix == 'dP' else ':'} {kind}"
    if slot.role is Role.OPTIMIZER:
        state = slot.name.removesuffix(slot.of or "")
        return f"{families.get(state, 'state')}: {kind}"
    return kind


def _kind(slot: Slot, depth: int) -> str:
    where = layer_name(slot.layer or 0, depth)
    return _KINDS[slot.letter].format(where) if slot.letter in _KINDS else slot.name


@dataclass(frozen=True, slots=True)
class Names:
    """What words are made of: the depth of the network, the columns of the data, the optimizer's states."""

    depth: int
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    families: Mapping[str, str]


def element_words(slot: Slot, index: tuple[int, ...], names: Names) -> str:
    """One element of a slot."""
    base = slot.of or slot.name
    if slot.name == "X":
        return f"input {names.inputs[index[-1]]}"
    if slot.name == "Y":
        return f"target {names.targets[index[-1]]}"
    if slot.name == "w":
        return "weight of the sample: its loss counts so many times in J"
    if slot.role is Role.PSEUDO_LABEL and slot.name in _LENT:
        return f"{_LENT[slot.name]} {names.targets[index[-1]]}"
    if slot.name in _SINGLE:
        return _SINGLE[slot.name]
    what = _element_kind(slot, index, names.depth)
    prefix = slot.name.removesuffix(base)
    if slot.role is Role.GRADIENT:
        return _GRADIENT_WORDS[prefix].format(what)
    if slot.role is Role.OPTIMIZER:
        return f"{names.families.get(prefix, 'state')} of the {what}"
    return what


_GRADIENT_WORDS = {
    "d": "how fast J grows with the {}",
    "dP": "how fast the penalty grows with the {}",
    "cd": "gradient of the {}, clipped",
    "nd": "gradient of the {}, scaled down",
}


def _element_kind(slot: Slot, index: tuple[int, ...], depth: int) -> str:
    layer, letter = slot.layer or 0, slot.letter
    where, units = layer_name(layer, depth), shown_units(letter, index)
    neuron = f"neuron {units[0] + 1} of {where}" if units else where
    if letter == "W":
        return f"weight from {element_symbol(units_of(layer - 1), (0, index[1]))} into {neuron}"
    return _ELEMENTS[letter].format(neuron) if letter in _ELEMENTS else slot.of or slot.name


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
