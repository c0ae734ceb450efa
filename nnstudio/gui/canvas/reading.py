"""The numbers of one moment, as the drawing needs them: small copies of what is drawn, never of whole matrices.

They are taken while the window owns the machine and may be painted and pointed at long after. A *shade* is a value
on the diverging map, from −1 to 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np

from nnstudio.engine.activations import Activation
from nnstudio.engine.machine import Freshness, Machine
from nnstudio.engine.ops import OpKind, Phase

from .layout import Column, Layout

_ROWS_AT_ONCE = 4096


class Shown(StrEnum):
    """What an edge's width and colour say."""

    WEIGHTS = "Weights"
    GRADIENTS = "Gradients"
    CHANGE = "Change"


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """The drawn weights (or their gradients, or changes) of one layer, unit by unit and input by input."""

    values: np.ndarray
    largest: float
    """The largest magnitude in the whole layer, drawn or not."""
    freshness: Freshness

    @property
    def valid(self) -> bool:
        return self.freshness in (Freshness.LASTING, Freshness.FRESH)


@dataclass(frozen=True, slots=True, eq=False)
class Neurons:
    """The drawn units of one layer, for the chosen sample. `biases` is empty for a layer without them, `dropped` where
    no dropout mask is at hand."""

    outputs: np.ndarray
    shades: np.ndarray
    freshness: Freshness
    biases: np.ndarray
    bias_shades: np.ndarray
    dropped: np.ndarray


@dataclass(frozen=True, slots=True)
class Work:
    """Which layer the operation that has just run worked on; nothing is at work between two iterations."""

    phase: Phase | None = None
    layer: int | None = None
    kind: OpKind | None = None

    def lights(self, layer: int) -> bool:
        return self.layer == layer

    def dims(self, layer: int) -> bool:
        """Whether the neurons of a layer step back: all but the layer at work and the one it is fed by."""
        return self.layer is not None and layer not in (self.layer, self.layer - 1)

    def dims_edges(self, layer: int) -> bool:
        return self.layer is not None and layer != self.layer


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """`edges` has an entry for each layer from 1 on, `neurons` also one for the inputs."""

    edges: tuple[Edges, ...]
    neurons: tuple[Neurons, ...]
    shown: Shown
    work: Work

    def scale(self, layer: int, *, whole: bool) -> float:
        """The magnitude that is drawn widest: the layer's largest, or the whole network's."""
        return max(edges.largest for edges in self.edges) if whole else self.edges[layer - 1].largest


class InputScales:
    """The largest magnitude of each input over all rows. It is kept, since a layout is made anew at each change of the
    window's size, and rows may be a million."""

    def __init__(self, X: np.ndarray) -> None:
        self.X = X
        self._known: dict[tuple[int, ...], np.ndarray] = {}

    def of(self, inputs: Sequence[int]) -> np.ndarray:
        key = tuple(inputs)
        if key not in self._known:
            self._known[key] = self._largest(list(key))
        return self._known[key]

    def _largest(self, inputs: list[int]) -> np.ndarray:
        """A few rows at once: a copy of all of them would be as large as the table."""
        largest = np.zeros(len(inputs))
        every = inputs == list(range(self.X.shape[1]))
        for first in range(0, len(self.X), _ROWS_AT_ONCE):
            rows = self.X[first : first + _ROWS_AT_ONCE]
            part = rows if every else rows[:, inputs]
            largest = np.maximum(largest, np.maximum(part.max(axis=0), -part.min(axis=0)))
        return _positive(largest)


