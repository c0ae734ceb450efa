"""A neuron of the network along one of its inputs: what it would say if that input were another.

The other inputs stay at the chosen sample's values. Then the sum is a straight line over the input x, as in a neuron
with one input: z(x) = w·x + c, where c is the bias and what the other inputs add. For a softmax, which looks at the
whole layer, the sums of all its neurons go along.
"""

from dataclasses import dataclass

import numpy as np

from nnstudio.engine.activations import Activation
from nnstudio.engine.machine import Machine
from nnstudio.engine.naming import SAMPLED, parse

from .symbols import element_symbol, slot_symbol

_AIR = 0.15


class NotDrawableError(ValueError):
    """The neuron has no such curve now; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class NeuronInput:
    """A neuron and one of its inputs. Layers count from 1; units and inputs from 0."""

    layer: int
    unit: int = 0
    input: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class NeuronAtHand:
    """The curve of one neuron along one input, with all numbers copied from the machine.

    `weights` are those from this input into each neuron of the layer, `rest` is what each sum is where the input is 0.
    `x` is the input of the sample and `z` and `a` are what the machine computed for it, None where there is no sample
    or where they are not computed yet. `low` to `high` is where that input lies in the mini-batch, with some air.
    """

    at: NeuronInput
    function: Activation
    weights: np.ndarray
    rest: np.ndarray
    low: float
    high: float
    x: float | None
    z: float | None
    a: float | None

    @property
    def weight(self) -> float:
        return float(self.weights[self.at.unit])

    @property
    def constant(self) -> float:
        """c in z = w·x + c."""
        return float(self.rest[self.at.unit])

    @property
    def symbol(self) -> str:
        """The symbol of the input: x₁ or a¹₃."""
        before = self.at.layer - 1
        return element_symbol(f"A{before}" if before else "X", (0, self.at.input))

    def sums(self, x: np.ndarray) -> np.ndarray:
        """z of this neuron at each x."""
        return self._sums(x)[:, self.at.unit]

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """a of this neuron at each x."""
        with np.errstate(all="ignore"):
            outputs: np.ndarray = self.function.value(self._sums(x))[:, self.at.unit]
        return outputs

    def slopes(self, x: np.ndarray) -> np.ndarray:
        """∂a/∂z of this neuron at each x."""
        with np.errstate(all="ignore"):
            slopes: np.ndarray = self.function.slope_value(self._sums(x))[:, self.at.unit]
        return slopes

    def _sums(self, x: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            sums: np.ndarray = np.multiply.outer(np.asarray(x, np.float64), self.weights) + self.rest
        return sums


def neuron_chosen(machine: Machine, slot: str, index: tuple[int, ...] | None, input_: int = 0) -> NeuronInput:
    """The neuron that a chosen slot and element lead to: of a weight the one it goes into, of an input the first one
    behind it. `input_` is its input where the choice says nothing of it."""
    widths, name = machine.model.spec.network.widths, parse(slot)
    if name is None:
        return _within(NeuronInput(1, 0, input_), widths)
    if name.letter == "X":
        return _within(NeuronInput(1, 0, index[-1] if index else input_), widths)
    layer = name.layer or machine.model.depth  # Y stands behind the last layer
    if name.letter == "W":
        return _within(NeuronInput(layer, *(index or (0, input_))), widths)
    own = index and (len(index) == 2 if name.letter in SAMPLED else len(index) == 1)
    return _within(NeuronInput(layer, index[-1] if own and index else 0, input_), widths)


def neuron_at_hand(machine: Machine, at: NeuronInput, sample: int) -> NeuronAtHand:
    """The curve of a neuron as the machine stands. NotDrawableError where its sum alone does not say its output, or
    where its other inputs are not known."""
    model, layer = machine.model, at.layer
    if model.spec.network.layers[layer - 1].normalized:
        raise NotDrawableError(
            f"Layer {layer} is normalized: what this neuron says depends on other samples or neurons too, and is no "
            "function of one input alone. Choose a neuron of another layer."
        )
    function, weights = model.activations[layer - 1], machine.value(f"W{layer}").astype(np.float64)
    along, biases = weights[:, at.input], _biases(machine, layer)
    slot = _input_slot(machine, layer)
    if not machine.is_fresh(slot):
        if weights.shape[1] > 1:
            raise NotDrawableError(
                f"The other inputs of this neuron are not computed yet: F10 goes on until {slot_symbol(slot)} is there."
            )
        return NeuronAtHand(at, function, along, biases, -1.0, 1.0, None, None, None)
    inputs = machine.value(slot).astype(np.float64)
    row = min(sample, len(inputs) - 1)
    x, others = float(inputs[row, at.input]), np.arange(weights.shape[1]) != at.input
    rest = weights[:, others] @ inputs[row, others] + biases
    low, high = _around(inputs[:, at.input], model.activations[layer - 2].range if layer > 1 else (-np.inf, np.inf))
    z, a = (_element(machine, f"{letter}{layer}", (row, at.unit)) for letter in "ZA")
    return NeuronAtHand(at, function, along, rest, low, high, x, z, a)


def _within(at: NeuronInput, widths: tuple[int, ...]) -> NeuronInput:
    layer = min(max(at.layer, 1), len(widths) - 1)
    return NeuronInput(layer, min(at.unit, widths[layer] - 1), min(at.input, widths[layer - 1] - 1))


def _biases(machine: Machine, layer: int) -> np.ndarray:
    slot = f"b{layer}"
    units = machine.model.spec.network.widths[layer]
    return machine.value(slot).astype(np.float64) if slot in machine.model.parameters else np.zeros(units)


def _input_slot(machine: Machine, layer: int) -> str:
    """Where the layer's inputs are; after a dropout it is what that leaves."""
    if layer == 1:
        return "X"
    return f"D{layer - 1}" if f"D{layer - 1}" in machine.program.arena else f"A{layer - 1}"


def _around(values: np.ndarray, bounds: tuple[float, float]) -> tuple[float, float]:
    """The whole range of a bounded activation; else where the values lie, with air."""
    if np.isfinite(bounds).all():
        return bounds
    known = values[np.isfinite(values)]
    if not len(known):
        return -1.0, 1.0
    low, high = float(known.min()), float(known.max())
    air = (high - low) * _AIR or abs(high) or 1.0
    return low - air, high + air


def _element(machine: Machine, slot: str, index: tuple[int, int]) -> float | None:
    return float(machine.value(slot)[index]) if machine.is_fresh(slot) else None
