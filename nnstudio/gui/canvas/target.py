"""What can be pointed at in the drawing: a neuron, a bias, a weight; and how it is called in the selection."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from nnstudio.engine.naming import parse
from nnstudio.explain.symbols import element_symbol, shown_units
from nnstudio.gui.selection import Chosen

from .layout import Layout

_Way = TypeVar("_Way")


class Kind(StrEnum):
    NEURON = "neuron"
    BIAS = "bias"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Target:
    """Layers count from 1, 0 is the inputs; units and inputs count from 0. `input` is −1 but for a weight."""

    kind: Kind
    layer: int
    unit: int
    input: int = -1

    @property
    def slot(self) -> str:
        """The slot it is chosen by: `A1`, `X`, `b1` or `W1`."""
        if self.kind is Kind.NEURON:
            return f"A{self.layer}" if self.layer else "X"
        return f"{'b' if self.kind is Kind.BIAS else 'W'}{self.layer}"

    def index(self, sample: int) -> tuple[int, ...]:
        """The element of the slot; a neuron's is that of the chosen sample."""
        if self.kind is Kind.NEURON:
            return (sample, self.unit)
        return (self.unit,) if self.kind is Kind.BIAS else (self.unit, self.input)

    @property
    def symbol(self) -> str:
        return element_symbol(self.slot, self.index(0))


def neuron(layer: int, unit: int) -> Target:
    return Target(Kind.NEURON, layer, unit)


def bias(layer: int, unit: int) -> Target:
    return Target(Kind.BIAS, layer, unit)


def weight(layer: int, unit: int, source: int) -> Target:
    return Target(Kind.WEIGHT, layer, unit, source)


def target_of(chosen: Chosen) -> Target | None:
    """What the selection means in the drawing: ∂J/∂W²₁₃ and m(W²₁₃) are the weight's, z¹₁ is the neuron's."""
    name, index = parse(chosen.slot), chosen.index
    if name is None or index is None or name.letter == "Y":
        return None
    layer = name.layer or 0
    if name.letter == "W" and len(index) == 2:
        return weight(layer, *index)
    if name.letter == "b" and len(index) == 1:
        return bias(layer, *index)
    units = shown_units(name.letter, index)
    return neuron(layer, units[0]) if len(units) == 1 else None


class Walk:
    """The way from one thing to the next by keys; only what is drawn is on it."""

    def __init__(self, layout: Layout, biased: frozenset[int]) -> None:
        self._columns = layout.columns
        self._biased = biased
        """The layers that have biases."""

    def start(self) -> Target:
        return neuron(min(1, len(self._columns) - 1), self._columns[min(1, len(self._columns) - 1)].drawn[0])

    def sideways(self, at: Target, step: int) -> Target:
        """To the layer before (−1) or after (+1), as level as possible."""
        lowest = 0 if at.kind is Kind.NEURON else 1
        layer = at.layer + step
        if not lowest <= layer < len(self._columns) or (at.kind is Kind.BIAS and layer not in self._biased):
            return at
        unit = self._level(at.layer, at.unit, layer)
        if at.kind is Kind.WEIGHT:
            return weight(layer, unit, self._level(at.layer - 1, at.input, layer - 1))
        return Target(at.kind, layer, unit)

    def along(self, at: Target, step: int) -> Target:
        """To the unit above (−1) or below (+1); for weights to the next one, input by input."""
        units = self._columns[at.layer].drawn
        if at.kind is not Kind.WEIGHT:
            return Target(at.kind, at.layer, _next(units, at.unit, step))
        inputs = self._columns[at.layer - 1].drawn
        ways = [(unit, source) for unit in units for source in inputs]
        return weight(at.layer, *_next(ways, (at.unit, at.input), step))

    def around(self, at: Target) -> Target:
        """From a neuron to its bias, to its first weight, and back to it."""
        if at.layer == 0:
            return at
        if at.kind is Kind.NEURON and at.layer in self._biased:
            return bias(at.layer, at.unit)
        if at.kind is not Kind.WEIGHT:
            return weight(at.layer, at.unit, self._columns[at.layer - 1].drawn[0])
        return neuron(at.layer, at.unit)

    def _level(self, layer: int, unit: int, to: int) -> int:
        y = self._columns[layer].y_of(unit)
        return self._columns[to].nearest(y if y is not None else 0.0)


def _next(ways: Sequence[_Way], at: _Way, step: int) -> _Way:
    place = ways.index(at) + step if at in ways else 0
    return ways[min(max(place, 0), len(ways) - 1)]