class Reader:
    """Takes readings of one network in one layout."""

    def __init__(self, layout: Layout, activations: Sequence[Activation], scales: InputScales) -> None:
        self._columns = layout.columns
        self._ranges = [activation.range for activation in activations]
        self._input_scale = scales.of(layout.columns[0].drawn)
        self._picks = [list(column.drawn) if column.hidden else None for column in layout.columns]

    def read(
        self,
        machine: Machine,
        sample: int,
        shown: Shown,
        after: dict[str, np.ndarray] | None,
        *,
        paused: bool,
        inside: bool = False,
    ) -> Reading:
        """`after` gives the parameters after this update, for the change; without it the change is not known. `inside`
        says that the operation that runs next is looked into, and so is the one at work."""
        row = min(max(sample, 0), machine.program.batch_size - 1)
        layers = range(1, len(self._columns))
        edges = tuple(self._edges(machine, layer, shown, after) for layer in layers)
        neurons = tuple(self._neurons(machine, column, row, paused=paused) for column in self._columns)
        return Reading(edges, neurons, shown, work_of(machine, inside=inside) if paused else Work())

    def _edges(self, machine: Machine, layer: int, shown: Shown, after: dict[str, np.ndarray] | None) -> Edges:
        weights = machine.value(f"W{layer}")
        if shown is Shown.GRADIENTS:
            slot = f"dW{layer}"
            return self._picked(machine.value(slot), layer, machine.freshness(slot))
        if shown is Shown.WEIGHTS:
            return self._picked(weights, layer, Freshness.LASTING)
        if after is None:
            return self._picked(np.zeros_like(weights), layer, Freshness.UNKNOWN)
        return self._picked(after[f"W{layer}"] - weights, layer, Freshness.FRESH)

    def _picked(self, values: np.ndarray, layer: int, freshness: Freshness) -> Edges:
        units, inputs = self._picks[layer], self._picks[layer - 1]
        drawn = values if units is None else values[units]
        drawn = drawn if inputs is None else drawn[:, inputs]
        return Edges(drawn.flatten(), _largest(values), freshness)

    def _neurons(self, machine: Machine, column: Column, row: int, *, paused: bool) -> Neurons:
        layer, pick = column.layer, self._picks[column.layer]
        slot = f"A{layer}" if layer else "X"
        whole = machine.value(slot)[row]
        outputs = whole.copy() if pick is None else whole[pick]
        biases = np.empty(0)
        shades = (
            outputs / self._input_scale if layer == 0 else shaded(outputs, self._ranges[layer - 1], _largest(whole))
        )
        if f"b{layer}" in machine.model.parameters:
            every = machine.value(f"b{layer}")
            biases = every.copy() if pick is None else every[pick]
        bias_shades = biases / (_largest(biases) or 1.0)
        dropped = _dropped(machine, layer, row, pick) if paused else np.empty(0, bool)
        return Neurons(outputs, shades, machine.freshness(slot), biases, bias_shades, dropped)


def work_of(machine: Machine, *, inside: bool = False) -> Work:
    """What the last operation worked on, or the one that is looked into; the batch that was loaded is the inputs'
    affair."""
    op = machine.op if inside else machine.last_op
    if machine.at_boundary or op is None:
        return Work()
    return Work(op.phase, 0 if op.phase is Phase.LOAD else op.layer, op.kind)


def shaded(values: np.ndarray, bounds: tuple[float, float], largest: float) -> np.ndarray:
    """Outputs on the diverging map: an activation with bounds is drawn between them, another by its largest value."""
    low, high = bounds
    if isfinite(low) and isfinite(high):
        middle = (low + high) / 2 if high - low <= 1 else 0.0
        values, largest = values - middle, max(high - middle, middle - low)
    shades: np.ndarray = values / (largest or 1.0)
    return shades


def _dropped(machine: Machine, layer: int, row: int, pick: list[int] | None) -> np.ndarray:
    """Which of the drawn units dropout leaves out for this sample, in the iteration at hand."""
    mask = f"M{layer}"
    if mask not in machine.program.arena or machine.freshness(mask) is not Freshness.FRESH:
        return np.empty(0, bool)
    whole = machine.value(mask)[row] == 0
    dropped: np.ndarray = whole if pick is None else whole[pick]
    return dropped


def _largest(values: np.ndarray) -> float:
    """The largest magnitude; of the finite ones where some are not."""
    if values.size == 0:
        return 0.0
    most = max(float(values.max()), -float(values.min()))
    if isfinite(most):
        return most
    finite = values[np.isfinite(values)]
    return float(np.abs(finite).max(initial=0.0))


def _positive(scales: np.ndarray) -> np.ndarray:
    return np.where((scales > 0) & np.isfinite(scales), scales, 1.0)
