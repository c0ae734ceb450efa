"""Which neuron, sample and parameter an explanation is about, as the selection has it."""

from dataclasses import dataclass

from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import Op, OpKind

from .symbols import shown_units


@dataclass(frozen=True, slots=True)
class Element:
    """A row of the batch, a unit of the operation's layer, an input of that unit, and a parameter (slot and index) for
    operations that work on all layers. All count from 0."""

    sample: int = 0
    unit: int = 0
    input: int = 0
    parameter: tuple[str, tuple[int, ...]] = ("W1", (0, 0))


def element_at(machine: Machine, op: Op, slot: str, index: tuple[int, ...] | None, sample: int) -> Element:
    """The element of `op` that a chosen slot, index and sample lead to: its neuron where the chosen thing is of the
    operation's layer (a weight has two: where it begins and where it ends), else the first."""
    widths = machine.model.spec.network.widths
    neurons = _neurons(machine, slot, index)
    layer = op.layer if op.layer is not None else 1
    unit = min(neurons.get(layer, 0), widths[layer] - 1)
    before = min(neurons.get(layer - 1, 0), widths[layer - 1] - 1)
    row = min(max(sample, 0), machine.program.batch_size - 1)
    if op.kind is OpKind.INPUT_GRADIENT:
        unit, before = before, unit
    return Element(row, unit, before, parameter_at(machine, slot, index))


def _neurons(machine: Machine, slot: str, index: tuple[int, ...] | None) -> dict[int, int]:
    """The chosen unit of each layer that the chosen element touches."""
    base, letter, layer = _base(machine, slot)
    if not base or not index:
        return {}
    if letter == "W" and len(index) == 2:
        return {layer: index[0], layer - 1: index[1]}
    units = shown_units(letter, index)
    return {layer: units[-1]} if units else {}


def parameter_at(machine: Machine, slot: str, index: tuple[int, ...] | None) -> tuple[str, tuple[int, ...]]:
    """The chosen parameter; for a neuron its first weight."""
    base, letter, layer = _base(machine, slot)
    if base in machine.model.parameters:
        shape = machine.slot(base).shape
        return base, _clipped(index or (0,) * len(shape), shape)
    weights = f"W{layer or 1}"
    units = shown_units(letter, index or ())
    return weights, _clipped((units[-1] if units and layer else 0, 0), machine.slot(weights).shape)


def _base(machine: Machine, slot: str) -> tuple[str, str, int]:
    """The slot that a gradient or state belongs to, its letter and its layer (0 for the inputs)."""
    try:
        found = machine.slot(slot)
    except KeyError:  # chosen in another network
        return "", "", 0
    base = found.of or found.name
    depth = machine.model.depth
    return base, found.letter, found.layer or (depth if base == "Y" else 0)


def _clipped(index: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    if len(index) != len(shape):
        return (0,) * len(shape)
    return tuple(min(max(at, 0), size - 1) for at, size in zip(index, shape, strict=True))
